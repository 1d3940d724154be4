import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { decline, evidenceBundle } from '@mandate/ceremony';
import { ocspRequest, parseCertificate, parseOcspResponse } from '@mandate/pki';
import { checkMaterial } from '@mandate/subject';
import { verifyFile } from '@mandate/verify';
import { startCeremony, SUBJECT, type StartedCeremony } from './started-ceremony.js';

jest.setTimeout(30_000);

let ceremony: StartedCeremony;
beforeAll(async () => {
  ceremony = await startCeremony();
}, 60_000);
afterEach(() => {
  ceremony.clock.hold(null);
  ceremony.tsa.down = false;
  ceremony.stampAt.seconds = 0;
  ceremony.probes.at = () => undefined;
});
afterAll(() => ceremony.stop());

let people = 0;
const confirmed = () =>
  ceremony.confirmed({ ...SUBJECT, phone: `136${String(++people).padStart(8, '0')}` });

async function ocspStatus(material: { certificate: Uint8Array; issuer: Uint8Array }) {
  const request = ocspRequest({
    certificate: parseCertificate(material.certificate),
    issuer: parseCertificate(material.issuer),
  });
  const { der } = await ceremony.authority.ca.ocsp({ der: request });
  return parseOcspResponse(der).responses[0]!.status.kind;
}

/** Serials on the revocation list, as openssl reads it. */
async function revokedSerials(): Promise<string[]> {
  const { der } = await ceremony.authority.ca.crl({});
  const file = join(mkdtempSync(join(tmpdir(), 'mandate-crl-')), 'scene.crl');
  writeFileSync(file, der);
  const text = execFileSync('openssl', ['crl', '-inform', 'DER', '-in', file, '-noout', '-text']);
  return [...text.toString().matchAll(/Serial Number: ([0-9A-F]+)/g)].map(([, s]) =>
    s!.toLowerCase(),
  );
}

async function expectReleased(id: string): Promise<void> {
  const authorization = await ceremony.record.authorization(id);
  expect(authorization.state).toBe('released');
  const bundle = await evidenceBundle(
    { ...ceremony.deps, record: ceremony.record },
    authorization,
    { purpose: 'download', actor: 'test' },
  );
  const anchors = await ceremony.authority.ca.anchors({});
  const { verdict } = verifyFile(bundle, { anchors, at: ceremony.clock.now() });
  expect(verdict).toMatchObject({ indication: 'TOTAL-PASSED' });
}

test('signed, released; the same signature again is fine, another one is not', async () => {
  const at = await confirmed();
  const issued = await ceremony.issue(at);
  const { key, material } = issued;
  await checkMaterial({
    letter: await ceremony.letter(at),
    challenge: at.challenge,
    publicKey: parseCertificate(material.certificate).spki,
    material,
    at: ceremony.clock.now(),
  });
  const signature = await key.sign(material.signedAttributes);
  const another = await key.sign(material.signedAttributes);
  expect(another).not.toEqual(signature);
  expect(await ceremony.complete(at, issued, signature)).toMatchObject({
    state: 'committed',
    authorization: 'released',
  });
  expect(await ceremony.complete(at, issued, signature)).toMatchObject({
    authorization: 'released',
  });
  await expect(ceremony.complete(at, issued, another)).rejects.toMatchObject({
    code: 'signature-invalid',
  });
  expect(await ocspStatus(material)).toBe('good');
  await expectReleased(at.id);
});

test('a signature over anything else is refused and the attempt lives on', async () => {
  const [at, other] = [await confirmed(), await confirmed()];
  const [issued, elsewhere] = [await ceremony.issue(at), await ceremony.issue(other)];
  const foreign = await elsewhere.key.sign(elsewhere.material.signedAttributes);
  for (const signature of [
    foreign,
    await issued.key.sign(elsewhere.material.signedAttributes),
    await elsewhere.key.sign(issued.material.signedAttributes),
    new Uint8Array(70),
    new Uint8Array(),
  ])
    await expect(ceremony.complete(at, issued, signature)).rejects.toMatchObject({
      code: 'signature-invalid',
    });
  // another authorization's attempt is nobody's business here
  await expect(ceremony.complete(at, elsewhere, foreign)).rejects.toMatchObject({
    code: 'not-found',
  });
  const views = await Promise.all([
    ceremony.complete(at, issued),
    ceremony.complete(other, elsewhere, foreign),
  ]);
  expect(views.map((view) => view.authorization)).toEqual(['released', 'released']);
});

