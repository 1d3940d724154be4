import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { closeSignature, signatureUpdate, signedRanges } from '@mandate/pdf';
import {
  assembleCertificate,
  certificateTbs,
  encodeSignedAttributes,
  extendedKeyUsage,
  name,
  readCertificateFields,
  sceneBinding,
  type SceneBinding,
} from '@mandate/pki';
import { makeLetter } from '../../pdf/test/letter-fixture.js';
import { challengeDigest } from './challenge-digest.js';
import { checkMaterial, type Material } from './check-material.js';
import { signLetter } from './sign-letter.js';
import { createSubjectKey, type SubjectKey } from './subject-key.js';

const sha = (...parts: Uint8Array[]): Uint8Array =>
  new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest());
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const refusal = (code: string) => expect.objectContaining({ code });

const at = new Date('2026-11-21T09:30:00.500Z');
const minutes = (n: number): Date => new Date(at.getTime() + n * 60_000);
const issuerKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const issuer = name([{ type: 'CN', value: 'Test scene authority' }]);
const DATA = '1.2.840.113549.1.7.1';

let letter: Uint8Array;
let key: SubjectKey;
const sceneDigest = sha(Buffer.from('scene'));
const challenge = () => ({
  letterDigest: hex(sha(letter)),
  sceneDigest: hex(sceneDigest),
  serverNonce: 'bm9uY2U',
});

beforeAll(async () => {
  letter = await makeLetter();
  key = await createSubjectKey();
});

function certificate(
  change: { spki?: Uint8Array; from?: Date; to?: Date; bound?: Partial<SceneBinding> | null } = {},
): Uint8Array {
  const binding = {
    sceneDigest,
    letterDigest: sha(letter),
    evidenceRoot: sha(Buffer.from('parts')),
    ledgerOrigin: 'ledger.example',
    keyOrigin: 'browser' as const,
    ...change.bound,
  };
  const usage = extendedKeyUsage(['1.3.6.1.5.5.7.3.36']);
  const tbs = certificateTbs({
    serial: Uint8Array.from({ length: 17 }, (_, i) => i + 1),
    issuer,
    subject: name([{ type: 'CN', value: 'Subject' }]),
    notBefore: change.from ?? minutes(-1),
    notAfter: change.to ?? minutes(9),
    spki: change.spki ?? key.publicKey,
    extensions: change.bound === null ? [usage] : [usage, sceneBinding(binding)],
    suite: 'ecdsa-p256-sha256',
  });
  const signature = new Uint8Array(sign('sha256', tbs, issuerKey.privateKey));
  return assembleCertificate(tbs, 'ecdsa-p256-sha256', signature);
}

function material(
  change: { certificate?: Uint8Array; update?: Uint8Array; attributes?: object } = {},
): Material {
  const leaf = change.certificate ?? certificate();
  const update =
    change.update ??
    signatureUpdate(letter, { field: 'Mandate.Subject', date: at, contentsBytes: 4096 });
  const { issuerDer, serialDer } = readCertificateFields(leaf);
  const signedAttributes = encodeSignedAttributes({
    contentType: DATA,
    messageDigest: sha(...signedRanges(letter, update)),
    certificateDigest: sha(leaf),
    issuerDer,
    serialDer,
    ...change.attributes,
  });
  return { certificate: leaf, update, signedAttributes };
}

const check = (m: Material, now = at, c = challenge()): Promise<void> =>
  checkMaterial({ letter, challenge: c, publicKey: key.publicKey, material: m, at: now });

