import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openKeyFolder, openObjects } from '@mandate/adapters';
import { integrate, ledgerGate } from '@mandate/ceremony';
import { sha256Hex, systemRandom, utf8 } from '@mandate/core';
import { compactJws } from '@mandate/sign';
import { ledgerRecord, newKeySecret, openDatabase } from '@mandate/store';
import type { ApiInstance } from '../../integration/api/api-instance.js';
import { prepare } from '../../integration/api/ceremony.js';
import type { InsiderCase } from '../insider-case.js';
import type { InsiderHouse, World } from '../insider-house.js';
import { dropFact, entriesOf, rewriteLedger } from '../insider-tools.js';
import { withRunningCopy } from '../running-copy.js';

/** The insider who also holds keys of the installation. */
export const KEY_CASES: readonly InsiderCase[] = [
  {
    name: 'receipt-forged',
    act: 'a receipt is signed for a use that never was, and handed to a source',
    rights: 'receipt key',
    attack: async () => undefined,
    holders: async (world, house) => {
      const key = await openKeyFolder(join(world.folder, 'keys', 'seal')).signingKey('receipt');
      const payload = payloadOf(house.outside.receipt);
      const ledgerEntry = sha256Hex(utf8('invented'));
      const jws = await compactJws(key, {
        typ: 'mandate-receipt+jwt',
        payload: { ...payload, jti: 'red_invented', ledgerEntry },
      });
      return inLedger(world, payloadOf(jws)['ledgerEntry'] as string);
    },
    by: ['holder/not-in-ledger'],
    because: 'a source that checks the signature alone is deceived until it looks into the ledger',
  },
  {
    name: 'second-letter',
    act: 'a second signature is entered under a used certificate',
    rights: 'issuing key',
    attack: async (world, house) => {
      await world.query(
        `INSERT INTO ledger_queue (dedupe, entry)
         SELECT 'letter:second', regexp_replace(entry, '"signature":"..', '"signature":"00')
         FROM ledger_queue WHERE dedupe = $1`,
        [`letter:${house.letters.used}`],
      );
      await integrateHonestly(world, house);
    },
    by: ['monitor/second-letter', 'doctor/record/entry-unexplained'],
  },
  {
    name: 'letter-unannounced',
    act: 'a letter is entered whose certificate was never announced',
    rights: 'issuing key',
    attack: async (world, house) => {
      await world.query(
        `INSERT INTO ledger_queue (dedupe, entry)
         SELECT 'letter:unannounced', regexp_replace(entry, '"serial":"....', '"serial":"4242')
         FROM ledger_queue WHERE dedupe = $1`,
        [`letter:${house.letters.used}`],
      );
      await integrateHonestly(world, house);
    },
    by: ['monitor/letter-without-intent', 'doctor/record/entry-unexplained'],
  },
  {
    name: 'letter-back-dated',
    act: 'a letter is entered with a date of last year',
    rights: 'issuing key',
    attack: async (world, house) => {
      for (const kind of ['intent', 'letter'])
        await world.query(
          `INSERT INTO ledger_queue (dedupe, entry)
           SELECT $1, regexp_replace(regexp_replace(entry, '"serial":"....', '"serial":"4343'), '"at":"20..', '"at":"2001')
           FROM ledger_queue WHERE dedupe LIKE $2 ORDER BY id LIMIT 1`,
          [`${kind}:back-dated`, `${kind}:%`],
        );
      await integrateHonestly(world, house);
    },
    by: ['monitor/time-backwards', 'doctor/record/entry-unexplained'],
    because:
      'its timestamp would have to come from the past as well: two operators, where two are asked',
  },
  {
    name: 'ledger-forked',
    act: 'one reader is shown another history under the ledger’s own key',
    rights: 'ledger key',
    attack: (world) => rewriteLedger(world, ({ entry }) => entry.replace('"at":"20', '"at":"19')),
    by: ['monitor/rewritten'],
    because: 'seen as soon as two readers compare: witnesses, monitors, two receipts',
  },
  {
    name: 'history-rewritten',
    act: 'a withdrawal is taken out of the record, the ledger and its published files, all signed anew',
    rights: 'ledger key',
    attack: async (world, { letters }) => {
      await hideWithdrawal(world, letters.ended);
    },
    by: ['monitor/shrunk'],
  },
  {
    name: 'history-rewritten-receipt',
    act: 'the same, and no monitor remembers: the institution compares its receipt',
    rights: 'ledger key',
    monitorForgets: true,
    attack: async (world, { letters }) => {
      const [{ id }] = await world.query('SELECT id FROM redemptions WHERE authorization_id = $1', [
        letters.used,
      ]);
      await dropFact(world, {
        table: 'redemptions',
        id,
        stream: letters.used,
        types: ['redeemed'],
      });
      await rewriteLedger(world, ({ dedupe, entry }) =>
        dedupe.startsWith(`redemption:${id}`) ? null : entry,
      );
    },
    holders: async (world, house) =>
      inLedger(world, payloadOf(house.outside.receipt)['ledgerEntry'] as string),
    by: ['holder/not-in-ledger'],
  },
  {
    name: 'history-rewritten-unseen',
    act: 'the same with a fact nobody outside has seen yet',
    rights: 'ledger key',
    monitorForgets: true,
    attack: async (world, { letters, desk }) => {
      await hideWithdrawal(world, letters.ended);
      // its seed hangs on a head that is gone: it was never drawn
      for (const table of ['sample_findings', 'sample_items'])
        await world.query(`DELETE FROM ${table} WHERE sample_id = $1`, [desk.sample]);
      await world.query(
        `UPDATE samples SET seed = NULL, seed_size = NULL, drawn_by = NULL, drawn_at = NULL, population = NULL,
           population_digest = NULL, kept_from = NULL WHERE id = $1`,
        [desk.sample],
      );
    },
    by: [],
    because:
      'between two looks from outside the ledger’s key holder can still change its mind: with witnesses (`LEDGER_QUORUM`) that is before the letter leaves; facts after it, until the next cosigned head',
  },
  {
    name: 'consent-fabricated',
    act: 'a consent is fabricated today: a letter is requested and signed in somebody’s name on a telephone of the insider’s',
    rights: 'database',
    slow: true,
    attack: async (world, house) => {
      const { digest, text: apiKey } = newKeySecret(systemRandom);
      await world.query('UPDATE api_keys SET digest = $2 WHERE id = $1', [
        house.tenant.keyId,
        Buffer.from(digest),
      ]);
      const refused = await withRunningCopy(world, house, async ({ call }) => {
        const api = { url: house.publicUrl, now: house.now, call } as unknown as ApiInstance;
        await prepare(api, { ...house.tenant, apiKey }, 'released');
        return [];
      });
      if (refused.length > 0) throw new Error(refused.join());
    },
    by: [],
    because:
      'everything that follows is an ordinary ceremony: reports say E1, the operator’s word alone; only a passkey enrolled long before, a carrier’s or an identity provider’s receipt answers that',
  },
  {
    name: 'everything-held',
    act: 'keys of all roles, of two timestamp operators and of the witnesses are used together to back-date',
    rights: 'all keys',
    attack: async () => undefined,
    by: [],
    because:
      'nothing is left that the insider does not hold, but copies of older heads with others',
  },
];