test('a new attempt with a new key ends the old one: void, revoked, never signed', async () => {
  const at = await confirmed();
  const first = await ceremony.issue(at);
  expect(await ocspStatus(first.material)).toBe('good');
  const late = await first.key.sign(first.material.signedAttributes);
  const second = await ceremony.issue(at);
  expect(await ocspStatus(first.material)).toBe('revoked');
  expect(await ocspStatus(second.material)).toBe('good');
  const serial = parseCertificate(first.material.certificate).serial;
  expect(await revokedSerials()).toContain(serial);
  await expect(ceremony.complete(at, first, late)).rejects.toMatchObject({ code: 'attempt-void' });
  await expect(ceremony.complete(at, second, late)).rejects.toMatchObject({
    code: 'signature-invalid',
  });
  await ceremony.complete(at, second);
  await expectReleased(at.id);
  await expect(ceremony.issue(at)).rejects.toMatchObject({ code: 'step-out-of-order' });
});

test('a key signs one letter: it is refused for a second attempt and in another ceremony', async () => {
  const at = await confirmed();
  const key = await ceremony.newKey(at.challenge);
  await ceremony.issue(at, key);
  await expect(ceremony.issue(at, key)).rejects.toMatchObject({ code: 'key-reused' });
  const other = await confirmed();
  const proof = key.key.prove(other.challenge.challengeDigest);
  await expect(ceremony.issue(other, { ...key, proof })).rejects.toMatchObject({
    code: 'key-reused',
  });
  await expect(ceremony.issue(other, key)).rejects.toMatchObject({
    code: 'proof-of-possession-invalid',
  });
  await ceremony.complete(other, await ceremony.issue(other));
  await expectReleased(other.id);
});

test('two attempts at the same moment: one certificate', async () => {
  const at = await confirmed();
  const results = await Promise.allSettled([
    ceremony.issue(at),
    ceremony.issue(at),
    ceremony.issue(at),
  ]);
  const issued = results.filter((r) => r.status === 'fulfilled');
  expect(issued.length).toBeGreaterThanOrEqual(1); // somebody always wins
  const { rows } = await ceremony.owner.query(
    `SELECT id FROM attempts WHERE authorization_id = $1 AND state <> 'voided'`,
    [at.id],
  );
  expect(rows.length).toBe(1);
  for (const result of results)
    if (result.status === 'rejected')
      expect(['version-conflict', 'attempt-void', 'step-out-of-order']).toContain(
        (result.reason as { code: string }).code,
      );
});

test('a confirmation is good in its own visit, for ten minutes', async () => {
  const at = await confirmed();
  const elsewhere = { ...at, visit: { ...(await ceremony.visit(at.id)), identified: true } };
  await expect(ceremony.issue(elsewhere)).rejects.toMatchObject({ code: 'confirmation-expired' });
  ceremony.clock.move(600);
  await expect(ceremony.issue(at)).rejects.toMatchObject({ code: 'confirmation-expired' });
  const again = await ceremony.challenge(at.id);
  await ceremony.confirm(at, again);
  await ceremony.complete(at, await ceremony.issue({ ...at, challenge: again }));
  await expectReleased(at.id);
});

test('declined while signing: the signature comes too late, the certificate is revoked', async () => {
  const at = await confirmed();
  const issued = await ceremony.issue(at);
  await decline(ceremony.deps, at.visit, 'someone-is-telling-me');
  await expect(ceremony.complete(at, issued)).rejects.toMatchObject({ code: 'attempt-void' });
  expect(await ceremony.state(at.id)).toBe('declined');
  expect(await ceremony.attemptState(issued.attemptId)).toBe('voided');
  expect(await ocspStatus(issued.material)).toBe('revoked');
});

test('declined before anything was signed: the sweep voids the attempt', async () => {
  const at = await confirmed();
  const issued = await ceremony.issue(at);
  await decline(ceremony.deps, at.visit, 'refused');
  expect(await ceremony.sweep()).toEqual([]);
  expect(await ceremony.attemptState(issued.attemptId)).toBe('voided');
});

