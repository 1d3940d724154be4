import { rm } from 'node:fs/promises';
import {
  canonicalize,
  encrypt,
  FIRST_PREVIOUS,
  kindDigestHex,
  sha256,
  systemRandom,
  toBase64Url,
} from '@mandate/core';
import type { InsiderCase } from '../insider-case.js';
import type { World } from '../insider-house.js';
import { flipByte, objectIn, swapFiles } from '../insider-tools.js';

const attemptOf = async (world: World, letter: string): Promise<string> => {
  const [{ id }] = await world.query(
    `SELECT id FROM attempts WHERE authorization_id = $1 AND state = 'committed'`,
    [letter],
  );
  return id;
};

/** The secret of a visit that nobody began. */
const MINTED = new Uint8Array(32).fill(7);

/** Objects, data keys and the register of who opened what. */
export const STORAGE_CASES: readonly InsiderCase[] = [
  {
    name: 'letters-swapped',
    act: 'the stored letters of two people change places',
    rights: 'objects',
    attack: async (world, { letters }) => {
      await swapFiles(
        await objectIn(world, 'letters', letters.used),
        await objectIn(world, 'letters', letters.reserved),
      );
    },
    live: async ({ codeOf }, { letters }) => [
      `service/${await codeOf('GET', `/v1/authorizations/${letters.used}/letter?as=shown`)}`,
    ],
    by: ['service/object-corrupt'],
    because:
      'what is stored is bound to its letter by the encryption; the bundle holds the letter as well',
  },
  {
    name: 'bundle-edited',
    act: 'a stored bundle is edited',
    rights: 'objects',
    attack: async (world, { letters }) => {
      await flipByte(await objectIn(world, 'bundles', await attemptOf(world, letters.used)));
    },
    live: async ({ codeOf }, { letters }) => [
      `service/${await codeOf('GET', `/v1/authorizations/${letters.used}/bundle`)}`,
    ],
    by: ['doctor/record/object-differs', 'service/object-corrupt'],
  },
  {
    name: 'bundle-deleted',
    act: 'a stored bundle is deleted',
    rights: 'objects',
    attack: async (world, { letters }) => {
      await rm(await objectIn(world, 'bundles', await attemptOf(world, letters.used)));
    },
    by: ['doctor/record/object-missing'],
  },
  {
    name: 'archive-swapped',
    act: 'an archived letter is replaced by another one',
    rights: 'objects',
    attack: async (world, { letters }) => {
      await swapFiles(
        await objectIn(world, 'archives', letters.used, '1'),
        await objectIn(world, 'archives', letters.reserved, '1'),
      );
    },
    by: ['doctor/record/object-differs'],
  },
  {
    name: 'archive-redirected',
    act: 'the row of an archived letter names another object',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE archives a SET object = o.object || 'x', digest = o.digest FROM archives o
         WHERE a.authorization_id = $1 AND o.authorization_id = $2`,
        [letters.used, letters.reserved],
      );
    },
    by: ['doctor/record/object-missing', 'doctor/record/entry-differs'],
  },
  {
    name: 'subject-hidden',
    act: 'a letter is taken out of what its subject finds',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query('DELETE FROM subject_index WHERE authorization_id = $1', [letters.used]);
    },
    by: ['doctor/record/subject-hidden'],
  },
  {
    name: 'subject-reassigned',
    act: 'a letter is put under another person in what subjects find',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE subject_index SET person_key = decode(repeat('22', 32), 'hex') WHERE authorization_id = $1`,
        [letters.used],
      );
    },
    by: [],
    because:
      'keyed digests, which only role ra could recompute by opening everybody’s data; the subject misses a letter they hold a copy of, and had a message about',
  },
  {
    name: 'visit-minted',
    act: 'a visit of a subject’s is minted in the database, and their letter read through the product',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE visits SET cookie_digest = $2, expires_at = now() + interval '1 hour'
         WHERE authorization_id = $1`,
        [letters.reserved, Buffer.from(sha256(MINTED))],
      );
    },
    live: async ({ call }, { letters }, world) => {
      const { status } = await call('GET', '/v1/signing/copy', {
        cookie: `mandate_visit=${toBase64Url(MINTED)}`,
        headers: { 'x-requested-with': 'mandate' },
      });
      const [last] = await world.query(
        `SELECT body::jsonb->>'purpose' AS purpose FROM access_entries WHERE authorization_id = $1
         ORDER BY ordinal DESC LIMIT 1`,
        [letters.reserved],
      );
      return status === 200 && last.purpose === 'download' ? ['subject/opening'] : [];
    },
    by: ['subject/opening'],
    because:
      'whoever owns the database can pass for a visitor, and sees the data; that they did stands in the register, and minutes later in the ledger',
  },
  {
    name: 'erased-restored',
    act: 'the data key of an erased person is put back from an old backup',
    rights: 'database',
    attack: async (world, { letters, oldDataKey }) => {
      await world.query(
        `UPDATE data_keys SET wrapped = decode($2, 'hex') WHERE authorization_id = $1`,
        [letters.erased, oldDataKey],
      );
    },
    by: ['doctor/record/data-key-returned'],
    because:
      'a backup kept elsewhere and read elsewhere nobody sees: backups of data_keys end with their retention',
  },
  {
    name: 'erasure-undone',
    act: 'the same, and the erasure itself is deleted, with its event and receipt',
    rights: 'database',
    attack: async (world, { letters, oldDataKey }) => {
      const [{ id }] = await world.query('SELECT id FROM erasures WHERE authorization_id = $1', [
        letters.erased,
      ]);
      await world.query('DELETE FROM erasures WHERE id = $1', [id]);
      await world.query('DELETE FROM receipts WHERE fact_id = $1', [id]);
      await world.query(
        `UPDATE data_keys SET wrapped = decode($2, 'hex'), shredded_at = NULL WHERE authorization_id = $1`,
        [letters.erased, oldDataKey],
      );
    },
    by: ['doctor/record/event-without-fact', 'doctor/record/entry-unexplained'],
  },
  {
    name: 'data-key-destroyed',
    act: 'a data key is destroyed without an erasure',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query('UPDATE data_keys SET wrapped = NULL WHERE authorization_id = $1', [
        letters.used,
      ]);
    },
    by: ['doctor/record/data-key-missing'],
  },
  {
    name: 'data-keys-swapped',
    act: 'the data keys of two people change places',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE data_keys k SET wrapped = o.wrapped FROM data_keys o
         WHERE (k.authorization_id, o.authorization_id) IN (($1, $2), ($2, $1))`,
        [letters.used, letters.reserved],
      );
    },
    live: async ({ codeOf }, { letters }) => [
      `service/${await codeOf('GET', `/v1/authorizations/${letters.used}/letter?as=shown`)}`,
    ],
    by: ['doctor/record/data-key-unopened', 'service/object-corrupt'],
  },
  {
    name: 're-keyed',
    act: 'a data key is wrapped anew under a key of the insider’s',
    rights: 'database',
    attack: async (world, { letters }) => {
      const box = encrypt(
        systemRandom.bytes(32),
        systemRandom.bytes(32),
        `data_keys/${letters.used}`,
        systemRandom,
      );
      await world.query('UPDATE data_keys SET wrapped = $2 WHERE authorization_id = $1', [
        ...[letters.used, Buffer.from(box)],
      ]);
    },
    by: ['doctor/record/data-key-unopened'],
  },
  {
    name: 'terms-deleted',
    act: 'the encrypted terms of a letter are deleted',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `DELETE FROM personal_data WHERE field = 'terms' AND authorization_id = $1`,
        [letters.used],
      );
    },
    by: ['doctor/record/data-missing'],
  },
  {
    name: 'opening-deleted',
    act: 'an entry in the middle of an access register is deleted',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query('DELETE FROM access_entries WHERE authorization_id = $1 AND ordinal = 3', [
        letters.used,
      ]);
    },
    by: ['doctor/record/register-broken'],
  },
  {
    name: 'register-truncated',
    act: 'the end of an access register is cut off, from the first use on',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `DELETE FROM access_entries WHERE authorization_id = $1 AND ordinal >= (
           SELECT min(ordinal) FROM access_entries WHERE authorization_id = $1 AND body LIKE '%"purpose":"redeem"%')`,
        [letters.used],
      );
    },
    by: ['doctor/record/register-short'],
  },
  {
    name: 'register-rewritten',
    act: 'who opened somebody’s data is rewritten in the access register, with every digest after it',
    rights: 'database',
    attack: async (world, { letters }) => {
      const rows = await world.query(
        'SELECT ordinal, body FROM access_entries WHERE authorization_id = $1 ORDER BY ordinal',
        [letters.used],
      );
      let previous = FIRST_PREVIOUS;
      for (const { ordinal, body } of rows) {
        const entry = { ...JSON.parse(body), previous, actor: 'web/somebody-else' };
        previous = kindDigestHex('access', entry);
        await world.query(
          'UPDATE access_entries SET body = $3, digest = $4 WHERE authorization_id = $1 AND ordinal = $2',
          [letters.used, ordinal, canonicalize(entry), previous],
        );
      }
    },
    by: ['doctor/record/register-unanchored'],
  },
  {
    name: 'opening-hidden-fresh',
    act: 'an opening of the last minutes is taken off the end of an access register',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `DELETE FROM access_entries WHERE authorization_id = $1 AND ordinal = (
           SELECT max(ordinal) FROM access_entries WHERE authorization_id = $1)`,
        [letters.used],
      );
    },
    by: [],
    because:
      'openings enter the ledger when they are five minutes old; one that belongs to a use, signature or archive is missed all the same',
  },
];
