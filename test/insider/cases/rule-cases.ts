import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vkey } from '@mandate/ledger';
import { newKeySecret } from '@mandate/store';
import { systemRandom } from '@mandate/core';
import type { InsiderCase } from '../insider-case.js';

/** Rules, grants, settings, tokens: what decides, rather than what was decided. */
export const RULE_CASES: readonly InsiderCase[] = [
  {
    name: 'rule-off',
    act: 'a trigger that holds trails together is switched off',
    rights: 'database',
    attack: async (world) => {
      await world.query('ALTER TABLE events DISABLE TRIGGER event_chain');
    },
    by: ['doctor/rules'],
  },
  {
    name: 'rule-dropped',
    act: 'it is dropped altogether',
    rights: 'database',
    rules: true,
    attack: async (world) => {
      await world.query('DROP TRIGGER event_chain ON events');
    },
    by: ['doctor/rules'],
  },
  {
    name: 'rule-hollowed',
    act: 'the predicate that decides about uses is replaced by one that always agrees',
    rights: 'database',
    rules: true,
    attack: async (world) => {
      await world.query(
        `CREATE OR REPLACE FUNCTION redeem_refusal(p_authorization text, p_purpose text, p_source text,
           p_recipient text, p_items text[], p_at timestamptz) RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text'`,
      );
    },
    by: ['doctor/rules'],
    because:
      'uses made meanwhile beyond what was agreed show in the record as well (uses-miscounted)',
  },
  {
    name: 'step-allowed',
    act: 'a step is allowed to a role that may not make it',
    rights: 'database',
    rules: true,
    attack: async (world) => {
      await world.query(`INSERT INTO transitions VALUES ('presented', 'confirmed', 'mandate_web')`);
    },
    by: ['doctor/rules'],
  },
  {
    name: 'retention-shortened',
    act: 'what the law keeps five years is kept one month',
    rights: 'database',
    rules: true,
    attack: async (world) => {
      await world.query('ALTER TABLE retention_rules DROP CONSTRAINT not_below_the_law');
      await world.query('UPDATE retention_rules SET months = 1');
    },
    by: ['doctor/rules'],
  },
  {
    name: 'grant-added',
    act: 'role web may confirm',
    rights: 'database',
    attack: async (world) => {
      await world.query('GRANT INSERT ON confirmations TO mandate_web');
    },
    by: ['doctor/grants'],
  },
  {
    name: 'migration-edited',
    act: 'the record of what was migrated is edited',
    rights: 'database',
    attack: async (world) => {
      await world.query(
        `UPDATE migrations SET checksum = reverse(checksum) WHERE name LIKE '0001%'`,
      );
    },
    live: async () => [],
    by: ['doctor/migrations', 'start/config-invalid'],
  },
  {
    name: 'address-replaced',
    act: 'the public address that is burnt into letters is replaced',
    rights: 'database',
    attack: async (world) => {
      await world.query(
        `UPDATE settings SET value = 'https://elsewhere.example' WHERE name = 'public-url'`,
      );
    },
    live: async () => [],
    by: ['start/config-invalid'],
  },
  {
    name: 'anchors-replaced',
    act: 'the ledger’s published key is replaced by one of the insider’s',
    rights: 'objects',
    attack: async (world) => {
      const { publicKey } = generateKeyPairSync('ed25519');
      const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
      const file = join(world.folder, 'trust', 'ledger', 'ledger.vkey');
      const [name] = (await readFile(file, 'utf8')).split('+');
      await writeFile(file, `${vkey(name!, spki)}\n`);
    },
    by: ['doctor/keys', 'doctor/ledger'],
    because: 'everybody else has the anchors they were given; each report and bundle names them',
  },
  {
    name: 'api-key-added',
    act: 'an API key of an institution is made in its name',
    rights: 'database',
    attack: async (world, { tenant }) => {
      const { digest } = newKeySecret(systemRandom);
      await world.query(
        `INSERT INTO api_keys SELECT (jsonb_populate_record(k, jsonb_build_object(
           'id', 'key_insider', 'name', 'insider', 'digest', '\\x' || encode($2, 'hex')))).*
         FROM api_keys k WHERE institution_id = $1 LIMIT 1`,
        [tenant.id, Buffer.from(digest)],
      );
    },
    live: async ({ call }) => {
      const { json } = await call('GET', '/v1/keys');
      const names: string[] = (json?.items ?? []).map(({ name }: { name: string }) => name);
      return names.includes('insider') ? ['institution/keys'] : [];
    },
    by: ['institution/keys'],
    because:
      'each use made with it is told to the subject, counted in the ledger, and listed to the institution',
  },
  {
    name: 'counters-rewound',
    act: 'counters of tries are set back, so that codes can be guessed longer',
    rights: 'database',
    attack: async (world) => {
      await world.query('DELETE FROM limits');
      await world.query('UPDATE challenges SET tries = 0');
    },
    by: [],
    because:
      'a counter that is set back looks like one that was never used; whoever owns the database needs no code',
  },
  {
    name: 'recipient-key-added',
    act: 'a key of the insider’s is registered for a recipient of personal data',
    rights: 'database',
    attack: async (world) => {
      await world.query(
        `INSERT INTO recipient_keys VALUES ('rky_insider', '91110000MA00DEM01M', '{"kty":"EC"}', 'thumb', 'a', 'b',
           now(), now() + interval '1 year', NULL)`,
      );
    },
    by: [],
    because:
      'a registration is the operator’s word; a release under it is ledgered, names the key, and does not open for the recipient',
  },
];
