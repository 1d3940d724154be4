import { expect, test } from '@jest/globals';
import {
  assembleCertificate,
  basicConstraints,
  certificateTbs,
  der,
  extension,
  keyUsage,
  name,
  OID,
  parseCertificate,
  parseCrl,
  validateCertificationPath,
  type Certificate,
  type CertificationPathResult,
  type Crl,
} from '../../packages/pki/src/index.js';
import {
  alternativeNames,
  general,
  nameConstraints,
} from '../../packages/pki/test/path-extensions.js';
import {
  authority,
  issue,
  minutes,
  newKey,
  signWith,
  T0,
  type Holder,
} from '../../packages/pki/test/throw-away-pki.js';

/** Every case must be answered within this, right or refused; of processor time, for others work here too. */
const LIMIT_MS = 2000;

function timed<T>(work: () => T): T {
  const started = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1000).toBeLessThan(LIMIT_MS);
  return result;
}

const root = authority('Root');
const leafBy = (issuer: Holder, extensions: Uint8Array[] = []): Holder =>
  issue({ cn: 'Leaf', issuer, extensions });

const judge = (
  leaf: Holder,
  candidates: readonly Certificate[],
  anchors: readonly Holder[] = [root],
): CertificationPathResult =>
  timed(() =>
    validateCertificationPath({
      leaf: leaf.certificate,
      candidates,
      anchors: anchors.map(({ certificate }) => certificate),
      at: T0,
    }),
  );
const faults = ({ checks }: CertificationPathResult): (string | undefined)[] =>
  checks.filter(({ ok }) => ok === false).map(({ id }) => id);
const certificates = (holders: readonly Holder[]): Certificate[] =>
  holders.map(({ certificate }) => certificate);

const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** An authority of a given name and key, issued by another. */
const cross = (cn: string, key: Holder['key'], issuer: Holder): Holder =>
  authority(cn, issuer, { key });

test('decoys of the right name and key identifier, and the one that signed', () => {
  const ca = authority('CA', root);
  const leaf = leafBy(ca);
  const decoys = (count: number, key?: Holder['key']): Certificate[] =>
    many(count, (i) => {
      const decoy = authority('CA', root, { ...(key ? { key } : {}), pathLength: i });
      return { ...decoy.certificate, subjectKeyId: ca.certificate.subjectKeyId };
    });
  const found = (bag: readonly Certificate[]): CertificationPathResult => {
    const result = judge(leaf, [...bag, ca.certificate]);
    expect(result.chain).toHaveLength(3);
    return result;
  };
  found(decoys(1000, newKey()));
  const hundreds = decoys(300);
  found(hundreds);
  expect(faults(judge(leaf, hundreds))).toEqual(['path-signatures']);
  // More keys than there is budget: no answer, and said so.
  const given = judge(leafBy(ca), [...decoys(500), ca.certificate]);
  expect(given.chain).toBeNull();
  expect(given.exhausted).toBe(true);
});

test('a mesh of authorities that have all certified each other', () => {
  const keys = Array.from({ length: 12 }, () => newKey());
  const self = keys.map((key, i) => authority(`Mesh ${i}`, undefined, { key }));
  const mesh = self.flatMap((issuer) =>
    self.flatMap((it, j) => (it === issuer ? [] : [cross(`Mesh ${j}`, keys[j]!, issuer)])),
  );
  const leaf = leafBy(self[0]!);
  // No way out: nothing to find, and nothing to search.
  expect(faults(judge(leaf, certificates(mesh)))).toEqual(['path-chain']);
  // A way out at the far end is found.
  const out = cross('Mesh 11', keys[11]!, root);
  const found = judge(leaf, [...certificates(mesh), out.certificate]);
  expect(found.chain).toHaveLength(4);
  // A way out that never holds: given up within budget, and said so.
  const barred = issue({
    cn: 'Mesh 11',
    key: keys[11]!,
    issuer: root,
    extensions: [basicConstraints(true, 0), keyUsage('keyCertSign')],
  });
  const given = judge(leaf, [...certificates(mesh), barred.certificate]);
  expect(given.chain).toBeNull();
  expect(given.exhausted).toBe(true);
});

test('two authorities certified by each other and by nobody', () => {
  const [a, b] = [newKey(), newKey()];
  const one = authority('One', authority('Two', undefined, { key: b }), { key: a });
  const two = authority('Two', one, { key: b });
  expect(faults(judge(leafBy(one), certificates([one, two])))).toEqual(['path-chain']);
});

test('a bag with ten thousand copies of a certificate', () => {
  const ca = authority('CA', root);
  const copies = Array.from({ length: 10_000 }, () => ca.certificate);
  expect(judge(leafBy(ca), copies).chain).toHaveLength(3);
});

test('a chain longer than any real one', () => {
  const line: Holder[] = [root];
  for (let i = 0; i < 30; i++) line.push(authority(`Level ${i}`, line[i]));
  const leaf = leafBy(line[line.length - 1]!);
  expect(faults(judge(leaf, certificates(line.slice(1))))).toEqual(['path-chain']);
});