test('declined with the signature waiting for a timestamp: never signed', async () => {
  const at = await confirmed();
  const issued = await ceremony.issue(at);
  ceremony.tsa.down = true;
  await expect(ceremony.complete(at, issued)).rejects.toMatchObject({
    code: 'timestamp-unavailable',
  });
  await decline(ceremony.deps, at.visit, 'refused');
  ceremony.tsa.down = false;
  await ceremony.sweep();
  expect(await ceremony.state(at.id)).toBe('declined');
  expect(await ceremony.attemptState(issued.attemptId)).toBe('voided');
});

test('no timestamp, no signature; when the authority is back the sweep finishes', async () => {
  const at = await confirmed();
  const issued = await ceremony.issue(at);
  ceremony.tsa.down = true;
  await expect(ceremony.complete(at, issued)).rejects.toMatchObject({
    code: 'timestamp-unavailable',
  });
  expect(await ceremony.state(at.id)).toBe('confirmed');
  expect(await ceremony.attemptState(issued.attemptId)).toBe('subject-signed');
  expect(await ceremony.sweep()).toContain('timestamp-unavailable');
  await expect(ceremony.issue(at)).rejects.toMatchObject({ code: 'step-out-of-order' });
  ceremony.tsa.down = false;
  expect(await ceremony.sweep()).toEqual([]);
  await expectReleased(at.id);
});

test('a minute before the certificate ends an unstamped attempt is void, not a second earlier', async () => {
  const at = await confirmed();
  const issued = await ceremony.issue(at);
  const margin = Date.parse(issued.material.notAfter) - 60_000;
  ceremony.tsa.down = true;
  await expect(ceremony.complete(at, issued)).rejects.toMatchObject({
    code: 'timestamp-unavailable',
  });
  ceremony.clock.hold(new Date(margin - 1));
  await ceremony.sweep();
  expect(await ceremony.attemptState(issued.attemptId)).toBe('subject-signed');
  ceremony.tsa.down = false;
  ceremony.clock.hold(new Date(margin + 1000));
  await ceremony.sweep();
  expect(await ceremony.attemptState(issued.attemptId)).toBe('voided');
  await expect(ceremony.complete(at, issued)).rejects.toMatchObject({ code: 'attempt-void' });
  expect(await ocspStatus(issued.material)).toBe('revoked');
  expect(await ceremony.state(at.id)).toBe('confirmed');
});

test('a certificate nobody used is void in time', async () => {
  const at = await confirmed();
  const issued = await ceremony.issue(at);
  const late = await issued.key.sign(issued.material.signedAttributes);
  ceremony.clock.move(8 * 60 + 1);
  await expect(ceremony.complete(at, issued, late)).rejects.toMatchObject({ code: 'attempt-void' });
  expect(await ceremony.attemptState(issued.attemptId)).toBe('voided');
});

test.each([
  ['before the certificate', -120, 'timestamp-rejected'],
  ['from the future', 60, 'timestamp-unavailable'],
])('a token %s is refused; the next good one finishes', async (_name, seconds, code) => {
  const at = await confirmed();
  const issued = await ceremony.issue(at);
  ceremony.stampAt.seconds = seconds;
  await expect(ceremony.complete(at, issued)).rejects.toMatchObject({ code });
  expect(await ceremony.attemptState(issued.attemptId)).toBe('subject-signed');
  ceremony.stampAt.seconds = 0;
  expect(await ceremony.sweep()).toEqual([]);
  await expectReleased(at.id);
});

/** Our own verifier, which shares these anchors, trusts no seal while `work` runs. */
async function withoutSeals<T>(work: () => Promise<T>): Promise<T> {
  const seals = (await ceremony.authority.ca.anchors({})).seal as Uint8Array[];
  const kept = seals.splice(0);
  try {
    return await work();
  } finally {
    seals.push(...kept);
  }
}
const ledgerEntries = async (serial: string): Promise<{ kind: string; reason?: string }[]> => {
  await ceremony.authority.ledger.integrate({});
  const { rows } = await ceremony.owner.query(
    `SELECT entry::json FROM ledger_entries WHERE entry::json->>'serial' = $1 ORDER BY leaf_index`,
    [serial],
  );
  return rows.map(({ entry }) => entry);
};

