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
import { basicConstraints, extendedKeyUsage, keyUsage, OID, type Certificate } from '@mandate/pki';
import { issue, makeKey, type TestAuthority, type TestIdentity } from './authority.js';
import { buildBundle, makeToken, START, type TokenChanges } from './build-bundle.js';

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

/** A letter as the product archives it a minute after signing, and what it was made of. */
export async function archivedLetter(authority: TestAuthority, seconds = 220) {
  const made = await buildBundle(authority);
  const { ca, root, stamp, stampRoot } = authority;
  const der = (list: readonly TestIdentity[]): Uint8Array[] =>
    list.map(({ certificate }) => certificate.der);
  const material: ValidationMaterial = {
    certificates: [made.certificate.der, ...der([ca, root, stamp, stampRoot])],
    ocsps: [made.parts.get(PART.ocsp)!],
    crls: [],
  };
  const complete = withMaterial(made.signedLetter, material);
  return { ...made, material, complete, archived: stampLetter(complete, stamp, seconds) };
}

/** A timestamp authority that stands in for one whose certificates end; its root is its own. */
export function makeStampAuthority(
  name: string,
  life: { from: Date; until: Date; rootUntil: Date },
): { stamp: TestIdentity; root: Certificate } {
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
  return { stamp, root: root.certificate };
}
