import { generateKeyPairSync, sign } from 'node:crypto';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assembleNote, noteToSign, parseNote } from '@mandate/ledger';
import type { InsiderCase } from '../insider-case.js';
import { entriesOf, flipByte } from '../insider-tools.js';
import type { World } from '../insider-house.js';

/** Cuts the newest entries off, in the database alone. */
async function cut(world: World, count: number): Promise<void> {
  const size = (await entriesOf(world)).length - count;
  await world.query('DELETE FROM ledger_entries WHERE leaf_index >= $1', [size]);
  await world.query('UPDATE ledger_queue SET leaf_index = NULL WHERE leaf_index >= $1', [size]);
  await world.query('DELETE FROM ledger_nodes WHERE (index + 1) << level > $1', [size]);
  await world.query('DELETE FROM ledger_checkpoints WHERE size > $1', [size]);
  const [{ size: head }] = await world.query(
    'SELECT max(size)::int AS size FROM ledger_checkpoints',
  );
  if (head < size) return cut(world, count + size - head);
  await world.query('UPDATE ledger_head SET size = $1', [size]);
  await world.query('UPDATE ledger_published SET size = $1', [size]);
}

/** The ledger without its key. */
export const LEDGER_CASES: readonly InsiderCase[] = [
  {
    name: 'entry-edited',
    act: 'an entry is edited',
    rights: 'database',
    attack: async (world) => {
      await world.query(
        `UPDATE ledger_entries SET entry = regexp_replace(entry, '"at":"20', '"at":"19') WHERE leaf_index = 3`,
      );
    },
    by: ['doctor/record/entry-moved', 'doctor/record/checkpoint-differs', 'doctor/ledger'],
  },
  {
    name: 'entry-edited-twice',
    act: 'an entry is edited where it was queued and where it stands',
    rights: 'database',
    attack: async (world) => {
      for (const table of ['ledger_entries', 'ledger_queue'])
        await world.query(
          `UPDATE ${table} SET entry = regexp_replace(entry, '"at":"20', '"at":"19') WHERE leaf_index = 3`,
        );
    },
    by: ['doctor/record/checkpoint-differs', 'doctor/record/published-differs', 'doctor/ledger'],
  },
  {
    name: 'entries-reordered',
    act: 'two entries change places',
    rights: 'database',
    attack: async (world) => {
      for (const table of ['ledger_entries', 'ledger_queue'])
        for (const [from, to] of [
          [2, -4],
          [3, 2],
          [-4, 3],
        ])
          await world.query(`UPDATE ${table} SET leaf_index = $2 WHERE leaf_index = $1`, [
            from,
            to,
          ]);
    },
    by: ['doctor/record/checkpoint-differs', 'doctor/record/published-differs', 'doctor/ledger'],
  },
  {
    name: 'entry-inserted',
    act: 'an entry about a fact that never was is queued',
    rights: 'database',
    attack: async (world) => {
      await world.query(
        `INSERT INTO ledger_queue (dedupe, entry)
         SELECT 'withdrawal:wdr_invented', entry FROM ledger_queue WHERE dedupe LIKE 'withdrawal:%'`,
      );
    },
    by: ['doctor/record/entry-unexplained'],
  },
  {
    name: 'ledger-truncated',
    act: 'the newest entries are cut off in the database',
    rights: 'database',
    attack: (world) => cut(world, 2),
    live: async () => [],
    by: [
      'gate/ledger-behind',
      'start/ledger-behind',
      'monitor/shrunk',
      'doctor/record/published-ahead',
    ],
  },
  {
    name: 'ledger-truncated-files',
    act: 'the newest entries are cut off in the database and in the published files',
    rights: 'objects',
    attack: async (world) => {
      await cut(world, 2);
      await rm(join(world.folder, 'objects', 'ledger'), { recursive: true });
    },
    by: ['gate/ledger-behind', 'monitor/shrunk', 'monitor/tile-missing'],
  },
  {
    name: 'nodes-edited',
    act: 'a hash of the tree is replaced',
    rights: 'database',
    attack: async (world) => {
      await world.query(
        `UPDATE ledger_nodes SET hash = decode(repeat('00', 32), 'hex') WHERE level = 1 AND index = 0`,
      );
    },
    by: ['doctor/record/node-differs'],
  },
  {
    name: 'head-resigned',
    act: 'the signed head is replaced by one under a key of the insider’s',
    rights: 'database',
    attack: async (world) => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      const [{ size, note }] = await world.query(
        'SELECT size::int, note FROM ledger_checkpoints ORDER BY size DESC LIMIT 1',
      );
      const { text } = parseNote(note);
      const forged = assembleNote(text, [
        {
          name: text.split('\n')[0]!,
          publicKey: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
          signature: new Uint8Array(sign(null, noteToSign(text), privateKey)),
        },
      ]);
      await world.query('UPDATE ledger_checkpoints SET note = $2 WHERE size = $1', [size, forged]);
    },
    by: ['doctor/ledger', 'monitor/checkpoint-unsigned'],
  },
  {
    name: 'old-head-edited',
    act: 'an older signed head is given another root',
    rights: 'database',
    attack: async (world) => {
      await world.query(
        `UPDATE ledger_checkpoints SET root = decode(repeat('11', 32), 'hex')
         WHERE size = (SELECT min(size) FROM ledger_checkpoints)`,
      );
    },
    by: ['doctor/record/checkpoint-differs'],
  },
  {
    name: 'proof-swapped',
    act: 'two letters’ proofs change places',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE inclusion_proofs p SET proof = o.proof FROM inclusion_proofs o
         WHERE p.authorization_id = $1 AND o.authorization_id = $2`,
        [letters.used, letters.reserved],
      );
    },
    by: ['doctor/record/proof-differs'],
  },
  {
    name: 'tile-edited',
    act: 'a published file of the ledger is edited',
    rights: 'objects',
    attack: async (world) => {
      const [{ size }] = await world.query('SELECT size::int FROM ledger_published');
      await flipByte(
        join(world.folder, 'objects', 'ledger', 'tile', 'entries', `000.p`, String(size)),
      );
    },
    by: ['doctor/record/published-differs', 'monitor/bundle-mismatch'],
  },
  {
    name: 'tile-deleted',
    act: 'a published file of the ledger is deleted',
    rights: 'objects',
    attack: async (world) => {
      const [{ size }] = await world.query('SELECT size::int FROM ledger_published');
      await rm(join(world.folder, 'objects', 'ledger', 'tile', 'entries', `000.p`, String(size)));
    },
    by: ['doctor/record/object-missing', 'monitor/tile-missing', 'gate/ledger-behind'],
  },
  {
    name: 'letter-hidden',
    act: 'a letter and everything about it is deleted, rows and objects',
    rights: 'objects',
    attack: async (world, { letters }) => {
      const tables = await world.query(
        `SELECT table_name FROM information_schema.columns c JOIN pg_tables t ON t.tablename = c.table_name
         WHERE column_name = 'authorization_id' AND table_schema = 'public' AND table_name <> 'ledger_queue'`,
      );
      for (const { table_name } of tables)
        await world.query(`DELETE FROM ${table_name} WHERE authorization_id = $1`, [
          letters.reserved,
        ]);
      await world.query('DELETE FROM events WHERE stream = $1', [letters.reserved]);
      await world.query('DELETE FROM authorizations WHERE id = $1', [letters.reserved]);
      for (const folder of ['letters', 'archives'])
        await rm(join(world.folder, 'objects', folder, letters.reserved), { recursive: true });
    },
    by: ['doctor/record/entry-unexplained'],
    because: 'whoever holds the letter’s proof holds the evidence that it was',
  },
  {
    name: 'backup-database',
    act: 'an old backup of the database is restored beneath newer files',
    rights: 'database',
    from: 'backup',
    attack: async (world, house) => {
      const newer = await house.copy();
      try {
        await rm(join(world.folder, 'objects'), { recursive: true });
        await cp(join(newer.folder, 'objects'), join(world.folder, 'objects'), {
          recursive: true,
        });
      } finally {
        await newer.remove();
      }
    },
    live: async () => [],
    by: [
      'gate/ledger-behind',
      'start/ledger-behind',
      'monitor/shrunk',
      'doctor/record/published-ahead',
    ],
  },
  {
    name: 'backup-whole',
    act: 'an old backup of everything is restored: uses and a withdrawal since are forgotten',
    rights: 'objects',
    from: 'backup',
    attack: async () => undefined,
    by: ['monitor/shrunk'],
    because:
      'the machine itself cannot know; witnesses refuse to cosign what does not extend what they saw',
  },
  {
    name: 'backup-whole-unseen',
    act: 'the same, and nobody outside has seen the newer head',
    rights: 'objects',
    from: 'backup',
    attack: async () => undefined,
    monitorForgets: true,
    by: [],
    because:
      'what no witness, no monitor and no holder of a receipt has seen can be forgotten: let witnesses cosign (`LEDGER_QUORUM`), run a monitor',
  },
];
