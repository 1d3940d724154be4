import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rewritePng } from '@mandate/adapters';
import {
  addSeconds,
  newId,
  sha256Hex,
  systemClock,
  systemRandom,
  toBase64Url,
  toUtcSeconds,
  type StaffRole,
} from '@mandate/core';
import { LOGO_LIMITS } from '@mandate/store';
import {
  createApiKey,
  publishedTemplate,
  registerParties,
  sampleInstitution,
  startAll,
} from '@mandate/all';
import { createLog, createShutdown, loadConfig } from '@mandate/runtime';
import { creditReportingTemplate, creditReportTemplate, type TemplateBody } from '@mandate/terms';
import type { TrustAnchors } from '@mandate/verify';
import { deskPeople } from '../kit/desk-people.js';
import { startTestPostgres } from '../kit/postgres.js';

export interface Subject {
  readonly name: string;
  readonly idNumber: string;
  readonly phone: string;
}

export interface Requested {
  readonly id: string;
  readonly link: string;
  readonly subject: Subject;
}

/** The sample without its reading time, as it is and with what else a template may ask for. */
const TEMPLATES = {
  'without-reading-time': creditReportTemplate,
  /** Something to accept or refuse, and the code by telephone as well. */
  'with-choices': {
    ...creditReportTemplate,
    policy: { ...creditReportTemplate.policy, voice: true },
    items: creditReportTemplate.items.map((item) =>
      item.code === 'query-records' ? { ...item, necessary: false } : item,
    ),
    recipients: [
      {
        name: { zh: '示例担保有限公司', en: 'Sample Guarantee Co., Ltd.' },
        creditCode: '91100000100003962T',
        purpose: { zh: '为这笔贷款提供担保前的审查', en: 'Review before it guarantees this loan' },
      },
    ],
  },
  /** A recipient without which the letter has no sense. */
  'necessary-recipient': {
    ...creditReportingTemplate,
    limits: { ...creditReportingTemplate.limits, uses: { kinds: ['count'], maximum: 1 } },
  },
  /** Another letter of the same sitting, by another title. */
  'second-letter': {
    ...creditReportTemplate,
    title: { zh: '贷后管理查询授权书', en: 'Authorization for loan follow-up' },
  },
  /** The subjects of these tests are older than that. */
  'with-pause': {
    ...creditReportTemplate,
    policy: { ...creditReportTemplate.policy, pause: { fromAge: 30, minutes: 10 } },
  },
  'with-passkey': {
    ...creditReportTemplate,
    policy: { ...creditReportTemplate.policy, measures: ['sms-code', 'passkey'] },
  },
  'passkey-alone': {
    ...creditReportTemplate,
    policy: { ...creditReportTemplate.policy, measures: ['passkey'] },
  },
  /** Who the subject is, is asked first; the providers are simulated. */
  'with-identity': {
    ...creditReportTemplate,
    policy: { ...creditReportTemplate.policy, identity: 'cn-credit' },
  },
  /** Never in a frame. */
  'full-page-only': {
    ...creditReportTemplate,
    policy: { ...creditReportTemplate.policy, topLevelOnly: true },
  },
} satisfies Record<string, TemplateBody>;
export type TemplateName = keyof typeof TEMPLATES;

/** Several letters for one sitting. */
export interface RequestedSet {
  readonly id: string;
  readonly ids: readonly string[];
  readonly link: string;
  readonly subject: Subject;
}

/** A small picture, wider than high. */
const LOGO =
  'iVBORw0KGgoAAAANSUhEUgAAADwAAAAUCAIAAABeYcl+AAAANklEQVR42mOQqbEhG/0fIMAw6uhRR486etTRo44e1GjU0aOOppWjR0uPUUePOnrU0aOOpjkAAGjCSMh8OcW3AAAAAElFTkSuQmCC';

