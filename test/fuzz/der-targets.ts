import { isDomainError, sha256 } from '@mandate/core';
import {
  checkCrl,
  checkOcsp,
  checkSignedData,
  checkToken,
  findSigner,
  noneFailed,
  OID,
  parseCertificate,
  parseCrl,
  parseOcspResponse,
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
import { verifyPdf, type PdfSignatureVerdict } from '@mandate/verify';
import { mutateDer, openDer } from './mutate-der.js';
import { pick } from './random.js';
import type { Specimens } from './specimens.js';
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

/** Something to change, and who judges the result. */
interface Start {
  readonly name: string;
  readonly der: Uint8Array;
  readonly judge: (der: Uint8Array) => Judged;
}

function target(...starts: readonly Start[]): Target {
  const opened = starts.map(({ name, der }) => ({ name, opened: openDer(der) }));
  return {
    specimens: new Map(starts.map(({ name, der }) => [name, der])),
    make: (random) => {
      const start = pick(random, opened);
      return { specimen: start.name, bytes: mutateDer(start.opened, random) };
    },
    judge: (der, specimen) =>
      orRefused(() => starts.find(({ name }) => name === specimen)!.judge(der)),
    // what only one reading takes, or what is proven without its timestamp
    isLess: (name, claimed) => claimed === '' && name !== 'signer',
  };
}

const from = (specimens: Specimens, file: string, judge: Start['judge']): Start => ({
  name: file,
  der: specimens.bytes(file),
  judge,
});

/** The signature, or the document timestamp, of anybody's PDF: changed there, where the tolerant reading is. */
function insidePdf(specimens: Specimens, kind: PdfSignatureVerdict['kind']): Start {
  const { anchors, at } = specimens;
  const trust = {
    signature: anchors.scene.map((der) => parseCertificate(der)),
    timestamp: anchors.timestamp.map((der) => parseCertificate(der)),
  };
  const pdf = specimens.bytes('small.pdf');
  const type = kind === 'signature' ? 'ETSI.CAdES.detached' : 'ETSI.RFC3161';
  const { byteRange, contents } = readSignatures(readPdf(pdf)).find(
    ({ subFilter }) => subFilter === type,
  )!;
  const [start, end] = [byteRange[1] + 1, byteRange[2] - 1];
  return {
    name: `${kind} in small.pdf`,
    der: contents,
    judge: (der) => {
      const copy = Buffer.from(pdf);
      const hex = Buffer.from(der)
        .toString('hex')
        .slice(0, end - start);
      copy.write(hex.padEnd(end - start, '0'), start, 'latin1');
      const verdict = verifyPdf(copy, { trust, at });
      const found = verdict.signatures.find((it) => it.kind === kind);
      return {
        accepted: found?.indication === 'TOTAL-PASSED',
        claims: { signer: textOf(found?.signer), time: found?.time ?? '' },
      };
    },
  };
}

const trustOf = ({ anchors, at }: Specimens) => {
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
export function cmsTarget(specimens: Specimens): Target {
  const { scene, timestamp, at } = trustOf(specimens);
  const letter = specimens.bytes('letter.pdf');
  const [start, length, resume, rest] = readSignatures(readPdf(letter))[0]!.byteRange;
  const content = Buffer.concat([
    letter.subarray(start, start + length),
    letter.subarray(resume, resume + rest),
  ]);
  const contentDigest = sha256(content);
  const strict = from(specimens, 'cms.der', (bytes) => {
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
      accepted: noneFailed(checks) && path.chain !== null && tokenHolds(stamp) && more.length === 0,
      claims: {
        signer: fieldsOf(certificate),
        signature: textOf(signer.signature),
        chain: textOf(path.chain?.map(({ tbs }) => tbs)),
        genTime: token ? textOf(parseToken(token).info) : '',
      },
    };
  });
  return target(strict, insidePdf(specimens, 'signature'));
}

export function tokenTarget(specimens: Specimens): Target {
  const { timestamp, at } = trustOf(specimens);
  const [signer] = parseSignedData(specimens.bytes('cms.der')).signers;
  const data = signer!.signature;
  const strict = from(specimens, 'tst.der', (bytes) => {
    // never throws on a bad token
    const checks = checkToken({ token: bytes, data, anchors: timestamp, at });
    const { info, signedData } = parseToken(bytes);
    const [by] = signedData.signers;
    const certificate = by && findSigner(signedData, by);
    return {
      accepted: tokenHolds(checks),
      claims: { info: textOf(info), signer: certificate ? fieldsOf(certificate) : '' },
    };
  });
  return target(strict, insidePdf(specimens, 'document-timestamp'));
}

export function certificateTarget(specimens: Specimens): Target {
  const { scene } = trustOf(specimens);
  const ca = specimens.certificate('ca.der');
  const at = specimens.certificate('cert.der').notBefore;
  return target(
    from(specimens, 'cert.der', (bytes) =>
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
    ),
  );
}

export function crlTarget(specimens: Specimens): Target {
  const { scene, at } = trustOf(specimens);
  const issuer = specimens.certificate('ca.der');
  const [good, revoked] = ['cert.der', 'revoked.der'].map(specimens.certificate) as [
    Certificate,
    Certificate,
  ];
  const aboutList = ({ id }: Check): boolean => id !== 'crl-status';
  return target(
    from(specimens, 'crl.der', (bytes) =>
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
    ),
  );
}

export function ocspTarget(specimens: Specimens): Target {
  const { scene, at } = trustOf(specimens);
  const [issuer, certificate] = ['ca.der', 'cert.der'].map(specimens.certificate) as [
    Certificate,
    Certificate,
  ];
  return target(
    from(specimens, 'ocsp.der', (bytes) =>
      inBothReadings((reading) => {
        const response = parseOcspResponse(bytes, reading);
        const checks = checkOcsp({
          response,
          certificate,
          issuer,
          at: certificate.notBefore,
          now: at,
        });
        const { revocation } = validateCertificationPath({
          leaf: certificate,
          candidates: [issuer],
          anchors: scene,
          at: certificate.notBefore,
          revocation: { crls: [], ocsps: [response], required: 'leaf', now: at },
        });
        return {
          accepted: noneFailed(checks) || revocation[0]?.source === 'ocsp',
          claims: {
            // beside the signed bytes there is nothing but certificates that may have answered
            response: textOf([response.responseData, response.producedAt, response.responses]),
            checks: textOf(checks.map(({ id, ok }) => [id, ok])),
            status: textOf([revocation[0]?.status, revocation[0]?.asOf]),
          },
        };
      }),
    ),
  );
}
