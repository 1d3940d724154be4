import { expect, test } from '@jest/globals';
import { alternativeNames, general, nameConstraints } from '../test/path-extensions.js';
import { issue, minutes, newKey, signWith, T0, type Holder } from '../test/throw-away-pki.js';
import {
  validateCertificationPath,
  type CertificationPathRequest,
  type CertificationPathResult,
} from './certification-path.js';
import { readCertificateFields } from './certificate-fields.js';
import { parseCertificate } from './certificate.js';
import { assembleCrl, crlTbs } from './crl.js';
import { der, readDer } from './der.js';
import * as ext from './extensions.js';
import { certIdOf } from './ocsp-request.js';
import {
  assembleOcspResponse,
  ocspResponseData,
  parseOcspResponse,
  type CertStatus,
} from './ocsp.js';
import { OID } from './oids.js';
import { parseCrl } from './parse-crl.js';

const caExtensions = [ext.basicConstraints(true), ext.keyUsage('keyCertSign', 'cRLSign')];
const root = issue({ cn: 'Root', extensions: caExtensions });
const ca = issue({ cn: 'CA', issuer: root, extensions: caExtensions });
const signing = [ext.keyUsage('digitalSignature')];
const leaf = issue({ cn: 'Leaf', issuer: ca, extensions: signing });

function validate(
  of: Holder,
  options: Partial<CertificationPathRequest> & { via?: Holder[]; roots?: Holder[] } = {},
): CertificationPathResult {
  const { via = [ca], roots = [root], ...rest } = options;
  return validateCertificationPath({
    leaf: of.certificate,
    candidates: via.map(({ certificate }) => certificate),
    anchors: roots.map(({ certificate }) => certificate),
    at: T0,
    ...rest,
  });
}
const faults = (result: CertificationPathResult): string[] =>
  result.checks
    .filter(({ ok }) => ok === false)
    .map(({ id, subIndication }) => `${id} ${subIndication}`);

test('an anchor may be a key alone: silent about itself, past its time', () => {
  const silent = issue({ cn: 'Silent', extensions: [], notAfter: minutes(-1) });
  const below = issue({ cn: 'x', issuer: silent, extensions: signing });
  const roots = { via: [], roots: [silent] };
  expect(faults(validate(below, roots))).toEqual(['path-validity EXPIRED']);
  expect(faults(validate(below, { ...roots, anchorsAs: 'key' }))).toEqual([]);
  const denying = issue({ cn: 'Denying', extensions: [ext.basicConstraints(false)] });
  const under = issue({ cn: 'x', issuer: denying, extensions: signing });
  expect(faults(validate(under, { via: [], roots: [denying] }))).toEqual([
    'path-authorities CHAIN_CONSTRAINTS_FAILURE',
  ]);
});

test('the chain that holds is found beside those that do not', () => {
  const key = newKey();
  const expired = issue({
    cn: 'Two',
    key,
    issuer: root,
    extensions: caExtensions,
    notAfter: minutes(-1),
  });
  const narrow = issue({
    cn: 'Two',
    key: newKey(),
    issuer: root,
    extensions: [...caExtensions, nameConstraints({ excluded: [general.dns('a.example')] })],
  });
  const good = issue({ cn: 'Two', key, issuer: ca, extensions: caExtensions });
  const under = issue({
    cn: 'x',
    issuer: good,
    extensions: [alternativeNames(general.dns('a.example'))],
  });
  const result = validate(under, { via: [expired, narrow, ca, good] });
  expect(faults(result)).toEqual([]);
  expect(result.chain).toHaveLength(4);
  expect(faults(validate(under, { via: [expired, narrow] }))).toEqual(['path-validity EXPIRED']);
});

test('usage and purposes are judged where limited', () => {
  expect(faults(validate(leaf, { keyUsage: ['nonRepudiation'] }))).toEqual([
    'path-key-usage CHAIN_CONSTRAINTS_FAILURE',
  ]);
  expect(faults(validate(leaf, { keyUsage: ['nonRepudiation', 'digitalSignature'] }))).toEqual([]);
  const purposes = [OID.documentSigning];
  expect(faults(validate(leaf, { purposes }))).toEqual([]);
  const limited = issue({
    cn: 'Limited',
    issuer: root,
    extensions: [...caExtensions, ext.extendedKeyUsage([OID.timeStamping])],
  });
  const below = issue({ cn: 'x', issuer: limited, extensions: signing });
  expect(faults(validate(below, { via: [limited], purposes }))).toEqual([
    'path-purpose CHAIN_CONSTRAINTS_FAILURE',
  ]);
});

