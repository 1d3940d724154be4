import type { deskPerson } from '../../kit/desk-people.js';
import { authorizationBody, person, type ApiInstance, type Tenant } from './api-instance.js';
import { prepare } from './ceremony.js';

type Staff = Awaited<ReturnType<typeof deskPerson>>;
let persons = 500;

/** A letter that waits for its subject, another person's each time, under a phone number of their own or this one. */
export async function requestLetter(api: ApiInstance, tenant: Tenant, phone?: string) {
  const count = ++persons;
  const body = authorizationBody(api, count);
  const subject = { ...person(count), ...(phone ? { phone } : {}) };
  const headers = { 'idempotency-key': `desk-${count}` };
  const answer = await api.call('POST', '/v1/authorizations', {
    ...{ key: tenant.apiKey, headers, body: { ...body, subject } },
  });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.json as { id: string };
}

/** A letter that was released and used once, and what a desk does with it. */
export async function usedLetter(api: ApiInstance, tenant: Tenant) {
  const made = await prepare(api, tenant, 'released');
  const use = await api.call('POST', `/v1/authorizations/${made.id}/redemptions`, {
    key: tenant.apiKey,
    headers: { 'idempotency-key': `use-${made.id}` },
    body: {
      ...{ purpose: 'loan-approval', source: { creditCode: '91110000MA00DEM01M' } },
      ...{ items: ['basic-information'], operator: { id: 'clerk-7' } },
    },
  });
  if (use.status !== 201) throw new Error(use.text);
  const { json } = await api.call('GET', `/v1/authorizations/${made.id}`, { key: tenant.apiKey });
  return {
    ...{ id: made.id, subject: made.subject },
    letterNumber: json.letterNumber as string,
    businessReference: json.businessReference as string,
    lookupCode: /[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){3}/.exec(JSON.stringify(made.view))![0],
  };
}

/** A case about one letter, accepted by somebody else than who opened it. */
export async function acceptedCase(letter: { id: string }, by: Staff, second: Staff) {
  const opened = await by.go('POST', '/desk/api/cases', {
    ...{ kind: 'consumer-complaint', authorizations: [letter.id] },
  });
  if (opened.status !== 201) throw new Error(JSON.stringify(opened.json));
  const { id, number, version } = opened.json as { id: string; number: string; version: number };
  const stepped = await second.go('POST', `/desk/api/cases/${id}/steps`, {
    ...{
      to: 'accepted',
      version,
      texts: { standing: 'the subject', legalBasis: '征信业管理条例 25', scope: 'all' },
    },
  });
  if (stepped.status !== 200) throw new Error(JSON.stringify(stepped.json));
  return { id, number };
}
