import { generateKeyPairSync, sign } from 'node:crypto';
import { toBase64Url, utf8 } from '@mandate/core';
import type { InsiderCase } from '../insider-case.js';
import type { World } from '../insider-house.js';
import { dropFact } from '../insider-tools.js';

const idOf = async (world: World, table: string, authorization: string): Promise<string> => {
  const [{ id }] = await world.query(
    `SELECT id FROM ${table} WHERE authorization_id = $1 ORDER BY id DESC LIMIT 1`,
    [authorization],
  );
  return id;
};

/** Uses, withdrawals, holds and their receipts. */
export const FACT_CASES: readonly InsiderCase[] = [
  {
    name: 'use-rewound',
    act: 'a use is deleted with its event and receipt, so that it may be made again',
    rights: 'database',
    attack: async (world, { letters }) => {
      const id = await idOf(world, 'redemptions', letters.used);
      await dropFact(world, {
        table: 'redemptions',
        id,
        stream: letters.used,
        types: ['redeemed'],
      });
    },
    by: ['doctor/record/entry-unexplained'],
  },
  {
    name: 'use-rewound-in-queue',
    act: 'the same, and its entry is taken out of the ledger’s tables',
    rights: 'database',
    attack: async (world, { letters }) => {
      const id = await idOf(world, 'redemptions', letters.used);
      await dropFact(world, {
        table: 'redemptions',
        id,
        stream: letters.used,
        types: ['redeemed'],
      });
      await world.query(
        `DELETE FROM ledger_entries WHERE queue_id IN (SELECT id FROM ledger_queue WHERE dedupe LIKE $1)`,
        [`redemption:${id}%`],
      );
      await world.query('DELETE FROM ledger_queue WHERE dedupe LIKE $1', [`redemption:${id}%`]);
    },
    by: ['doctor/record/entry-moved', 'doctor/ledger'],
  },
  {
    name: 'use-given-back',
    act: 'a confirmed use is marked as given back',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(`UPDATE redemptions SET state = 'released' WHERE authorization_id = $1`, [
        letters.used,
      ]);
    },
    by: ['doctor/record/fact-changed'],
  },
  {
    name: 'use-renumbered',
    act: 'a use is given another number and period',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE redemptions SET number = 2, period = '2020' WHERE authorization_id = $1`,
        [letters.used],
      );
    },
    by: ['doctor/record/fact-changed', 'doctor/record/uses-miscounted'],
  },
  {
    name: 'use-reattributed',
    act: 'the source a use was made at is replaced',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(`UPDATE redemptions SET source = 'OTHER' WHERE authorization_id = $1`, [
        letters.used,
      ]);
    },
    by: ['doctor/record/fact-changed'],
  },
  {
    name: 'use-invented',
    act: 'a use that never was is written into the record',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `INSERT INTO redemptions SELECT 'red_invented', authorization_id, state, period, 2, purpose, source,
           recipient, items, operator, box, reverse(digest), ledger_entry, 'k', request_digest, 900, at,
           reserved_until, settled_at, settled_by, tells
         FROM redemptions WHERE authorization_id = $1`,
        [letters.used],
      );
    },
    by: ['doctor/record/fact-without-event', 'doctor/record/fact-changed'],
  },
  {
    name: 'withdrawal-hidden',
    act: 'a withdrawal is deleted with its event and receipt',
    rights: 'database',
    attack: async (world, { letters }) => {
      const id = await idOf(world, 'withdrawals', letters.ended);
      await dropFact(world, {
        table: 'withdrawals',
        id,
        stream: letters.ended,
        types: ['withdrawn'],
      });
    },
    by: ['doctor/record/entry-unexplained'],
  },
  {
    name: 'withdrawal-redated',
    act: 'a withdrawal is dated a day later',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE withdrawals SET at = at + interval '1 day' WHERE authorization_id = $1`,
        [letters.ended],
      );
    },
    by: [
      'doctor/record/fact-changed',
      'doctor/record/entry-differs',
      'doctor/record/receipt-differs',
    ],
  },
  {
    name: 'withdrawal-invented',
    act: 'a withdrawal that never was is written into the record',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `INSERT INTO withdrawals SELECT 'wdr_invented', $1, 'subject', channel, proof_kind, proof_ref, salt, at
         FROM withdrawals WHERE authorization_id = $2`,
        [letters.reserved, letters.ended],
      );
    },
    by: ['doctor/record/fact-without-event', 'doctor/record/entry-missing'],
  },
  {
    name: 'dispute-hidden',
    act: 'a dispute is deleted, its event stays',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query('DELETE FROM holds WHERE authorization_id = $1', [letters.ended]);
    },
    by: ['doctor/record/event-without-fact', 'doctor/record/receipt-orphan'],
  },
  {
    name: 'dispute-decided',
    act: 'a dispute is decided by nobody',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE holds SET outcome = 'rejected', proposed_by = 'a', proposed_at = opened_at, grounds = 'g',
           resolved_by = 'b', resolved_at = opened_at, resolution_id = 'hre_x', resolution_salt = salt
         WHERE authorization_id = $1`,
        [letters.ended],
      );
    },
    by: ['doctor/record/fact-without-event', 'doctor/record/entry-missing'],
  },
  {
    name: 'receipt-swapped',
    act: 'the receipts of two facts change places',
    rights: 'database',
    attack: async (world) => {
      await world.query(
        `UPDATE receipts r SET jws = o.jws FROM receipts o
         WHERE r.fact_id LIKE 'wdr%' AND o.fact_id LIKE 'hld%'`,
      );
    },
    by: ['doctor/record/receipt-differs', 'doctor/record/receipt-stamp'],
  },
  {
    name: 'receipt-resigned',
    act: 'a receipt is signed again by a key of the insider’s',
    rights: 'database',
    attack: async (world) => {
      const [{ fact_id, jws }] = await world.query('SELECT fact_id, jws FROM receipts LIMIT 1');
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const [head, body] = jws.split('.');
      const signature = sign('sha256', utf8(`${head}.${body}`), {
        ...{ key: privateKey, dsaEncoding: 'ieee-p1363' },
      });
      await world.query('UPDATE receipts SET jws = $2 WHERE fact_id = $1', [
        fact_id,
        `${head}.${body}.${toBase64Url(signature)}`,
      ]);
    },
    by: ['doctor/record/receipt-unsigned', 'doctor/record/receipt-stamp'],
  },
  {
    name: 'receipt-stamp-swapped',
    act: 'a receipt is given the timestamp of another one',
    rights: 'database',
    attack: async (world) => {
      await world.query(
        `UPDATE receipts r SET token = o.token FROM receipts o
         WHERE r.fact_id LIKE 'wdr%' AND o.fact_id LIKE 'hld%'`,
      );
    },
    by: ['doctor/record/receipt-stamp'],
  },
  {
    name: 'passkey-added',
    act: 'a passkey of the insider’s is registered for a subject',
    rights: 'database',
    attack: async (world) => {
      await world.query(
        `INSERT INTO passkeys (id, subject_key, credential_id, public_key, counter, transports, salt, entry_digest,
           authorization_id, challenge_digest, proven_by, created_at)
         SELECT 'psk_x', subject_key, '\\x01', public_key, 0, transports, salt, 'x', authorization_id,
           challenge_digest, proven_by, created_at FROM passkeys`,
      );
    },
    by: ['doctor/record/passkey-changed', 'doctor/record/entry-missing'],
  },
  {
    name: 'passkey-replaced',
    act: 'the public key of a passkey is replaced',
    rights: 'database',
    attack: async (world) => {
      await world.query(`UPDATE passkeys SET public_key = '\\x0102'`);
    },
    by: ['doctor/record/passkey-changed', 'doctor/record/entry-differs'],
  },
  {
    name: 'passkey-removed',
    act: 'a passkey is removed, so that a code alone is asked for',
    rights: 'database',
    attack: async (world) => {
      await world.query('DELETE FROM passkeys');
    },
    by: ['doctor/record/passkey-changed', 'doctor/record/entry-unexplained'],
  },
];
