import { expect, test } from '@jest/globals';
import { attime, openssl, pem } from '../test/openssl.js';
import {
  distributionPoint,
  distributionPoints,
  general,
  issuingPoint,
  policies,
} from '../test/path-extensions.js';
import { issue, minutes, newKey, signWith, T0, type Holder } from '../test/throw-away-pki.js';
import { suiteIdentifier } from './algorithms.js';
import { validateCertificationPath } from './certification-path.js';
import { der } from './der.js';
import * as ext from './extensions.js';
import { OID } from './oids.js';
import { parseCrl } from './parse-crl.js';

const usages = ext.keyUsage('keyCertSign', 'cRLSign');
const root = issue({ cn: 'Root', extensions: [ext.basicConstraints(true), usages] });
const ca = issue({ cn: 'CA', issuer: root, extensions: [ext.basicConstraints(true), usages] });
const leafOf = (...extensions: Uint8Array[]): Holder =>
  issue({ cn: 'Leaf', issuer: ca, extensions: [ext.keyUsage('digitalSignature'), ...extensions] });
const URL_A = 'http://pki.example/a.crl';
const URL_B = 'http://pki.example/b.crl';

interface Entry {
  readonly of: Holder;
  readonly reason?: number;
  /** Written as certificateIssuer of the entry. */
  readonly issuer?: Holder;
}

function list(p: {
  by?: Holder;
  name?: Holder;
  number?: number;
  base?: number;
  entries?: Entry[];
  extensions?: Uint8Array[];
  begin?: Date;
  end?: Date;
}): Uint8Array {
  const by = p.by ?? ca;
  const entry = ({ of, reason, issuer }: Entry): Uint8Array => {
    const extensions = [
      ...(reason === undefined
        ? []
        : [ext.extension(OID.reasonCode, false, der.enumerated(reason))]),
      ...(issuer
        ? [
            ext.extension(
              OID.certificateIssuer,
              true,
              der.sequence(general.directory(issuer.certificate.subjectDer)),
            ),
          ]
        : []),
    ];
    return der.sequence(
      of.certificate.serialDer,
      der.time(minutes(-10)),
      ...(extensions.length > 0 ? [der.sequence(...extensions)] : []),
    );
  };
  const entries = (p.entries ?? []).map(entry);
  const tbs = der.sequence(
    der.integer(1),
    suiteIdentifier(by.key.suite),
    (p.name ?? by).certificate.subjectDer,
    der.time(p.begin ?? minutes(-5)),
    der.time(p.end ?? minutes(60)),
    ...(entries.length > 0 ? [der.sequence(...entries)] : []),
    der.context(
      0,
      der.sequence(
        ext.authorityKeyId(ext.keyIdentifier(by.key.spki)),
        ext.extension(OID.crlNumber, false, der.integer(p.number ?? 1)),
        ...(p.base === undefined
          ? []
          : [ext.extension(OID.deltaCrlIndicator, true, der.integer(p.base))]),
        ...(p.extensions ?? []),
      ),
    ),
  );
  return der.sequence(tbs, suiteIdentifier(by.key.suite), der.bits(signWith(by.key, tbs)));
}

/** Status of the leaf, and what openssl makes of the same. `apart`: cases openssl judges otherwise, with why. */
async function status(
  leaf: Holder,
  crls: Uint8Array[],
  options: { candidates?: Holder[]; apart?: string } = {},
): Promise<string> {
  const all = [list({ by: root }), ...crls];
  const candidates = [ca, ...(options.candidates ?? [])].map(({ certificate }) => certificate);
  const result = validateCertificationPath({
    leaf: leaf.certificate,
    candidates,
    anchors: [root.certificate],
    at: T0,
    revocation: {
      crls: all.map((bytes) => parseCrl(bytes)),
      ocsps: [],
      required: 'every',
      now: T0,
    },
  });
  expect(result.tried).toHaveLength(3);
  const said = result.revocation[0]!.status;
  const crlPem = all.map((bytes) => {
    const lines = Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g)!;
    return `-----BEGIN X509 CRL-----\n${lines.join('\n')}\n-----END X509 CRL-----\n`;
  });
  const judge = await openssl(
    [
      ...['verify', '-attime', attime(T0), '-crl_check_all', '-extended_crl', '-use_deltas'],
      ...['-CAfile', 'root', '-CRLfile', 'crls', '-untrusted', 'rest', 'leaf'],
    ],
    {
      root: pem(root.certificate),
      rest: pem(...candidates),
      leaf: pem(leaf.certificate),
      crls: crlPem.join(''),
    },
  );
  if (!options.apart)
    expect([said, judge.output, judge.ok]).toEqual([said, judge.output, said === 'good']);
  return said;
}

