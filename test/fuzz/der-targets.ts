import { isDomainError, sha256 } from '@mandate/core';
import {
  checkCrl,
  checkSignedData,
  checkToken,
  findSigner,
  noneFailed,
  OID,
  parseCertificate,
  parseCrl,
  parseSignedData,
  parseToken,
  tokenHolds,
  validateCertificationPath,
  validatePath,
  type Certificate,
  type Check,
  type Reading,
} from '@mandate/pki';
import { readPdf, readSignatures } from '@mandate/pdf';
import { mutateDer, openDer } from './mutate-der.js';
import { specimen, specimenCertificate, specimenTrust } from './specimens.js';
import { textOf, type Judged, type Target } from './target.js';

const READINGS: readonly Reading[] = ['strict', 'foreign'];
const REFUSED: Judged = { accepted: false, claims: {} };

/** Refusals are answers; whatever else is thrown is not caught here. */
function orRefused(judge: () => Judged): Judged {
  try {
    return judge();
  } catch (error) {
    if (isDomainError(error)) return REFUSED;
    throw error;
  }
}

/** What each reading accepts, under its own name: one may refuse what the other takes. */
function inBothReadings(judge: (reading: Reading) => Judged): Judged {
  const judged = READINGS.map((reading) => [reading, orRefused(() => judge(reading))] as const);
  const accepted = judged.filter(([, it]) => it.accepted);
  return {
    accepted: accepted.length > 0,
    claims: Object.fromEntries(
      accepted.flatMap(([reading, { claims }]) =>
        Object.entries(claims).map(([name, value]) => [`${reading}: ${name}`, value] as const),
      ),
    ),
  };
}

function target(file: string, judge: (bytes: Uint8Array) => Judged): Target {
  const bytes = specimen(file);
  const opened = openDer(bytes);
  return {
    specimens: new Map([[file, bytes]]),
    make: (random) => ({ specimen: file, bytes: mutateDer(opened, random) }),
    judge,
    // what only one reading takes
    isLess: (_, claimed) => claimed === '',
  };
}

const trust = () => {
  const { anchors, at } = specimenTrust();
  const parse = (list: readonly Uint8Array[]): Certificate[] =>
    list.map((der) => parseCertificate(der));
  return { scene: parse(anchors.scene), timestamp: parse(anchors.timestamp), at };
};

/** Everything but the bytes themselves and the signature: an ECDSA signature has two true forms. */
function fieldsOf<T extends { der: Uint8Array; signature: Uint8Array }>(value: T): string {
  const { der: _, signature: __, ...rest } = value;
  return textOf(rest);
}

/** The subject's signature over the letter, with its timestamp. */
export function cmsTarget(): Target {
  const { scene, timestamp, at } = trust();
  const letter = specimen('letter.pdf');
  const [start, length, resume, rest] = readSignatures(readPdf(letter))[0]!.byteRange;
  const content = Buffer.concat([
    letter.subarray(start, start + length),
    letter.subarray(resume, resume + rest),
  ]);
  const contentDigest = sha256(content);
  return target('cms.der', (bytes) =>
    orRefused(() => {
      const signedData = parseSignedData(bytes);
      const checks = checkSignedData(signedData, { contentDigest, contentType: OID.data });
      const [signer] = signedData.signers;
      const certificate = signer && findSigner(signedData, signer);
      if (!signer || !certificate) return REFUSED;
      const path = validatePath({
        leaf: certificate,
        intermediates: signedData.certificates,
        anchors: scene,
        at: certificate.notBefore,
        purpose: 'scene',
      });
      const [token, ...more] = signer.timestampTokens;
      const stamp = token
        ? checkToken({ token, data: signer.signature, anchors: timestamp, at, scene: certificate })
        : [];
      return {
        accepted:
          noneFailed(checks) && path.chain !== null && tokenHolds(stamp) && more.length === 0,
        claims: {
          signer: fieldsOf(certificate),
          signature: textOf(signer.signature),
          chain: textOf(path.chain?.map(({ tbs }) => tbs)),
          genTime: token ? textOf(parseToken(token).info) : '',
        },
      };
    }),
  );
}

export function tokenTarget(): Target {
  const { timestamp, at } = trust();
  const [signer] = parseSignedData(specimen('cms.der')).signers;
  const data = signer!.signature;
  return target('tst.der', (bytes) =>
    orRefused(() => {
      // never throws on a bad token
      const checks = checkToken({ token: bytes, data, anchors: timestamp, at });
      const { info, signedData } = parseToken(bytes);
      const [by] = signedData.signers;
      const certificate = by && findSigner(signedData, by);
      return {
        accepted: tokenHolds(checks),
        claims: { info: textOf(info), signer: certificate ? fieldsOf(certificate) : '' },
      };
    }),
  );
}

export function certificateTarget(): Target {
  const { scene } = trust();
  const ca = specimenCertificate('ca.der');
  const at = specimenCertificate('cert.der').notBefore;
  return target('cert.der', (bytes) =>
    inBothReadings((reading) => {
      const leaf = parseCertificate(bytes, reading);
      const strict = validatePath({
        leaf,
        intermediates: [ca],
        anchors: scene,
        at,
        purpose: 'scene',
      });
      const whole = validateCertificationPath({
        leaf,
        candidates: [ca],
        anchors: scene,
        at,
        keyUsage: ['nonRepudiation'],
        issuanceRules: reading === 'strict',
      });
      return {
        accepted: strict.chain !== null || whole.chain !== null,
        claims: { certificate: fieldsOf(leaf), policies: textOf(whole.policies) },
      };
    }),
  );
}

export function crlTarget(): Target {
  const { scene, at } = trust();
  const issuer = specimenCertificate('ca.der');
  const [good, revoked] = ['cert.der', 'revoked.der'].map(specimenCertificate) as [
    Certificate,
    Certificate,
  ];
  const aboutList = ({ id }: Check): boolean => id !== 'crl-status';
  return target('crl.der', (bytes) =>
    inBothReadings((reading) => {
      const crl = parseCrl(bytes, reading);
      const checks = [good, revoked].map((certificate) =>
        checkCrl({ crl, certificate, issuer, at }),
      );
      const paths = [good, revoked].map((leaf) =>
        validateCertificationPath({
          leaf,
          candidates: [issuer],
          anchors: scene,
          at: leaf === good ? leaf.notBefore : at,
          revocation: { crls: [crl], ocsps: [], required: 'leaf', now: at },
        }),
      );
      return {
        accepted:
          checks.some((list) => noneFailed(list.filter(aboutList))) ||
          paths.some(({ revocation }) => revocation[0]?.source === 'crl'),
        claims: {
          list: fieldsOf(crl),
          checks: textOf(checks.map((list) => list.map(({ id, ok }) => [id, ok]))),
          statuses: textOf(
            paths.map(({ revocation }) => [revocation[0]?.status, revocation[0]?.revokedAt]),
          ),
        },
      };
    }),
  );
}
