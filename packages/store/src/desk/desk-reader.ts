import { fromHex, type GrantRight } from '@mandate/core';
import type {
  DeskCaseRows,
  DeskFactRows,
  DeskOpeningRows,
  DeskSessionRow,
  GrantApprovalRow,
  GrantRow,
  DeskTemplateRows,
  DeskWordRow,
  HoldVoteRow,
  LaterWaiver,
  OrderRow,
  ProposedOutcome,
  RecordReader,
  TemplateVoteRow,
} from '@mandate/ceremony';
import { sql } from 'kysely';
import { AGREEMENT_COLUMNS, keptAgreements } from './agreement-rows.js';
import { SEAL_COLUMNS } from './case-rows.js';
import type { Tx } from '../connect.js';
import { reportReader } from './report-reader.js';
import { sinceThen } from './rule-start.js';
import { samplePopulation } from './sample-rows.js';
import { streamed } from '../streamed.js';

/** JSON of a row: moments as text, bytes as hex. */
type Told<T> = {
  [K in keyof T]: T[K] extends Date | Uint8Array ? string : T[K];
};

type ToldGrant = Told<GrantRow> & { rights: GrantRight[] };
type ToldApproval = Told<GrantApprovalRow>;
type ToldOrder = Told<OrderRow> & { authorizations: string[] };

/** Of grant `g`, its approvals, and order `o`. */
const GRANT = sql`jsonb_build_object('id', g.id, 'caseId', g.case_id, 'requester', g.requester,
  'sessionId', g.session_id, 'legalBasis', g.legal_basis, 'reason', g.reason, 'rights', to_jsonb(g.rights),
  'breakGlass', g.break_glass, 'askedAt', g.asked_at, 'hours', g.hours)`;
const APPROVALS = sql`(SELECT coalesce(jsonb_agg(jsonb_build_object('staffId', p.staff_id, 'sessionId', p.session_id,
    'role', p.role, 'at', p.at, 'agreementId', p.agreement_id, 'mac', encode(p.mac, 'hex'))), '[]'::jsonb)
  FROM grant_approvals p WHERE p.grant_id = g.id)`;
const ORDER = sql`jsonb_build_object('id', o.id, 'grantId', o.grant_id, 'requester', o.requester,
  'sessionId', o.session_id, 'openedFor', o.opened_for, 'madeAt', o.made_at, 'mac', encode(o.mac, 'hex'),
  'authorizations', (SELECT coalesce(jsonb_agg(n.authorization_id), '[]'::jsonb)
                     FROM desk_order_authorizations n WHERE n.order_id = o.id))`;

const grantOf = (told: ToldGrant): GrantRow => ({ ...told, askedAt: new Date(told.askedAt) });
const approvalOf = (told: ToldApproval): GrantApprovalRow => ({
  ...{ ...told, at: new Date(told.at), mac: fromHex(told.mac) },
});
const orderOf = (told: ToldOrder) => ({
  ...{ ...told, madeAt: new Date(told.madeAt), mac: fromHex(told.mac) },
});

/** Cases, openings and seals as the doctor reads them, row by row. */
export const deskReader = (
  tx: Tx,
): Pick<
  RecordReader,
  | 'deskCases'
  | 'deskOpenings'
  | 'deskReports'
  | 'deskGrants'
  | 'deskChanges'
  | 'deskSessions'
  | 'deskWords'
  | 'deskSeals'
  | 'deskTemplates'
  | 'deskDisputes'
  | 'deskAgreements'
  | 'agreementsSince'
  | 'misdated'
  | 'deskFacts'
