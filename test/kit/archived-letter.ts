import { createHash } from 'node:crypto';
import { addSeconds, concat, sha256 } from '@mandate/core';
import { PART } from '@mandate/evidence';
import {
  closeTimestamp,
  timestampedRanges,
  timestampUpdate,
  validationUpdate,
  type ValidationMaterial,
} from '@mandate/pdf';
import {
  assembleCrl,
  basicConstraints,
  crlTbs,
  extendedKeyUsage,
  keyUsage,
  OID,
  type Certificate,
} from '@mandate/pki';
import { issue, makeKey, type TestAuthority, type TestIdentity } from './authority.js';
import { buildBundle, makeToken, START, type Changes, type TokenChanges } from './build-bundle.js';

export const sha1 = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha1').update(bytes).digest());

/** Seconds after START for a moment. */
export const secondsAt = (at: Date): number => (at.getTime() - START.getTime()) / 1000;

export const withMaterial = (letter: Uint8Array, material: ValidationMaterial): Uint8Array =>
  concat(letter, validationUpdate(letter, material, sha1));

/** The letter with one document timestamp more, at seconds after START. */
export function stampLetter(
  letter: Uint8Array,
  stamp: TestIdentity,
  seconds: number,
  changes: TokenChanges = {},
): Uint8Array {
  const update = timestampUpdate(letter, { contentsBytes: 8192 });
  const digest = sha256(concat(...timestampedRanges(letter, update)));
  return closeTimestamp(letter, update, makeToken(stamp, digest, seconds, changes).token);
}

/**
 * The list a root leaves behind before its key goes into a safe: nobody revoked. It ends with the certificate
 * below the root: whoever looks back in time from a list begins at its end (ETSI EN 319 102-1 §5.6.2.2), and
 * must find the certificate valid there.
 */
export function emptyList({ certificate, sign }: TestIdentity, below: TestIdentity): Uint8Array {
  const suite = 'ecdsa-p256-sha256';
  const tbs = crlTbs({
    issuer: certificate.subjectDer,
    thisUpdate: certificate.notBefore,
    nextUpdate: below.certificate.notAfter,
    number: 1,
    entries: [],
    authorityKeyId: certificate.subjectKeyId!,
    suite,
  });
  return assembleCrl(tbs, suite, sign(tbs));
}

/** A letter as the product archives it a minute after signing, and what it was made of. */
export async function archivedLetter(
  authority: TestAuthority,
  seconds = 220,
  changes: Changes = {},
) {
  const made = await buildBundle(authority, changes);
  const { ca, root, stamp, stampRoot } = authority;
  const der = (list: readonly TestIdentity[]): Uint8Array[] =>
    list.map(({ certificate }) => certificate.der);
  const material: ValidationMaterial = {
    certificates: [made.certificate.der, ...der([ca, root, stamp, stampRoot])],
    ocsps: [made.parts.get(PART.ocsp)!],
    crls: [emptyList(root, ca), emptyList(stampRoot, stamp)],
  };
  const complete = withMaterial(made.signedLetter, material);
  return { ...made, material, complete, archived: stampLetter(complete, stamp, seconds) };
}

/** A timestamp authority that stands in for one whose certificates end; its root is its own. */
export function makeStampAuthority(
  name: string,
  life: { from: Date; until: Date; rootUntil: Date },
): { stamp: TestIdentity; root: Certificate; list: Uint8Array } {
  const identity = (
    commonName: string,
    notAfter: Date,
    extensions: readonly Uint8Array[],
    issuer?: TestIdentity,
  ): TestIdentity => {
    const key = makeKey();
    const { certificate } = issue({
      commonName,
      key,
      notBefore: addSeconds(life.from, -60),
      notAfter,
      extensions,
      ...(issuer ? { issuer } : {}),
    });
    return { ...key, certificate };
  };
  const root = identity(`${name} Root`, life.rootUntil, [
    basicConstraints(true, 0),
    keyUsage('keyCertSign', 'cRLSign'),
  ]);
  const stamp = identity(
    name,
    life.until,
    [
      basicConstraints(false),
      keyUsage('digitalSignature'),
      extendedKeyUsage([OID.timeStamping], true),
    ],
    root,
  );
  return { stamp, root: root.certificate, list: emptyList(root, stamp) };
}

/** The letter with one revision more, offsets right, in which its page is a point narrower. */
export function changePage(letter: Uint8Array): Uint8Array {
  const text = Buffer.from(letter).toString('latin1');
  const page = [...text.matchAll(/(\d+) 0 obj\n(<< \/Type \/Page [\s\S]*?)\nendobj/g)].at(-1)!;
  const prev = /startxref\n(\d+)\n%%EOF\n$/.exec(text)![1]!;
  const trailer = /trailer\n(<<.*>>)\nstartxref\n\d+\n%%EOF\n$/.exec(text)![1]!;
  const body = `${page[1]} 0 obj\n${page[2]!.replace('/MediaBox [0 0 595', '/MediaBox [0 0 594')}\nendobj\n`;
  const start = letter.length;
  const more =
    `${body}xref\n${page[1]} 1\n${String(start).padStart(10, '0')} 00000 n \n` +
    `trailer\n${trailer.replace(/\/Prev \d+/, `/Prev ${prev}`)}\nstartxref\n${start + body.length}\n%%EOF\n`;
  return concat(letter, new Uint8Array(Buffer.from(more, 'latin1')));
}
