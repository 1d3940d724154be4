import { addSeconds, checkCode, fromHex, toUtcSeconds, type Choices } from '@mandate/core';
import {
  openForVisit,
  presentedToVisit,
  TIMES,
  type AuthorizationRow,
  type Visit,
} from '@mandate/ceremony';
import {
  isThirdParty,
  keyTerms,
  letterContent,
  letterSections,
  maskIdNumber,
  maskName,
  maskPhone,
  parseTemplate,
  type TemplateBody,
} from '@mandate/terms';
import type { z } from 'zod';
import type { signingView as schema } from './routes/schemas.js';
import { logoView } from './logo-view.js';
import { enterDeps, type WebParts } from './web-parts.js';

/** What the page shows next; later members appear only once their step is reached. */
export type SigningView = z.input<typeof schema>;

/** What is shown before the gate: who asks, nothing about the subject. */
export async function headOf(parts: WebParts, visit: Visit, authorization: AuthorizationRow) {
  const institution = await parts.record.institution(authorization.institutionId);
  return {
    visit: visit.id,
    authorization: authorization.id,
    ...(await placeOf(parts, visit, authorization)),
    state: authorization.state,
    language: authorization.language as 'zh' | 'en',
    institution: {
      name: institution.name,
      creditCode: institution.creditCode,
      contact: institution.contact,
      complaints: institution.complaints,
      ...(await logoView(parts, authorization.institutionId)),
    },
  };
}

/** One letter, once the gate is passed; `visit` is to this letter. */
export async function letterView(
  parts: WebParts,
  visit: Visit,
  authorization: AuthorizationRow,
  head: Awaited<ReturnType<typeof headOf>>,
) {
  const { terms } = await openForVisit(enterDeps(parts), visit);
  const template = await templateOf(parts, authorization);
  const { policy } = template;
  const title = template.title[terms.language];
  const presented = await presentedToVisit(enterDeps(parts), visit);
  const view = {
    ...head,
    letterNumber: authorization.letterNumber,
    title,
    keyTerms: keyTerms(terms),
    clauses: terms.clauses.map((clause) => {
      const explain = template.clauses.find(({ id }) => id === clause.id)?.explain;
      return { ...clause, ...(explain ? { explain: explain[terms.language] } : {}) };
    }),
    items: terms.items,
    recipients: terms.recipients.map((recipient) => ({
      ...recipient,
      thirdParty: isThirdParty(terms, recipient),
    })),
    ...(presented?.here ? { choices: copyOf(presented.record.choices) } : {}),
    letterSections: letterSections(letterContent(terms, title)) as SigningView['letterSections'],
    subject: {
      maskedName: maskName(terms.subject.name),
      maskedPhone: maskPhone(terms.subject.phone),
      maskedIdNumber: maskIdNumber(terms.subject.idNumber),
    },
    letter: {
      digest: authorization.letterDigest,
      checkCode: checkCode(fromHex(authorization.letterDigest)),
      size: authorization.letterSize,
    },
    minimumReadingSeconds: policy.minimumReadingSeconds,
    voice: policy.voice === true,
    measures: [...policy.measures],
    keyOrigins: [...policy.keyOrigins],
  };
  return { view, terms, policy, presented };
}

/** Where the page stands: in a frame of whose, or on its own with a way back. */
async function placeOf(
  parts: WebParts,
  visit: Visit,
  authorization: AuthorizationRow,
): Promise<Pick<SigningView, 'framed' | 'returnUrl'>> {
  const link = visit.linkId === null ? null : await parts.record.linkById(visit.linkId);
  const set = link && (await parts.record.setOf(authorization.id));
  if (link && visit.framed) {
    const ids = set?.members.map(({ authorizationId }) => authorizationId) ?? [authorization.id];
    const policies = await Promise.all(
      ids.map(async (id) => policyOf(parts, await parts.record.authorization(id))),
    );
    const topLevelOnly = policies.some((policy) => policy.topLevelOnly === true);
    return { framed: { origins: [...link.origins], topLevelOnly } };
  }
  if (!link || link.returnUrl === null) return {};
  const address = new URL(link.returnUrl);
  if (set) address.searchParams.set('set', set.id);
  else address.searchParams.set('authorization', authorization.id);
  if (link.returnState !== null) address.searchParams.set('state', link.returnState);
  return { returnUrl: address.href };
}

/** Nobody has stamped the signature yet: until when it is kept. After that the subject signs again. */
export const stampUntil = ({ notAfter }: { readonly notAfter: Date }): string =>
  toUtcSeconds(addSeconds(notAfter, -TIMES.certificateMargin));

const copyOf = ({ items, recipients }: Choices) => ({
  items: [...items],
  recipients: [...recipients],
});

export async function templateOf(
  parts: WebParts,
  authorization: AuthorizationRow,
): Promise<TemplateBody> {
  const template = await parts.record.template(
    authorization.templateId,
    authorization.templateVersion,
  );
  return parseTemplate(JSON.parse(template.body));
}

export const policyOf = async (parts: WebParts, authorization: AuthorizationRow) =>
  (await templateOf(parts, authorization)).policy;
