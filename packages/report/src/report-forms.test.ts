import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { addSeconds, fromUtf8, sha256Hex } from '@mandate/core';
import { NO_ANCHORS, verifyFile } from '@mandate/verify';
import { makeAuthority } from '../../../test/kit/authority.js';
import { buildBundle, LATER } from '../../../test/kit/build-bundle.js';
import { faultsOf, type Schema } from '../../../test/kit/json-schema.js';
import { makeReport, reportJson, reportXml, type Report } from './index.js';
import { laterOf } from './later-state.js';

/** One object, told as JSON by its schema and as XML by the structure of ETSI TS 119 102-2. */

const authority = makeAuthority();

const reportOn = (bundle: Uint8Array, anchors = authority.anchors): Report =>
  makeReport({
    bundle,
    verification: verifyFile(bundle, { anchors, at: LATER }),
    anchors,
    applicant: 'desk',
    reportId: 'rep_019a1111-2222-7333-8444-555566667777',
    madeAt: addSeconds(LATER, 60),
    publicUrl: 'https://mandate.test',
    tools: { node: '20.20.0' },
  });

const reports = new Map<string, Report>();
beforeAll(async () => {
  const made = await buildBundle(authority, {
    measures: ['sms-code', 'passkey'],
    delivery: (it) => it,
  });
  const broken = made.bundle.slice();
  broken[broken.length - 3000]! ^= 1;
  const noProof = (await buildBundle(authority, { noProof: true }, 'en')).bundle;
  reports.set('sound', reportOn(made.bundle));
  reports.set('broken', reportOn(broken));
  reports.set('without proof', reportOn(noProof));
  reports.set('without anchors', reportOn(made.bundle, NO_ANCHORS));
  reports.set('a letter alone', reportOn(made.signedLetter));
  reports.set('neither', reportOn(new TextEncoder().encode('hello')));
});
const NAMES = ['sound', 'broken', 'without proof', 'without anchors', 'a letter alone', 'neither'];

const schema = JSON.parse(
  readFileSync(new URL('../../../docs/report.schema.json', import.meta.url), 'utf8'),
) as Schema & Record<string, unknown>;
const { $schema: _schema, $id: _id, $defs: _defs, ...rules } = schema;
const judged = (value: unknown): string[] => faultsOf(rules, value, schema);
const parsed = (report: Report): Record<string, unknown> =>
  JSON.parse(fromUtf8(reportJson(report))) as Record<string, unknown>;

test.each(NAMES)('%s: its JSON is what the published schema says', (name) => {
  expect(judged(parsed(reports.get(name)!))).toEqual([]);
});

test('what happened after signing is in the schema too, without the salts of its receipts', () => {
  const fact = {
    ...{ format: 'mandate-redemption/v1', recipient: '91440300MA5EXAMP1F', salt: 'secret' },
    ...{ source: 'unknown', items: ['nothing'] },
  };
  const later = laterOf({
    later: {
      generation: 1,
      state: {
        ...{ format: 'mandate-later-state/v1', authorization: 'aut_1', letter: 'a'.repeat(64) },
        ...{ generation: 1, asOf: '2026-11-21T10:00:00Z', ledgerSize: 9, releases: 0 },
        uses: { allowed: 1, per: null, counted: 1, reserved: 0 },
        ...{ withdrawn: false, hold: 'none', ended: false, restricted: false },
      } as never,
      facts: [
        {
          ...{ kind: 'redemption', generation: 1, id: 'red_1', at: '2026-11-21T09:50:00Z' },
          ...{ digest: 'b'.repeat(64), fact, index: 7, receipt: 'verified' },
        } as never,
      ],
      accesses: [{ ordinal: 1, at: '2026-11-21T09:50:00Z', purpose: 'report', actor: 'desk/x' }],
      registration: {
        ...{ index: 3, at: '2026-11-01T09:00:00Z' },
        cosigners: [{ name: 'witness.example', at: '2026-11-01T09:00:05Z' }],
      },
    },
  });
  expect(later).toMatchObject({ facts: [{ who: '91440300MA5EXAMP1F', counts: true, index: 7 }] });
  expect(JSON.stringify(later)).not.toContain('secret');
  expect(judged(parsed({ ...reports.get('sound')!, later: later! }))).toEqual([]);
});

test.each<[string, (report: Record<string, any>) => void]>([
  ['an unknown member', (it) => (it['more'] = 1)],
  ['no verdict', (it) => delete it['verdict']],
  ['another level', (it) => (it['evidenceLevel'].level = 'E5')],
  ['a digest cut short', (it) => (it['input'].digest = 'ab')],
  ['five points of the six', (it) => it['courtPoints'].pop()],
  ['another format', (it) => (it['format'] = 'mandate-report/v9')],
])('%s: refused by the schema', (_, change) => {
  const report = parsed(reports.get('sound')!);
  change(report);
  expect(judged(report)).not.toEqual([]);
});

/**
 * Children an element may have, in order (TS 119 102-2 v1.4.1, clause 4 and annex A), as a pattern over their names.
 * The schema itself belongs to ETSI and is not kept here.
 */