const limited = (limits: Parameters<typeof nameConstraints>[0]): Holder => {
  const key = newKey();
  const tbs = certificateTbs({
    serial: Uint8Array.of(1),
    issuer: root.certificate.subjectDer,
    subject: name([{ type: 'CN', value: 'Limited' }]),
    notBefore: minutes(-1),
    notAfter: minutes(60),
    spki: key.spki,
    extensions: [basicConstraints(true), keyUsage('keyCertSign'), nameConstraints(limits)],
    suite: key.suite,
  });
  const bytes = assembleCertificate(tbs, key.suite, signWith(root.key, tbs));
  // The strict reading refuses certificates of this size outright.
  expect(() => parseCertificate(bytes)).toThrow('budget-exceeded');
  return { key, certificate: parseCertificate(bytes, 'foreign') };
};

test('ten thousand name constraints: judged for a few names, refused for thousands', () => {
  const excluded = limited({ excluded: many(10_000, (i) => general.dns(`h${i}.example`)) });
  const few = leafBy(excluded, [alternativeNames(general.dns('fine.test'))]);
  expect(faults(judge(few, [excluded.certificate]))).toEqual([]);
  const hit = leafBy(excluded, [alternativeNames(general.dns('x.h9999.example'))]);
  expect(faults(judge(hit, [excluded.certificate]))).toEqual(['path-names']);
  const names = many(2000, (i) => general.dns(`n${i}.test`));
  const thousands = judge(leafBy(excluded, [alternativeNames(...names)]), [excluded.certificate]);
  expect(faults(thousands)).toEqual(['path-names']);
  expect(thousands.checks.find(({ ok }) => ok === false)?.detail).toContain('budget-exceeded');
  const directories = limited({
    permitted: many(6000, (i) => general.directory(name([{ type: 'CN', value: `d${i}` }]))),
  });
  expect(faults(judge(leafBy(directories), [directories.certificate]))).toEqual(['path-names']);
});

/** A list of `count` entries, in strict DER, by the root; `said` adds a reason and a date to each. */
function listOf(count: number, said = false): Uint8Array {
  const at = der.time(minutes(-10));
  const more = (i: number): Uint8Array =>
    der.sequence(
      extension(OID.reasonCode, false, der.enumerated(4)),
      extension(OID.invalidityDate, false, der.generalizedTime(minutes(-20 - i))),
    );
  const entries = many(count, (i) =>
    der.sequence(der.integer(i + 1), at, ...(said ? [more(i)] : [])),
  );
  const algorithm = root.certificate.algorithm.der;
  const tbs = der.sequence(
    der.integer(1),
    algorithm,
    root.certificate.subjectDer,
    der.time(minutes(-5)),
    der.time(minutes(60)),
    der.sequence(new Uint8Array(Buffer.concat(entries))),
  );
  return der.sequence(tbs, algorithm, der.bits(signWith(root.key, tbs)));
}

test('a list of a hundred thousand entries is read and used, a longer one refused', () => {
  const bytes = listOf(100_000);
  const crl: Crl = timed(() => parseCrl(bytes));
  expect(crl.entries.size).toBe(100_000);
  const leaf = issue({ cn: 'x', issuer: root, serial: Uint8Array.of(1, 13, 64) });
  const result = timed(() =>
    validateCertificationPath({
      leaf: leaf.certificate,
      candidates: [],
      anchors: [root.certificate],
      at: T0,
      revocation: { crls: [crl], ocsps: [], required: 'every' },
    }),
  );
  expect(result.revocation[0]!.status).toBe('revoked');
  const wordy = listOf(20_000, true);
  timed(() => expect(parseCrl(wordy).entries.size).toBe(20_000));
  const verbose = listOf(40_000, true);
  timed(() => expect(() => parseCrl(verbose)).toThrow('budget-exceeded'));
  const longer = listOf(110_000);
  timed(() => expect(() => parseCrl(longer)).toThrow('budget-exceeded'));
  timed(() => expect(() => parseCrl(new Uint8Array(9 << 20))).toThrow('budget-exceeded'));
}, 30_000);

test('a thousand lists by one name, none of which can be used', () => {
  const key = newKey();
  const algorithm = root.certificate.algorithm.der;
  const lists = many(1000, (i) => {
    const tbs = der.sequence(
      der.integer(1),
      algorithm,
      root.certificate.subjectDer,
      der.time(minutes(-5 - i)),
      der.time(minutes(60)),
    );
    return der.sequence(tbs, algorithm, der.bits(signWith(key, tbs)));
  }).map((bytes) => parseCrl(bytes));
  const ca = authority('CA', root);
  const result = timed(() =>
    validateCertificationPath({
      leaf: leafBy(ca).certificate,
      candidates: [ca.certificate],
      anchors: [root.certificate],
      at: T0,
      revocation: { crls: lists, ocsps: [], required: 'every' },
    }),
  );
  expect(faults(result)).toEqual(['path-revocation']);
});