test('a complete list of the issuer', async () => {
  const leaf = leafOf();
  expect(await status(leaf, [])).toBe('unknown');
  expect(await status(leaf, [list({})])).toBe('good');
  expect(await status(leaf, [list({ entries: [{ of: leaf, reason: 1 }] })])).toBe('revoked');
  expect(await status(leaf, [list({ end: minutes(-1) })])).toBe('unknown');
  // Signed with another key, or by one who may not.
  const thief = issue({
    cn: 'CA',
    issuer: root,
    key: newKey(),
    extensions: [ext.keyUsage('cRLSign')],
  });
  expect(await status(leaf, [list({ name: ca, by: { ...thief, key: newKey() } })])).toBe('unknown');
});

test('of several lists the newest that holds speaks, in whatever order they stand', async () => {
  const leaf = leafOf();
  const old = list({ begin: minutes(-9) });
  const entries = [{ of: leaf }];
  const young = list({ number: 2, entries });
  const apart = 'openssl takes the first that is valid';
  expect(await status(leaf, [young, old], { apart })).toBe('revoked');
  expect(await status(leaf, [old, young], { apart })).toBe('revoked');
  // the same second: by their numbers
  expect(await status(leaf, [list({}), young], { apart })).toBe('revoked');
  // a certificate taken off the list again
  const lifted = [list({ begin: minutes(-9), entries }), list({ number: 2 })];
  expect(await status(leaf, lifted, { apart })).toBe('good');
  // newer, and by somebody else, or from the future
  const forged = list({ by: { ...ca, key: newKey() }, number: 3 });
  expect(await status(leaf, [forged, young], { apart })).toBe('revoked');
  expect(await status(leaf, [list({ begin: minutes(9), number: 3 }), young], { apart })).toBe(
    'revoked',
  );
});

test('a key for lists apart, whose own certificate must hold', async () => {
  const signer = issue({ cn: 'CA', issuer: root, extensions: [ext.keyUsage('cRLSign')] });
  const leaf = leafOf();
  const apart = 'openssl asks for one path';
  const crls = [list({ by: signer })];
  expect(await status(leaf, crls, { candidates: [signer], apart })).toBe('good');
  expect(await status(leaf, crls)).toBe('unknown');
  const signing = issue({ cn: 'CA', issuer: root, extensions: [ext.keyUsage('digitalSignature')] });
  const by = [list({ by: signing })];
  expect(await status(leaf, by, { candidates: [signing], apart })).toBe('unknown');
  const elsewhere = issue({ cn: 'CA', extensions: [usages] });
  const forged = [list({ by: elsewhere })];
  expect(await status(leaf, forged, { candidates: [elsewhere], apart })).toBe('unknown');
  // Revoked by the root, later among the lists than the one it would be needed for.
  const revoked = list({ by: root, number: 2, entries: [{ of: signer }] });
  const withRevoked = validateCertificationPath({
    leaf: leaf.certificate,
    candidates: [ca.certificate, signer.certificate],
    anchors: [root.certificate],
    at: T0,
    revocation: {
      crls: [revoked, list({ by: signer })].map((bytes) => parseCrl(bytes)),
      ocsps: [],
      required: 'every',
    },
  });
  expect(withRevoked.revocation[0]!.status).toBe('unknown');
});

test('scopes: kinds of certificate and distribution points', async () => {
  const leaf = leafOf(distributionPoints(distributionPoint({ url: URL_A })));
  const scoped = (p: Parameters<typeof issuingPoint>[0], entries: Entry[] = []): Uint8Array =>
    list({ extensions: [issuingPoint(p)], entries });
  expect(await status(leaf, [scoped({ url: URL_A })])).toBe('good');
  expect(await status(leaf, [scoped({ url: URL_A }, [{ of: leaf }])])).toBe('revoked');
  expect(await status(leaf, [scoped({ url: URL_B })])).toBe('unknown');
  expect(await status(leaf, [scoped({ url: URL_B }, [{ of: leaf }])])).toBe('unknown');
  expect(await status(leaf, [scoped({ only: 'users' })])).toBe('good');
  expect(await status(leaf, [scoped({ only: 'authorities' })])).toBe('unknown');
  expect(await status(leaf, [scoped({ only: 'attributes' })])).toBe('unknown');
  expect(await status(leafOf(), [scoped({ url: URL_A })])).toBe('unknown');
});