async function hideWithdrawal(world: World, letter: string): Promise<void> {
  const [{ id }] = await world.query('SELECT id FROM withdrawals WHERE authorization_id = $1', [
    letter,
  ]);
  await dropFact(world, { table: 'withdrawals', id, stream: letter, types: ['withdrawn'] });
  await rewriteLedger(world, ({ dedupe, entry }) => (dedupe === `withdrawal:${id}` ? null : entry));
}

const payloadOf = (jws: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString('utf8'));

/** Whether the entry a receipt names stands in the ledger that is served. */
async function inLedger(world: World, digest: string): Promise<string[]> {
  const entries = await entriesOf(world);
  const there = entries.some(
    ({ entry }) => createHash('sha256').update(entry).digest('hex') === digest,
  );
  return there ? [] : ['holder/not-in-ledger'];
}

/** A round of the honest role ledger over what lies in the queue. */
async function integrateHonestly(world: World, house: InsiderHouse): Promise<void> {
  const key = await openKeyFolder(join(world.folder, 'keys', 'ledger')).signingKey('ledger');
  const [{ value: origin }] = await world.query(
    `SELECT value FROM settings WHERE name = 'ledger-origin'`,
  );
  const db = openDatabase(world.databaseUrl, 'ledger', 2);
  try {
    const stores = {
      record: ledgerRecord(db),
      objects: await openObjects(`file:${join(world.folder, 'objects')}`),
    };
    await integrate({
      ...stores,
      gate: ledgerGate(stores),
      ...{ clock: { now: house.now }, random: systemRandom, origin },
      ...{ publicKey: key.publicKey, sign: key.sign, quorum: 0, witnesses: [] },
      onWitness: () => undefined,
      probe: () => undefined,
    });
  } finally {
    await db.destroy();
  }
}
