import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import './typescript.mjs';

/** Entries that wait together: what one round of the sequencer takes is less. */
const WAITING = 20_000;

/**
 * The ledger's cost at a thousand entries and every power of ten up to `--size N` (10⁵; 10⁶ takes minutes), each
 * beside the SHA-256 that cannot be avoided: appending (queued entries to signed head and published files, on
 * PostgreSQL and a file store, half of the entries letters long released), an inclusion proof from the published
 * files, recomputing everything (`fsck`), and asking the whole ledger about one letter (`verify --ledger`).
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
  const { checkLedgerFiles, inclusionProof, nodesFromTiles, searchLedger, vkey } =
    await import('@mandate/ledger');
  const { tileObject } = await import('@mandate/ceremony');
  const bed = await prepare();
  const { record, objects, origin, spki } = bed;
  const getTile = (tile) => objects.get(tileObject(tile)).catch(() => null);
  const rows = [];
  try {
    let have = 0;
    for (let size = 1000; size <= Number(values.size); size *= 10) {
      const append = await bed.grow(have, size);
      const ledger = {
        checkpoint: await record.newestCheckpoint(0),
        vkeys: [vkey(origin, spki)],
        getTile,
      };
      const proof =
        (await seconds(async () => {
          for (let i = 0; i < 20; i++)
            await inclusionProof(Math.floor((size * i) / 20), size, nodesFromTiles(size, getTile));
        })) / 20;
      const bare = hashing(size);
      let problems;
      const fsck = await seconds(async () => {
        ({ problems } = await checkLedgerFiles(ledger));
      });
      if (problems.length > 0) throw new Error(`fsck: ${problems[0].code}`);
      let found;
      const search = await seconds(async () => {
        found = await searchLedger(ledger, { serial: '0a', letter: digestOf(1), size: 500 });
      });
      if (found.broken !== null || found.entries.length !== 1) throw new Error('search');
      const added = size - have;
      rows.push({ size, append: append / added, proof, fsck: fsck / size, search: search / size });
      say(
        `${size} entries: append ${Math.round(added / append)}/s (${(append / hashing(added)).toFixed(0)} × bare SHA-256), ` +
          `proof ${(proof * 1000).toFixed(2)} ms, fsck ${fsck.toFixed(2)} s (${(fsck / bare).toFixed(1)} ×), ` +
          `search ${search.toFixed(2)} s (${(search / bare).toFixed(1)} ×); bare ${bare.toFixed(2)} s`,
      );
      have = size;
    }
  } finally {
    await bed.stop();
  }
  return ratiosOf(rows);
}

/** An empty ledger on a database and a folder of its own, and what makes it grow. */
async function prepare() {
  const { default: pg } = await import('pg');
  const { systemClock, systemRandom } = await import('@mandate/core');
  const { ledgerRecord, migrate, openDatabase } = await import('@mandate/store');
  const { integrate, ledgerGate } = await import('@mandate/ceremony');
  const { openObjects } = await import('@mandate/adapters');
  const { startTestPostgres } = await import('../test/kit/postgres.ts');

  const postgres = await startTestPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'mandate-bench-ledger-'));
  await migrate(postgres.url, systemClock);
  // no rules and no other rows: nobody's facts stand behind these entries
  const options = '-c session_replication_role=replica';
  const owner = new pg.Pool({ connectionString: postgres.url, max: 1, options });
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
    gate: ledgerGate({ record, objects }),
  };
  return {
    ...{ record, objects, origin, spki },
    /** Seconds for appending entries `from … to − 1`. */
    grow: async (from, to) => {
      let spent = 0;
      for (let first = from; first < to; first += WAITING) {
        const last = Math.min(to, first + WAITING);
        await owner.query(ENTRIES, [first, last - 1]);
        await owner.query(RELEASED, [first, last - 1]);
        spent += await seconds(async () => {
          while ((await integrate(deps)).size < last);
        });
      }
      return spent;
    },
    stop: async () => {
      await db.destroy();
      await owner.end();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const digestOf = (n) => createHash('sha256').update(String(n)).digest('hex');

/** Even ones are builds of pages, odd ones withdrawals of letters that were released long ago. */
const ENTRIES = `INSERT INTO ledger_queue (dedupe, entry, authorization_id)
  SELECT 'bench:' || i, CASE WHEN i % 2 = 0
    THEN '{"at":"2026-11-22T00:00:00Z","component":"page","digest":"' || d || '","format":"mandate-entry/v1","kind":"deploy"}'
    ELSE '{"at":"2026-11-22T00:00:00Z","fact":"' || d || '","format":"mandate-entry/v1","kind":"withdrawal","letter":"' || d || '"}' END,
    CASE WHEN i % 2 = 1 THEN 'aut_' || i END
  FROM generate_series($1::int, $2::int) i, LATERAL (SELECT encode(sha256(i::text::bytea), 'hex') AS d) h`;
const RELEASED = `INSERT INTO authorizations
  (id, institution_id, template_id, template_version, business_reference, letter_number, language, terms_digest,
   letter_digest, letter_size, state, version, head, end_at, sign_by, created_at, updated_at)
  SELECT 'aut_' || i, 'ins', 'tpl', 1, 'B', 'L-' || i, 'zh', 't', 'l', 1, 'released', 9, 'h', now(), now(), now(), now()
  FROM generate_series($1::int, $2::int) i WHERE i % 2 = 1`;

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

/** Per entry (a proof: as a whole) the largest ledger's cost by the smallest's: 1 is linear. */
function ratiosOf(rows) {
  const [first, last] = [rows[0], rows.at(-1)];
  const ratios = {};
  for (const what of ['append', 'proof', 'fsck', 'search'])
    ratios[`ledger-${what}-growth-${first.size}-to-${last.size}`] = round(last[what] / first[what]);
  ratios['ledger-append-per-second'] = Math.round(1 / last.append);
  return ratios;
}

const round = (value) => Math.round(value * 1000) / 1000;