> => ({
  deskCases: async function* () {
    const rows = streamed<
      Omit<DeskCaseRows, 'events'> & {
        events: readonly Told<DeskCaseRows['events'][number]>[];
      }
    >(
      tx,
      'cases',
      sql`SELECT c.id, c.institution_id, c.opened_by, c.received_at, c.due_at, c.step, c.version, c.head,
          ARRAY(SELECT a.authorization_id FROM case_authorizations a WHERE a.case_id = c.id
                ORDER BY a.authorization_id COLLATE "C") AS authorizations,
          (SELECT coalesce(jsonb_agg(jsonb_build_object('version', e.version, 'body', e.body, 'digest', e.digest,
              'mac', encode(e.mac, 'hex'), 'box', encode(sha256(b.box), 'hex')) ORDER BY e.version), '[]'::jsonb)
           FROM case_events e LEFT JOIN case_boxes b ON b.case_id = e.case_id AND b.version = e.version
           WHERE e.case_id = c.id) AS events
        FROM cases c ORDER BY c.id`,
    );
    for await (const { events, ...row } of rows)
      yield { ...row, events: events.map((event) => ({ ...event, mac: fromHex(event.mac) })) };
  },

  deskOpenings: async function* () {
    const rows = streamed<{
      id: string;
      digest: string;
      letter: string;
      institutionId: string;
      said: DeskOpeningRows['said'];
      ofCase: boolean;
      revokedAt: Date | null;
      overAt: Date | null;
      grant: ToldGrant | null;
      approvals: readonly ToldApproval[];
      order: ToldOrder | null;
    }>(
      tx,
      'openings',
      sql`SELECT x.id, x.digest, a.letter_digest AS letter, a.institution_id, x.body::jsonb AS said,
          EXISTS (SELECT 1 FROM case_authorizations c WHERE c.case_id = g.case_id
                  AND c.authorization_id = x.authorization_id) AS of_case,
          g.revoked_at, (SELECT min((e.body::jsonb->>'at')::timestamptz) FROM case_events e
                         WHERE e.case_id = g.case_id AND e.body::jsonb->>'step' IN ('closed', 'rejected')) AS over_at,
          CASE WHEN g.id IS NOT NULL THEN ${GRANT} END AS grant, ${APPROVALS} AS approvals,
          CASE WHEN o.id IS NOT NULL THEN ${ORDER} END AS order
        FROM access_entries x JOIN authorizations a ON a.id = x.authorization_id
        LEFT JOIN grants g ON g.id = x.body::jsonb->>'grant'
        LEFT JOIN desk_orders o ON o.id = x.body::jsonb->>'order'
        WHERE x.body LIKE '%"purpose":"case"%' ORDER BY x.id`,
    );
    for await (const { grant, approvals, order, ...row } of rows)
      yield {
        ...row,
        grant: grant && grantOf(grant),
        approvals: approvals.map(approvalOf),
        order: order && orderOf(order),
      };
  },

  deskGrants: async function* () {
    const rows = streamed<{
      grant: ToldGrant;
      authorizations: string[];
      approvals: ToldApproval[];
      orders: ToldOrder[];
    }>(
      tx,
      'grants',
      sql`SELECT ${GRANT} AS grant, ${APPROVALS} AS approvals,
          ARRAY(SELECT a.authorization_id FROM case_authorizations a WHERE a.case_id = g.case_id) AS authorizations,
          (SELECT coalesce(jsonb_agg(${ORDER}), '[]'::jsonb) FROM desk_orders o WHERE o.grant_id = g.id) AS orders
        FROM grants g ORDER BY g.id`,
    );
    for await (const { grant, authorizations, approvals, orders } of rows)
      yield {
        grant: grantOf(grant),
        authorizations: [...authorizations].sort(),
        approvals: approvals.map(approvalOf),
        orders: orders.map(orderOf),
      };
  },

  deskChanges: () =>
    streamed(tx, 'changes', sql`SELECT number, body FROM staff_changes ORDER BY number`),

  deskSessions: () =>
    streamed<DeskSessionRow>(
      tx,
      'sessions',
      sql`SELECT id, staff_id, means, opened_at, ends_at FROM staff_sessions ORDER BY id`,
    ),

  deskWords: () =>
    streamed<DeskWordRow>(
      tx,
      'words',
      sql`SELECT ${sql.join(AGREEMENT_COLUMNS.map((name) => sql.ref(name)))} FROM staff_agreements
        WHERE answered_at IS NOT NULL ORDER BY id`,
    ),

  ...reportReader(tx),

  deskDisputes: async function* () {
    const ended = streamed<ProposedOutcome & { resolvedBy: string; votes: Told<HoldVoteRow>[] }>(
      tx,
      'disputes',
      // What ended before there were votes has none. When that was is a row as well: people who came in say more.
      sql`SELECT h.id, h.outcome, h.proposed_by, h.proposed_at, h.grounds, h.resolved_by,
          (SELECT coalesce(jsonb_agg(jsonb_build_object('holdId', v.hold_id, 'act', v.act, 'outcome', v.outcome,
              'proposal', v.proposal, 'staffId', v.staff_id, 'sessionId', v.session_id, 'at', v.at,
              'agreementId', v.agreement_id, 'mac', encode(v.mac, 'hex'))), '[]'::jsonb)
           FROM hold_votes v WHERE v.hold_id = h.id) AS votes
        FROM holds h
        WHERE EXISTS (SELECT 1 FROM hold_votes v WHERE v.hold_id = h.id) AND h.resolved_at IS NOT NULL
          OR h.resolved_at >= ${sinceThen('0030-desk%', sql`SELECT min(opened_at) FROM staff_sessions`)}
        ORDER BY h.id`,
    );
    for await (const { votes, resolvedBy, ...hold } of ended)
      yield {
        ...{ hold, resolvedBy },
        votes: votes.map((vote) => ({
          ...{ ...vote, at: new Date(vote.at), mac: fromHex(vote.mac) },
        })),
      };
  },

  deskFacts: async function* () {
    const rows = streamed<{
      dedupe: string;
      kind: string;
      id: string;
      number: number | null;
      digest: string | null;
      at: Date | null;
      grant: string | null;
      revokedAt: Date | null;
      revokedBy: string | null;
      over: boolean | null;
      seal: string | null;
      liftedAt: Date | null;
    }>(
      tx,
      'facts',
      sql`SELECT q.dedupe, k.kind, k.id, c.number, coalesce(c.digest, e.digest) AS digest,
          coalesce(c.body::jsonb->>'at', e.body::jsonb->>'at')::timestamptz AS at,
          g.id AS grant, g.revoked_at, g.revoked_by, o.step IN ('closed', 'rejected') AS over,
          l.id AS seal, l.lifted_at
        FROM ledger_queue q
        CROSS JOIN LATERAL (SELECT split_part(q.dedupe, ':', 2) AS kind, split_part(q.dedupe, ':', 3) AS id) k
        LEFT JOIN staff_changes c ON k.kind = 'change' AND c.number::text = k.id
        LEFT JOIN grants g ON k.kind = 'revoked' AND g.id = k.id
        LEFT JOIN cases o ON k.kind = 'ended' AND o.id = k.id
        LEFT JOIN case_events e ON e.case_id = o.id AND e.version = o.version
        LEFT JOIN access_seals l ON k.kind = 'lifted' AND l.id = k.id
        WHERE q.dedupe LIKE 'desk:%' ORDER BY q.id`,
    );
    for await (const { dedupe, kind, id, number, digest, at, grant, ...row } of rows) {
      const { revokedAt, revokedBy, over, seal, liftedAt } = row;
      const revoked = revokedAt && revokedBy ? { at: revokedAt, by: revokedBy } : null;
      const ended = {
        caseId: id,
        over: over === true,
        digest: digest ?? '',
        at: at ?? new Date(0),
      };
      yield {
        dedupe,
        change: number === null ? null : { number, digest: digest!, at: at! },
        grant: grant === null ? null : { id, revoked },
        ended: over === null ? null : ended,
        lifted: seal === null ? null : { id: seal, at: liftedAt },
        sample: kind === 'sample' ? await sampleWith(tx, id) : null,
      };
    }
  },

  deskTemplates: async function* () {
    const rows = streamed<
      Omit<DeskTemplateRows, 'votes' | 'laterWaivers'> & {
        readonly votes: readonly Told<TemplateVoteRow>[];
        readonly laterWaivers: readonly (Omit<LaterWaiver, 'at'> & { readonly at: string })[];
      }
    >(
      tx,
      'templates',
      sql`SELECT v.template_id AS id, v.version, v.digest, v.lint_pack, v.assessment, v.approver, v.published_at,
          v.retired_at, v.retired_by, v.waivers,
          ${sinceThen('0035-%', sql`SELECT min(at) FROM template_votes`)} AS since,
          (SELECT coalesce(jsonb_agg(jsonb_build_object('rule', w.rule, 'path', w.path, 'reason', w.reason,
              'waivedBy', w.waived_by, 'pack', w.pack, 'at', w.at)), '[]'::jsonb)
           FROM template_waivers w WHERE w.template_id = v.template_id AND w.version = v.version) AS later_waivers,
          (SELECT coalesce(jsonb_agg(jsonb_build_object('templateId', x.template_id, 'version', x.version,
              'act', x.act, 'said', x.said, 'staffId', x.staff_id, 'sessionId', x.session_id, 'at', x.at,
              'agreementId', x.agreement_id, 'mac', encode(x.mac, 'hex'))), '[]'::jsonb)
           FROM template_votes x WHERE x.template_id = v.template_id AND x.version = v.version) AS votes
        FROM template_versions v
        WHERE v.approver LIKE 'stf\\_%' OR v.retired_by LIKE 'stf\\_%'
          OR EXISTS (SELECT 1 FROM template_votes x WHERE x.template_id = v.template_id AND x.version = v.version)
          OR EXISTS (SELECT 1 FROM template_waivers w WHERE w.template_id = v.template_id
                     AND w.version = v.version AND w.waived_by LIKE 'stf\\_%')
        ORDER BY v.template_id, v.version`,
    );
    for await (const { votes, laterWaivers, ...row } of rows)
      yield {
        ...row,
        laterWaivers: laterWaivers.map((waiver) => ({ ...waiver, at: new Date(waiver.at) })),
        votes: votes.map((vote) => ({
          ...{ ...vote, at: new Date(vote.at), mac: fromHex(vote.mac) },
        })),
      };
  },

  deskAgreements: (ids) => keptAgreements(tx, ids),

  agreementsSince: async () => {
    const { rows } = await sql<{ since: Date }>`
      SELECT ${sinceThen('0034-%', sql`SELECT min(made_at) FROM staff_agreements`)} AS since`.execute(
      tx,
    );
    return rows[0]!.since;
  },

  misdated: async () => {
    const { rows } = await sql<{ name: string }>`
      SELECT m.name FROM migrations m
      JOIN (SELECT '0030-%' AS pattern, min(opened_at) AS at FROM staff_sessions
            UNION ALL SELECT '0034-%', min(made_at) FROM staff_agreements
            UNION ALL SELECT '0035-%', min(at) FROM template_votes) earliest ON m.name LIKE earliest.pattern
      WHERE m.applied_at > earliest.at + interval '1 minute' ORDER BY m.name`.execute(tx);
    return rows.map(({ name }) => name);
  },

  deskSeals: async function* () {
    yield* await tx
      .selectFrom('accessSeals')
      .select([...SEAL_COLUMNS, 'mac'])
      .execute();
  },
});

/** A sample with the head that settles its seed, what was drawn and from what; null: no such sample. */
async function sampleWith(tx: Tx, id: string): Promise<DeskFactRows['sample']> {
  const row = await tx.selectFrom('samples').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row?.nonce) return null;
  const { rows } = await sql<{ size: number; note: string }>`
    SELECT size, note FROM sample_seed(${id})`.execute(tx);
  const items = await tx
    .selectFrom('sampleItems')
    .select(['ordinal', 'itemId as id', 'authorizationId'])
    .where('sampleId', '=', id)
    .orderBy('ordinal')
    .execute();
  return { row, head: rows[0] ?? null, items, population: () => samplePopulation(tx, row) };
}
