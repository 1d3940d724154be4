import { readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { DATABASE_ROLES, systemClock } from '@mandate/core';
import { migrate } from '@mandate/store';
import pg from 'pg';
import { startTestPostgres } from '../../kit/postgres.js';

const FOLDER = fileURLToPath(new URL('../../../packages/store/migrations', import.meta.url));

test('what was agreed to by a click before migration 0034 opens and hides nothing after it', async () => {
  // An empty database, not a copy of a migrated one.
  delete process.env['TEST_DATABASE_TEMPLATE'];
  const postgres = await startTestPostgres();
  const owner = new pg.Client({ connectionString: postgres.url });
  try {
    await owner.connect();
    for (const role of DATABASE_ROLES)
      await owner.query(
        `DO $$ BEGIN CREATE ROLE mandate_${role} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
      );
    await owner.query(
      'CREATE TABLE migrations (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL)',
    );
    for (const name of readdirSync(FOLDER).sort())
      if (name < '0034') {
        const sql = readFileSync(`${FOLDER}/${name}`, 'utf8');
        await owner.query(sql);
        await owner.query('INSERT INTO migrations VALUES ($1, $2, $3)', [
          ...[name, createHash('sha256').update(sql).digest('hex'), systemClock.now()],
        ]);
      }
    const at = `'2026-11-20T00:00:00Z'::timestamptz`;
    const mac = `decode(repeat('00', 32), 'hex')`;
    await owner.query(`SET session_replication_role = replica;
      INSERT INTO grants VALUES ('gra_1', 'cas_1', 'stf_1', 'ses_1', 'x', 'y', '{view}', false, ${at}, 24),
        ('gra_2', 'cas_1', 'stf_1', 'ses_1', 'x', 'y', '{view}', false, ${at}, 24);
      INSERT INTO grant_approvals VALUES ('gra_1', 'stf_2', 'ses_2', 'approver', ${at}, ${mac});
      INSERT INTO access_seals VALUES ('sea_1', 'cas_1', 'x', ${at} + interval '9 days', 'stf_1', 'ses_1', ${at},
        'stf_2', 'ses_2', ${at}, ${mac});
      INSERT INTO cases (id, number, kind, institution_id, opened_by, opened_at, due_at, extended_at, step, version, head)
        VALUES ('cas_1', 'C-2026-000001', 'consumer-complaint-complex', 'ins_1', 'staff:stf_1', ${at},
          ${at} + interval '60 days', ${at}, 'accepted', 3, ''),
        ('cas_2', 'C-2026-000002', 'consumer-complaint', 'ins_1', 'staff:stf_1', ${at},
          ${at} + interval '15 days', NULL, 'applied', 1, '');
      INSERT INTO institutions SELECT * FROM jsonb_populate_record(NULL::institutions, '{"id": "ins_1", "name": "x",
        "credit_code": "x", "contact": "x", "complaints": {}, "created_at": "2026-11-20"}');
      INSERT INTO staff SELECT p.* FROM unnest(ARRAY['{"id": "stf_1"}'::jsonb,
          '{"id": "stf_2", "institution_id": "ins_1"}']) AS s, jsonb_populate_record(NULL::staff, s || '{"name": "x", "team": "t",
        "outsourced": false, "opened_at": "2026-11-20", "reviewed_at": "2026-11-20", "opening_undertaking": "U",
        "change": 1, "mac": "\\\\x${'00'.repeat(32)}", "opened_by": "a", "approved_by": "b", "reviewed_by": "b"}') AS p;
      INSERT INTO reconciliations (id, institution_id, source, "from", "to", window_minutes, encoding, state, made_by,
          made_at, received, chain, digest, bytes, reached, updated_at, ended_at)
        SELECT 'rec_' || by, 'ins_1', '91110000MA00DEM01M', ${at}, ${at} + interval '1 day', 60, 'utf-8', 'done', by,
          ${at}, 1, '', '', 1, '', ${at}, ${at} FROM unnest(ARRAY['stf_1', 'stf_2']) AS by;
      SET session_replication_role = origin`);
    expect(await migrate(postgres.url, systemClock)).toContain('0034-agreements.sql');
    const { rows: grants } = await owner.query(
      'SELECT id, revoked_by FROM grants WHERE revoked_at IS NOT NULL ORDER BY id',
    );
    expect(grants).toEqual([{ id: 'gra_1', revoked_by: 'migration 0034' }]);
    const { rows: seals } = await owner.query('SELECT approved_by, mac FROM access_seals');
    expect(seals).toEqual([{ approved_by: null, mac: null }]);
    // reconciliations that are over have whose people began them
    const { rows: runs } = await owner.query(
      'SELECT id, made_for FROM reconciliations ORDER BY id',
    );
    expect(runs).toEqual([
      { id: 'rec_stf_1', made_for: null },
      { id: 'rec_stf_2', made_for: 'ins_1' },
    ]);
    // cases of before were received when they were opened
    const { rows: cases } = await owner.query(
      'SELECT id, received_at = opened_at AS same, extensions FROM cases ORDER BY id',
    );
    expect(cases).toEqual([
      { id: 'cas_1', same: true, extensions: 1 },
      { id: 'cas_2', same: true, extensions: 0 },
    ]);
  } finally {
    await owner.end();
    await postgres.stop();
  }
}, 120_000);
