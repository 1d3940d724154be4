import { addSeconds, newId, toUtcSeconds, type Clock, type Random } from '@mandate/core';
import {
  createWayIn,
  requestAuthorization,
  type Institution,
  type WebRecord,
} from '@mandate/ceremony';
import { makeApiKey, type Administration } from '@mandate/store';
import { canonicalize } from '@mandate/core';
import { creditReportTemplate, templateDigest } from '@mandate/terms';
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
): Promise<string> => (await makeApiKey(deps, institutionId, name)).text;

/** A signing link for a sample authorization: a fresh one at every start. */
export async function sampleLink(deps: SampleDeps, parts: WebParts): Promise<string> {
  const institution = await sampleInstitution(deps);
  const name = creditReportTemplate.name;
  if (!(await deps.record.findTemplate(institution.id, name)))
    await deps.record.createTemplate({
      id: newId('template', deps.clock, deps.random),
      institutionId: institution.id,
      name,
      body: canonicalize(creditReportTemplate),
      digest: templateDigest(creditReportTemplate),
      at: deps.clock.now(),
    });
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
