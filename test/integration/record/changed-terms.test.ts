import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  canonicalize,
  isDomainError,
  kindDigestHex,
  toUtcSeconds,
  type Scene,
} from '@mandate/core';
import { openTerms, redeem, sealTerms } from '@mandate/ceremony';
import {
  parseTerms,
  scopeDigest,
  termsDigest,
  termsText,
  type Terms,
  type UseScope,
} from '@mandate/terms';
import { choiceTemplate } from '../../kit/choice-template.js';
import { startCeremony } from './started-ceremony.js';

/**
 * Somebody who owns the database and has the data key changes one field of the terms: after the code was sent the
 * code is dead, after the signature nothing is redeemed. Every field, each by itself.
 */
let ceremony: Awaited<ReturnType<typeof startCeremony>>;
beforeAll(async () => {
  ceremony = await startCeremony({}, false, choiceTemplate);
}, 60_000);
afterAll(() => ceremony?.stop());

type Path = readonly (string | number)[];
type Leaf = string | number | boolean;

function* leaves(value: unknown, path: Path = []): Generator<[Path, Leaf]> {
  if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) yield* leaves(member, [...path, name]);
  else if (value !== undefined) yield [path, value as Leaf];
}

function withLeaf(terms: Terms, path: Path, leaf: Leaf): Terms {
  const copy = JSON.parse(JSON.stringify(terms)) as Terms;
  let at = copy as unknown as Record<string, unknown>;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>;
  at[path.at(-1)!] = leaf;
  return copy;
}

/** Another value that the schema takes, where it takes any. */
function changed(terms: Terms, path: Path, leaf: Leaf): Terms {
  const tries: Leaf[] =
    typeof leaf === 'boolean'
      ? [!leaf]
      : typeof leaf === 'number'
        ? [leaf + 1]
        : [
            `${leaf}x`,
            leaf.replace(/\d(?!.*\d)/, (digit) => String((Number(digit) + 1) % 10)),
            leaf.replace(/^20\d\d/, '2030'),
            leaf.replace(/^[2-9A-HJ-NP-Z]/, 'B'),
            leaf.replace(/-[2-9A-HJ-NP-Z]/, '-B'),
            ...['general', 'sensitive', 'en', 'report', 'credit-reporting', 'passport'],
            ...['91310000MA1FL5E8XC', '91110000MA00DEM01M', '310101199003072313'],
          ];
  for (const other of tries)
    if (other !== leaf)
      try {
        return parseTerms(termsText(withLeaf(terms, path, other)));
      } catch (error) {
        if (!isDomainError(error)) throw error;
      }
  return withLeaf(terms, path, tries[0]!);
}

async function opened(id: string): Promise<{ dataKey: Uint8Array; terms: Terms }> {
  const { dataKey } = await ceremony.authority.vault.unwrap({
    authorizationId: id,
    purpose: 'confirm',
    actor: 'test',
  });
  const box = await ceremony.record.personalData(id, 'terms');
  return { dataKey, terms: openTerms(dataKey, id, box) };
}

/** With the owner's rights, triggers and constraints aside. */
async function asOwner(statement: string, values: unknown[]): Promise<void> {
  const client = await ceremony.owner.connect();
  try {
    await client.query(`SET session_replication_role = 'replica'`);
    await client.query(statement, values);
  } finally {
    await client.query(`SET session_replication_role = 'origin'`);
    client.release();
  }
}
const store = (id: string, dataKey: Uint8Array, terms: Terms) =>
  asOwner(`UPDATE personal_data SET box = $2 WHERE authorization_id = $1 AND field = 'terms'`, [
    id,
    Buffer.from(sealTerms(dataKey, id, terms, ceremony.deps.random)),
  ]);
const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (isDomainError(error) ? error.code : String(error)),
  );

test('after the code was sent: one field changed and the code is dead', async () => {
  const at = await ceremony.presented();
  const asked = await ceremony.challenge(at.id);
  const code = await ceremony.code(asked.challengeId);
  const { dataKey, terms } = await opened(at.id);
  const row = `SELECT * FROM challenges WHERE id = $1`;
  const [before] = (await ceremony.owner.query(row, [asked.challengeId])).rows;
  const revive = () =>
    asOwner(
      `UPDATE challenges SET dead_at = NULL, tries = 0, code_mac = $2, sealed_code = $3, scene = $4,
         scene_digest = $5, digest = $6 WHERE id = $1`,
      [
        ...[asked.challengeId, before.code_mac, before.sealed_code, before.scene],
        ...[before.scene_digest, before.digest],
      ],
    );
  const wrong: string[] = [];
  let fields = 0;
  for (const [path, leaf] of leaves(terms)) {
    fields += 1;
    await store(at.id, dataKey, changed(terms, path, leaf));
    const first = await outcome(ceremony.confirm(at, asked, code));
    // and it stays dead when everything is as it was
    await store(at.id, dataKey, terms);
    const second = await outcome(ceremony.confirm(at, asked, code));
    if (first !== 'challenge-dead' || second !== 'challenge-dead')
      wrong.push(`${path.join('.')}: ${first}, then ${second}`);
    await revive();
  }
  expect(wrong).toEqual([]);
  expect(fields).toBeGreaterThan(50);

  // whoever changes the digests along gets no further
  const other = changed(terms, ['businessReference'], terms.businessReference);
  const digest = termsDigest(other);
  await store(at.id, dataKey, other);
  const setTerms = (value: string) =>
    asOwner(`UPDATE authorizations SET terms_digest = $2 WHERE id = $1`, [at.id, value]);
  await setTerms(digest);
  expect(await outcome(ceremony.confirm(at, asked, code))).toBe('challenge-dead');
  await revive();
  const scene = { ...(JSON.parse(before.scene) as Scene), termsDigest: digest };
  const sceneDigest = kindDigestHex('scene', scene);
  const setScene = `UPDATE challenges SET scene = $2, scene_digest = $3 WHERE id = $1`;
  const forged = [asked.challengeId, canonicalize(scene), sceneDigest];
  await asOwner(setScene, forged);
  expect(await outcome(ceremony.confirm(at, asked, code))).toBe('challenge-dead');
  await revive();
  await asOwner(setScene, forged);
  await asOwner(`UPDATE challenges SET digest = $2 WHERE id = $1`, [
    asked.challengeId,
    kindDigestHex('challenge', {
      ...{ letterDigest: scene.letterDigest, sceneDigest },
      serverNonce: before.server_nonce,
    }),
  ]);
  // the code was made for another challenge
  expect(await outcome(ceremony.confirm(at, asked, code))).toBe('code-wrong');
  await revive();
  await setTerms(termsDigest(terms));
  await store(at.id, dataKey, terms);
  expect(await outcome(ceremony.confirm(at, asked, code))).toBe('done');
}, 120_000);

