import { expect, test } from '@jest/globals';
import { alternativeNames, general, nameConstraints } from '../test/path-extensions.js';
import { issue, newKey, T0 } from '../test/throw-away-pki.js';
import { validateCertificationPath } from './certification-path.js';
import { nameIsWithin, namesEqual } from './compare-names.js';
import { der } from './der.js';
import * as ext from './extensions.js';
import { name } from './name.js';
import { OID } from './oids.js';

const key = newKey();
const CA = [ext.basicConstraints(true), ext.keyUsage('keyCertSign')];
const root = issue({ cn: 'Root', key, extensions: CA });

const rdn = (oid: string, value: Uint8Array): Uint8Array =>
  der.set(der.sequence(der.oid(oid), value));
const cn = (value: Uint8Array): Uint8Array => der.sequence(rdn(OID.commonName, value));

test.each<[string, Uint8Array, Uint8Array]>([
  ['string types', cn(der.utf8('Ab')), cn(der.printable('Ab'))],
  ['case', cn(der.utf8('STRASSE Σ')), cn(der.utf8('straße ς'))],
  ['white space', cn(der.utf8('  a \u00a0  b ')), cn(der.utf8('a b'))],
  ['compatibility forms', cn(der.utf8('ﬁ Å')), cn(der.utf8('fi A\u030a'))],
])('equal names whatever their %s', (_, a, b) => {
  expect(namesEqual(a, b)).toBe(true);
});

test('other names stay other', () => {
  expect(namesEqual(cn(der.utf8('a')), cn(der.utf8('b')))).toBe(false);
  expect(namesEqual(cn(der.utf8('ab')), cn(der.utf8('a b')))).toBe(false);
  // The same text under another type, in other parts, in another order.
  const ou = rdn(OID.organizationalUnit, der.utf8('a'));
  expect(namesEqual(cn(der.utf8('a')), der.sequence(ou))).toBe(false);
  const o = rdn(OID.organization, der.utf8('a'));
  expect(namesEqual(der.sequence(ou, o), der.sequence(o, ou))).toBe(false);
  // What is no string never equals one, though it may look alike.
  expect(namesEqual(cn(der.utf8('#0500')), cn(der.null()))).toBe(false);
  const forged = cn(der.utf8('a","2.5.4.10=b'));
  const two = der.sequence(
    rdn(OID.commonName, der.utf8('a')),
    rdn(OID.organization, der.utf8('b')),
  );
  expect(namesEqual(forged, two)).toBe(false);
  expect(nameIsWithin(two, cn(der.utf8('A')))).toBe(true);
  expect(nameIsWithin(cn(der.utf8('a')), two)).toBe(false);
});

/** What is wrong with a leaf's names below an authority with these limits; undefined if nothing. */
function fault(
  limits: Parameters<typeof nameConstraints>[0],
  ...leafNames: Uint8Array[]
): string | undefined {
  const ca = issue({ cn: 'CA', key, issuer: root, extensions: [...CA, nameConstraints(limits)] });
  const extensions = leafNames.length > 0 ? [alternativeNames(...leafNames)] : [];
  const leaf = issue({ cn: 'Leaf', key: newKey(), issuer: ca, extensions });
  const { checks } = validateCertificationPath({
    leaf: leaf.certificate,
    candidates: [ca.certificate],
    anchors: [root.certificate],
    at: T0,
  });
  const failed = checks.filter(({ ok }) => ok === false);
  expect(failed.map(({ id }) => id)).toEqual(failed.length > 0 ? ['path-names'] : []);
  return failed[0]?.detail;
}

const { dns, email, uri, ip, directory, registered, other } = general;
const subject = (...parts: [Parameters<typeof name>[0][number]['type'], string][]): Uint8Array =>
  directory(name(parts.map(([type, value]) => ({ type, value }))));