export interface StartedService {
  readonly url: string;
  /** Origin of the disputes desk. */
  readonly deskUrl: string;
  /** Opens an account at the desk, with these roles; the link sets it up, once. */
  invite(person: {
    name: string;
    roles: readonly StaffRole[];
    /** Works for the sample institution, or for one that has nothing here; else for the operator. */
    of?: 'sample' | 'another';
  }): Promise<{ id: string; link: string }>;
  /** The service's clock goes on by this many hours, at once. */
  passHours(hours: number): void;
  /** Closes an account of the desk, as for somebody who leaves. */
  dismiss(staffId: string): Promise<void>;
  /** Gives the institution a logo; returns its digest. */
  setLogo(): Promise<string>;
  /** A new authorization for a new subject. `reading` keeps the sample's reading time. */
  request(options?: {
    language?: 'zh' | 'en';
    name?: string;
    reading?: boolean;
    /** Another of `TEMPLATES`. */
    template?: TemplateName;
    /** Somebody who has had a letter before. */
    subject?: Subject;
  }): Promise<Requested>;
  /** A signing set for a new subject, one letter by each template; `optional` ones as named. */
  requestSet(options: {
    templates: readonly TemplateName[];
    optional?: readonly TemplateName[];
    language?: 'zh' | 'en';
  }): Promise<RequestedSet>;
  stateOf(id: string): Promise<string>;
  /** Any call of the institution's; a body makes it a POST. */
  asInstitution(path: string, body?: unknown): Promise<Response>;
  /** A signing ticket, as the institution's server asks for it. */
  ticket(
    id: string,
    ways: { origins: readonly string[]; returnUrl?: string; state?: string },
  ): Promise<{ ticket: string; url: string }>;
  /** What the operator allows the institution to name. */
  allow(kind: 'origin' | 'scheme', value: string): Promise<void>;
  /** The signed letter as the institution gets it. */
  signedLetter(id: string): Promise<Uint8Array>;
  /** The evidence bundle, likewise. */
  bundle(id: string): Promise<Uint8Array>;
  /** The text of the newest message to this phone; waits for one beyond the first `seen`. */
  message(phone: string, seen?: number): Promise<string>;
  /** What a verifier who trusts this installation believes. */
  anchors(): Promise<TrustAnchors>;
  /** The same as a folder, for the command. */
  readonly trustFolder: string;
  stop(): Promise<void>;
}

