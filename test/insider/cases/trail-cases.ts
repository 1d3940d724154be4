import { canonicalize, kindDigestHex, toUtcSeconds } from '@mandate/core';
import { OPTIONAL_ITEM } from '../../kit/choice-template.js';
import type { InsiderCase } from '../insider-case.js';
import { rewriteTrail } from '../insider-tools.js';

/** The trail, the letter and what stands beside it until the signature. */
export const TRAIL_CASES: readonly InsiderCase[] = [
  {
    name: 'state-set',
    act: 'a declined letter is set to released',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(`UPDATE authorizations SET state = 'released' WHERE id = $1`, [
        letters.declined,
      ]);
    },
    live: async ({ codeOf }, { letters }) => [
      `service/${await codeOf('POST', `/v1/authorizations/${letters.declined}/redemptions`, USE)}`,
    ],
    by: ['doctor/record/projection', 'service/illegal-transition'],
  },
  {
    name: 'event-edited',
    act: 'an event is edited in place',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE events SET body = replace(body, '"by":"web"', '"by":"ra"') WHERE stream = $1 AND version = 1`,
        [letters.used],
      );
    },
    by: ['doctor/record/trail-broken'],
  },
  {
    name: 'event-deleted',
    act: 'an event in the middle is deleted',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query('DELETE FROM events WHERE stream = $1 AND version = 2', [letters.used]);
    },
    by: ['doctor/record/trail-broken'],
  },
  {
    name: 'events-swapped',
    act: 'two events change places',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        'UPDATE events SET version = CASE version WHEN 2 THEN -3 ELSE -2 END WHERE stream = $1 AND version IN (2, 3)',
        [letters.used],
      );
      await world.query('UPDATE events SET version = -version WHERE stream = $1 AND version < 0', [
        letters.used,
      ]);
    },
    by: ['doctor/record/trail-broken'],
  },
  {
    name: 'trail-cut',
    act: 'the end of a trail is cut off, the row set back to match',
    rights: 'database',
    attack: async (world, { letters }) => {
      await rewriteTrail(world, letters.ended, (events) =>
        events.slice(0, events.findIndex(({ type }) => type === 'released') + 1),
      );
    },
    by: ['doctor/record/fact-without-event'],
  },
  {
    name: 'trail-rewritten-before',
    act: 'who was there before the signature is rewritten, with every digest after it',
    rights: 'database',
    attack: async (world, { letters }) => {
      await rewriteTrail(world, letters.used, (events) =>
        events.map((event) =>
          event.type === 'presented'
            ? { ...event, data: { ...event.data, visit: 'vis_another' } }
            : event,
        ),
      );
    },
    by: ['doctor/record/confirmation-changed'],
    because:
      'the digest of the trail stands under the certificate; the bundles others hold have it',
  },
  {
    name: 'trail-redated',
    act: 'a withdrawal’s event is dated later, with every digest after it',
    rights: 'database',
    attack: async (world, { letters }) => {
      await rewriteTrail(world, letters.ended, (events) =>
        events.map((event) =>
          event.type === 'withdrawn'
            ? { ...event, at: new Date(Date.parse(event.at) + 1000).toISOString() }
            : event,
        ),
      );
    },
    by: ['doctor/record/fact-changed'],
  },
  {
    name: 'trail-reordered',
    act: 'when a letter was declined is dated before it was shown, with every digest after it',
    rights: 'database',
    attack: async (world, { letters }) => {
      await rewriteTrail(world, letters.declined, (events) =>
        events.map((event) =>
          event.type === 'declined' ? { ...event, at: '2020-01-01T00:00:00.000Z' } : event,
        ),
      );
    },
    by: ['doctor/record/trail-time'],
  },
  {
    name: 'letter-row-deleted',
    act: 'a letter’s row is deleted, and its trail is left lying',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query('DELETE FROM authorizations WHERE id = $1', [letters.declined]);
    },
    by: ['doctor/record/trail-orphan'],
  },
  {
    name: 'letter-replaced',
    act: 'the digest of a letter is replaced in its row',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE authorizations SET letter_digest = reverse(letter_digest) WHERE id = $1`,
        [letters.used],
      );
    },
    live: async ({ codeOf }, { letters }) => [
      `service/${await codeOf('GET', `/v1/authorizations/${letters.used}/letter?as=shown`)}`,
    ],
    by: ['doctor/record/request-changed', 'service/object-corrupt'],
  },
  {
    name: 'scene-replaced',
    act: 'the frozen scene is rewritten: an optional item the subject refused is chosen',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE challenges SET scene = replace(scene, '"choices":{"items":[]', '"choices":{"items":["x"]')
         WHERE authorization_id = $1`,
        [letters.used],
      );
    },
    by: ['doctor/record/challenge-changed'],
  },
  {
    name: 'code-record-replaced',
    act: 'the record of the code’s check is rewritten',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE confirmations SET code_record = regexp_replace(code_record, '"tries":\\d+', '"tries":9')
         WHERE authorization_id = $1`,
        [letters.used],
      );
    },
    by: ['doctor/record/confirmation-changed'],
  },
  {
    name: 'attempt-replaced',
    act: 'the serial of a used certificate is replaced',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE attempts SET serial = decode(reverse(encode(serial, 'hex')), 'hex') WHERE authorization_id = $1`,
        [letters.used],
      );
    },
    by: ['doctor/record/attempt-changed', 'doctor/record/entry-unexplained'],
  },
  {
    name: 'scope-widened',
    act: 'the agreed number of uses is raised',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query('UPDATE scopes SET max_uses = 100 WHERE authorization_id = $1', [
        letters.used,
      ]);
    },
    live: async ({ codeOf }, { letters }) => [
      `service/${await codeOf('POST', `/v1/authorizations/${letters.used}/redemptions`, USE)}`,
    ],
    by: ['doctor/record/scope-changed', 'service/terms-changed'],
  },
  {
    name: 'scope-widened-whole',
    act: 'the same, with its digests, the event of the signature and every digest after it',
    rights: 'database',
    attack: async (world, { letters }) => {
      const [row] = await world.query('SELECT * FROM scopes WHERE authorization_id = $1', [
        letters.used,
      ]);
      const digest = widened(row);
      await world.query(
        'UPDATE scopes SET max_uses = 100, digest = $2 WHERE authorization_id = $1',
        [...[letters.used, digest]],
      );
      await rewriteTrail(world, letters.used, (events) =>
        events.map((event) =>
          event.type === 'signed' ? { ...event, data: { ...event.data, scope: digest } } : event,
        ),
      );
    },
    live: async ({ codeOf }, { letters }) => [
      `service/${await codeOf('POST', `/v1/authorizations/${letters.used}/redemptions`, USE)}`,
    ],
    by: ['service/terms-changed'],
    because: 'the terms lie under a key the database does not have; each use compares with them',
  },
  {
    name: 'scope-of-first-reading',
    act: 'a letter was read twice: the item accepted first and refused then is made what was agreed, with every digest',
    rights: 'database',
    attack: async (world, { letters }) => {
      const [row] = await world.query('SELECT * FROM scopes WHERE authorization_id = $1', [
        letters.reread,
      ]);
      const items = [...row.items, OPTIONAL_ITEM].sort();
      const digest = scopeDigestOf({ ...row, items });
      await world.query('UPDATE scopes SET items = $2, digest = $3 WHERE authorization_id = $1', [
        ...[letters.reread, items, digest],
      ]);
      await rewriteTrail(world, letters.reread, (events) =>
        events.map((event) =>
          event.type === 'signed' ? { ...event, data: { ...event.data, scope: digest } } : event,
        ),
      );
    },
    live: async ({ codeOf }, { letters }) => [
      `service/${await codeOf('POST', `/v1/authorizations/${letters.reread}/redemptions`, {
        ...USE,
        items: [OPTIONAL_ITEM],
      })}`,
    ],
    by: ['service/terms-changed'],
    because:
      'both readings lie under the data key and are true; what was signed is sealed under it as well, and each use compares with that',
  },
  {
    name: 'second-reading-hidden',
    act: 'the same letter’s second reading is deleted, with every digest after it: only the one that accepted is left',
    rights: 'database',
    attack: async (world, { letters }) => {
      await rewriteTrail(world, letters.reread, (events) => {
        const last = events.findLastIndex(({ type }) => type === 'presented');
        return events.toSpliced(last, 1);
      });
      await world.query(
        `DELETE FROM personal_data WHERE authorization_id = $1 AND field =
           (SELECT max(field) FROM personal_data WHERE authorization_id = $1 AND field LIKE 'presentation/%')`,
        [letters.reread],
      );
    },
    by: ['doctor/record/confirmation-changed'],
    because: 'the digest of the trail stands under the certificate, as in the bundle',
  },
  {
    name: 'end-extended',
    act: 'the end of an authorization is put off',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE authorizations SET end_at = end_at + interval '1 year' WHERE id = $1`,
        [letters.used],
      );
    },
    by: ['doctor/record/scope-changed'],
  },
  {
    name: 'template-edited',
    act: 'a published template is edited',
    rights: 'database',
    attack: async (world) => {
      await world.query(`UPDATE template_versions SET body = replace(body, '"basic', '"other')`);
    },
    by: ['doctor/record/template-changed'],
  },
  {
    name: 'template-replaced',
    act: 'a published template is replaced together with its digest',
    rights: 'database',
    attack: async (world) => {
      for (const { template_id, version, body } of await world.query(
        'SELECT * FROM template_versions',
      )) {
        const changed = { ...JSON.parse(body), name: 'another' };
        await world.query(
          'UPDATE template_versions SET body = $3, digest = $4 WHERE template_id = $1 AND version = $2',
          [template_id, version, canonicalize(changed), kindDigestHex('template', changed)],
        );
      }
    },
    by: ['doctor/record/template-changed'],
    because: 'letters name the digest of the version they were made from',
  },
  {
    name: 'institution-replaced',
    act: 'an institution’s credit code is replaced',
    rights: 'database',
    attack: async (world, { tenant }) => {
      await world.query(`UPDATE institutions SET credit_code = 'X' || credit_code WHERE id = $1`, [
        tenant.id,
      ]);
    },
    by: ['doctor/record/fact-changed'],
  },
  {
    name: 'declined-rewritten',
    act: 'the trail of a letter that was never signed is rewritten, with every digest',
    rights: 'database',
    attack: async (world, { letters }) => {
      await rewriteTrail(world, letters.declined, (events) =>
        events.map((event) =>
          event.type === 'declined'
            ? { ...event, data: { ...event.data, reason: 'someone-is-telling-me' } }
            : event,
        ),
      );
    },
    by: [],
    because:
      'nothing of a letter that was not signed is in the ledger or in anybody’s hands; it proves nothing either',
  },
];

const USE = {
  purpose: 'loan-approval',
  source: { creditCode: '91110000MA00DEM01M' },
  items: ['basic-information'],
  operator: { id: 'insider' },
};

/** The digest of the scope with a hundred uses. */
const widened = (row: Record<string, any>): string => scopeDigestOf({ ...row, max_uses: 100 });

const scopeDigestOf = (row: Record<string, any>): string =>
  kindDigestHex('scope', {
    format: 'mandate-scope/v1',
    ...{ purpose: row['purpose'], items: row['items'], sources: row['sources'] },
    ...{ recipients: row['recipients'], from: toUtcSeconds(row['from_at']) },
    ...{ end: toUtcSeconds(row['end_at']), endEvent: row['end_event'], maxUses: row['max_uses'] },
    per: row['per'],
  });
