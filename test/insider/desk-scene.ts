import type { ApiInstance } from '../integration/api/api-instance.js';
import { deskPeople, deskPerson } from '../kit/desk-people.js';

/** What the disputes desk has done before the insider comes. */
export interface DeskScene {
  /** About one letter; its evidence was opened once. */
  readonly caseId: string;
  /** Under it the evidence was opened. */
  readonly grant: string;
  /** Entry of the register of that opening. */
  readonly access: string;
  /** Asked for, with one approval: opens nothing. */
  readonly waiting: string;
  /** Opened for nobody's data. */
  readonly quietCase: string;
  readonly officer: string;
  /** Has agreed to nothing of it. */
  readonly bystander: string;
}

/** Two officers, three approvers, a case about one letter, an opening of its evidence. */
export async function playDeskScene(api: ApiInstance, authorization: string): Promise<DeskScene> {
  const people = await deskPeople({
    ...{ databaseUrl: api.databaseUrl, folder: api.folder, clock: { now: () => api.now() } },
  });
  try {
    const person = (role: 'officer' | 'approver') =>
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
    const copy = await done(
      officer.go('POST', `/desk/api/grants/${grant}/copy`, { authorization, right: 'view' }),
    );
    return {
      ...{ caseId, grant, waiting, quietCase, access: copy.headers.get('mandate-access')! },
      ...{ officer: officer.id, bystander: bystander.id },
    };
  } finally {
    await people.close();
  }
}
