import type { ApiInstance } from '../integration/api/api-instance.js';
import { untilSettled } from '../integration/api/settled-seed.js';
import { until } from '../kit/until.js';
import { deskPeople, deskPerson } from '../kit/desk-people.js';

/** What the disputes desk has done before the insider comes. */
export interface DeskScene {
  /** About one letter; its evidence was opened once. */
  readonly caseId: string;
  /** Under it the evidence was opened. */
  readonly grant: string;
  /** Entry of the register of that opening. */
  readonly access: string;
  /** Made and done, under the grant and before that opening. */
  readonly report: string;
  /** Asked for, with one approval: opens nothing. */
  readonly waiting: string;
  /** Opened for nobody's data. */
  readonly quietCase: string;
  readonly officer: string;
  /** Has agreed to nothing of it. */
  readonly bystander: string;
  /** Agreed to, then taken back. */
  readonly takenBack: string;
  /** Over. */
  readonly closedCase: string;
  /** An approver no more. */
  readonly former: string;
  /** Drawn. */
  readonly sample: string;
}

/** Two officers, three approvers, a case about one letter, an opening of its evidence. */
export async function playDeskScene(api: ApiInstance, authorization: string): Promise<DeskScene> {
  const people = await deskPeople({
    ...{ databaseUrl: api.databaseUrl, folder: api.folder, clock: { now: () => api.now() } },
  });
  try {
    const person = (role: 'officer' | 'approver' | 'auditor') =>
      deskPerson({ deskUrl: api.deskUrl, people }, [role]);
    const [officer, taker] = [await person('officer'), await person('officer')];
    const [one, two, bystander] = [
      await person('approver'),
      await person('approver'),
      await person('approver'),
    ];
    const done = async (call: ReturnType<typeof officer.go>) => {
      const answer = await call;
      if (answer.status >= 300) throw new Error(JSON.stringify(answer.json));
      return answer;
    };
    const texts = {
      standing: '本人',
      legalBasis: '征信业管理条例 25',
      scope: '签署过程',
      note: 'x',
    };
    const open = async () => {
      const asked = { kind: 'internal-review', authorizations: [authorization], texts };
      const { json } = await done(officer.go('POST', '/desk/api/cases', asked));
      return json.id as string;
    };
    const [caseId, quietCase] = [await open(), await open()];
    const at = `/desk/api/cases/${caseId}`;
    await done(taker.go('POST', `${at}/steps`, { to: 'accepted', version: 1, texts }));
    const ask = async () => {
      const asked = {
        legalBasis: 'x',
        reason: 'y',
        rights: ['view'],
        hours: 24,
        breakGlass: false,
      };
      return (await done(officer.go('POST', `${at}/grants`, asked))).json.id as string;
    };
    const [grant, waiting] = [await ask(), await ask()];
    for (const { agree } of [one, two]) await done(agree(grant));
    await done(one.agree(waiting));
    const report = await madeReport(officer, caseId, { grant, authorization });
    const copy = await done(
      officer.go('POST', `/desk/api/grants/${grant}/copy`, { authorization, right: 'view' }),
    );
    const takenBack = await ask();
    for (const { agree } of [one, two]) await done(agree(takenBack));
    await done(two.go('DELETE', `/desk/api/grants/${takenBack}`));
    const closedCase = await open();
    for (const [i, to] of ['accepted', 'closed'].entries()) {
      const said = { to, version: i + 1, texts: { ...texts, decision: 'x' } };
      await done(taker.go('POST', `/desk/api/cases/${closedCase}/steps`, said));
    }
    const former = await person('approver');
    await people.accounts.endRole({
      ...{ staffId: former.id, role: 'approver', by: 'head', at: api.now() },
    });
    const sample = await drawnSample(api, await person('auditor'));
    return {
      ...{ report, takenBack, closedCase, former: former.id, sample },
      ...{ caseId, grant, waiting, quietCase, access: copy.headers.get('mandate-access')! },
      ...{ officer: officer.id, bystander: bystander.id },
    };
  } finally {
    await people.close();
  }
}

async function madeReport(
  { go }: Awaited<ReturnType<typeof deskPerson>>,
  caseId: string,
  { grant, authorization }: { readonly grant: string; readonly authorization: string },
): Promise<string> {
  const asked = { grant, authorizations: [authorization], languages: ['zh'], depth: 'short' };
  const ordered = await go('POST', `/desk/api/cases/${caseId}/report-jobs`, asked);
  if (ordered.status !== 201) throw new Error(JSON.stringify(ordered.json));
  let report: string | null = null;
  const look = async (): Promise<boolean> => {
    const { json } = await go('GET', `/desk/api/report-jobs/${ordered.json.id}`);
    if (json.state === 'done') report = json.items[0].report;
    return report !== null;
  };
  // Drawing is a process of its own, and the machine may be busy.
  for (let round = 0; round < 8 && !report; round++) await until(look).catch(() => undefined);
  if (!report) throw new Error('no report was made');
  return report;
}

async function drawnSample(
  api: ApiInstance,
  { go }: Awaited<ReturnType<typeof deskPerson>>,
): Promise<string> {
  const to = new Date(api.now().getTime() - 1000);
  const from = new Date(to.getTime() - 86_400_000);
  const asked = { kind: 'authorizations', from, to, wanted: 2 };
  const { id } = (await go('POST', '/desk/api/samples', asked)).json;
  await untilSettled(async (path) => (await go('GET', path)).json, id);
  const { status, json } = await go('POST', `/desk/api/samples/${id}/drawing`);
  if (status !== 200) throw new Error(JSON.stringify(json));
  return id;
}