test.each<[string, Uint8Array[], string | undefined]>([
  [
    'a CA that limits paths and is one',
    [ext.basicConstraints(true, 0), ext.keyUsage('keyCertSign')],
    undefined,
  ],
  [
    'basicConstraints not critical',
    [ext.extension(OID.basicConstraints, false, der.sequence(der.boolean(true)))],
    'not critical',
  ],
  [
    'a critical key identifier',
    [...caExtensions, ext.extension(OID.authorityInfoAccess, true, der.sequence())],
    'critical',
  ],
])('what §4 obliges issuers to, asked for: %s', (_, extensions, words) => {
  const authority = issue({ cn: 'A', issuer: root, extensions });
  const below = issue({ cn: 'x', issuer: authority, extensions: signing });
  const rules = validate(below, { via: [authority], issuanceRules: true });
  const fault = rules.checks.find(({ id }) => id === 'path-issuance')!;
  expect(fault.ok).toBe(words === undefined);
  if (words) expect(fault.detail).toContain(words);
});

test('issuance rules bind the leaf as well', () => {
  const detail = (extensions: Uint8Array[], serial?: string): string | undefined => {
    const it = issue({ cn: 'x', issuer: ca, extensions });
    const certificate = serial === undefined ? it.certificate : { ...it.certificate, serial };
    const { checks } = validate({ ...it, certificate }, { issuanceRules: true });
    return checks.find(({ id }) => id === 'path-issuance')!.detail;
  };
  expect(detail(signing)).toBeUndefined();
  expect(detail([ext.keyUsage('keyCertSign')])).toContain('no authority');
  const limits = nameConstraints({ excluded: [general.dns('a.example')] });
  expect(detail([limits])).toContain('no authority');
  for (const serial of ['00', '-ff', '01'.repeat(21)])
    expect(detail(signing, serial)).toContain('serial');
});

interface Answer {
  readonly by?: Holder;
  readonly status?: CertStatus;
  readonly of?: Holder;
  readonly issuer?: Holder;
}
function answer({ by = ca, status = { kind: 'good' }, of = leaf, issuer = ca }: Answer = {}) {
  const responseData = ocspResponseData({
    responder: by.certificate,
    producedAt: T0,
    responses: [
      {
        certId: certIdOf(of.certificate, issuer.certificate),
        status,
        thisUpdate: T0,
        nextUpdate: minutes(9),
      },
    ],
  });
  return parseOcspResponse(
    assembleOcspResponse({
      responseData,
      suite: by.key.suite,
      signature: signWith(by.key, responseData),
      certificates: [by.certificate.der],
    }),
  );
}
const list = (by: Holder, ...revoked: Holder[]) => {
  const tbs = crlTbs({
    issuer: by.certificate.subjectDer,
    thisUpdate: minutes(-5),
    nextUpdate: minutes(60),
    number: 1,
    entries: revoked.map(({ certificate }) => ({
      serial: readDer(certificate.serialDer).unsigned(),
      at: minutes(-10),
    })),
    authorityKeyId: ext.keyIdentifier(by.key.spki),
    suite: by.key.suite,
  });
  return parseCrl(assembleCrl(tbs, by.key.suite, signWith(by.key, tbs)));
};
const delegate = (...extensions: Uint8Array[]): Holder =>
  issue({
    cn: 'Responder',
    issuer: ca,
    extensions: [ext.extendedKeyUsage([OID.ocspSigning, OID.timeStamping]), ...extensions],
  });
const status = (
  answers: ReturnType<typeof answer>[],
  crls: ReturnType<typeof list>[] = [],
  required: 'every' | 'leaf' = 'leaf',
): string => {
  const result = validate(leaf, {
    revocation: { crls, ocsps: answers, required, now: minutes(1) },
  });
  const { status: found } = result.revocation[0]!;
  return result.chain ? found : `${found}, refused`;
};

test('answers by the issuer and its delegates', () => {
  expect(status([])).toBe('unknown, refused');
  expect(status([answer()])).toBe('good');
  expect(status([answer({ by: delegate(ext.ocspNoCheck()) })])).toBe('good');
  expect(status([answer({ by: root })])).toBe('unknown, refused');
  const unfit = issue({ cn: 'R', issuer: ca, extensions: [...signing, ext.ocspNoCheck()] });
  expect(status([answer({ by: unfit })])).toBe('unknown, refused');
  const encrypting = delegate(ext.keyUsage('keyEncipherment'), ext.ocspNoCheck());
  expect(status([answer({ by: encrypting })])).toBe('unknown, refused');
  const elsewhere = issue({
    cn: 'R',
    issuer: root,
    extensions: [ext.extendedKeyUsage([OID.ocspSigning]), ext.ocspNoCheck()],
  });
  expect(status([answer({ by: elsewhere })])).toBe('unknown, refused');
  const forged = { ...answer(), signature: new Uint8Array(64) };
  expect(status([forged])).toBe('unknown, refused');
  expect(status([forged, answer()])).toBe('good');
});