test.each<[string, Uint8Array, Uint8Array, boolean]>([
  ['dns itself', dns('a.example'), dns('A.example'), true],
  ['dns below', dns('a.example'), dns('x.y.a.example'), true],
  ['dns beside', dns('a.example'), dns('ba.example'), false],
  ['dns above', dns('a.example'), dns('example'), false],
  ['dns wildcard', dns('a.example'), dns('*.a.example'), true],
  ['dns all', dns(''), dns('anything.test'), true],
  ['mailbox', email('me@a.example'), email('me@A.example'), true],
  ['mailbox, local part exact', email('me@a.example'), email('Me@a.example'), false],
  ['mail host', email('a.example'), email('me@a.example'), true],
  ['mail host, not below', email('a.example'), email('me@b.a.example'), false],
  ['mail domain, below', email('.a.example'), email('me@b.a.example'), true],
  ['mail domain, not itself', email('.a.example'), email('me@a.example'), false],
  ['uri host', uri('a.example'), uri('https://u@a.example:8/p?q'), true],
  ['uri host, not below', uri('a.example'), uri('https://b.a.example/'), false],
  ['uri domain', uri('.a.example'), uri('https://b.a.example'), true],
  ['uri user part is no host', uri('a.example'), uri('https://a.example@b.example/'), false],
  ['uri path is no host', uri('a.example'), uri('https://b.example/@a.example'), false],
  ['address', ip(10, 0, 0, 0, 255, 0, 0, 0), ip(10, 9, 8, 7), true],
  ['other address', ip(10, 0, 0, 0, 255, 0, 0, 0), ip(11, 0, 0, 0), false],
  ['other family', ip(10, 0, 0, 0, 255, 0, 0, 0), ip(...Array<number>(16).fill(0)), false],
  ['directory', subject(['C', 'CN']), subject(['C', 'CN'], ['CN', 'x']), true],
  ['other directory', subject(['C', 'CN'], ['O', 'y']), subject(['C', 'CN'], ['CN', 'x']), false],
])('subtree %s', (_, base, leafName, within) => {
  // The test leaf's own subject lies below C=CN.
  const own = subject(['C', 'CN'], ['O', 'Test']);
  const permitted = base[0] === 0xa4 ? [base, own] : [base];
  expect(fault({ permitted }, leafName)).toEqual(
    within ? undefined : expect.stringContaining('not permitted'),
  );
  if (base[0] === 0xa4 && within) return;
  expect(fault({ excluded: [base] }, leafName)).toEqual(
    within ? expect.stringContaining('is excluded') : undefined,
  );
});

test('a wildcard that could stand for an excluded name is excluded', () => {
  expect(fault({ excluded: [dns('x.a.example')] }, dns('*.a.example'))).toContain('is excluded');
  expect(fault({ excluded: [dns('y.x.a.example')] }, dns('*.a.example'))).toBeUndefined();
  expect(fault({ permitted: [dns('x.a.example')] }, dns('*.a.example'))).toContain('not permitted');
});

test.each<[string, Uint8Array, Uint8Array]>([
  ['uri without a host', uri('a.example'), uri('urn:isbn:1')],
  ['uri of an address', uri('a.example'), uri('https://10.0.0.1/')],
  ['mailbox without a host', email('a.example'), email('me')],
  ['dns name with a space', dns('a.example'), dns('b.example .a.example')],
  ['kinds nobody here understands', registered('1.2.3'), registered('1.2.3')],
  ['mailbox beyond ASCII', email('a.example'), other(OID.smtpUtf8Mailbox, der.utf8('é@b.example'))],
])('what cannot be judged is refused under constraints of its kind: %s', (_, base, leafName) => {
  expect(fault({ permitted: [base] }, leafName)).toContain('cannot be judged');
  expect(fault({ excluded: [base] }, leafName)).toContain('cannot be judged');
  expect(fault({ excluded: [ip(10, 0, 0, 0, 255, 0, 0, 0)] }, leafName)).toBeUndefined();
});

test.each<[string, Uint8Array]>([
  ['dns with a dot before', dns('.a.example')],
  ['dns wildcard', dns('*.a.example')],
  ['address without a mask', ip(10, 0, 0, 0)],
  ['mask with holes', ip(10, 0, 0, 0, 255, 0, 255, 0)],
  ['mail address in brackets', email('<me@a.example>')],
  ['mail address with two hosts', email('me@b.example@a.example')],
])('malformed subtrees are refused whatever the names: %s', (_, base) => {
  expect(fault({ excluded: [base] })).toContain('format-der');
});

test('constraints bind the subject, add up along the path, and count in the anchor', () => {
  expect(fault({ excluded: [subject(['C', 'CN'])] })).toContain('directory name is excluded');
  const layer = (cnOf: string, issuer: typeof root, base: Uint8Array): typeof root =>
    issue({
      cn: cnOf,
      key: newKey(),
      issuer,
      extensions: [...CA, nameConstraints({ permitted: [base] })],
    });
  const bound = issue({
    cn: 'Bound root',
    key: newKey(),
    extensions: [...CA, nameConstraints({ permitted: [dns('a.example')] })],
  });
  const below = layer('Below', bound, dns('b.a.example'));
  const judge = (leafName: string): boolean =>
    validateCertificationPath({
      leaf: issue({ cn: 'x', issuer: below, extensions: [alternativeNames(dns(leafName))] })
        .certificate,
      candidates: [below.certificate],
      anchors: [bound.certificate],
      at: T0,
    }).chain !== null;
  expect(judge('x.b.a.example')).toBe(true);
  expect(judge('x.a.example')).toBe(false);
  const wider = layer('Below', bound, dns('example'));
  const escaped = issue({
    cn: 'x',
    issuer: wider,
    extensions: [alternativeNames(dns('c.example'))],
  });
  const { checks } = validateCertificationPath({
    leaf: escaped.certificate,
    candidates: [wider.certificate],
    anchors: [bound.certificate],
    at: T0,
  });
  expect(checks.filter(({ ok }) => ok === false).map(({ id }) => id)).toEqual(['path-names']);
});
