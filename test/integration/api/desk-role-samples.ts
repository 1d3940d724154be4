import { utf8, type AgreementAsked, type StaffRole } from '@mandate/core';
import { NOBODYS } from '../../kit/desk-people.js';
import { templateBody } from './api-instance.js';
import type { DeskHouse, Place, Who } from './desk-role-house.js';

/** One request, with what fills the `{name}`s of the path. */
export interface Sent {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
type At = { readonly role: StaffRole; readonly place: Place };

/**
 * How one route is tried. **A new route of the desk needs one entry in `SAMPLES`** under its method and path, or the
 * test of the matrix fails: `send` makes a request of somebody (`who`) about things of the first institution in the
 * house; ask for a fresh thing (`house.askGrant()` …) where a request uses it up. `answers` says what they get, as
 * `200` or `404 not-found`, only where it is not the rule: who has a role the route declares gets its first documented
 * status, `404 not-found` from another institution; who has none, `403 forbidden`. `lists`: nothing of the institution's
 * is in the answer instead. Then write the table anew: `node scripts/desk-roles.mjs`.
 */
export interface RouteSample {
  send?(house: DeskHouse, who: Who): Sent | Promise<Sent>;
  answers?(at: At): string | undefined;
  readonly lists?: true;
}

const ofCase = (change: object = {}) => ({
  send: (house: DeskHouse) => ({ params: { id: house.caseId }, ...change }),
});
const listing: RouteSample = { lists: true };
const of = (id: (house: DeskHouse, who: Who) => string | Promise<string>, more: object = {}) => ({
  send: async (house: DeskHouse, who: Who) => ({ params: { id: await id(house, who) }, ...more }),
});
/** What only whoever asked for the grant may do with it. */
const requesterOnly = ({ place }: At): string | undefined =>
  place === 'own' ? '403 grant-refused' : undefined;
/** A reconciliation of the operator's auditor: its log is theirs to send in. */
const makerOnly = ({ role, place }: At): string | undefined =>
  place === 'other' || (role === 'auditor' && place === 'operator')
    ? undefined
    : '403 not-its-maker';
/** Breaks glass, and agrees to nothing else. */
const custodianNot = ({ role, place }: At): string | undefined =>
  role === 'custodian' && place !== 'other' ? '403 grant-refused' : undefined;
/** Their own fresh word; where they are not even asked for one, nobody's. */
const wordOf = async (who: Who, asked: AgreementAsked) => (await who.word(asked)).proof ?? NOBODYS;
const onTemplate = (
  make: (house: DeskHouse) => Promise<{ id: string; digest: string; body: object }>,
  body?: (made: { digest: string; body: object }) => object,
  query = '',
): RouteSample => ({
  send: async (house) => {
    const made = await make(house);
    return {
      params: { id: made.id, version: '1' },
      query: `${house.at}${query}`,
      ...(body ? { body: body(made) } : {}),
    };
  },
});
const draft = (house: DeskHouse) => house.draft();
const published = (house: DeskHouse) => house.published();
const byEverybody = ({ place }: At): string | undefined => (place === 'other' ? '200' : undefined);
const doneJob: RouteSample = {
  send: async ({ job, report, grant }) => {
    await report();
    return { params: { id: await job() }, body: { grant } };
  },
};
const TEXTS = { standing: '本人', legalBasis: '征信业管理条例 25', scope: 'all', decision: 'x' };
let names = 0;

export const SAMPLES: Readonly<Record<string, RouteSample>> = {
  'GET /desk/api/session': { answers: byEverybody },
  'DELETE /desk/api/session': { answers: () => '204' },
  'GET /desk/api/institutions': listing,

  'GET /desk/api/people': listing,
  'GET /desk/api/ways-in': listing,
  'GET /desk/api/agreements/own': { answers: byEverybody },
  'GET /desk/api/people/{id}/changes': of(({ the }) => the('officer', 'own').id),

  'GET /desk/api/cases': listing,
  'GET /desk/api/case-kinds': { answers: byEverybody },
  'POST /desk/api/cases': {
    send: ({ letter }) => ({
      body: { kind: 'internal-review', authorizations: [letter.id], texts: {} },
    }),
  },
  'GET /desk/api/cases/{id}': ofCase(),
  'POST /desk/api/cases/{id}/steps': {
    ...ofCase({ body: { to: 'certified', version: 2, texts: TEXTS } }),
    // Approvers accept and reject; what follows is an officer's.
    answers: ({ role, place }) => {
      if (place === 'other') return undefined;
      return role === 'approver' ? '403 forbidden' : '409 illegal-transition';
    },
  },
  'POST /desk/api/cases/{id}/notes': {
    ...ofCase({ body: { type: 'noted', version: 1, texts: { note: 'x' } } }),
    // The case has gone on: nothing is noted where it no longer stands.
    answers: ({ place }) => (place === 'other' ? undefined : '409 version-conflict'),
  },
  'POST /desk/api/cases/{id}/grants': ofCase({
    body: {
      ...{ legalBasis: 'x', reason: 'x', rights: ['view'], hours: 1, breakGlass: false },
    },
  }),
  'GET /desk/api/cases/{id}/grants': ofCase(),
  'GET /desk/api/grants': listing,
  'GET /desk/api/broken-glass': listing,
  'POST /desk/api/grants/{id}/approvals': {
    send: async ({ askGrant }, who) => {
      const id = await askGrant();
      return { params: { id }, body: { proof: await wordOf(who, { act: 'grant', grant: id }) } };
    },
    answers: custodianNot,
  },
  'POST /desk/api/agreements': {
    send: async ({ askGrant }) => ({ body: { act: 'grant', grant: await askGrant() } }),
    // Who approves templates agrees to no grant.
    answers: (at) =>
      custodianNot(at.role === 'template-approver' ? { ...at, role: 'custodian' } : at),
  },
  'DELETE /desk/api/grants/{id}': {
    ...of(({ askGrant }) => askGrant()),
    answers: ({ role, place }) =>
      role === 'officer' && place === 'own' ? '403 forbidden' : undefined,
  },
  'POST /desk/api/grants/{id}/copy': {
    send: ({ grant, letter }) => ({
      ...{ params: { id: grant }, body: { authorization: letter.id, right: 'view' } },
    }),
    answers: requesterOnly,
  },
  'POST /desk/api/grants/{id}/trail': {
    send: ({ grant, letter }) => ({ params: { id: grant }, body: { authorization: letter.id } }),
    answers: requesterOnly,
  },
  'POST /desk/api/grants/{id}/original': {
    send: ({ grant, letter }) => ({
      ...{ params: { id: grant }, body: { authorization: letter.id, of: 'letter' } },
    }),
    answers: requesterOnly,
  },

  'GET /desk/api/cases/{id}/dispute': of(({ disputed }) => disputed()),
  'POST /desk/api/cases/{id}/dispute/proposal': of(({ disputed }) => disputed(), {
    body: { outcome: 'rejected', grounds: 'FILE-7' },
  }),
  'POST /desk/api/cases/{id}/dispute/approval': {
    ...of(({ disputed }) => disputed(), {
      body: { outcome: 'upheld', proposal: '0'.repeat(64), proof: NOBODYS },
    }),
    // Nothing of the kind was proposed; the institution's own people are never the second person.
    answers: ({ place }) =>
      ({ other: undefined, own: '403 grant-refused', operator: '409 guard-refused' })[place],
  },
  'GET /desk/api/waiting': listing,
  'GET /desk/api/cases/{id}/seals': ofCase(),
  'POST /desk/api/cases/{id}/seals': {
    send: ({ caseId, inDays }) => ({
      ...{ params: { id: caseId }, body: { legalBasis: 'court order 7', until: inDays(30) } },
    }),
  },
  'POST /desk/api/seals/{id}/approvals': {
    send: async ({ askSeal }, who) => {
      const id = await askSeal();
      return { params: { id }, body: { proof: await wordOf(who, { act: 'seal', seal: id }) } };
    },
    answers: ({ place }) => (place === 'own' ? '403 grant-refused' : undefined),
  },
  'DELETE /desk/api/seals/{id}': {
    ...of(({ askSeal }) => askSeal()),
    answers: ({ role, place }) =>
      role === 'officer' && place === 'own' ? '403 forbidden' : undefined,
  },

  'POST /desk/api/cases/{id}/report-jobs': {
    send: ({ caseId, grant }) => ({
      ...{ params: { id: caseId }, body: { grant, languages: ['zh'], depth: 'short' } },
    }),
    answers: requesterOnly,
  },
  'GET /desk/api/cases/{id}/report-jobs': ofCase(),
  'GET /desk/api/report-jobs/{id}': of(({ job }) => job()),
  'POST /desk/api/report-jobs/{id}/resumption': {
    ...doneJob,
    // It has come to its end.
    answers: ({ place }) => (place === 'other' ? undefined : '409 illegal-transition'),
  },
  'POST /desk/api/report-jobs/{id}/filing': {
    ...doneJob,
    answers: requesterOnly,
  },
  'POST /desk/api/reports/{id}/file': {
    send: async ({ report, grant }) => ({
      ...{ params: { id: await report() }, body: { grant, name: 'report.json' } },
    }),
    answers: requesterOnly,
  },
  'POST /desk/api/reports/{id}/reading': {
    send: async ({ report, grant }) => ({
      params: { id: await report() },
      body: { grant, language: 'zh' },
    }),
    answers: requesterOnly,
  },
  'POST /desk/api/reports/{id}/run': {
    send: async ({ report, grant }) => ({
      params: { id: await report() },
      body: { grant, facts: 'stored' },
    }),
    answers: requesterOnly,
  },
  'GET /desk/api/authorizations/{id}/reports': of(({ letter }) => letter.id),

  'POST /desk/api/searches': {
    lists: true,
    send: ({ letter }, { role }) => ({
      body: {
        purpose: role === 'auditor' ? 'audit' : 'quality-review',
        criterion: { by: 'letter-number', number: letter.letterNumber },
      },
    }),
  },
  'GET /desk/api/letters/{id}': of(({ letter }) => letter.id),
  'GET /desk/api/register': listing,
  'GET /desk/api/register/print': listing,
  'GET /desk/api/register.csv': listing,
  'GET /desk/api/audit/ledger': listing,
  'GET /desk/api/audit/register': listing,
  'GET /desk/api/audit/anomalies': listing,
  'GET /desk/api/audit/anomalies.csv': listing,

  'GET /desk/api/templates': { send: ({ at }) => ({ query: at }) },
  'GET /desk/api/template-samples': { answers: byEverybody },
  'GET /desk/api/template-form': { answers: byEverybody },
  'POST /desk/api/template-findings': {
    send: () => ({ body: { body: templateBody() } }),
    answers: byEverybody,
  },
  'POST /desk/api/templates': {
    send: ({ at }) => ({
      query: at,
      body: { body: { ...templateBody(), name: `sample-${++names}` } },
    }),
  },
  'POST /desk/api/templates/{id}/versions': {
    send: async (house) => {
      const made = await house.published();
      return { params: { id: made.id }, query: house.at, body: { body: made.body } };
    },
  },
  'GET /desk/api/templates/{id}/versions/{version}': onTemplate(draft),
  'PUT /desk/api/templates/{id}/versions/{version}': onTemplate(draft, ({ digest, body }) => ({
    digest,
    body,
  })),
  'POST /desk/api/templates/{id}/versions/{version}/submission': onTemplate(draft, () => ({})),
  'POST /desk/api/templates/{id}/versions/{version}/approval': {
    send: async (house, who) => {
      const made = await house.submitted();
      const proof = await wordOf(who, house.approvalOf(made));
      const body = { digest: made.digest, proof };
      return { params: { id: made.id, version: '1' }, query: house.at, body };
    },
  },
  'POST /desk/api/templates/{id}/versions/{version}/waivers': {
    ...onTemplate(draft, ({ digest }) => ({
      ...{ rule: 'x', path: '/x', reason: 'x' },
      ...{ digest, proof: NOBODYS },
    })),
    answers: ({ place }) => (place === 'other' ? undefined : '409 template-state'),
  },
  'POST /desk/api/templates/{id}/versions/{version}/retirement': onTemplate(published),
  'GET /desk/api/templates/{id}/versions/{version}/preview': onTemplate(
    draft,
    undefined,
    '&language=zh',
  ),
  'POST /desk/api/templates/{id}/versions/{version}/preview': onTemplate(draft, ({ body }) => ({
    body,
    language: 'en',
  })),
  'GET /desk/api/templates/{id}/differences': {
    send: async (house) => {
      const { id } = await house.draft();
      return { params: { id }, query: `${house.at}&from=1&to=1` };
    },
  },

  'POST /desk/api/reconciliations': {
    send: ({ tenant, source, inDays }) => ({
      body: { institution: tenant.id, source, from: inDays(-1), to: inDays(1) },
    }),
  },
  'GET /desk/api/reconciliations': listing,
  'PUT /desk/api/reconciliations/{id}/log': {
    send: async ({ run, api }) => ({
      params: { id: await run() },
      headers: { 'content-type': 'text/csv' },
      body: utf8(
        `time,query,reference,purpose,operator\r\n${api.now().toISOString()},Q-1,X-1,loan-approval,clerk-7\r\n`,
      ),
    }),
    answers: makerOnly,
  },
  'GET /desk/api/reconciliations/{id}': of(({ run }) => run()),
  'POST /desk/api/reconciliations/{id}/abandonment': {
    ...of(({ run }) => run()),
    answers: makerOnly,
  },
  'GET /desk/api/reconciliations/{id}/findings': of(({ run }) => run()),
  'GET /desk/api/reconciliations/{id}/findings.csv': {
    ...of(({ run }) => run()),
    // Its log has not come yet.
    answers: ({ place }) => (place === 'other' ? undefined : '409 illegal-transition'),
  },

  'POST /desk/api/samples': {
    send: ({ tenant, inDays }) => ({
      body: {
        ...{ institution: tenant.id, kind: 'authorizations', wanted: 1 },
        ...{ from: inDays(-2), to: inDays(-1) },
      },
    }),
  },
  'GET /desk/api/samples': listing,
  'GET /desk/api/samples/{id}/seed': of(({ fixed }) => fixed()),
  'POST /desk/api/samples/{id}/drawing': of(({ settled }) => settled()),
  'GET /desk/api/samples/{id}': of(({ fixed }) => fixed()),
  'GET /desk/api/samples/{id}/verification': of(({ drawn }) => drawn()),
  'POST /desk/api/samples/{id}/findings': {
    ...of(({ fixed }) => fixed(), { body: { ordinal: 1, finding: 'in-order' } }),
    // Nothing is drawn yet.
    answers: ({ place }) => (place === 'other' ? undefined : '404 not-found'),
  },
  'GET /desk/api/samples/{id}/items.csv': of(({ drawn }) => drawn()),
};
