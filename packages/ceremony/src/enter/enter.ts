import { addSeconds, DomainError, fromBase64Url, newId, sha256, toBase64Url } from '@mandate/core';
import { parseTemplate, type TemplatePolicy } from '@mandate/terms';
import { checkTicketWays } from './allowed-ways.js';
import { continuedVisit } from './continued-visit.js';
import { checkNumberStillOpens } from './enter-by-number.js';
import { TIMES, type DataDeps } from '../deps.js';
import type { AuthorizationRow, Gate, LinkRow, VisitRow, WebRecord } from '../ports.js';

export interface EnterDeps extends DataDeps {
  readonly record: WebRecord;
}

export interface Visit {
  readonly id: string;
  readonly authorizationId: string;
  readonly identified: boolean;
  /** How; null before. */
  readonly gate: Gate | null;
  /** Takes place in a frame of the institution's page. */
  readonly framed: boolean;
  /** The link or ticket it began with. */
  readonly linkId: string | null;
}

/** What a ticket says beside the authorization. */
export interface TicketWays {
  readonly kind: 'ticket';
  /** Exact origins whose pages may frame it; none when it is only to be opened as a full page. */
  readonly origins: readonly string[];
  /** Where the subject is sent when a full page is done with, and the institution's own word for it. */
  readonly returnUrl: string | null;
  readonly returnState: string | null;
}

/**
 * Makes the subject's way in: a link that may be opened again, or the widget's single-use ticket,
 * `<link id>.<secret>`. Throws `illegal-transition`, `invalid-request`.
 */
export async function createWayIn(
  deps: EnterDeps,
  authorization: AuthorizationRow,
  way: { kind: 'link' } | TicketWays,
): Promise<{ id: string; secret: string; token: string; expiresAt: Date }> {
  if (way.kind === 'ticket')
    checkTicketWays(await deps.record.waysInAllowed(authorization.institutionId), way);
  return insertWayIn(deps, authorization, way);
}

/** The new link or ticket itself; what it names was checked before. Throws `illegal-transition`. */
export async function insertWayIn(
  deps: EnterDeps,
  authorization: AuthorizationRow,
  way: { kind: 'link' } | TicketWays,
  handedOverFrom: string | null = null,
): Promise<{ id: string; secret: string; token: string; expiresAt: Date }> {
  const { clock, random, record } = deps;
  const at = clock.now();
  if (!['requested', 'presented', 'challenged', 'confirmed'].includes(authorization.state))
    throw new DomainError('illegal-transition', `the authorization is ${authorization.state}`);
  if (authorization.signBy <= at)
    throw new DomainError('illegal-transition', 'the time to sign is over');
  const secretBytes = random.bytes(32);
  const life = addSeconds(at, way.kind === 'link' ? TIMES.linkLife : TIMES.ticketLife);
  const expiresAt = life < authorization.signBy ? life : authorization.signBy;
  const id = newId('link', clock, random);
  const ticket = way.kind === 'ticket' ? way : NO_WAYS;
  await record.createLink({
    id,
    authorizationId: authorization.id,
    kind: way.kind,
    tokenDigest: sha256(secretBytes),
    origins: ticket.origins,
    returnUrl: ticket.returnUrl,
    returnState: ticket.returnState,
    handedOverFrom,
    at,
    expiresAt,
  });
  const secret = toBase64Url(secretBytes);
  return { id, secret, token: way.kind === 'ticket' ? `${id}.${secret}` : secret, expiresAt };
}

const NO_WAYS = { origins: [], returnUrl: null, returnState: null };

export interface OpenedWayIn {
  readonly visit: Visit;
  /** Absent where the template wants a full page and this is a frame: it cannot act then. */
  readonly cookie?: string;
  /** In a frame: the secret it hands the ceremony over with, kept in its memory alone. */
  readonly handOver?: string;
  readonly expiresAt: Date;
}

/**
 * Trades the token of a link or ticket for a visit. `framed`: the page says it stands in a frame. `shown`: the
 * visit whose cookie the browser sent along; the new one continues it if it is to the same letter or set.
 * Throws `link-invalid`, `link-expired`, `ticket-used`, `forbidden`.
 */
