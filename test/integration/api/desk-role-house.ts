import { STAFF_ROLES, type AgreementAsked, type StaffRole } from '@mandate/core';
import { deskPeople, deskPerson, type DeskPeople } from '../../kit/desk-people.js';
import { until } from '../../kit/until.js';
import { startApi, templateBody, type Tenant } from './api-instance.js';
import { prepare } from './ceremony.js';
import { acceptedCase, usedLetter } from './desk-letters.js';
import { untilSettled } from './settled-seed.js';

/** Of the operator (all institutions), of the institution whose things are asked for, of another institution. */
export const PLACES = ['operator', 'own', 'other'] as const;
export type Place = (typeof PLACES)[number];
export type Staff = Awaited<ReturnType<typeof deskPerson>>;
export interface Who extends Staff {
  readonly role: StaffRole;
  readonly place: Place;
}

/** Institutions have no custodians and operators of their own. */
export const rolesAt = (place: Place): readonly StaffRole[] =>
  place === 'operator'
    ? STAFF_ROLES
    : STAFF_ROLES.filter((role) => role !== 'custodian' && role !== 'operator');

const SOURCE = '91110000MA00DEM01M';

async function must(answer: Promise<{ status: number; json: any }>): Promise<any> {
  const { status, json } = await answer;
  if (status >= 300) throw new Error(JSON.stringify(json));
  return json;
}

/** Made at the first call, and the same at every other one. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** Reports are drawn in processes of their own: two minutes, on a machine that is busy. */
async function patiently<T>(ask: () => Promise<T | undefined | false | null>): Promise<T> {
  for (let round = 0; round < 7; round++) {
    const found = await until(ask).catch((error: Error) => {
      if (error.message !== 'waited in vain') throw error;
      return null;
    });
    if (found) return found;
  }
  throw new Error('waited for two minutes');
}

