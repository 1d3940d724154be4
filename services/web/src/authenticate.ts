import { DomainError, fromBase64Url, sha256 } from '@mandate/core';
import { readVisit } from '@mandate/ceremony';
import type { MountContext } from '@mandate/runtime';
import type { Request } from 'express';
import { enterDeps, type Contexts, type WebParts } from './web-parts.js';

export const VISIT_COOKIE = 'mandate_visit';
/** Shown once when made; only its SHA-256 is kept. */
export const API_KEY_PREFIX = 'mk_';

/** Who calls: an institution by its API key, a subject by the visit cookie. */
export function authentication(parts: WebParts): MountContext<Contexts> {
  return {
    institution: async (request) => {
      const match = /^Bearer mk_([A-Za-z0-9_-]{43})$/.exec(request.headers.authorization ?? '');
      if (!match) throw new DomainError('unauthenticated', 'send Authorization: Bearer <API key>');
      const found = await parts.record.institutionByKey(keyDigest(match[1]!));
      if (!found) throw new DomainError('unauthenticated', 'this API key is not known');
      return { institution: found.institution };
    },
    visit: async (request) => {
      const cookie = visitCookie(request);
      if (!cookie) throw new DomainError('visit-invalid', 'open the signing link again');
      const visit = await readVisit(enterDeps(parts), cookie);
      // One browser has one cookie: a page of an older visit must not act on a newer one.
      const named = request.headers['x-mandate-visit'];
      if (named !== undefined && named !== visit.id)
        throw new DomainError('visit-invalid', 'another signing page was opened in this browser');
      return { visit };
    },
  };
}

function keyDigest(text: string): Uint8Array {
  try {
    return sha256(fromBase64Url(text));
  } catch (cause) {
    throw new DomainError('unauthenticated', 'this API key is not known', { cause });
  }
}

function visitCookie(request: Request): string | undefined {
  const header = request.headers.cookie ?? '';
  const pair = header.split('; ').find((text) => text.startsWith(`${VISIT_COOKIE}=`));
  return pair?.slice(VISIT_COOKIE.length + 1);
}

/**
 * A header no foreign page can send without a preflight we do not answer: with SameSite=Strict the
 * second lock against requests from other sites. Throws `forbidden`.
 */
export function requirePageHeader(request: Request): void {
  if (request.method !== 'GET' && request.headers['x-requested-with'] !== 'mandate')
    throw new DomainError('forbidden', 'only the signing page may do this');
}
