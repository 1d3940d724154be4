import { join } from 'node:path';
import { openKeyFolder } from '@mandate/adapters';
import { agreedGrant, approvalCode, caseListDigest, codeOf, rowMacs } from '@mandate/ceremony';
import { addSeconds, canonicalize, FIRST_PREVIOUS, kindDigestHex } from '@mandate/core';
import { doorRows, openDatabase } from '@mandate/store';
import type { InsiderCase } from '../insider-case.js';
import type { InsiderHouse, World } from '../insider-house.js';

const ZEROS = `decode(repeat('00', 32), 'hex')`;
const sessionOf = `(SELECT id FROM staff_sessions WHERE staff_id = $2 LIMIT 1)`;

/** Rewrites the events of a case with every digest after them, and the case to match. */
async function rewriteCase(
  world: World,
  caseId: string,
  change: (event: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const rows = await world.query(
    'SELECT version, body FROM case_events WHERE case_id = $1 ORDER BY version',
    [caseId],
  );
  let previous = FIRST_PREVIOUS;
  for (const { version, body } of rows) {
    const event = { ...change(JSON.parse(body)), previous };
    const digest = kindDigestHex('case-event', event);
    await world.query(
      `UPDATE case_events SET body = $3, digest = $4, previous = $5 WHERE case_id = $1 AND version = $2`,
      [caseId, version, canonicalize(event), digest, previous],
    );
    previous = digest;
  }
  await world.query('UPDATE cases SET head = $2 WHERE id = $1', [caseId, previous]);
}

/** The disputes desk: who agreed, what was opened, and what a case is about. */
export const DESK_CASES: readonly InsiderCase[] = [
  {
    name: 'approval-forged',
    act: 'a second approval is written for a grant that waits for one, in the name of somebody who is there',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query(
        `INSERT INTO grant_approvals VALUES ($1, $2, ${sessionOf}, 'approver', now(), ${ZEROS})`,
        [desk.waiting, desk.bystander],
      );
    },
    by: ['doctor/record/desk-forged'],
    because: 'role vault opens nothing under it either: the approval has no code of its',
  },
  {
    name: 'agreement-made-up',
    act: 'with role vault’s keys, an approval is written with all its codes in the name of somebody who agreed to nothing',
    rights: 'all keys',
    attack: writeAgreement,
    by: ['doctor/record/desk-unproven'],
    because:
      'codes can be made with the keys, the signature of that person’s passkey cannot; who puts a passkey of their own in its place locks the person out',
  },
  {
    name: 'grant-widened',
    act: 'a grant that two people agreed to is given the right to take files away',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query(`UPDATE grants SET rights = '{view,download,print}' WHERE id = $1`, [
        desk.grant,
      ]);
    },
    by: ['doctor/record/desk-forged'],
  },
  {
    name: 'grant-backdated',
    act: 'a grant and its approvals are dated a year back',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query(`UPDATE grants SET asked_at = asked_at - interval '1 year' WHERE id = $1`, [
        desk.grant,
      ]);
      await world.query(
        `UPDATE grant_approvals SET at = at - interval '1 year' WHERE grant_id = $1`,
        [desk.grant],
      );
    },
    by: ['doctor/record/desk-forged'],
  },
  {
    name: 'order-forged',
    act: 'an order for reports is written under a grant nobody ordered anything under',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query(
        `INSERT INTO desk_orders VALUES ('ord_x', $1, $2, ${sessionOf}, 'view', now(), ${ZEROS})`,
        [desk.grant, desk.officer],
      );
    },
    by: ['doctor/record/desk-forged'],
  },
  {
    name: 'report-rewritten',
    act: 'a report’s verdict is written over, in its row and in what role vault entered of it',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query(
        `UPDATE report_items SET indication = 'TOTAL-FAILED' WHERE report_id = $1`,
        [desk.report],
      );
      await world.query(
        `UPDATE report_acts SET said = replace(said, 'TOTAL-PASSED', 'TOTAL-FAILED') WHERE report_id = $1`,
        [desk.report],
      );
    },
    by: ['doctor/record/report-changed'],
    because: 'the sealed paper says what it said',
  },
  {
    name: 'report-hidden',
    act: 'a report that was made is put down as one that could not be made, its files taken out',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query('DELETE FROM report_files WHERE report_id = $1', [desk.report]);
      await world.query(
        `UPDATE report_items SET state = 'refused', why = 'erased', entered = false, indication = NULL,
           sub_indication = NULL WHERE report_id = $1`,
        [desk.report],
      );
    },
    by: ['doctor/record/report-changed'],
    because: 'role vault entered its end, under a code of its',
  },
  {
    name: 'grant-put-back',
    act: 'a grant that was taken back is good again, for what is left of its hours',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query('UPDATE grants SET revoked_at = NULL, revoked_by = NULL WHERE id = $1', [
        desk.takenBack,
      ]);
    },
    by: ['doctor/record/desk-undone'],
    because: 'and it opens nothing: role vault looks for its end in the ledger’s queue',
  },
  {
    name: 'grant-put-back-whole',
    act: 'the same, and the entry is taken out of the ledger’s queue',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query('UPDATE grants SET revoked_at = NULL, revoked_by = NULL WHERE id = $1', [
        desk.takenBack,
      ]);
      await world.query(`DELETE FROM ledger_queue WHERE dedupe = 'desk:revoked:' || $1`, [
        desk.takenBack,
      ]);
    },
    by: ['doctor/record/entry-moved'],
    because: 'role vault opens nothing under it: role ledger knows the entry from the tree',
  },
  {
    name: 'case-put-back',
    act: 'a case that is over goes on: its last event is cut off, the row set back to match',
    rights: 'database',
    attack: async (world, { desk }) => {
      for (const table of ['case_boxes', 'case_events'])
        await world.query(
          `DELETE FROM ${table} WHERE case_id = $1 AND version = (SELECT version FROM cases WHERE id = $1)`,
          [desk.closedCase],
        );
      await world.query(
        `UPDATE cases c SET version = e.version, head = e.digest, step = e.body::jsonb->>'step'
         FROM case_events e WHERE e.case_id = c.id AND e.version = c.version - 1 AND c.id = $1`,
        [desk.closedCase],
      );
    },
    by: ['doctor/record/desk-undone'],
  },
  {
    name: 'role-put-back',
    act: 'a role that had ended is good again, and so is the register of changes: its end and all after it are gone',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query(
        `DELETE FROM staff_changes WHERE number >= (
           SELECT number FROM staff_changes WHERE staff_id = $1 AND act = 'role-ended')`,
        [desk.former],
      );
      await world.query(
        'UPDATE staff_roles SET ended_at = NULL, ended_by = NULL WHERE staff_id = $1',
        [desk.former],
      );
    },
    by: ['doctor/record/entry-unexplained'],
    because:
      'and nobody’s data are opened meanwhile: role vault misses what the ledger’s queue has',
  },
  {
    name: 'account-change-rewritten',
    act: 'who ended a role is rewritten in the newest change of that account, with the digest',
    rights: 'database',
    attack: async (world, { desk }) => {
      const [{ number, body }] = await world.query(
        `SELECT number, body FROM staff_changes WHERE staff_id = $1 AND act = 'role-ended'`,
        [desk.former],
      );
      const said = { ...JSON.parse(body), by: desk.bystander };
      await world.query('UPDATE staff_changes SET body = $2, digest = $3 WHERE number = $1', [
        ...[number, canonicalize(said), kindDigestHex('staff-change', said)],
      ]);
    },
    by: ['doctor/record/entry-differs'],
  },
  {
    name: 'sample-drawn-anew',
    act: 'a sample is drawn by a seed that suits',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query(`UPDATE samples SET seed = sha256('suits') WHERE id = $1`, [desk.sample]);
    },
    by: ['doctor/record/sample-seed'],
  },
  {
    name: 'sample-picked',
    act: 'something that suits is put into a sample in place of what its seed drew',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query(
        `UPDATE sample_items SET item_id = authorization_id || 'x' WHERE sample_id = $1 AND ordinal = 1`,
        [desk.sample],
      );
    },
    by: ['doctor/record/sample-picked'],
  },
  {
    name: 'sample-widened',
    act: 'what a sample was fixed to be drawn from is changed afterwards',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query(`UPDATE samples SET "from" = "from" + interval '1 hour' WHERE id = $1`, [
        desk.sample,
      ]);
    },
    by: ['doctor/record/entry-differs'],
  },
  {
    name: 'index-exchanged',
    act: 'a letter is put under somebody else’s keys, so that the desk’s search does not find it',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query(
        `UPDATE desk_index SET id_key = o.id_key, phone_key = o.phone_key FROM desk_index o
         WHERE desk_index.authorization_id = $1 AND o.authorization_id = $2`,
        [letters.used, letters.ended],
      );
      await world.query(
        `UPDATE desk_index SET lookup_key = sha256(lookup_key) WHERE authorization_id = $1`,
        [letters.used],
      );
    },
    by: ['doctor/record/desk-index-changed'],
  },
  {
    name: 'index-removed',
    act: 'a letter is taken out of the index of the desk’s search',
    rights: 'database',
    attack: async (world, { letters }) => {
      await world.query('DELETE FROM desk_index WHERE authorization_id = $1', [letters.ended]);
    },
    by: ['doctor/record/desk-index-changed'],
  },
  {
    name: 'desk-opening-hidden',
    act: 'an opening for a case is taken off the end of its access register minutes after it was made',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query('DELETE FROM access_entries WHERE id = $1', [desk.access]);
    },
    by: ['doctor/record/entry-unexplained'],
    because: 'each has an entry of its own in the ledger before the data are read',
  },
  {
    name: 'desk-opening-renamed',
    act: 'an opening for a case is put down to somebody else, with the digest',
    rights: 'database',
    attack: async (world, { desk }) => {
      const [{ body }] = await world.query('SELECT body FROM access_entries WHERE id = $1', [
        desk.access,
      ]);
      const entry = { ...JSON.parse(body), actor: `staff:${desk.bystander}` };
      await world.query('UPDATE access_entries SET body = $2, digest = $3 WHERE id = $1', [
        ...[desk.access, canonicalize(entry), kindDigestHex('access', entry)],
      ]);
    },
    by: ['doctor/record/entry-differs', 'doctor/record/opening-unexplained'],
  },
  {
    name: 'case-about-another',
    act: 'a case is made to be about somebody else’s letter',
    rights: 'database',
    attack: async (world, { desk, letters }) => {
      await world.query('UPDATE case_authorizations SET authorization_id = $2 WHERE case_id = $1', [
        desk.caseId,
        letters.used,
      ]);
    },
    by: ['doctor/record/case-broken', 'doctor/record/opening-unexplained'],
  },
  {
    name: 'case-step-renamed',
    act: 'who accepted a case is rewritten, with every digest',
    rights: 'database',
    attack: async (world, { desk }) =>
      rewriteCase(world, desk.caseId, (event) =>
        event['step'] === 'accepted' ? { ...event, by: `staff:${desk.bystander}` } : event,
      ),
    by: ['doctor/record/desk-forged'],
  },
  {
    name: 'case-text-exchanged',
    act: 'what was said in a case is exchanged for what was said in another',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query(
        `UPDATE case_boxes SET box = (SELECT box FROM case_boxes WHERE case_id = $2 AND version = 1)
         WHERE case_id = $1 AND version = 1`,
        [desk.caseId, desk.quietCase],
      );
    },
    by: ['doctor/record/case-broken'],
    because: 'it does not open either: a text is bound to its case by the encryption',
  },
  {
    name: 'case-deleted',
    act: 'a case is deleted with its grants, after somebody’s data were opened for it',
    rights: 'database',
    attack: async (world, { desk }) => deleteCase(world, desk.caseId),
    by: ['doctor/record/opening-unexplained'],
  },
  {
    name: 'quiet-case-deleted',
    act: 'a case that nothing was opened for is deleted whole',
    rights: 'database',
    attack: async (world, { desk }) => deleteCase(world, desk.quietCase),
    by: [],
    because:
      'of a case the ledger has its end and the openings, and nothing before; whoever complained has the number and its deadline',
  },
  {
    name: 'court-seal-forged',
    act: 'a court’s seal is written, so that a subject does not see who opened their data',
    rights: 'database',
    attack: async (world, { desk }) => {
      await world.query(
        `INSERT INTO access_seals VALUES ('sea_x', $1, 'x', now() + interval '300 days', $2, ${sessionOf}, now(),
           $3, ${sessionOf}, now(), ${ZEROS})`,
        [desk.caseId, desk.officer, desk.bystander],
      );
    },
    by: ['doctor/record/desk-forged'],
    because: 'and it hides nothing: role vault passes over a seal without its code',
  },
];

