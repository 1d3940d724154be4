import {
  canonicalize,
  FIRST_PREVIOUS,
  kindDigestHex,
  newId,
  sha256Hex,
  systemClock,
  systemRandom,
  toHex,
  utf8,
} from '@mandate/core';
import type { UseScope } from '@mandate/terms';
import type pg from 'pg';

export const SOURCE = '91110000MA00DEM01M';
export const OWN_CODE = '91310000MA1FL5E8XC';
export const THIRD_PARTY = '91440300MA5DEM0B5R';

export const aScope = (change: Partial<UseScope> = {}): UseScope => ({
  format: 'mandate-scope/v1',
  purpose: 'loan-approval',
  items: ['basic-information', 'credit-transactions'],
  sources: [SOURCE],
  recipients: [OWN_CODE],
  from: '2020-01-01T00:00:00Z',
  end: '2099-01-01T00:00:00Z',
  endEvent: null,
  maxUses: 1,
  per: null,
  ...change,
});

/**
 * Released authorizations by the hundred, for tests of what comes after release: rows and trails as they would
 * stand, written by the server's owner past the rules. `owner` must be a superuser's connection.
 */
export async function releasedAuthorizations(
  owner: pg.Pool,
  count: number,
  scope: Partial<UseScope> = {},
  at: Date = new Date(systemClock.now().getTime() - 3600_000),
): Promise<{ institution: string; ids: string[] }> {
  const id = (kind: Parameters<typeof newId>[0]): string => newId(kind, systemClock, systemRandom);
  const hex = (): string => toHex(systemRandom.bytes(32));
  const { purpose, items, sources, recipients, from, end, endEvent, maxUses, per } = aScope(scope);
  const institution = id('institution');
  const client = await owner.connect();
  const ids: string[] = [];
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL session_replication_role = replica`);
    await client.query(
      `INSERT INTO institutions (id, name, credit_code, contact, complaints, created_at)
       VALUES ($1, '禾穗消费金融有限公司', $2, 'c', 'c', $3)`,
      [institution, OWN_CODE + institution, at],
    );
    const template = id('template');
    await client.query(`INSERT INTO templates VALUES ($1, $2, 't', $3)`, [
      template,
      institution,
      at,
    ]);
    await client.query(
      `INSERT INTO template_versions (template_id, version, body, digest, created_at, authors) VALUES ($1, 1, '{}', $2, $3, '{a}')`,
      [template, hex(), at],
    );
    // thousands at once, in three statements
    const made = Array.from({ length: count }, () => {
      const stream = id('authorization');
      const event = {
        stream,
        version: 1,
        type: 'released',
        at: at.toISOString(),
        by: 'ledger',
        data: {},
        previous: FIRST_PREVIOUS,
      };
      return { stream, body: canonicalize(event), head: kindDigestHex('event', event) };
    });
    const streams = made.map(({ stream }) => stream);
    const heads = made.map(({ head }) => head);
    const digests = () => made.map(hex);
    await client.query(
      `INSERT INTO authorizations (id, institution_id, template_id, template_version, business_reference,
         letter_number, language, terms_digest, letter_digest, letter_size, state, version, head, end_at,
         sign_by, created_at, updated_at)
       SELECT id, $1, $2, 1, 'B', 'M-' || id, 'zh', terms, letter, 1, 'released', 1, head, $3, $4, $4, $4
       FROM unnest($5::text[], $6::text[], $7::text[], $8::text[]) AS t (id, terms, letter, head)`,
      [institution, template, end, at, streams, digests(), digests(), heads],
    );
    await client.query(
      `INSERT INTO events (stream, version, type, body, previous, digest)
       SELECT id, 1, 'released', body, $1, head FROM unnest($2::text[], $3::text[], $4::text[]) AS t (id, body, head)`,
      [FIRST_PREVIOUS, streams, made.map(({ body }) => body), heads],
    );
    await client.query(
      `INSERT INTO scopes SELECT id, digest, $1, $2::text[], $3::text[], $4::text[], $5::timestamptz,
         $6::timestamptz, $7, $8::integer, $9
       FROM unnest($10::text[], $11::text[]) AS t (id, digest)`,
      [purpose, items, sources, recipients, from, end, endEvent, maxUses, per, streams, digests()],
    );
    ids.push(...streams);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
  return { institution, ids };
}

/** One use in the words of the record, with digests of nothing. */
export const aUse = (authorizationId: string, change: Record<string, unknown> = {}) => {
  const key = toHex(systemRandom.bytes(16));
  return {
    id: newId('redemption', systemClock, systemRandom),
    authorizationId,
    purpose: 'loan-approval',
    source: SOURCE,
    recipient: OWN_CODE,
    items: ['basic-information'],
    operator: sha256Hex(utf8('o')),
    box: new Uint8Array(8),
    requestKey: key,
    requestDigest: key,
    ...change,
  };
};

/** An entry and its event's data, about a digest of nothing but of this letter. */
const about = (
  kind: string,
  { letterDigest }: { readonly letterDigest: string },
  id: string,
  more: object = {},
) => {
  const fact = toHex(systemRandom.bytes(32));
  const ledgerEntry = canonicalize({
    format: 'mandate-entry/v1',
    kind,
    at: '2026-01-01T00:00:00Z',
    letter: letterDigest,
    fact,
    ...more,
  });
  return { ledgerEntry, ledgerDigest: sha256Hex(utf8(ledgerEntry)), data: { id, fact } };
};

/** What the use cases would record, for tests that drive the record alone. */
export const recorded = {
  redemption:
    (id: string) =>
    ({ authorization }: { readonly authorization: { readonly letterDigest: string } }) => ({
      digest: toHex(systemRandom.bytes(32)),
      ...about('redemption', authorization, id, { step: 'confirmed' }),
    }),
  fact:
    (kind: string, more: object = {}) =>
    (authorization: { readonly letterDigest: string }, row: { readonly id: string }) =>
      about(kind, authorization, row.id, more),
};

export const aWithdrawal = (authorizationId: string) => ({
  id: newId('withdrawal', systemClock, systemRandom),
  authorizationId,
  by: 'subject' as const,
  channel: 'page',
  proofKind: 'visit',
  proofRef: 'vis_1',
  salt: toHex(systemRandom.bytes(32)),
});
