import { expect, test } from '@jest/globals';
import {
  authority,
  issue,
  minutes,
  newKey,
  newPki,
  sceneExtensions,
  stampExtensions,
  T0,
  type Holder,
} from '../test/throw-away-pki.js';
import type { Certificate } from './certificate.js';
import { der } from './der.js';
import * as ext from './extensions.js';
import { OID } from './oids.js';
import { validatePath } from './path.js';
import type { PathPurpose } from './path-checks.js';

const it = newPki();

/** Ids and sub-indications of what failed. */
function faults(
  leaf: Holder,
  options: {
    via?: Holder[];
    roots?: Holder[];
    at?: Date;
    purpose?: PathPurpose;
  } = {},
): string[] {
  const certificates = (holders: Holder[]): Certificate[] =>
    holders.map(({ certificate }) => certificate);
  const result = validatePath({
    leaf: leaf.certificate,
    intermediates: certificates(options.via ?? [it.sceneCa]),
    anchors: certificates(options.roots ?? [it.root]),
    at: options.at ?? T0,
    purpose: options.purpose ?? 'scene',
  });
  const failed = result.checks.filter(({ ok }) => ok === false);
  expect(result.chain === null).toBe(failed.length > 0);
  expect(result.checks).toHaveLength(7);
  return failed.map(({ id, subIndication }) => `${id} ${subIndication}`);
}

const scene = (extensions: Uint8Array[], issuer = it.sceneCa): Holder =>
  issue({ cn: 'x', issuer, extensions });

test('accepts the scene, seal, timestamp and OCSP chains', () => {
  expect(faults(it.scene)).toEqual([]);
  const via = [it.timeCa];
  expect(faults(it.tsa, { via, roots: [it.timeRoot], purpose: 'timestamp' })).toEqual([]);
  expect(faults(it.responder, { purpose: 'ocsp' })).toEqual([]);
  const seal = issue({
    cn: 'Seal',
    issuer: it.sceneCa,
    extensions: [
      ext.keyUsage('digitalSignature', 'nonRepudiation'),
      ext.extendedKeyUsage([OID.documentSigning]),
    ],
  });
  expect(faults(seal, { purpose: 'seal' })).toEqual([]);
  expect(faults(seal, { purpose: 'scene' })).toEqual(['path-purpose CHAIN_CONSTRAINTS_FAILURE']);
});

test('the validity window is whole seconds, both ends included', () => {
  const end = it.scene.certificate.notAfter.getTime();
  expect(faults(it.scene, { at: minutes(-1) })).toEqual([]);
  expect(faults(it.scene, { at: new Date(minutes(-1).getTime() - 1) })).toEqual([
    'path-validity NOT_YET_VALID',
  ]);
  expect(faults(it.scene, { at: new Date(end + 999) })).toEqual([]);
  expect(faults(it.scene, { at: new Date(end + 1000) })).toEqual(['path-validity EXPIRED']);
});

test('an expired authority fails the chain, the anchor too', () => {
  const oldRoot = authority('Old', undefined, { notAfter: minutes(-10) });
  const ca = authority('CA', oldRoot);
  const leaf = scene(sceneExtensions(), ca);
  expect(faults(leaf, { via: [ca], roots: [oldRoot] })).toEqual(['path-validity EXPIRED']);
  const oldCa = authority('CA2', it.root, { notAfter: minutes(-10) });
  expect(faults(scene(sceneExtensions(), oldCa), { via: [oldCa] })).toEqual([
    'path-validity EXPIRED',
  ]);
});

test('no anchor, no chain: other roots, same name with another key, the leaf itself', () => {
  const none = ['path-chain NO_CERTIFICATE_CHAIN_FOUND'];
  expect(faults(it.scene, { roots: [] })).toEqual(none);
  expect(faults(it.scene, { roots: [it.timeRoot] })).toEqual(none);
  expect(faults(it.scene, { via: [] })).toEqual(none);
  expect(faults(it.scene, { roots: [it.scene] })).toEqual(none);
  // An impostor root without key identifiers that rule it out: the signature does.
  const impostor = authority('Root');
  expect(faults(it.scene, { roots: [impostor] })).toEqual(none);
  const key = newKey();
  const stripped = issue({
    cn: 'Scene CA',
    key,
    issuer: it.root,
    extensions: [ext.basicConstraints(true), ext.keyUsage('keyCertSign')],
  });
  const forged = issue({
    cn: 'x',
    issuer: { key: newKey(), certificate: stripped.certificate },
    extensions: sceneExtensions(),
  });
  const noIds = { ...forged.certificate, authorityKeyId: null };
  expect(faults({ ...forged, certificate: noIds }, { via: [stripped] })).toEqual([
    'path-signatures CERTIFICATE_CHAIN_GENERAL_FAILURE',
  ]);
});

test('the right chain is found among wrong ones', () => {
  const twins = Array.from({ length: 8 }, () => authority('Scene CA', it.root));
  expect(faults(it.scene, { via: [...twins, it.sceneCa, ...twins] })).toEqual([]);
});

