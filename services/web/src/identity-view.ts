import { IDENTITY_POLICIES } from '@mandate/terms';
import type { AuthorizationRow } from '@mandate/ceremony';
import { policyOf, type SigningView } from './letter-view.js';
import type { WebParts } from './web-parts.js';

/** A letter that asks who the subject is, and has not been answered. */
export interface OpenIdentity {
  readonly authorizationId: string;
  readonly identity: NonNullable<SigningView['identity']>;
}

/** The first of these letters for which a check of the person is missing; null where none asks, or all is shown. */
export async function openIdentity(
  parts: WebParts,
  letters: readonly AuthorizationRow[],
): Promise<OpenIdentity | null> {
  for (const letter of letters) {
    const { identity = 'basic' } = await policyOf(parts, letter);
    // Code and passkey are asked for in their own step.
    if (IDENTITY_POLICIES[identity].freshSeconds === 0) continue;
    const { open, steps } = await parts.authority.ra.identity({ authorizationId: letter.id });
    if (!open) continue;
    const copied = steps.map(({ missing, options }) => ({
      missing,
      options: options.map((option) => ({ ...option })),
    }));
    return { authorizationId: letter.id, identity: { policy: identity, steps: copied } };
  }
  return null;
}