describe('material that is refused', () => {
  const otherKey = (): Uint8Array =>
    new Uint8Array(
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
        type: 'spki',
        format: 'der',
      }),
    );
  const zero = new Uint8Array(32);
  test.each<[string, () => Uint8Array]>([
    ['another key', () => certificate({ spki: otherKey() })],
    ['another letter', () => certificate({ bound: { letterDigest: zero } })],
    ['another scene', () => certificate({ bound: { sceneDigest: zero } })],
    ['no scene', () => certificate({ bound: null })],
    ['a software key', () => certificate({ bound: { keyOrigin: 'software' } })],
    ['a long life', () => certificate({ to: minutes(20) })],
    ['the past', () => certificate({ from: minutes(-20), to: minutes(-10) })],
    ['the future', () => certificate({ from: minutes(10), to: minutes(19) })],
  ])('a certificate for %s', async (_, make) => {
    await expect(check(material({ certificate: make() }))).rejects.toThrow(
      refusal('certificate-mismatch'),
    );
  });

  test('a certificate that is none', async () => {
    const sound = material();
    for (const broken of [new Uint8Array(0), sound.certificate.subarray(1), sound.signedAttributes])
      await expect(check({ ...sound, certificate: broken })).rejects.toThrow(
        refusal('certificate-mismatch'),
      );
  });

  test('another letter than the challenged one', async () => {
    await expect(
      check(material(), at, { ...challenge(), letterDigest: hex(zero) }),
    ).rejects.toThrow(refusal('update-mismatch'));
  });

  const base = { field: 'Mandate.Subject', date: at, contentsBytes: 4096 };
  const replaced = (find: string, replace: string): Uint8Array => {
    const text = Buffer.from(signatureUpdate(letter, base)).toString('latin1');
    if (!text.includes(find)) throw new Error(`no ${find}`);
    return new Uint8Array(Buffer.from(text.replace(find, replace), 'latin1'));
  };
  test.each<[string, () => Uint8Array]>([
    ['is an approval only', () => signatureUpdate(letter, { ...base, certify: false })],
    [
      'is dated before the certificate',
      () => signatureUpdate(letter, { ...base, date: minutes(-2) }),
    ],
    [
      'is dated after the certificate',
      () => signatureUpdate(letter, { ...base, date: minutes(10) }),
    ],
    ['moves the field', () => replaced('/Rect [72 ', '/Rect [73 ')],
    ['keeps the form open', () => replaced('/SigFlags 3', '/SigFlags 1')],
    [
      'holds a signature',
      () =>
        closeSignature(letter, signatureUpdate(letter, base), Uint8Array.of(0x30, 1, 5)).slice(
          letter.length,
        ),
    ],
  ])('an update that %s', async (_, make) => {
    await expect(check(material({ update: make() }))).rejects.toThrow(refusal('update-mismatch'));
  });

  test('an update that is none', async () => {
    const sound = material();
    for (const update of [new Uint8Array(0), letter, sound.update.slice(1)])
      await expect(check({ ...sound, update })).rejects.toThrow(refusal('update-mismatch'));
  });

  test.each<[string, () => Material]>([
    ['another message digest', () => material({ attributes: { messageDigest: zero } })],
    ['another certificate', () => material({ attributes: { certificateDigest: zero } })],
    ['another content type', () => material({ attributes: { contentType: '1.2.3' } })],
    [
      'another issuer',
      () => material({ attributes: { issuerDer: name([{ type: 'CN', value: 'X' }]) } }),
    ],
    ['another serial', () => material({ attributes: { serialDer: Uint8Array.of(2, 1, 1) } })],
    ['nothing', () => ({ ...material(), signedAttributes: new Uint8Array(0) })],
    [
      'a foreign text',
      () => ({ ...material(), signedAttributes: new Uint8Array(Buffer.from('pay')) }),
    ],
    [
      'one octet more',
      () => ({
        ...material(),
        signedAttributes: new Uint8Array([...material().signedAttributes, 0]),
      }),
    ],
  ])('attributes with %s', async (_, make) => {
    await expect(check(make())).rejects.toThrow(refusal('signature-invalid'));
  });

  test('every bit of the attributes counts', async () => {
    const sound = material();
    for (let i = 0; i < sound.signedAttributes.length; i += 7) {
      const signedAttributes = sound.signedAttributes.slice();
      signedAttributes[i]! ^= 1 << (i % 8);
      await expect(check({ ...sound, signedAttributes })).rejects.toThrow(
        refusal('signature-invalid'),
      );
    }
  });

  test('is not signed, now or later', async () => {
    const fresh = await createSubjectKey();
    const sound = material({ certificate: certificate({ spki: fresh.publicKey }) });
    const bad = { ...sound, signedAttributes: sound.signedAttributes.slice(1) };
    await expect(signLetter(letter, challenge(), bad, fresh, at)).rejects.toThrow(
      refusal('signature-invalid'),
    );
    await expect(fresh.sign(sound.signedAttributes)).rejects.toThrow(refusal('key-unavailable'));
  });
});

test('sound material is accepted, also by a clock a little wrong', async () => {
  for (const now of [at, minutes(-4), minutes(12)])
    await expect(check(material(), now)).resolves.toBeUndefined();
});

test('signs exactly the attributes, once, and forgets the key', async () => {
  const fresh = await createSubjectKey();
  const m = material({ certificate: certificate({ spki: fresh.publicKey }) });
  const signature = await signLetter(letter, challenge(), m, fresh, at);
  const spki = createPublicKey({ key: Buffer.from(fresh.publicKey), format: 'der', type: 'spki' });
  expect(verify('sha256', m.signedAttributes, spki, signature)).toBe(true);
  await expect(signLetter(letter, challenge(), m, fresh, at)).rejects.toThrow(
    refusal('key-reused'),
  );
  await expect(fresh.prove(sha())).rejects.toThrow(refusal('key-unavailable'));
});

test('challenge digest and proof of possession are as specified', async () => {
  const c = { ...challenge(), extra: 'not part of it' };
  const digest = await challengeDigest(c);
  const json = `{"letterDigest":"${c.letterDigest}","sceneDigest":"${c.sceneDigest}","serverNonce":"${c.serverNonce}"}`;
  expect(hex(digest)).toBe(hex(sha(Buffer.from(`mandate/challenge/v1\n${json}`))));
  const fresh = await createSubjectKey();
  const proof = await fresh.prove(digest);
  const message = Buffer.concat([Buffer.from('mandate/pop/v1\n'), digest, sha(fresh.publicKey)]);
  const spki = createPublicKey({ key: Buffer.from(fresh.publicKey), format: 'der', type: 'spki' });
  expect(verify('sha256', message, spki, proof)).toBe(true);
  await expect(fresh.prove(digest.subarray(1))).rejects.toThrow(refusal('invalid-request'));
});