export async function openWayIn(
  deps: EnterDeps,
  token: string,
  { framed = false, shown = null }: { framed?: boolean; shown?: Visit | null } = {},
): Promise<OpenedWayIn> {
  const { clock, random, record } = deps;
  const at = clock.now();
  const link = await linkOf(deps, token);
  if (framed && link.origins.length === 0)
    throw new DomainError('forbidden', 'this link is opened as a full page only');
  if (link.expiresAt <= at) throw new DomainError('link-expired', 'this link has expired');
  if (link.kind === 'ticket' && !(await record.useTicket(link.id, at)))
    throw new DomainError('ticket-used', 'this ticket was used');
  const secret = random.bytes(32);
  const id = newId('visit', clock, random);
  const handOver = framed ? random.bytes(32) : null;
  const expiresAt = addSeconds(at, TIMES.visitLife);
  await record.createVisit({
    id,
    authorizationId: link.authorizationId,
    cookieDigest: sha256(secret),
    linkId: link.id,
    // Not what handed over to it: a frame's address may have been sent to somebody else.
    continues: await continuedVisit(deps, link.authorizationId, shown),
    framed,
    handOverDigest: handOver && sha256(handOver),
    at,
    expiresAt,
  });
  // A ticket is minted for a subject the institution has logged in; where the template trusts that,
  // the gate is open and the scene says so. A link proves nothing of the kind.
  const policies = await policiesOf(deps, link.authorizationId);
  const elsewhere = framed && policies.some(({ topLevelOnly }) => topLevelOnly === true);
  const trusted = policies.every(({ gate }) => gate === 'institution');
  const identified = link.kind === 'ticket' && trusted && !elsewhere;
  if (identified) await record.identifyVisit(id, at, 'institution');
  return {
    visit: {
      id,
      authorizationId: link.authorizationId,
      identified,
      gate: identified ? 'institution' : null,
      framed,
      linkId: link.id,
    },
    ...(elsewhere ? {} : { cookie: toBase64Url(secret) }),
    ...(handOver ? { handOver: toBase64Url(handOver) } : {}),
    expiresAt,
  };
}

/** What the templates say of the letter, or of all letters of its set: the strictest counts. */
async function policiesOf(
  { record }: EnterDeps,
  authorizationId: string,
): Promise<readonly TemplatePolicy[]> {
  const set = await record.setOf(authorizationId);
  const ids = set?.members.map((member) => member.authorizationId) ?? [authorizationId];
  return Promise.all(
    ids.map(async (id) => {
      const { templateId, templateVersion } = await record.authorization(id);
      const template = await record.template(templateId, templateVersion);
      return parseTemplate(JSON.parse(template.body)).policy;
    }),
  );
}

/** A ticket names its id beside the secret, a link is the secret alone; neither passes as the other. */
async function linkOf(deps: EnterDeps, token: string): Promise<LinkRow> {
  const [secret = '', id, ...more] = token.split('.').reverse();
  const link = await deps.record.linkByToken(tokenDigest(secret));
  if (!link || more.length > 0 || (link.kind === 'ticket' ? link.id !== id : id !== undefined))
    throw new DomainError('link-invalid', 'this link is not known');
  return link;
}

function tokenDigest(token: string): Uint8Array {
  try {
    return sha256(fromBase64Url(token));
  } catch (cause) {
    throw new DomainError('link-invalid', 'this link is not complete', { cause });
  }
}

/** The visit behind a cookie. Throws `visit-invalid`. */
export async function readVisit(deps: EnterDeps, cookie: string): Promise<Visit> {
  let digest: Uint8Array;
  try {
    digest = sha256(fromBase64Url(cookie));
  } catch (cause) {
    throw new DomainError('visit-invalid', 'open the signing link again', { cause });
  }
  const visit = await deps.record.visitByCookie(digest);
  if (!visit || visit.expiresAt <= deps.clock.now())
    throw new DomainError('visit-invalid', 'open the signing link again');
  await checkNumberStillOpens(deps.record, visitOf(visit));
  return visitOf(visit);
}

export const visitOf = (row: VisitRow): Visit => ({
  id: row.id,
  authorizationId: row.authorizationId,
  identified: row.identifiedAt !== null,
  gate: row.gate,
  framed: row.framed,
  linkId: row.linkId,
});