test('what our own verifier refuses is failed, void and revoked, and not tried again', async () => {
  const at = await confirmed();
  const issued = await ceremony.issue(at);
  const { serial } = parseCertificate(issued.material.certificate);
  const signature = await issued.key.sign(issued.material.signedAttributes);
  expect(await withoutSeals(() => ceremony.complete(at, issued, signature))).toMatchObject({
    state: 'voided',
    authorization: 'failed',
  });
  expect(await ceremony.sweep()).toEqual([]);
  const { rows } = await ceremony.owner.query(
    `SELECT body::json->'data' AS data FROM events WHERE stream = $1 AND type = 'failed'`,
    [at.id],
  );
  expect(rows).toEqual([{ data: { attempt: issued.attemptId, serial, reason: 'not-verified' } }]);
  expect(await ledgerEntries(serial)).toMatchObject([
    { kind: 'intent' },
    { kind: 'void', reason: 'not-verified' },
  ]);
  expect(await ocspStatus(issued.material)).toBe('revoked');
  expect(await revokedSerials()).toContain(serial);
  // Repaired or not, it is over: nobody finishes it, nobody signs this letter again.
  await expect(ceremony.complete(at, issued, signature)).rejects.toMatchObject({
    code: 'attempt-void',
  });
  await expect(ceremony.issue(at)).rejects.toMatchObject({ code: 'step-out-of-order' });
  await expect(ceremony.challenge(at.id)).rejects.toMatchObject({ code: 'step-out-of-order' });
  expect(await ceremony.state(at.id)).toBe('failed');
});

test('refused by several workers at once, in the sweep: failed once', async () => {
  const at = await confirmed();
  const issued = await ceremony.issue(at);
  ceremony.tsa.down = true;
  await expect(ceremony.complete(at, issued)).rejects.toMatchObject({
    code: 'timestamp-unavailable',
  });
  ceremony.tsa.down = false;
  const { attemptId } = issued;
  await withoutSeals(async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 4 }, () => ceremony.authority.ca.finish({ attemptId })),
    );
    for (const result of results)
      expect(
        result.status === 'fulfilled'
          ? result.value.authorization
          : (result.reason as { code: string }).code,
      ).toMatch(/^(failed|attempt-void)$/);
    expect(await ceremony.sweep()).toEqual([]);
  });
  const { rows } = await ceremony.owner.query(
    `SELECT 1 FROM events WHERE stream = $1 AND type = 'failed'`,
    [at.id],
  );
  expect(rows).toHaveLength(1);
  const { serial } = parseCertificate(issued.material.certificate);
  expect((await ledgerEntries(serial)).map(({ kind }) => kind)).toEqual(['intent', 'void']);
});

test('refused, and killed before it was written down: the next worker says so', async () => {
  const at = await confirmed();
  const issued = await ceremony.issue(at);
  ceremony.probes.at = (here) => {
    if (here === 'before-failed') throw new Error('power cut');
  };
  await withoutSeals(async () => {
    await expect(ceremony.complete(at, issued)).rejects.toThrow('power cut');
    expect(await ceremony.state(at.id)).toBe('confirmed');
    ceremony.probes.at = () => undefined;
    expect(await ceremony.sweep()).toEqual([]);
  });
  expect(await ceremony.state(at.id)).toBe('failed');
  expect(await ceremony.attemptState(issued.attemptId)).toBe('voided');
});

test('a new code while a signature waits ends that attempt; the next one is released', async () => {
  const at = await confirmed();
  const issued = await ceremony.issue(at);
  ceremony.tsa.down = true;
  await expect(ceremony.complete(at, issued)).rejects.toMatchObject({
    code: 'timestamp-unavailable',
  });
  ceremony.tsa.down = false;
  ceremony.clock.move(61);
  const again = await ceremony.challenge(at.id);
  await ceremony.sweep();
  expect(await ceremony.attemptState(issued.attemptId)).toBe('voided');
  await ceremony.confirm(at, again);
  await ceremony.complete(at, await ceremony.issue({ ...at, challenge: again }));
  await expectReleased(at.id);
});

test.each(['after-seal', 'after-object', 'after-stored', 'after-commit'])(
  'interrupted %s and taken up a day later: still released, with the old token',
  async (point) => {
    const at = await confirmed();
    const issued = await ceremony.issue(at);
    ceremony.probes.at = (here) => {
      if (here === point) throw new Error('power cut');
    };
    await expect(ceremony.complete(at, issued)).rejects.toThrow('power cut');
    ceremony.probes.at = () => undefined;
    ceremony.clock.move(86_400);
    expect(await ceremony.sweep()).toEqual([]);
    await expectReleased(at.id);
    expect(await ocspStatus(issued.material)).toBe('good');
  },
);