test('a delegate without nocheck is a certificate like any other', () => {
  const pointed = delegate(ext.crlDistributionPoints(['http://pki.example/ca.crl']));
  const byPointed = answer({ by: pointed });
  expect(status([byPointed])).toBe('unknown, refused');
  expect(status([byPointed], [list(ca)])).toBe('good');
  expect(status([byPointed], [list(ca, pointed)])).toBe('good'); // the list itself says so
  expect(status([byPointed, answer({ of: pointed, by: pointed })])).toBe('unknown, refused');
  // No pointer: silence will do, word against it will not.
  const plain = delegate();
  expect(status([answer({ by: plain })])).toBe('good');
  const revoked = answer({ of: plain, status: { kind: 'revoked', at: minutes(-5) } });
  expect(status([answer({ by: plain }), revoked])).toBe('unknown, refused');
});

test('revoked beats good, unless it was later or a hold since lifted', () => {
  const revoked = (at: Date, reason = 1) => answer({ status: { kind: 'revoked', at, reason } });
  expect(status([answer(), revoked(minutes(-1))])).toBe('revoked, refused');
  expect(status([revoked(minutes(1))])).toBe('good');
  expect(status([answer()], [list(ca, leaf)])).toBe('revoked, refused');
  expect(status([answer({ status: { kind: 'unknown' } })])).toBe('unknown, refused');
});

test('authorities need a status where every certificate does, and a good one always', () => {
  const everything = [list(ca), list(root)];
  expect(status([], [list(ca)], 'leaf')).toBe('good');
  expect(status([], [list(ca)], 'every')).toBe('good, refused');
  expect(status([], everything, 'every')).toBe('good');
  const result = validate(leaf, {
    revocation: { crls: [list(ca), list(root, ca)], ocsps: [], required: 'leaf' },
  });
  expect(faults(result)).toEqual(['path-revocation REVOKED_CA_NO_POE']);
});

test('certificates that say they are never revoked need no status, unless one is offered', () => {
  const brief = issue({ cn: 'x', issuer: ca, extensions: [ext.validityAssuredShortTerm()] });
  const judge = (crls: ReturnType<typeof list>[]): string =>
    validate(brief, { revocation: { crls, ocsps: [], required: 'leaf' } }).revocation[0]!.status;
  expect(judge([])).toBe('exempt');
  expect(judge([list(ca, brief)])).toBe('revoked');
});

test('the foreign reading takes what the strict one refuses, and no more', () => {
  const parts = readDer(leaf.certificate.der).children.map(({ bytes }) => bytes);
  const tbs = readDer(leaf.certificate.tbs).children.map(({ bytes }) => bytes);
  const assemble = (members: Uint8Array[]): Uint8Array =>
    der.sequence(der.sequence(...members), parts[1]!, parts[2]!);
  const negative = assemble(tbs.with(1, Uint8Array.of(2, 1, 0xff)));
  const falseWritten = assemble(
    tbs.with(
      7,
      der.context(
        3,
        der.sequence(
          der.sequence(der.oid('1.2.3'), Uint8Array.of(1, 1, 0), der.octets(new Uint8Array())),
        ),
      ),
    ),
  );
  const early = assemble(
    tbs.with(4, der.sequence(der.generalizedTime(minutes(-1)), der.generalizedTime(minutes(1)))),
  );
  for (const bytes of [negative, falseWritten, early, assemble(tbs.slice(1, 7))]) {
    expect(() => parseCertificate(bytes)).toThrow('format-certificate');
    expect(() => parseCertificate(bytes, 'foreign')).not.toThrow();
  }
  expect(readCertificateFields(negative, 'foreign').serial).toBe('-ff');
  const twice = assemble(
    tbs.with(7, der.context(3, der.sequence(...caExtensions, ...caExtensions))),
  );
  const trailing = new Uint8Array([...leaf.certificate.der, 0]);
  for (const bytes of [twice, trailing])
    expect(() => parseCertificate(bytes, 'foreign')).toThrow('format-certificate');
});