test('lists by reasons count together', async () => {
  const [some, rest] = [
    [1, 2],
    [3, 4, 5, 6, 7, 8],
  ] as const;
  const by = (reasons: readonly number[], entries: Entry[] = []): Uint8Array =>
    list({ extensions: [issuingPoint({ reasons: [...reasons] })], entries });
  const leaf = leafOf();
  expect(await status(leaf, [by(some)])).toBe('unknown');
  expect(await status(leaf, [by(some), by(rest)])).toBe('good');
  expect(await status(leaf, [by(some), by(rest, [{ of: leaf, reason: 4 }])])).toBe('revoked');
  const pointed = leafOf(
    distributionPoints(
      distributionPoint({ url: URL_A, reasons: [...some] }),
      distributionPoint({ url: URL_B, reasons: [...rest] }),
    ),
  );
  const at = (url: string): Uint8Array => list({ extensions: [issuingPoint({ url })] });
  expect(await status(pointed, [at(URL_A)])).toBe('unknown');
  expect(await status(pointed, [at(URL_A), at(URL_B)])).toBe('good');
});

test('indirect lists, by whoever the certificate names', async () => {
  const lister = issue({ cn: 'Lister', issuer: root, extensions: [ext.keyUsage('cRLSign')] });
  const leaf = leafOf(
    distributionPoints(distributionPoint({ url: URL_A, issuer: lister.certificate.subjectDer })),
  );
  const indirect = (entries: Entry[], flag = true): Uint8Array =>
    list({ by: lister, entries, extensions: [issuingPoint({ url: URL_A, indirect: flag })] });
  const options = { candidates: [lister] };
  expect(await status(leaf, [indirect([])], options)).toBe('good');
  expect(await status(leaf, [indirect([{ of: leaf, issuer: ca }])], options)).toBe('revoked');
  // The same serial under another issuer: the list's own, or one named before.
  expect(await status(leaf, [indirect([{ of: leaf }])], options)).toBe('good');
  const other = issue({ cn: 'Other', issuer: ca, extensions: [] });
  const carried = [{ of: other, issuer: ca }, { of: leaf }];
  expect(await status(leaf, [indirect(carried)], options)).toBe('revoked');
  expect(await status(leaf, [indirect([], false)], options)).toBe('unknown');
  expect(() => parseCrl(indirect([{ of: leaf, issuer: ca }], false))).toThrow('format-revocation');
  expect(await status(leafOf(), [indirect([])], options)).toBe('unknown');
});

test('delta lists bring a complete one up to date, and nothing else does', async () => {
  const leaf = leafOf();
  const base = list({ number: 5 });
  const delta = (p: Parameters<typeof list>[0]): Uint8Array => list({ number: 6, base: 5, ...p });
  const revoking = { entries: [{ of: leaf, reason: 4 }] };
  // openssl takes deltas only where certificates announce them.
  const apart = { apart: 'freshestCRL' };
  expect(await status(leaf, [delta({})], apart)).toBe('unknown');
  expect(await status(leaf, [base, delta(revoking)], apart)).toBe('revoked');
  expect(await status(leaf, [base, delta({ ...revoking, base: 6, number: 7 })], apart)).toBe(
    'good',
  );
  expect(await status(leaf, [base, delta({ ...revoking, by: root, name: ca })], apart)).toBe(
    'good',
  );
  const held = list({ number: 5, entries: [{ of: leaf, reason: 6 }] });
  expect(await status(leaf, [held])).toBe('revoked');
  const lifted = delta({ entries: [{ of: leaf, reason: 8 }] });
  expect(await status(leaf, [held, lifted], apart)).toBe('good');
  const old = list({ number: 5, end: minutes(-1) });
  expect(await status(leaf, [old, delta({})], apart)).toBe('good');
  expect(await status(leaf, [old, delta({ end: minutes(-1) })], apart)).toBe('unknown');
});

test('lists with critical extensions nobody knows are not used', () => {
  const unknown = ext.extension('1.2.3.4', true, der.null());
  expect(() => parseCrl(list({ extensions: [unknown] }))).toThrow('format-revocation');
  expect(() => parseCrl(list({ extensions: [policies('1.2.3')] }))).not.toThrow();
});
