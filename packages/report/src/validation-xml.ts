import { fromHex, sha256Hex, toBase64, utf8 } from '@mandate/core';
import type { Indication, Status } from '@mandate/verify';
import { reportJson } from './make-report.js';
import type { Report, ReportFinding, ReportTimestamp } from './report.js';
import { element, type XmlElement, xmlText } from './xml-text.js';

/** Namespaces of ETSI TS 119 102-2 v1.4.1 and of XML Signature, whose digests it borrows. */
const VR = 'http://uri.etsi.org/19102/v1.4.1#';
const DS = 'http://www.w3.org/2000/09/xmldsig#';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';

const INDICATIONS: Readonly<Record<Indication, string>> = {
  'TOTAL-PASSED': 'total-passed',
  'TOTAL-FAILED': 'total-failed',
  INDETERMINATE: 'indeterminate',
};

/**
 * The same report as an ETSI TS 119 102-2 validation report, UTF-8: one `SignatureValidationReport` with every
 * finding as a constraint that was evaluated, and the objects it rests on by their digests. Unsigned; names the
 * SHA-256 of the report's JSON, which the sealed PDF carries. A pure function.
 */
export function reportXml(report: Report): Uint8Array {
  const objects = validationObjects(report);
  const root = element('ValidationReport', [signatureReport(report), ...objects], {
    xmlns: VR,
    'xmlns:ds': DS,
  });
  return utf8(xmlText(root));
}

const urn = (kind: string, name: string): string => `urn:etsi:019102:${kind}:${name}`;
const idOf = (kind: 'C' | 'T' | 'R' | 'D', digest: string): string => `${kind}-${digest}`;
const reference = (name: string, id: string): XmlElement => element(name, [], { VOReference: id });

/** `DigestMethod` and `DigestValue` as XML Signature has them. */
const digestOf = (hex: string): XmlElement[] => [
  element('ds:DigestMethod', [], { Algorithm: SHA256 }),
  element('ds:DigestValue', [toBase64(fromHex(hex))]),
];

const optional = <T>(value: T | undefined, make: (value: T) => XmlElement): XmlElement[] =>
  value === undefined ? [] : [make(value)];

function signatureReport(report: Report): XmlElement {
  const { facts, verdict } = report;
  return element('SignatureValidationReport', [
    ...optional(facts.signature, ({ field }) =>
      element(
        'SignatureIdentifier',
        [
          element('HashOnly', ['false']),
          element('DocHashOnly', ['false']),
          element('DAIdentifier', [`${report.id}/${field}`]),
        ],
        { id: `S-${facts.signature?.valueDigest ?? report.input.digest}` },
      ),
    ),
    element('ValidationConstraintsEvaluationReport', [
      ...report.sections.flatMap(({ findings }) => findings.map(constraint)),
    ]),
    timeInfo(report),
    ...optional(facts.letter, ({ digest }) =>
      element('SignersDocument', [
        element('DigestAlgAndValue', digestOf(digest)),
        reference('SignersDocumentRef', idOf('D', digest)),
      ]),
    ),
    ...attributes(report),
    ...optional(facts.certificate, ({ digest, subject }) =>
      element('SignerInformation', [
        reference('SignerCertificate', idOf('C', digest)),
        element('Signer', [subject]),
      ]),
    ),
    element('SignatureValidationProcess', [
      element('SignatureValidationProcessID', [
        urn('validationprocess', facts.level === 'B-LTA' ? 'LTA' : 'LTVM'),
      ]),
    ]),
    element('SignatureValidationStatus', [
      element('MainIndication', [urn('mainindication', INDICATIONS[verdict.indication])]),
      ...optional(verdict.subIndication, (it) =>
        element('SubIndication', [urn('subindication', it)]),
      ),
      ...chain(report),
    ]),
    element('OtherInformation', [
      element('ReportDigest', [sha256Hex(reportJson(report))], { xmlns: 'urn:mandate:report:v1' }),
    ]),
  ]);
}

const MAIN: Readonly<Record<Exclude<Status, 'not-checked'>, string>> = {
  passed: 'passed',
  failed: 'failed',
  indeterminate: 'indeterminate',
};

/** One of our findings: applied with its result, or disabled where it was not checked. */
function constraint({ id, status, subIndication }: ReportFinding): XmlElement {
  const applied = status !== 'not-checked';
  return element('ValidationConstraint', [
    element('ValidationConstraintIdentifier', [`urn:mandate:finding:${id.replace('/', ':')}`]),
    element('ConstraintStatus', [
      element('Status', [urn('constraintStatus', applied ? 'applied' : 'disabled')]),
    ]),
    ...(applied
      ? [
          element('ValidationStatus', [
            element('MainIndication', [urn('mainindication', MAIN[status])]),
            ...optional(subIndication, (it) =>
              element('SubIndication', [urn('subindication', it)]),
            ),
          ]),
        ]
      : []),
  ]);
}

