import {
  checkCode,
  DomainError,
  fromHex,
  isDomainError,
  toUtcSeconds,
  type AccessEntry,
  type OwnVisit,
  type TrailEvent,
} from '@mandate/core';
import {
  idImageView,
  listRedemptions,
  openPresentation,
  openTerms,
  privacyView,
  startOfDay,
  type AuthorizationRow,
  type UseCondition,
} from '@mandate/ceremony';
import {
  isThirdParty,
  keyTerms,
  letterContent,
  letterSections,
  parseTemplate,
  type TemplateBody,
} from '@mandate/terms';
import type { z } from 'zod';
import type { ownDetail, ownRow } from './routes/own-schemas.js';
import { logoView } from './logo-view.js';
import type { WebParts } from './web-parts.js';

export type OwnRow = z.input<typeof ownRow>;
export type OwnDetail = z.input<typeof ownDetail>;

/** Uses and openings told at once; more than anybody reads, the institution's register has all. */
const MOST_USES = 100;
const MOST_ACCESSES = 200;
/** How often one visit may open or act; a person needs a few dozen. */
const MOST_OPENINGS = 300;

/**
 * As it stands in the access register: who came in on an institution's word is not simply the subject, and the
 * register outlives the visit.
 */
export const ownActor = ({ visit, vouched }: OwnVisit): string =>
  vouched
    ? `own-link:${visit}/${vouched.institutionId}/${vouched.how}/${vouched.by}`
    : `own:${visit}`;

/** Throws `not-found` for what is not this visit's to see, as for what there is not. */
export async function visibleAuthorization(
  parts: WebParts,
  own: OwnVisit,
  id: string,
): Promise<AuthorizationRow> {
  if (!own.authorizations.includes(id)) throw new DomainError('not-found', 'no such authorization');
  return parts.record.authorization(id);
}

/** The same, counted: every opening stands in the access register. Throws also `rate-limited`. */
export async function openableAuthorization(
  parts: WebParts,
  own: OwnVisit,
  id: string,
): Promise<AuthorizationRow> {
  const authorization = await visibleAuthorization(parts, own, id);
  const counted = await parts.record.count({
    scope: 'own-openings',
    key: own.visit,
    windowStart: startOfDay(parts.clock.now()),
    max: MOST_OPENINGS,
  });
  if (!counted) throw new DomainError('rate-limited', 'opened too often; enter again later');
  return authorization;
}

/** One line of the list. Words come from the published template: nothing personal is opened for it. */
export async function ownRowOf(
  parts: WebParts,
  authorization: AuthorizationRow,
  known?: UseCondition,
): Promise<OwnRow> {
  const now = parts.clock.now();
  const [template, institution, picture, condition] = await Promise.all([
    templateOf(parts, authorization),
    parts.record.institution(authorization.institutionId),
    logoView(parts, authorization.institutionId),
    known ?? parts.record.condition(authorization.id, now),
  ]);
  const { scope, usesLeft } = condition;
  return {
    id: authorization.id,
    letterNumber: authorization.letterNumber,
    title: template.title,
    institution: institution.name,
    ...picture,
    act: template.act ?? 'query',
    purpose: template.plain.purpose,
    data: template.plain.data,
    condition: conditionOf(authorization, condition, now),
    requestedAt: toUtcSeconds(authorization.createdAt),
    until: toUtcSeconds(authorization.endAt),
    ...(scope ? { usesLeft, usesTotal: scope.maxUses, per: scope.per } : {}),
  };
}

/** The one word that matters most now; all facts stand in the detail. */
function conditionOf(
  { state }: AuthorizationRow,
  { scope, usesLeft, hold, withdrawal, end }: UseCondition,
  now: Date,
): OwnRow['condition'] {
  if (state === 'declined' || state === 'lapsed' || state === 'failed') return state;
  if (state !== 'released' || !scope) return state === 'signed' ? 'signing' : 'not-signed';
  if (hold) return 'on-hold';
  if (withdrawal) return 'withdrawn';
  if (end || scope.endAt <= now) return 'ended';
  return usesLeft > 0 ? 'in-force' : 'used-up';
}

