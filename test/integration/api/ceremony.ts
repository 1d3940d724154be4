import { codeFromSandbox, subjectClient } from '../../kit/ceremony-client.mjs';
import { authorizationBody, person, type ApiInstance, type Tenant } from './api-instance.js';

/** How far a prepared authorization has gone. */
export const STAGES = [
  'opened',
  'identified',
  'presented',
  'challenged',
  'confirmed',
  'issued',
  'released',
] as const;
export type Stage = (typeof STAGES)[number];

export interface Prepared {
  readonly id: string;
  readonly link: string;
  readonly token: string;
  /** `name=value`, ready for a Cookie header. */
  readonly cookie: string;
  readonly subject: ReturnType<typeof person>;
  /** From the sandbox inbox, once challenged. */
  readonly code?: string;
  /** The code's message as sent. */
  readonly message?: string;
  /** Body of `confirmation` and `attempts`, once confirmed. */
  readonly key?: { publicKey: string; proof: string };
  readonly attemptId?: string;
  readonly signature?: string;
  readonly view: any;
}

/** Ids and phone numbers of persons differ from call to call, so that no daily limit interferes. */
let persons = 100;

/** Requests an authorization and walks it to a stage, by HTTP alone. */
export async function prepare(
  api: ApiInstance,
  tenant: Tenant,
  stage: Stage,
  template = 'for-tests',
): Promise<Prepared> {
  const count = ++persons;
  const subject = person(count);
  const institution = { key: tenant.apiKey, headers: { 'idempotency-key': `prepare-${count}` } };
  const requested = await api.call('POST', '/v1/authorizations', {
    ...institution,
    body: authorizationBody(api, count, template),
  });
  if (requested.status !== 201) throw new Error(requested.text);
  const { id } = requested.json;
  const { json } = await api.call('POST', `/v1/authorizations/${id}/signing-links`, {
    key: tenant.apiKey,
  });
  const link: string = json.url;
  return {
    id,
    link,
    token: link.split('#')[1]!,
    subject,
    ...(await walk(api, link, subject, stage)),
  };
}

async function walk(
  api: ApiInstance,
  link: string,
  subject: ReturnType<typeof person>,
  stage: Stage,
): Promise<Omit<Prepared, 'id' | 'link' | 'token' | 'subject'>> {
  const browser = subjectClient(api.url, { now: api.now });
  let view = await browser.open(link);
  const reached = (): { cookie: string; view: any } => ({ cookie: browser.cookie(), view });
  if (stage === 'opened') return reached();
  view = await browser.identify(subject.idNumber.slice(-6));
  if (stage === 'identified') return reached();
  view = await browser.read(view);
  if (stage === 'presented') return reached();
  view = await browser.challenge();
  const { code, text } = await codeFromSandbox(api.url, subject.phone, view.challenge.checkCode);
  const message = { code, message: text };
  if (stage === 'challenged') return { ...reached(), ...message };
  view = await browser.confirm(view, code);
  const key = await browser.proven(view.challenge);
  if (stage === 'confirmed') return { ...reached(), ...message, key };
  const signed = await browser.sign(view);
  if (stage === 'issued') return { ...reached(), ...message, key, ...signed };
  view = await browser.complete(signed);
  for (let round = 0; view.step !== 'done' && round < 100; round++) {
    await new Promise((done) => setTimeout(done, 100));
    view = await browser.view();
  }
  return { ...reached(), ...message, key, ...signed };
}
