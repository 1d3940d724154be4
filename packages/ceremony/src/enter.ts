import {
  addSeconds,
  DomainError,
  fromBase64Url,
  newId,
  secretsEqual,
  sha256,
  toBase64Url,
  utf8,
} from '@mandate/core';
import { parseTemplate } from '@mandate/terms';
import { LIMITS, startOfDay, TIMES, type DataDeps } from './deps.js';
import { openTerms } from './letter-box.js';
import type { AuthorizationRow, Gate, WebRecord } from './ports.js';

export interface EnterDeps extends DataDeps {
  readonly record: WebRecord;
}

export interface Visit {
  readonly id: string;
  readonly authorizationId: string;
  readonly identified: boolean;
  /** How; null before. */
  readonly gate: Gate | null;
}

/** Makes the subject's way in: a link that may be opened again, or the widget's single-use ticket. */
export async function createWayIn(
  deps: EnterDeps,
  authorization: AuthorizationRow,
  way: { kind: 'link' } | { kind: 'ticket'; origins: readonly string[] },
): Promise<{ token: string; expiresAt: Date }> {
  const { clock, random, record } = deps;
  if (!['requested', 'presented', 'challenged', 'confirmed'].includes(authorization.state))
    throw new DomainError('illegal-transition', `the authorization is ${authorization.state}`);
  const at = clock.now();
  if (authorization.signBy <= at)
    throw new DomainError('illegal-transition', 'the time to sign is over');
  const token = random.bytes(32);
  const life = addSeconds(at, way.kind === 'link' ? TIMES.linkLife : TIMES.ticketLife);
  const expiresAt = life < authorization.signBy ? life : authorization.signBy;
  await record.createLink({
    id: newId('link', clock, random),
    authorizationId: authorization.id,
    kind: way.kind,
    tokenDigest: sha256(token),
    origins: way.kind === 'ticket' ? way.origins : [],
    at,
    expiresAt,
  });
  return { token: toBase64Url(token), expiresAt };
}

/** Trades the token of a link or ticket for a visit. Throws `link-invalid`, `link-expired`, `ticket-used`. */
export async function openWayIn(
  deps: EnterDeps,
  token: string,
): Promise<{ visit: Visit; cookie: string; expiresAt: Date }> {
  const { clock, random, record } = deps;
  const at = clock.now();
  const link = await record.linkByToken(tokenDigest(token));
  if (!link) throw new DomainError('link-invalid', 'this link is not known');
  if (link.expiresAt <= at) throw new DomainError('link-expired', 'this link has expired');
  if (link.kind === 'ticket' && !(await record.useTicket(link.id, at)))
    throw new DomainError('ticket-used', 'this ticket was used');
  const secret = random.bytes(32);
  const id = newId('visit', clock, random);
  const expiresAt = addSeconds(at, TIMES.visitLife);
  await record.createVisit({
    id,
    authorizationId: link.authorizationId,
    cookieDigest: sha256(secret),
    at,
    expiresAt,
  });
  // A ticket is minted for a subject the institution has logged in; where the template trusts that,
  // the gate is open and the scene says so. A link proves nothing of the kind.
  const authorization = await record.authorization(link.authorizationId);
  const template = await record.template(authorization.templateId, authorization.templateVersion);
  const { policy } = parseTemplate(JSON.parse(template.body));
  const identified = link.kind === 'ticket' && policy.gate === 'institution';
  if (identified) await record.identifyVisit(id, at, 'institution');
  return {
    visit: {
      id,
      authorizationId: link.authorizationId,
      identified,
      gate: identified ? 'institution' : null,
    },
    cookie: toBase64Url(secret),
    expiresAt,
  };
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
  return {
    id: visit.id,
    authorizationId: visit.authorizationId,
    identified: visit.identifiedAt !== null,
    gate: visit.gate,
  };
}

/**
 * The gate: the last six characters of the ID number, before anything personal is shown.
 * Tries are counted per authorization and day. Throws `gate-mismatch`, `gate-locked`.
 */
export async function passGate(deps: EnterDeps, visit: Visit, lastSix: string): Promise<void> {
  if (visit.identified) return;
  const { clock, record } = deps;
  const at = clock.now();
  const counted = await record.count({
    scope: 'gate',
    key: visit.authorizationId,
    windowStart: startOfDay(at),
    max: LIMITS.gateTries,
  });
  if (!counted)
    throw new DomainError('gate-locked', 'too many tries today; ask the institution for help');
  const { dataKey } = await deps.vault.unwrap({
    authorizationId: visit.authorizationId,
    purpose: 'present',
    actor: `visit:${visit.id}`,
  });
  const box = await record.personalData(visit.authorizationId, 'terms');
  const { subject } = openTerms(dataKey, visit.authorizationId, box);
  const expected = sha256(utf8(subject.idNumber.slice(-6).toUpperCase()));
  if (!secretsEqual(expected, sha256(utf8(lastSix.trim().toUpperCase()))))
    throw new DomainError('gate-mismatch', 'these characters do not match');
  await record.identifyVisit(visit.id, at, 'last-six');
}