/** One service with one of everything at the desk, of one institution, and somebody of every role at every place. */
export async function deskHouse() {
  const api = await startApi();
  const clock = { now: () => api.now() };
  const people: DeskPeople = await deskPeople({
    ...{ databaseUrl: api.databaseUrl, folder: api.folder, clock },
  });
  const [tenant, other]: [Tenant, Tenant] = [await api.tenant(), await api.tenant()];
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template' },
    body: templateBody(),
  });
  const institutions = { operator: null, own: tenant.id, other: other.id };
  const everybody: Who[] = [];
  for (const place of PLACES)
    for (const role of rolesAt(place)) {
      const choices = { institutionId: institutions[place] };
      const made = await deskPerson({ deskUrl: api.deskUrl, people }, [role], choices);
      everybody.push({ ...made, role, place });
    }
  const the = (role: StaffRole, place: Place = 'operator'): Who =>
    everybody.find((it) => it.role === role && it.place === place)!;
  const officer = the('officer');
  const approvers = [the('approver'), the('approver', 'own')];
  const author = the('template-author');

  const letter = await usedLetter(api, tenant);
  const { id: caseId, number: caseNumber } = await acceptedCase(letter, officer, approvers[0]!);
  const askGrant = async (): Promise<string> =>
    (
      await must(
        officer.go('POST', `/desk/api/cases/${caseId}/grants`, {
          ...{ legalBasis: '征信业管理条例 25', reason: 'complaint 12', hours: 72 },
          ...{ rights: ['view', 'download', 'print'], breakGlass: false },
        }),
      )
    ).id;
  const inDays = (days: number): string =>
    new Date(api.now().getTime() + days * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
  const askSeal = async (): Promise<string> =>
    (
      await must(
        officer.go('POST', `/desk/api/cases/${caseId}/seals`, {
          ...{ legalBasis: 'court order 7', until: inDays(30) },
        }),
      )
    ).id;
  const at = `?institution=${tenant.id}`;
  let templates = 0;
  /** Not published yet; each under a name of its own. */
  const draft = async (by: Who = author): Promise<{ id: string; digest: string; body: object }> => {
    const body = { ...templateBody(), name: `matrix-${++templates}` };
    const made = await must(by.go('POST', `/desk/api/templates${at}`, { body }));
    return { id: made.id, digest: made.digest, body };
  };
  const submitted = async () => {
    const made = await draft();
    await must(
      author.go('POST', `/desk/api/templates/${made.id}/versions/1/submission${at}`, {
        assessment: 'PIA-1',
      }),
    );
    return made;
  };
  /** What somebody says who approves version 1. */
  const approvalOf = ({ id, digest }: { id: string; digest: string }): AgreementAsked => ({
    ...{ act: 'template', institutionId: tenant.id, template: id, version: 1, digest },
    waivers: [],
  });
  const published = async () => {
    const made = await submitted();
    const asked = approvalOf(made);
    const path = `/desk/api/templates/${made.id}/versions/1/approval${at}`;
    await must(the('template-approver').agree(made.id, asked, path, { digest: made.digest }));
    return made;
  };
  const run = async (): Promise<string> =>
    (
      await must(
        the('auditor').go('POST', '/desk/api/reconciliations', {
          ...{ institution: tenant.id, source: SOURCE, from: inDays(-1), to: inDays(1) },
        }),
      )
    ).id;
  const fixed = async (): Promise<string> =>
    (
      await must(
        the('auditor').go('POST', '/desk/api/samples', {
          ...{ institution: tenant.id, kind: 'redemptions', from: inDays(-2), to: inDays(-0.0001) },
          wanted: 1,
        }),
      )
    ).id;

  const settled = async (): Promise<string> => {
    const id = await fixed();
    await untilSettled((path) => must(the('auditor').go('GET', path)), id);
    return id;
  };

  const drawn = async (): Promise<string> => {
    const id = await settled();
    await must(the('auditor').go('POST', `/desk/api/samples/${id}/drawing`));
    return id;
  };

  const grant = await askGrant();
  for (const { agree } of approvers) await must(agree(grant));
  // What takes time is made when it is first asked for.
  const job = once(
    async (): Promise<string> =>
      (
        await must(
          officer.go('POST', `/desk/api/cases/${caseId}/report-jobs`, {
            ...{ grant, languages: ['zh'], depth: 'short' },
          }),
        )
      ).id,
  );
  const report = once(async (): Promise<string> => {
    const ordered = await job();
    return patiently(async () => {
      api.advance(1);
      const found = await must(officer.go('GET', `/desk/api/report-jobs/${ordered}`));
      if (found.state === 'stopped') throw new Error(JSON.stringify(found));
      return found.state === 'done' && found.items[0].report;
    });
  });
  const disputed = once(async (): Promise<string> => {
    const held = await prepare(api, tenant, 'released');
    const hold = await api.call('POST', `/v1/authorizations/${held.id}/holds`, {
      key: tenant.apiKey,
      headers: { 'idempotency-key': 'hold-of-the-matrix' },
      body: { proof: { kind: 'paper', ref: 'L-1' } },
    });
    if (hold.status >= 300) throw new Error(hold.text);
    return patiently(async () => {
      const { items } = await must(officer.go('GET', '/desk/api/cases'));
      return items.find((row: { dispute: string | null }) => row.dispute === hold.json.hold)?.id;
    });
  });

  return {
    ...{ api, people, tenant, other, everybody, the, letter, caseId, caseNumber, disputed },
    ...{ grant, job, report, inDays, source: SOURCE, at, drawn },
    ...{ askGrant, askSeal, draft, submitted, approvalOf, published, run, fixed, settled },
    /** What nobody of another institution may be shown. */
    secrets: [caseId, letter.id, letter.letterNumber, tenant.id, grant],
    stop: async () => {
      await people.close();
      await api.stop();
    },
  };
}
export type DeskHouse = Awaited<ReturnType<typeof deskHouse>>;
