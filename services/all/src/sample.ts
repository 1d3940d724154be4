import {
  addSeconds,
  ALL_SCOPES,
  newId,
  toUtcSeconds,
  type ApiScope,
  type Clock,
  type Random,
} from '@mandate/core';
import {
  createWayIn,
  publishTemplate,
  requestAuthorization,
  type Institution,
  type WebRecord,
  type RegistryEntry,
} from '@mandate/ceremony';
import { makeApiKey, type Administration } from '@mandate/store';
import { canonicalize } from '@mandate/core';
import {
  creditReportTemplate,
  SAMPLE_TEMPLATES,
  templateDigest,
  type TemplateBody,
} from '@mandate/terms';
import { enterDeps, requestDeps, type WebParts } from '@mandate/web';

/** A made-up lender and borrower for trials. The numbers have right check digits and belong to nobody. */
export const SAMPLE_INSTITUTION = {
  name: '禾穗消费金融有限公司',
  creditCode: '91310000MA1FL5E8XC',
  contact: '400-800-1234',
  complaints: '400-800-1235',
} as const;
export const SAMPLE_SUBJECT = {
  name: '王䶮',
  idType: 'cn-resident-id',
  idNumber: '310101199003072313',
  phone: '13800138000',
} as const;

interface SampleDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly administration: Administration;
  readonly record: WebRecord;
}

/** The sample institution, made once. */
export async function sampleInstitution(deps: SampleDeps): Promise<Institution> {
  const known = await deps.administration.listInstitutions();
  const found = known.find(({ creditCode }) => creditCode === SAMPLE_INSTITUTION.creditCode);
  if (found) return found;
  const institution = { id: newId('institution', deps.clock, deps.random), ...SAMPLE_INSTITUTION };
  await deps.administration.createInstitution({ ...institution, at: deps.clock.now() });
  return institution;
}

/** A new API key; its text is returned once and never stored. */
export const createApiKey = async (
  deps: SampleDeps,
  institutionId: string,
  name: string,
  scopes: readonly ApiScope[] = ALL_SCOPES,
): Promise<string> => (await makeApiKey(deps, { institutionId, name, scopes })).text;

/** Registers all that a template names, as reviewed by two made-up people; what is registered stays until it expires. */
export async function registerParties(
  deps: Pick<SampleDeps, 'clock' | 'random' | 'administration'>,
  { sources, recipients, items, purpose }: TemplateBody,
): Promise<void> {
  const { clock, random, administration } = deps;
  const now = clock.now();
  for (const [kind, parties] of [['source', sources] as const, ['recipient', recipients] as const])
    for (const { creditCode, name } of parties) {
      const known = await administration.registryEntries(kind, [creditCode]);
      const registered = (entry: RegistryEntry): boolean =>
        entry.validUntil > now && entry.name === name.zh && entry.nameEn === name.en;
      if (known.some(registered)) continue;
      await administration.registerParty({
        id: newId('registryEntry', clock, random),
        ...{ kind, creditCode, name: name.zh, nameEn: name.en },
        licence: 'SAMPLE-LICENCE',
        originProof: kind === 'source' ? 'SAMPLE-ORIGIN' : null,
        reviewedAt: now,
        reviewBy: addSeconds(now, 365 * 86_400),
        validUntil: addSeconds(now, 365 * 86_400),
        registrar: SAMPLE_AUTHOR,
        approver: SAMPLE_REVIEWER,
        registeredAt: now,
      });
    }
  for (const { creditCode } of sources)
    for (const { code } of items)
      await administration.allowCombination({
        ...{ source: creditCode, item: code, purpose: purpose.code },
        by: SAMPLE_REVIEWER,
        reason: 'SAMPLE',
        at: now,
      });
}

/** What the sample templates name, for trials: none of these organisations exists. */
export async function registerSampleParties(deps: SampleDeps): Promise<void> {
  for (const body of SAMPLE_TEMPLATES) await registerParties(deps, body);
}

const SAMPLE_AUTHOR = '样例起草人';
const SAMPLE_REVIEWER = '样例审核人';

/** The template published by the way every template takes, once. */
export async function publishedTemplate(
  deps: SampleDeps,
  institutionId: string,
  body: TemplateBody,
): Promise<void> {
  const { record, clock, random } = deps;
  if (await record.findTemplate(institutionId, body.name, undefined, 'published')) return;
  if (!(await record.findTemplate(institutionId, body.name)))
    await record.createTemplate({
      id: newId('template', clock, random),
      institutionId,
      name: body.name,
      body: canonicalize(body),
      digest: templateDigest(body),
      author: SAMPLE_AUTHOR,
      at: clock.now(),
    });
  const draft = (await record.findTemplate(institutionId, body.name))!;
  await record.submitTemplate({ ...draft, assessment: 'SAMPLE-PIA', at: clock.now() });
  const submitted = (await record.findTemplate(institutionId, body.name, draft.version))!;
  await publishTemplate(record, submitted, {
    approver: SAMPLE_REVIEWER,
    waivers: [],
    at: clock.now(),
  });
}

/** A signing link for a sample authorization: a fresh one at every start. */
export async function sampleLink(deps: SampleDeps, parts: WebParts): Promise<string> {
  const institution = await sampleInstitution(deps);
  const { name } = creditReportTemplate;
  await publishedTemplate(deps, institution.id, creditReportTemplate);
  const now = deps.clock.now();
  const { id } = await requestAuthorization(requestDeps(parts), {
    institution,
    request: {
      template: name,
      businessReference: `SAMPLE-${toUtcSeconds(now)}`,
      subject: SAMPLE_SUBJECT,
      end: { kind: 'date', at: toUtcSeconds(addSeconds(now, 30 * 24 * 3600)) },
    },
  });
  const way = await createWayIn(enterDeps(parts), await deps.record.authorization(id), {
    kind: 'link',
  });
  return `${parts.publicUrl}/s#${way.token}`;
}