/** Best signature time (EN 319 102-1 §5.5): the timestamp's where it holds, else the moment judged for. */
function timeInfo({ judgedAt, claims, facts }: Report): XmlElement {
  const stamp = claims.time.status === 'passed' ? facts.timestamp : undefined;
  const object = stamp && tokenDigest(facts);
  return element('ValidationTimeInfo', [
    element('ValidationTime', [judgedAt]),
    element('BestSignatureTime', [
      element('POETime', [stamp?.genTime ?? judgedAt]),
      element('TypeOfProof', [urn('poetype', 'validation')]),
      ...optional(object, (digest) => reference('POEObject', idOf('T', digest))),
    ]),
  ]);
}

const partDigest = (facts: Report['facts'], name: string): string | undefined =>
  facts.parts?.find((part) => part.name === name)?.digest;
const tokenDigest = (facts: Report['facts']) => partDigest(facts, 'tokens/signature.tst');
const statusDigest = (facts: Report['facts']) => partDigest(facts, 'revocation/scene.ocsp.der');

function attributes({ facts }: Report): XmlElement[] {
  const { signature, certificate, timestamp, documentTimestamps = [] } = facts;
  if (!signature) return [];
  const list = [
    ...optional(signature.claimedAt && claimedTime(signature.claimedAt), (time) =>
      element('SigningTime', [element('Time', [time])], { Signed: 'true' }),
    ),
    ...optional(certificate, ({ digest }) =>
      element(
        'SigningCertificate',
        [reference('AttributeObject', idOf('C', digest)), element('CertID', digestOf(digest))],
        { Signed: 'true' },
      ),
    ),
    ...optional(timestamp, (stamp: ReportTimestamp) =>
      element('SignatureTimeStamp', [
        ...optional(tokenDigest(facts), (digest) =>
          reference('AttributeObject', idOf('T', digest)),
        ),
        element('TimeStampValue', [stamp.genTime]),
      ]),
    ),
    ...optional(signature.messageDigest, (digest) =>
      element('MessageDigest', [element('Digest', [toBase64(fromHex(digest))])], {
        Signed: 'true',
      }),
    ),
    ...documentTimestamps.map(({ genTime }) =>
      element('DocTimeStamp', [element('TimeStampValue', [genTime])]),
    ),
    element('SubFilter', [element('SubFilterElement', [signature.subFilter])]),
    element('ByteRange', [signature.byteRange.join(' ')]),
  ];
  return [element('SignatureAttributes', list)];
}

/** `D:20261121090235Z` as RFC 3339; nothing when it is written otherwise. */
function claimedTime(text: string): string | undefined {
  const parts = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z/.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

/** Only a chain that was found to an anchor. */
function chain({ facts }: Report): XmlElement[] {
  const [leaf, ...rest] = facts.chain ?? [];
  const anchor = rest.pop();
  if (!leaf || !anchor) return [];
  return [
    element('AssociatedValidationReportData', [
      reference('TrustAnchor', idOf('C', anchor.digest)),
      element('CertificateChain', [
        reference('SigningCertificate', idOf('C', leaf.digest)),
        ...rest.map(({ digest }) => reference('IntermediateCertificate', idOf('C', digest))),
        reference('TrustAnchor', idOf('C', anchor.digest)),
      ]),
    ]),
  ];
}

/** Every object the report points at, by digest: who has the bundle has the object. */
function validationObjects({ facts }: Report): XmlElement[] {
  const { certificate, chain: certificates = [], letter } = facts;
  const digests = new Set([
    ...(certificate ? [certificate.digest] : []),
    ...certificates.map(({ digest }) => digest),
  ]);
  const list = [
    ...[...digests].map((digest) => validationObject('C', 'certificate', digest)),
    ...optional(letter, ({ digest }) => validationObject('D', 'signedData', digest)),
    ...optional(tokenDigest(facts), (digest) => validationObject('T', 'timestamp', digest)),
    ...optional(statusDigest(facts), (digest) => validationObject('R', 'OCSPResponse', digest)),
  ];
  return list.length > 0 ? [element('SignatureValidationObjects', list)] : [];
}

const validationObject = (
  kind: Parameters<typeof idOf>[0],
  type: string,
  digest: string,
): XmlElement =>
  element(
    'ValidationObject',
    [
      element('ObjectType', [urn('validationObject', type)]),
      element('ValidationObjectRepresentation', [element('DigestAlgAndValue', digestOf(digest))]),
    ],
    { id: idOf(kind, digest) },
  );