test('only authorities issue', () => {
  const leafAsCa = issue({
    cn: 'Not CA',
    issuer: it.root,
    extensions: [ext.basicConstraints(false), ext.keyUsage('digitalSignature', 'keyCertSign')],
  });
  const chain = ['path-authorities CHAIN_CONSTRAINTS_FAILURE'];
  expect(faults(scene(sceneExtensions(), leafAsCa), { via: [leafAsCa] })).toEqual(chain);
  const noSign = issue({
    cn: 'No keyCertSign',
    issuer: it.root,
    extensions: [ext.basicConstraints(true), ext.keyUsage('cRLSign')],
  });
  expect(faults(scene(sceneExtensions(), noSign), { via: [noSign] })).toEqual(chain);
  // The scene certificate itself as an issuer.
  expect(faults(scene(sceneExtensions(), it.scene), { via: [it.scene, it.sceneCa] })).toEqual(
    chain,
  );
  const below = authority('Below', it.sceneCa);
  expect(faults(scene(sceneExtensions(), below), { via: [below, it.sceneCa] })).toEqual(chain);
  const caLeaf = issue({
    cn: 'CA leaf',
    issuer: it.sceneCa,
    extensions: [ext.basicConstraints(true), ...sceneExtensions().slice(1)],
  });
  expect(faults(caLeaf)).toEqual(chain);
});

test('unknown critical extensions are refused anywhere in the chain', () => {
  const odd = ext.extension('1.2.3.4', true, der.null());
  const refusal = ['path-critical-extensions CHAIN_CONSTRAINTS_FAILURE'];
  expect(faults(scene([...sceneExtensions(), odd]))).toEqual(refusal);
  const ca = issue({
    cn: 'CA',
    issuer: it.root,
    extensions: [ext.basicConstraints(true), ext.keyUsage('keyCertSign'), odd],
  });
  expect(faults(scene(sceneExtensions(), ca), { via: [ca] })).toEqual(refusal);
  const tolerated = ext.extension('1.2.3.4', false, der.null());
  expect(faults(scene([...sceneExtensions(), tolerated]))).toEqual([]);
});

test.each<[string, (extensions: Uint8Array[]) => Uint8Array[], string]>([
  ['no key usage', (e) => e.toSpliced(1, 1), 'path-key-usage'],
  [
    'digitalSignature alone',
    (e) => e.toSpliced(1, 1, ext.keyUsage('digitalSignature')),
    'path-key-usage',
  ],
  [
    'keyCertSign',
    (e) => e.toSpliced(1, 1, ext.keyUsage('digitalSignature', 'nonRepudiation', 'keyCertSign')),
    'path-key-usage',
  ],
  ['no key purpose', (e) => e.toSpliced(2, 1), 'path-purpose'],
  [
    'timeStamping',
    (e) => e.toSpliced(2, 1, ext.extendedKeyUsage([OID.timeStamping], true)),
    'path-purpose',
  ],
  [
    'a second purpose',
    (e) => e.toSpliced(2, 1, ext.extendedKeyUsage([OID.documentSigning, OID.timeStamping])),
    'path-purpose',
  ],
  ['no SceneBinding', (e) => e.toSpliced(4, 1), 'path-purpose'],
])('a scene certificate with %s is none', (_, change, id) => {
  expect(faults(scene(change(sceneExtensions())))).toEqual([`${id} CHAIN_CONSTRAINTS_FAILURE`]);
});

test('purposes do not mix', () => {
  const wrong = ['path-purpose CHAIN_CONSTRAINTS_FAILURE'];
  expect(faults(it.scene, { purpose: 'seal' })).toEqual(wrong);
  expect(faults(it.scene, { purpose: 'timestamp' })).toEqual(wrong);
  expect(faults(it.scene, { purpose: 'ocsp' })).toEqual(wrong);
  const limited = issue({
    cn: 'Limited CA',
    issuer: it.root,
    extensions: [
      ext.basicConstraints(true),
      ext.keyUsage('keyCertSign'),
      ext.extendedKeyUsage([OID.documentSigning]),
    ],
  });
  const tsa = issue({ cn: 'TSA', issuer: limited, extensions: stampExtensions() });
  expect(faults(tsa, { via: [limited], purpose: 'timestamp' })).toEqual(wrong);
  expect(faults(scene(sceneExtensions(), limited), { via: [limited] })).toEqual([]);
});

test('a bag built to explode ends quickly', () => {
  const key = newKey();
  // Twenty authorities of one name and one key, all of which may have issued each other.
  const twins = Array.from({ length: 20 }, () => authority('Loop', undefined, { key }));
  const leaf = issue({ cn: 'x', issuer: twins[0]!, extensions: sceneExtensions() });
  const started = process.cpuUsage();
  expect(faults(leaf, { via: twins })).toEqual(['path-chain NO_CERTIFICATE_CHAIN_FOUND']);
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1000).toBeLessThan(3000);
});