const STRUCTURE: Readonly<Record<string, RegExp>> = {
  ValidationReport: /^(SignatureValidationReport )+(SignatureValidationObjects )?$/,
  SignatureValidationReport:
    /^(SignatureIdentifier )?(ValidationConstraintsEvaluationReport )?(ValidationTimeInfo )?(SignersDocument )?(SignatureAttributes )?(SignerInformation )?(SignatureValidationProcess )?SignatureValidationStatus (OtherInformation )?$/,
  SignatureIdentifier: /^HashOnly DocHashOnly (DAIdentifier )?$/,
  ValidationConstraintsEvaluationReport: /^(ValidationConstraint )*$/,
  ValidationConstraint: /^ValidationConstraintIdentifier ConstraintStatus (ValidationStatus )?$/,
  ConstraintStatus: /^Status $/,
  ValidationStatus: /^MainIndication (SubIndication )*$/,
  ValidationTimeInfo: /^ValidationTime BestSignatureTime $/,
  BestSignatureTime: /^POETime TypeOfProof (POEObject )?$/,
  SignersDocument: /^DigestAlgAndValue (SignersDocumentRef )?$/,
  DigestAlgAndValue: /^ds:DigestMethod ds:DigestValue $/,
  SignatureAttributes:
    /^((SigningTime|SigningCertificate|SignatureTimeStamp|MessageDigest|DocTimeStamp|SubFilter|ByteRange) )+$/,
  SigningTime: /^Time $/,
  SigningCertificate: /^AttributeObject CertID $/,
  CertID: /^ds:DigestMethod ds:DigestValue $/,
  SignatureTimeStamp: /^(AttributeObject )?TimeStampValue $/,
  DocTimeStamp: /^TimeStampValue $/,
  MessageDigest: /^Digest $/,
  SubFilter: /^SubFilterElement $/,
  SignerInformation: /^SignerCertificate (Signer )?$/,
  SignatureValidationProcess: /^SignatureValidationProcessID $/,
  SignatureValidationStatus: /^MainIndication (SubIndication )*(AssociatedValidationReportData )?$/,
  AssociatedValidationReportData: /^TrustAnchor CertificateChain $/,
  CertificateChain: /^SigningCertificate (IntermediateCertificate )*TrustAnchor $/,
  OtherInformation: /^ReportDigest $/,
  SignatureValidationObjects: /^(ValidationObject )+$/,
  ValidationObject: /^ObjectType ValidationObjectRepresentation $/,
  ValidationObjectRepresentation: /^DigestAlgAndValue $/,
};
/** A list of one and the same name where the chain is meant. */
const LEAVES = new Set(['SigningCertificate']);

interface Read {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Read[];
  text: string;
}

/** Reads XML without declarations but the first, comments, or CDATA; throws when tags do not match. */
function readXml(xml: string): Read {
  expect(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n')).toBe(true);
  const root: Read = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  let at = xml.indexOf('\n') + 1;
  for (const match of xml
    .slice(at)
    .matchAll(/([^<]*)<(\/?)([\w:]+)((?:\s+[\w:]+="[^"<]*")*)\s*(\/?)>/g)) {
    const [all, text, closing, name, attributes, empty] = match;
    open.at(-1)!.text += text;
    at += all.length;
    if (closing) expect(open.pop()!.name).toBe(name);
    else {
      const pairs = [...attributes!.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key, value]) => [
        key,
        value,
      ]);
      const read: Read = {
        name: name!,
        attributes: Object.fromEntries(pairs),
        children: [],
        text: '',
      };
      open.at(-1)!.children.push(read);
      if (!empty) open.push(read);
    }
  }
  expect(open).toHaveLength(1);
  expect(xml.slice(at)).toBe('\n');
  return root.children[0]!;
}

const each = (node: Read): Read[] => [node, ...node.children.flatMap(each)];
const find = (node: Read, name: string): Read[] => each(node).filter((it) => it.name === name);

test.each(NAMES)('%s: its XML has the structure of a validation report', (name) => {
  const report = reports.get(name)!;
  const root = readXml(fromUtf8(reportXml(report)));
  expect(root.attributes['xmlns']).toBe('http://uri.etsi.org/19102/v1.4.1#');
  for (const node of each(root)) {
    if (node.children.length === 0 || (LEAVES.has(node.name) && node.attributes['VOReference']))
      continue;
    expect(STRUCTURE[node.name] ?? node.name).toBeInstanceOf(RegExp);
    const names = node.children.map((child) => `${child.name} `).join('');
    expect(`${node.name}: ${names}`).toMatch(
      new RegExp(`^${node.name}: ${STRUCTURE[node.name]!.source.slice(1)}`),
    );
  }
  // What is pointed at is there, once.
  const ids = each(root).flatMap(({ attributes: { id } }) => (id ? [id] : []));
  expect(new Set(ids).size).toBe(ids.length);
  for (const { attributes } of each(root))
    if (attributes['VOReference']) expect(ids).toContain(attributes['VOReference']);
  const status = find(root, 'SignatureValidationStatus')[0]!;
  expect(status.children[0]!.text).toBe(
    `urn:etsi:019102:mainindication:${report.verdict.indication.toLowerCase()}`,
  );
  expect(find(root, 'ValidationConstraint')).toHaveLength(
    report.sections.reduce((sum, { findings }) => sum + findings.length, 0),
  );
  expect(find(root, 'ReportDigest')[0]!.text).toBe(sha256Hex(reportJson(report)));
  for (const digest of find(root, 'ds:DigestValue'))
    expect(Buffer.from(digest.text, 'base64')).toHaveLength(32);
});

test('same report, same XML, same JSON; the subject is masked in both', () => {
  const report = reports.get('sound')!;
  const again = JSON.parse(JSON.stringify(report)) as Report;
  expect(reportXml(again)).toEqual(reportXml(report));
  expect(reportJson(again)).toEqual(reportJson(report));
  expect(fromUtf8(reportXml(report))).not.toMatch(/张䶮|11010519491231002X|13800138000/);
});
