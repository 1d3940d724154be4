import { DomainError, fromBase64Url, isDomainError, sha256 } from '@mandate/core';
import { readVisit, type Visit } from '@mandate/ceremony';
import type { MountContext } from '@mandate/runtime';
import type { Request } from 'express';
import { institutionQuota } from './institution-quota.js';
import { ownCookie, secretOf } from './own-cookie.js';
import { visitCookies } from './visit-cookies.js';
import { enterDeps, type Contexts, type WebParts } from './web-parts.js';

/** Who calls: an institution by its API key, a subject by a visit's cookie. */
export function authentication(parts: WebParts): MountContext<Contexts> {
  const { record, clock } = parts;
  return {
    institution: async (request) => {
      const match = /^Bearer mk_([A-Za-z0-9_-]{43})$/.exec(request.headers.authorization ?? '');
      if (!match) throw new DomainError('unauthenticated', 'send Authorization: Bearer <API key>');
      const found = await record.institutionByKey(keyDigest(match[1]!), clock.now());
      if (!found) throw new DomainError('unauthenticated', 'this API key is not known');
      const today = clock.now().toISOString().slice(0, 10);
      if (found.lastUsedOn === null || found.lastUsedOn < today)
        await record.noteKeyUse(found.keyId, today);
      return found;
    },
    limit: institutionQuota(parts),
    visit: async (request) => ({ visit: await visitOfRequest(parts, request) }),
    own: async (request) => {
      const secret = secretOf(ownCookie(parts.publicUrl).read(request));
      if (!secret) throw new DomainError('visit-invalid', 'enter first');
      return { own: await parts.authority.ra.ownVisit({ secret }) };
    },
  };
}

/**
 * The visit whose page asks. A frame says that it is one; whoever names its visit gets that one or
 * none, because one browser has one cookie of each kind and a page of an older visit must not act on
 * a newer one. Throws `visit-invalid`.
 */
export async function visitOfRequest(parts: WebParts, request: Request): Promise<Visit> {
  const cookies = visitCookies(parts.publicUrl);
  const named = request.headers['x-mandate-visit'] ?? request.query['visit'];
  const inFrame = request.headers['x-mandate-framed'] === '1';
  // A download cannot say where it was tapped, but it names the visit.
  const kinds = inFrame ? [true] : named === undefined ? [false] : [false, true];
  let failed = new DomainError('visit-invalid', 'open the signing link again');
  for (const framed of kinds) {
    const secret = cookies.read(request, framed);
    if (secret === undefined) continue;
    try {
      const visit = await readVisit(enterDeps(parts), secret);
      if (visit.framed === framed && (named === undefined || named === visit.id)) return visit;
      failed = new DomainError('visit-invalid', 'another signing page was opened in this browser');
    } catch (error) {
      if (!isDomainError(error, 'visit-invalid')) throw error;
    }
  }
  throw failed;
}

/** The visit whose cookie came along, if it is still good: what it read needs no second reading. */
export async function shownVisit(
  parts: WebParts,
  request: Request,
  framed: boolean,
): Promise<Visit | null> {
  const secret = visitCookies(parts.publicUrl).read(request, framed);
  if (secret === undefined) return null;
  try {
    return await readVisit(enterDeps(parts), secret);
  } catch (error) {
    if (isDomainError(error, 'visit-invalid')) return null;
    throw error;
  }
}

function keyDigest(text: string): Uint8Array {
  try {
    return sha256(fromBase64Url(text));
  } catch (cause) {
    throw new DomainError('unauthenticated', 'this API key is not known', { cause });
  }
}

/**
 * A header no foreign page can send without a preflight we do not answer: with SameSite=Strict the
 * second lock against requests from other sites. Throws `forbidden`.
 */
export function requirePageHeader(request: Request): void {
  if (request.method !== 'GET' && request.headers['x-requested-with'] !== 'mandate')
    throw new DomainError('forbidden', 'only the signing page may do this');
}