async function deleteCase(world: World, caseId: string): Promise<void> {
  await world.query(
    'DELETE FROM grant_approvals WHERE grant_id IN (SELECT id FROM grants WHERE case_id = $1)',
    [caseId],
  );
  await world.query('DELETE FROM grants WHERE case_id = $1', [caseId]);
  for (const table of ['case_boxes', 'case_events', 'case_authorizations', 'case_keys'])
    await world.query(`DELETE FROM ${table} WHERE case_id = $1`, [caseId]);
  await world.query('DELETE FROM cases WHERE id = $1', [caseId]);
}

/** As role vault would have written it, but for an assertion that nobody's device has made. */
async function writeAgreement(world: World, { desk }: InsiderHouse): Promise<void> {
  const macs = rowMacs(await openKeyFolder(join(world.folder, 'keys', 'vault')).secret('wrapping'));
  const [session] = await world.query('SELECT id FROM staff_sessions WHERE staff_id = $1 LIMIT 1', [
    desk.bystander,
  ]);
  const [passkey] = await world.query(
    'SELECT credential_id FROM staff_passkeys WHERE staff_id = $1 AND ended_at IS NULL',
    [desk.bystander],
  );
  const db = openDatabase(world.databaseUrl, 'vault', 1);
  try {
    const record = doorRows(db);
    const grant = (await record.grant(desk.waiting, new Date()))!;
    const list = caseListDigest([...(await record.caseList(grant.caseId))!.authorizations].sort());
    const at = addSeconds(grant.askedAt, 1);
    const said = JSON.stringify({
      type: 'webauthn.get',
      challenge: '',
      origin: 'https://x.example',
    });
    const agreement = {
      ...agreedGrant(grant, list, 'approver'),
      ...{ id: 'agr_made-up', staffId: desk.bystander, sessionId: session.id },
      ...{ nonce: new Uint8Array(32), means: 'passkey' as const },
      ...{ madeAt: grant.askedAt, endsAt: addSeconds(grant.askedAt, 60), answeredAt: at },
      proof: canonicalize({
        credentialId: Buffer.from(passkey.credential_id).toString('base64url'),
        clientDataJSON: Buffer.from(said).toString('base64url'),
        ...{ authenticatorData: 'AAAA', signature: 'AAAA' },
      }),
    };
    const mac = codeOf(macs, 'staff_agreements', agreement);
    const row = { ...agreement, mac };
    await world.query(
      `INSERT INTO staff_agreements (id, act, subject, digest, staff_id, session_id, nonce, means, made_at, ends_at,
         answered_at, proof, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        ...[row.id, row.act, row.subject, row.digest, row.staffId, row.sessionId],
        ...[Buffer.from(row.nonce), row.means, row.madeAt, row.endsAt, row.answeredAt, row.proof],
        Buffer.from(mac),
      ],
    );
    const approval = {
      ...{ staffId: desk.bystander, sessionId: session.id, role: 'approver' as const, at },
      agreementId: agreement.id,
    };
    await world.query(
      `INSERT INTO grant_approvals (grant_id, staff_id, session_id, role, at, agreement_id, mac)
       VALUES ($1, $2, $3, 'approver', $4, $5, $6)`,
      [
        ...[grant.id, desk.bystander, session.id, at, agreement.id],
        Buffer.from(approvalCode(macs, grant, list, approval)),
      ],
    );
  } finally {
    await db.destroy();
  }
}