test.each(['after-stamped', 'after-ocsp'])(
  'interrupted %s and taken up when the certificate is over: void, to be signed again',
  async (point) => {
    const at = await confirmed();
    const issued = await ceremony.issue(at);
    ceremony.probes.at = (here) => {
      if (here === point) throw new Error('power cut');
    };
    await expect(ceremony.complete(at, issued)).rejects.toThrow('power cut');
    ceremony.probes.at = () => undefined;
    ceremony.clock.move(9 * 60 - 10);
    expect(await ceremony.sweep()).toEqual([]);
    expect(await ceremony.attemptState(issued.attemptId)).toBe('voided');
    const again = await ceremony.challenge(at.id);
    await ceremony.confirm(at, again);
    await ceremony.complete(at, await ceremony.issue({ ...at, challenge: again }));
    await expectReleased(at.id);
  },
);

test('many workers finish the same attempt at once: one letter', async () => {
  const at = await confirmed();
  const issued = await ceremony.issue(at);
  ceremony.tsa.down = true;
  await expect(ceremony.complete(at, issued)).rejects.toMatchObject({
    code: 'timestamp-unavailable',
  });
  ceremony.tsa.down = false;
  const { attemptId } = issued;
  const views = await Promise.all(
    Array.from({ length: 6 }, () => ceremony.authority.ca.finish({ attemptId })),
  );
  expect(new Set(views.map((view) => view.authorization))).toEqual(new Set(['released']));
  const { rows } = await ceremony.owner.query(
    `SELECT type FROM events WHERE stream = $1 AND type IN ('signed', 'released')`,
    [at.id],
  );
  expect(rows.length).toBe(2);
  await expectReleased(at.id);
});

test('a software key only where the policy allows it', async () => {
  const at = await confirmed();
  const asks = { authorizationId: at.id, visitId: at.visit.id };
  await expect(ceremony.authority.ca.signOnce(asks)).rejects.toMatchObject({
    code: 'key-origin-refused',
  });
  expect(await ceremony.state(at.id)).toBe('confirmed');

  const lenient = await startCeremony({ keyOrigins: ['browser', 'software'] });
  try {
    const there = await lenient.confirmed();
    const view = await lenient.authority.ca.signOnce({
      authorizationId: there.id,
      visitId: there.visit.id,
    });
    expect(view).toMatchObject({ authorization: 'released', keyOrigin: 'software' });
  } finally {
    await lenient.stop();
  }
});

test('an old copy of the database beneath running roles: no certificate, no round', async () => {
  const [before, at] = [await confirmed(), await confirmed()];
  await ceremony.complete(before, await ceremony.issue(before));
  const attempts = async () =>
    (await ceremony.owner.query('SELECT count(*) AS n FROM attempts')).rows[0].n;
  const count = await attempts();
  const client = await ceremony.owner.connect();
  try {
    await client.query('SET session_replication_role = replica');
    const { rows } = await client.query(
      'DELETE FROM ledger_checkpoints WHERE size = (SELECT max(size) FROM ledger_checkpoints) RETURNING *',
    );
    const behind = { code: 'ledger-behind' };
    await expect(ceremony.issue(at)).rejects.toMatchObject(behind);
    await expect(ceremony.authority.ledger.integrate({})).rejects.toMatchObject(behind);
    expect([await attempts(), await ceremony.state(at.id)]).toEqual([count, 'confirmed']);
    const { size, root, note, made_at } = rows[0];
    await client.query('INSERT INTO ledger_checkpoints VALUES ($1, $2, $3, $4)', [
      ...[size, root, note, made_at],
    ]);
  } finally {
    await client.query('SET session_replication_role = origin');
    client.release();
  }
  await ceremony.complete(at, await ceremony.issue(at));
  await expectReleased(at.id);
});

test('overdue requests lapse, but not while an attempt is being finished', async () => {
  const waiting = await confirmed();
  const issued = await ceremony.issue(waiting);
  const idle = await confirmed();
  ceremony.probes.at = (here) => {
    if (here === 'before-commit') throw new Error('power cut');
  };
  await expect(ceremony.complete(waiting, issued)).rejects.toThrow('power cut');
  ceremony.clock.move(8 * 86_400);
  expect(await ceremony.sweep()).toContain('Error: power cut');
  ceremony.probes.at = () => undefined;
  expect(await ceremony.state(idle.id)).toBe('lapsed');
  expect(await ceremony.state(waiting.id)).toBe('confirmed');
  await ceremony.sweep();
  await expectReleased(waiting.id);
});
