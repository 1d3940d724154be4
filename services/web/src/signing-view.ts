import { addSeconds, checkCode, fromHex, toUtcSeconds, type Choices } from '@mandate/core';
import {
  ageingPauseEnd,
  challengeView,
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
import { enterDeps, type WebParts } from './web-parts.js';

/** What the page shows next; later members appear only once their step is reached. */
export type SigningView = z.input<typeof schema>;

/** The subject's view of one authorization. A page closed midway finds the right step again. */
export async function signingView(parts: WebParts, visit: Visit): Promise<SigningView> {
  const authorization = await parts.record.authorization(visit.authorizationId);
  const institution = await parts.record.institution(authorization.institutionId);
  const head = {
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
    },
  };
  if (['declined', 'lapsed', 'failed'].includes(authorization.state))
    return { ...head, step: 'ended', end: authorization.state };
  if (!visit.identified) return { ...head, step: 'gate' };

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
    ...(presented ? { choices: copyOf(presented.record.choices) } : {}),
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
  if (authorization.state === 'released') return { ...view, step: 'done' };
  if (authorization.state === 'signed') return { ...view, step: 'wait' };
  if (authorization.state === 'requested') return { ...view, step: 'read' };
  const now = parts.clock.now();
  const pauseEnd = presented && ageingPauseEnd(terms, policy.pause, presented.firstAt);
  const paused = pauseEnd && pauseEnd > now ? { pauseUntil: toUtcSeconds(pauseEnd) } : {};
  if (authorization.signBy <= now) return { ...head, step: 'ended', end: 'lapsed' };

  const challenge = await parts.record.latestChallenge(authorization.id);
  const shown = challenge && {
    challenge: challengeView(challenge, authorization.letterDigest, terms.subject.phone),
  };
  if (authorization.state === 'confirmed') {
    const confirmation = await parts.record.latestConfirmation(authorization.id);
    if (confirmation && confirmation.visitId === visit.id && confirmation.goodUntil > now) {
      const attempt = await parts.record.latestAttempt(authorization.id);
      const waiting = attempt && ['subject-signed', 'stamped', 'stored'].includes(attempt.state);
      return {
        ...view,
        ...shown,
        step: waiting ? 'wait' : 'sign',
        confirmationGoodUntil: toUtcSeconds(confirmation.goodUntil),
        ...(attempt?.state === 'subject-signed' ? { stampUntil: stampUntil(attempt) } : null),
      };
    }
    return { ...view, step: 'code' };
  }
  const alive = challenge && !challenge.deadAt && challenge.expiresAt > now;
  return { ...view, ...paused, ...(alive ? shown : null), step: 'code' };
}

/** Where the page stands: in a frame of whose, or on its own with a way back. */
async function placeOf(
  parts: WebParts,
  visit: Visit,
  authorization: AuthorizationRow,
): Promise<Pick<SigningView, 'framed' | 'returnUrl'>> {
  const link = visit.linkId === null ? null : await parts.record.linkById(visit.linkId);
  if (link && visit.framed) {
    const { topLevelOnly = false } = await policyOf(parts, authorization);
    return { framed: { origins: [...link.origins], topLevelOnly } };
  }
  if (!link || link.returnUrl === null) return {};
  const address = new URL(link.returnUrl);
  address.searchParams.set('authorization', authorization.id);
  if (link.returnState !== null) address.searchParams.set('state', link.returnState);
  return { returnUrl: address.href };
}

/** Nobody has stamped the signature yet: until when it is kept. After that the subject signs again. */
const stampUntil = ({ notAfter }: { readonly notAfter: Date }): string =>
  toUtcSeconds(addSeconds(notAfter, -TIMES.certificateMargin));

const copyOf = ({ items, recipients }: Choices) => ({
  items: [...items],
  recipients: [...recipients],
});

async function templateOf(parts: WebParts, authorization: AuthorizationRow): Promise<TemplateBody> {
  const template = await parts.record.template(
    authorization.templateId,
    authorization.templateVersion,
  );
  return parseTemplate(JSON.parse(template.body));
}

export const policyOf = async (parts: WebParts, authorization: AuthorizationRow) =>
  (await templateOf(parts, authorization)).policy;