test('after the signature: one field of terms or scope changed, and nothing is redeemed', async () => {
  const at = await ceremony.confirmed();
  await ceremony.complete(at, await ceremony.issue(at));
  for (let i = 0; (await ceremony.state(at.id)) !== 'released' && i < 50; i++)
    await ceremony.sweep();
  const { dataKey, terms } = await opened(at.id);
  const authorization = await ceremony.record.authorization(at.id);
  const use = (more: { purpose?: string; items?: string[] } = {}) =>
    outcome(
      redeem(
        {
          ...ceremony.deps,
          record: ceremony.record,
          vault: ceremony.web.vault,
          seal: ceremony.web.seal,
        },
        {
          authorization,
          institution: ceremony.institution,
          idempotencyKey: crypto.randomUUID(),
          request: {
            purpose: terms.purpose.code,
            source: { creditCode: terms.sources[0]!.creditCode },
            items: terms.items.filter(({ necessary }) => necessary).map(({ code }) => code),
            operator: { id: 'staff' },
            ...more,
          },
        },
      ),
    );
  const wrong: string[] = [];
  for (const [path, leaf] of leaves(terms)) {
    await store(at.id, dataKey, changed(terms, path, leaf));
    const refused = await use();
    if (refused !== 'terms-changed') wrong.push(`${path.join('.')}: ${refused}`);
  }
  await store(at.id, dataKey, terms);

  // what software compares with, widened so that the use would fit
  const widened: [string, unknown, { purpose?: string; items?: string[] }?][] = [
    ['purpose', 'fraud-prevention', { purpose: 'fraud-prevention' }],
    ['items', [...terms.items.map(({ code }) => code), 'more'], { items: ['more'] }],
    ['sources', [terms.sources[0]!.creditCode, ceremony.institution.creditCode]],
    ['recipients', [ceremony.institution.creditCode, '91110000MA00DEM01M', 'X']],
    ['from_at', new Date(0)],
    ['end_at', new Date('2040-01-01T00:00:00Z')],
    ['end_event', 'loan-settled'],
    ['max_uses', 99],
    ['per', 'month'],
    ['digest', '0'.repeat(64)],
    ['sealed', Buffer.alloc(92, 1)],
    ['sealed', Buffer.alloc(0)],
  ];
  const [row] = (
    await ceremony.owner.query('SELECT * FROM scopes WHERE authorization_id = $1', [at.id])
  ).rows;
  for (const [column, value, more] of widened) {
    const set = `UPDATE scopes SET ${column} = $2 WHERE authorization_id = $1`;
    await asOwner(set, [at.id, value]);
    const refused = await use(more);
    if (refused !== 'terms-changed') wrong.push(`scopes.${column}: ${refused}`);
    await asOwner(set, [at.id, row[column]]);
  }
  // All digests over it made to fit, as whoever owns the database can: what the data key seals does not follow.
  const wider = { ...scopeOfRow(row), items: [...row.items, 'more'] };
  const digest = scopeDigest(wider);
  const signed = `UPDATE events SET body = jsonb_set(body::jsonb, '{data,scope}', to_jsonb($2::text))::text
    WHERE stream = $1 AND type = 'signed'`;
  const all = 'UPDATE scopes SET items = $2, digest = $3 WHERE authorization_id = $1';
  await asOwner(all, [at.id, wider.items, digest]);
  await asOwner(signed, [at.id, digest]);
  expect(await use({ items: ['more'] })).toBe('terms-changed');
  await asOwner(all, [at.id, row.items, row.digest]);
  await asOwner(signed, [at.id, row.digest]);
  expect(wrong).toEqual([]);
  expect(await use()).toBe('done');
}, 120_000);

const scopeOfRow = (row: any): UseScope => ({
  ...{ format: 'mandate-scope/v1', purpose: row.purpose, items: row.items, sources: row.sources },
  ...{ recipients: row.recipients, from: toUtcSeconds(row.from_at), end: toUtcSeconds(row.end_at) },
  ...{ endEvent: row.end_event, maxUses: row.max_uses, per: row.per },
});