/** All of one authorization; its opening stands in the access register, and the subject sees that too. */
export async function ownDetailOf(
  parts: WebParts,
  own: OwnVisit,
  authorization: AuthorizationRow,
): Promise<OwnDetail> {
  const { record, authority, clock } = parts;
  const { id } = authorization;
  const actor = ownActor(own);
  const { dataKey } = await authority.vault.unwrap({ authorizationId: id, purpose: 'own', actor });
  const terms = openTerms(dataKey, id, await record.personalData(id, 'terms'));
  const shown = (await record.presentations(id)).at(-1);
  const choices = shown && openPresentation(dataKey, id, shown).choices;
  const condition = await record.condition(id, clock.now());
  const template = await templateOf(parts, authorization);
  const institution = await record.institution(authorization.institutionId);
  const uses = condition.scope
    ? await listRedemptions(
        { record, vault: authority.vault, clock },
        { authorizationId: id, actor, limit: MOST_USES },
      )
    : [];
  const { entries } = await authority.vault.accesses({ authorizationId: id });
  const holds = await record.holds(id);
  const trail = await record.trail(id);
  const open = authorization.state === 'released';
  const privacyState = await record.privacy(id);
  const privacy = privacyView(id, privacyState);
  return {
    ...(await ownRowOf(parts, authorization, condition)),
    language: terms.language,
    contact: institution.contact,
    complaints: institution.complaints,
    creditCode: institution.creditCode,
    checkCode: checkCode(fromHex(authorization.letterDigest)),
    keyTerms: keyTerms(terms),
    items: terms.items.map(({ code, name, necessary }) => ({
      name,
      accepted: necessary || (choices?.items.includes(code) ?? false),
    })),
    recipients: terms.recipients.map((recipient) => ({
      name: recipient.name,
      purpose: recipient.purpose,
      accepted:
        !isThirdParty(terms, recipient) ||
        (choices?.recipients.includes(recipient.creditCode) ?? false),
    })),
    letterSections: letterSections(
      letterContent(terms, template.title[terms.language]),
    ) as OwnDetail['letterSections'],
    uses: uses.map((use) => ({
      at: use.at,
      state: use.state,
      number: use.number,
      of: use.of,
      ...(use.period ? { period: use.period } : {}),
      source: nameOf(terms.sources, use.source.creditCode),
      recipient: nameOf([terms.institution, ...terms.recipients], use.recipient.creditCode),
      items: use.items.map((code) => terms.items.find((item) => item.code === code)?.name ?? code),
      operator: maskReference(use.operator.id),
      approved: use.approver !== undefined,
    })),
    accesses: await Promise.all(
      entries
        .slice(-MOST_ACCESSES)
        .reverse()
        .map((entry) => accessOf(parts, entry)),
    ),
    timeline: trail.map(({ body }) => {
      const { at, type } = JSON.parse(body) as TrailEvent;
      return { at, type };
    }),
    withdrawal: condition.withdrawal && {
      id: condition.withdrawal.id,
      at: toUtcSeconds(condition.withdrawal.at),
      by: condition.withdrawal.by,
      channel: condition.withdrawal.channel,
      ...(await sealed(parts, condition.withdrawal.id)),
    },
    holds: await Promise.all(
      holds.map(async (hold) => ({
        id: hold.id,
        at: toUtcSeconds(hold.openedAt),
        by: hold.by,
        reason: hold.reason,
        outcome: hold.resolvedAt ? hold.outcome : null,
        ...(hold.resolvedAt ? { resolvedAt: toUtcSeconds(hold.resolvedAt) } : {}),
        ...(await sealed(parts, hold.id)),
      })),
    ),
    may: {
      withdraw: open && !condition.withdrawal,
      dispute: open && !condition.hold,
      download: open,
      erase:
        own.means !== 'own-link' &&
        !privacyState.askedBySubject &&
        !privacyState.erasure &&
        ['released', 'declined', 'lapsed', 'failed'].includes(authorization.state),
      keepIdImage: own.means !== 'own-link' && (await mayKeepIdImage(parts, id)),
      openIdImages: own.means !== 'own-link',
    },
    privacy,
    idImages: (await record.idImages(id)).map(idImageView),
  };
}

const mayKeepIdImage = ({ record, clock }: WebParts, id: string): Promise<boolean> =>
  record.checkIdImage(id, clock.now()).then(
    () => true,
    (error: unknown) => {
      if (isDomainError(error)) return false;
      throw error;
    },
  );

/** How far the signed proof of a fact has come; the fact itself is in force and in the ledger's queue before. */
async function sealed(parts: WebParts, factId: string) {
  const receipt = await parts.record.receipt(factId);
  return { receipt: receipt?.jws ?? null, stamped: Boolean(receipt?.token) };
}

async function templateOf(parts: WebParts, authorization: AuthorizationRow): Promise<TemplateBody> {
  const { templateId, templateVersion } = authorization;
  return parseTemplate(JSON.parse((await parts.record.template(templateId, templateVersion)).body));
}

const nameOf = (known: readonly { creditCode: string; name: string }[], code: string): string =>
  known.find(({ creditCode }) => creditCode === code)?.name ?? code;

/** Enough to name it when asking the institution, not enough to be somebody's name: `z***07`. */
const maskReference = (text: string): string =>
  text.length > 5 ? `${text[0]}***${text.slice(-2)}` : `***${text.slice(-1)}`;

/** `web/institution:ins_…` → the institution; a subject's own openings are told as such, and whoever was vouched for. */
async function accessOf(
  { record }: WebParts,
  { at, purpose, actor }: AccessEntry,
): Promise<OwnDetail['accesses'][number]> {
  const who = actor.slice(actor.indexOf('/') + 1);
  const told = { at: toUtcSeconds(new Date(at)), purpose };
  const vouched = /^own-link:[^/]+\/([^/]+)\/([^/]+)\/(.+)$/.exec(who);
  if (vouched) {
    const [, institutionId, how, by] = vouched;
    const { name } = await record.institution(institutionId!);
    return {
      ...told,
      by: 'vouched',
      vouched: { institution: name, by: maskReference(by!), how: how! },
    };
  }
  const by = actor.startsWith('desk/')
    ? 'desk'
    : who.startsWith('institution:')
      ? 'institution'
      : /^(visit:|own:|letter-number)/.test(who)
        ? 'subject'
        : 'service';
  return { ...told, by };
}
