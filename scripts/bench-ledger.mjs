import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import './typescript.mjs';

/**
 * The ledger's cost from a thousand entries on: appending (queued entries to signed head and published files, on
 * PostgreSQL and a file store), an inclusion proof from the published files, and recomputing everything (`fsck`),
 * each beside the SHA-256 that cannot be avoided. `--size N` is the largest ledger (10⁶ takes minutes).
 */
export async function bench({ args, say }) {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean' },
      size: { type: 'string', default: '100000' },
      'database-url': { type: 'string' },
    },
  });
  if (values['database-url']) process.env.TEST_DATABASE_URL = values['database-url'];
  const { default: pg } = await import('pg');
  const { systemClock, systemRandom } = await import('@mandate/core');
  const { ledgerRecord, migrate, openDatabase } = await import('@mandate/store');
  const { integrate, tileObject } = await import('@mandate/ceremony');
  const { openObjects } = await import('@mandate/adapters');
  const { checkLedgerFiles, inclusionProof, nodesFromTiles, vkey } =
    await import('@mandate/ledger');
  const { startTestPostgres } = await import('../test/kit/postgres.ts');

  const postgres = await startTestPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'mandate-bench-ledger-'));
  await migrate(postgres.url, systemClock);
  const owner = new pg.Pool({ connectionString: postgres.url, max: 2 });
  owner.on('error', () => undefined);
  const db = openDatabase(postgres.url, 'ledger', 2);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  const origin = 'bench.example/ledger';
  const objects = await openObjects(`file:${folder}`);
  const record = ledgerRecord(db);
  const deps = {
    ...{ record, objects, origin, publicKey: spki, clock: systemClock, random: systemRandom },
    sign: async (message) => new Uint8Array(sign(null, message, privateKey)),
    ...{ witnesses: [], quorum: 0, onWitness: () => undefined, probe: () => undefined },
  };
  const getTile = (tile) => objects.get(tileObject(tile)).catch(() => null);
  const ratios = {};
  try {
    // the queue asks who writes what; here nobody's facts stand behind the entries
    await owner.query('ALTER TABLE ledger_queue DISABLE TRIGGER USER');
    let have = 0;
    const rows = [];
    for (let size = 1000; size <= Number(values.size); size *= 10) {
      await owner.query(
        `INSERT INTO ledger_queue (dedupe, entry) SELECT 'bench:' || i, '{"at":"2026-11-22T00:00:00Z","component":"page","digest":"' || encode(sha256(i::text::bytea), 'hex') || '","format":"mandate-entry/v0","kind":"deploy"}' FROM generate_series($1::int, $2::int - 1) i`,
        [have, size],
      );
      await owner.query('ANALYZE ledger_queue');
      const append = await seconds(async () => {
        while ((await integrate(deps)).size < size);
      });
      const checkpoint = await record.newestCheckpoint(0);
      const hash = hashing(size - have);
      const proof =
        (await seconds(async () => {
          for (let i = 0; i < 20; i++)
            await inclusionProof(Math.floor((size * i) / 20), size, nodesFromTiles(size, getTile));
        })) / 20;
      let problems;
      const fsck = await seconds(async () => {
        const ledger = { checkpoint, vkeys: [vkey(origin, spki)], getTile };
        ({ problems } = await checkLedgerFiles(ledger));
      });
      if (problems.length > 0) throw new Error(`fsck: ${problems[0].code}`);
      rows.push({ size, append: append / (size - have), proof, fsck: fsck / size });
      say(
        `${size} entries: append ${Math.round((size - have) / append)}/s (${(append / hash).toFixed(0)} × bare SHA-256), ` +
          `proof ${(proof * 1000).toFixed(2)} ms, fsck ${fsck.toFixed(2)} s (${(fsck / hashing(size)).toFixed(1)} × bare SHA-256)`,
      );
      have = size;
    }
    const [first, last] = [rows[0], rows.at(-1)];
    for (const what of ['append', 'proof', 'fsck'])
      ratios[`ledger-${what}-growth-${first.size}-to-${last.size}`] = round(
        last[what] / first[what],
      );
    ratios['ledger-append-per-second'] = Math.round(1 / last.append);
  } finally {
    await db.destroy();
    await owner.end();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return ratios;
}

/** Seconds for the hashes a tree of that many entries of this length cannot do without: two for each. */
function hashing(count) {
  const [entry, node] = [Buffer.alloc(181), Buffer.alloc(65)];
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) {
    createHash('sha256').update(entry).digest();
    createHash('sha256').update(node).digest();
  }
  return Number(process.hrtime.bigint() - start) / 1e9;
}

async function seconds(work) {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

const round = (value) => Math.round(value * 1000) / 1000;