/** The real service of `services/all` on a fresh database, spoken to over HTTP alone. */
export async function startService(
  env: Readonly<Record<string, string>> = {},
): Promise<StartedService> {
  const postgres = await startTestPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'mandate-browser-'));
  await chmod(folder, 0o711);
  let ahead = 0;
  const clock = { now: () => new Date(Date.now() + ahead) };
  const log = createLog({ service: 'all', level: 'fatal' });
  const shutdown = createShutdown(log, { on: () => undefined, exit: () => undefined });
  const config = loadConfig('all', {
    NODE_ENV: 'test',
    PORT: '0',
    DATA_DIR: folder,
    DATABASE_URL: postgres.url,
    LOG_LEVEL: 'fatal',
    ...env,
  });
  const {
    publicUrl: url,
    deskUrl,
    parts,
    administration,
  } = await startAll(config, {
    ...{ log, shutdown, clock },
  });
  const deps = { clock: systemClock, random: systemRandom, administration, record: parts.record };
  const people = await deskPeople({ databaseUrl: postgres.url, folder, clock });
  const institution = await sampleInstitution(deps);
  const apiKey = await createApiKey(deps, institution.id, 'browser tests');

  const call = async (path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(`${url}${path}`, {
      headers: {
        Authorization: `Bearer ${apiKey}`,
        ...(body === undefined
          ? {}
          : { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }),
      },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const publish = async (body: TemplateBody): Promise<void> => {
    await registerParties(deps, body);
    await publishedTemplate(deps, institution.id, body);
  };
  await publish(creditReportTemplate);
  for (const [name, template] of Object.entries(TEMPLATES)) {
    const policy = { ...template.policy, minimumReadingSeconds: 0 };
    await publish({ ...template, name, policy });
  }

  let other: string | undefined;
  /** An institution that has nothing here. */
  const another = async (): Promise<string> => {
    if (other) return other;
    other = newId('institution', systemClock, systemRandom);
    const named = {
      name: '别家小额贷款有限公司',
      contact: '400-000-0009',
      complaints: '400-000-0009',
    };
    const row = { ...institution, ...named, id: other, creditCode: '91110000100003962T' };
    await administration.createInstitution({ ...row, at: systemClock.now() });
    return other;
  };

  let count = 0;
  return {
    url,
    request: async ({
      language = 'zh',
      name = '王䶮',
      reading = false,
      template,
      subject: known,
    } = {}) => {
      const subject = known ?? { ...newSubject(++count), name };
      const authorization = await call('/v1/authorizations', {
        template: template ?? (reading ? creditReportTemplate.name : 'without-reading-time'),
        businessReference: `TEST-${count}`,
        language,
        subject: { ...subject, idType: 'cn-resident-id' },
        end: { kind: 'date', at: toUtcSeconds(addSeconds(systemClock.now(), 30 * 86_400)) },
      });
      const { id } = (await authorization.json()) as { id: string };
      const way = await call(`/v1/authorizations/${id}/signing-links`, {});
      return { id, subject, link: ((await way.json()) as { url: string }).url };
    },
    asInstitution: call,
    deskUrl,
    invite: async ({ name, roles, of }) => {
      const institutionId =
        of === 'another' ? await another() : of === 'sample' ? institution.id : null;
      const id = await people.account(roles, { name, institutionId });
      const secret = toBase64Url(await people.invite(id));
      return { id, link: `${deskUrl}/desk/invitation#${secret}` };
    },
    passHours: (hours) => {
      ahead += hours * 3_600_000;
    },
    dismiss: async (staffId) => {
      const at = clock.now();
      await people.accounts.closeStaff({ staffId, by: 'head', undertaking: 'HR-2', at });
    },
    requestSet: async ({ templates, optional = [], language = 'zh' }) => {
      const subject = { ...newSubject(++count), name: '王䶮' };
      const end = toUtcSeconds(addSeconds(systemClock.now(), 30 * 86_400));
      const made = await call('/v1/signing-sets', {
        authorizations: templates.map((template, i) => ({
          template,
          businessReference: `SET-${count}-${i + 1}`,
          language,
          subject: { ...subject, idType: 'cn-resident-id' },
          end: { kind: 'date', at: end },
          ...(optional.includes(template) ? { optional: true } : {}),
        })),
      });
      const set = (await made.json()) as { id: string; authorizations: { id: string }[] };
      const way = await call(`/v1/signing-sets/${set.id}/signing-links`, {});
      const { url: link } = (await way.json()) as { url: string };
      return { id: set.id, ids: set.authorizations.map(({ id }) => id), link, subject };
    },
    stateOf: async (id) =>
      ((await (await call(`/v1/authorizations/${id}`)).json()) as { state: string }).state,
    ticket: async (id, ways) =>
      (await call(`/v1/authorizations/${id}/signing-tickets`, ways)).json() as never,
    allow: async (kind, value) => {
      const way = { institutionId: institution.id, kind, value };
      await administration.allowWayIn({ ...way, at: systemClock.now() });
    },
    setLogo: async () => {
      const made = rewritePng(Buffer.from(LOGO, 'base64'), LOGO_LIMITS);
      const digest = sha256Hex(made.image);
      const at = systemClock.now();
      await administration.setLogo({ ...made, digest, institutionId: institution.id, at });
      return digest;
    },
    signedLetter: async (id) =>
      new Uint8Array(await (await call(`/v1/authorizations/${id}/letter`)).arrayBuffer()),
    bundle: async (id) =>
      new Uint8Array(await (await call(`/v1/authorizations/${id}/bundle`)).arrayBuffer()),
    message: async (phone, seen = 0) => {
      for (let round = 0; round < 150; round++) {
        const response = await fetch(`${url}/sandbox/sms.json?phone=${phone}`);
        const messages = (await response.json()) as { text: string }[];
        if (messages.length > seen) return messages[0]!.text;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error('no message came');
    },
    anchors: () => parts.authority.ca.anchors({}),
    trustFolder: config.trustFolder,
    stop: async () => {
      await people.close();
      await shutdown.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A made-up person; the ID number's check digit is right (GB 11643). */
function newSubject(count: number): Omit<Subject, 'name'> {
  const body = `11010519900307${String(count).padStart(3, '0')}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(body[i]), 0);
  return {
    idNumber: body + '10X98765432'[sum % 11]!,
    phone: `138${String(count).padStart(8, '0')}`,
  };
}
