import { DomainError, toBase64Url, toUtcSeconds } from '@mandate/core';
import { codeMessage } from './code-message.js';
import { ageOn, birthDate } from './identifiers.js';
import { checkKeyTermsLength } from './key-terms.js';
import { beijingDay, type Language } from './moments.js';
import { authorizationRequestSchema, type AuthorizationRequest } from './request.js';
import { faultOf, type TemplateBody } from './template.js';
import { checkTerms, type InstitutionParty, type Terms, type Uses } from './terms.js';
import { cleanValue } from './text.js';

/** 个人信息保护法 art. 31: children under fourteen need their guardian, whom this product does not know. */
const MINIMUM_AGE = 14;
const DAY_MS = 24 * 3600 * 1000;
/** A `from` of "now" on the institution's clock arrives a little late on ours. */
const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;

export interface TermsInput {
  readonly template: { id: string; version: number; digest: string; body: TemplateBody };
  readonly institution: InstitutionParty;
  readonly request: AuthorizationRequest;
  /** Drawn by the server after the institution's input is frozen. `salt` is 32 bytes. */
  readonly drawn: { salt: Uint8Array; letterNumber: string; lookupCode: string; verifyUrl: string };
  readonly now: Date;
}

const refuse = (detail: string): never => {
  throw new DomainError('terms-invalid', detail);
};

/**
 * One request under one template version → the terms of one letter, in one language.
 * Throws `terms-invalid`, `term-in-past`, `text-forbidden-character`.
 */
export function buildTerms(input: TermsInput): Terms {
  const parsed = authorizationRequestSchema.safeParse(cleanValue(input.request, 'request'));
  if (!parsed.success) return refuse(faultOf(parsed.error));
  const request = parsed.data;
  const { body } = input.template;
  const { language } = request;
  const say = (text: { zh: string; en: string }): string => text[language];

  const terms = checkTerms({
    format: 'mandate-terms/v1',
    salt: toBase64Url(input.drawn.salt),
    letterNumber: input.drawn.letterNumber,
    lookupCode: input.drawn.lookupCode,
    verifyUrl: input.drawn.verifyUrl,
    language,
    issuedAt: toUtcSeconds(input.now),
    template: {
      id: input.template.id,
      version: input.template.version,
      digest: input.template.digest,
    },
    businessReference: request.businessReference,
    ...(body.act ? { act: body.act } : {}),
    institution: input.institution,
    subject: request.subject,
    purpose: { code: body.purpose.code, text: say(body.purpose.text) },
    plain: {
      data: say(body.plain.data),
      purpose: say(body.plain.purpose),
      refusal: say(body.plain.refusal),
    },
    items: body.items.map((item) => ({ ...item, name: say(item.name) })),
    sources: body.sources.map((source) => ({ ...source, name: say(source.name) })),
    recipients: body.recipients.map((recipient) => ({
      ...recipient,
      name: say(recipient.name),
      purpose: say(recipient.purpose),
    })),
    method: say(body.method),
    automatedDecision: say(body.automatedDecision),
    ...termOf(request, body, input.now),
    uses: request.uses,
    retention: say(body.retention),
    refusal: say(body.refusal),
    rights: say(body.rights),
    withdrawal: say(body.withdrawal),
    electronic: say(body.electronic),
    clauses: body.clauses.map((clause) => ({ id: clause.id, text: say(clause.text) })),
  });
  checkAge(terms, input.now);
  checkUses(terms.uses, body);
  checkKeyTermsLength(terms);
  // The longest code and check code: what does not fit in two message parts is refused now, not at the subject's tap.
  codeMessage(terms, '00000000', 'AAA-AAA');
  return terms;
}

type ParsedRequest = {
  from?: string | undefined;
  end: AuthorizationRequest['end'];
  language: Language;
};

function termOf(
  request: ParsedRequest,
  body: TemplateBody,
  now: Date,
): Pick<Terms, 'from' | 'end'> {
  const asked = request.from === undefined ? now : new Date(request.from);
  if (asked.getTime() < now.getTime() - CLOCK_TOLERANCE_MS)
    throw new DomainError('term-in-past', 'from is in the past');
  const from = asked < now ? now : asked;
  const end = new Date(request.end.kind === 'date' ? request.end.at : request.end.latest);
  if (end <= now) throw new DomainError('term-in-past', 'the end is in the past');
  if (end <= from) refuse('the end is not after the beginning');
  if (end.getTime() - from.getTime() > body.limits.maximumDays * DAY_MS)
    refuse(`the template allows at most ${body.limits.maximumDays} days`);
  const last = toUtcSeconds(end);
  return {
    from: toUtcSeconds(from),
    end:
      request.end.kind === 'date'
        ? { kind: 'date', at: last }
        : { kind: 'event', event: request.end.event, latest: last },
  };
}

function checkAge(terms: Terms, now: Date): void {
  if (terms.subject.idType !== 'cn-resident-id') return;
  const age = ageOn(birthDate(terms.subject.idNumber)!, beijingDay(now));
  if (age < MINIMUM_AGE) refuse('subject.idNumber: the subject is under 14');
}

function checkUses(uses: Uses, body: TemplateBody): void {
  const { kinds, maximum } = body.limits.uses;
  if (!kinds.includes(uses.kind)) refuse(`uses.kind: the template does not allow ${uses.kind}`);
  if ((uses.kind === 'count' ? uses.count : uses.atMost) > maximum)
    refuse(`uses: the template allows at most ${maximum}`);
}
