import { DomainError, fromBase64Url } from '@mandate/core';
import { visitTo, type Visit } from '@mandate/ceremony';
import { signingView } from '../signing-view.js';
import { enterDeps, type WebParts } from '../web-parts.js';
import * as schema from './schemas.js';

/** What every step answers. */
export const nextStep = {
  200: { description: 'The next step', schema: schema.signingView },
} as const;

/** The public half of a one-time key and the proof that the page holds it. */
export const oneTimeKey = { publicKey: schema.bytes(120), proof: schema.bytes(80) };

export const keyOf = (given: { readonly publicKey: string; readonly proof: string }) => ({
  publicKey: fromBase64Url(given.publicKey),
  proof: fromBase64Url(given.proof),
});

/** The step the ceremony is at now; `named`: in a set, the letter to be read again. */
export const show = async (parts: WebParts, visit: Visit, named?: string) => ({
  status: 200 as const,
  body: await signingView(parts, visit, named),
});

/** A visit that passed the gate. Throws `step-out-of-order`. */
export function identified(visit: Visit): Visit {
  if (!visit.identified) throw new DomainError('step-out-of-order', 'pass the gate first');
  return visit;
}

/** The identified visit to one letter of its set, or to its only one. Throws `step-out-of-order`, `not-found`. */
export const visitToOne = (
  parts: WebParts,
  visit: Visit,
  authorization: string | undefined,
): Promise<Visit> => visitTo(enterDeps(parts), identified(visit), authorization);
