import { commitment, kindDigestHex } from './digest.js';
import { fromHex, toHex } from './encoding.js';
import {
  IDENTITY_FIELDS,
  type IdentityCheck,
  type IdentityField,
  type IdentityOutcome,
  type IdentityQuestion,
  type IdentityReceipt,
} from './ports/identity.js';
import type { Measure } from './scene.js';

/** So many of these; the measures that answer the challenge count among them. */
export interface IdentityRequirement {
  readonly need: number;
  /** In the order of asking. */
  readonly of: readonly (Measure | IdentityCheck)[];
}

/** What had to be shown of the person, and what showed it. */
export interface SceneIdentity {
  readonly policy: string;
  readonly requirements: readonly IdentityRequirement[];
  /** A result counts so many seconds from the provider's answer to the confirmation. */
  readonly freshSeconds: number;
  /** `digest`: `kindDigest('identity-result', IdentityResult)`, hex. */
  readonly results: readonly { readonly check: IdentityCheck; readonly digest: string }[];
}

/** What one check left: a result and a receipt, never an image. In the bundle; kept encrypted. */
export interface IdentityResult {
  readonly format: 'mandate-identity-result/v1';
  readonly check: IdentityCheck;
  /** Who vouches: a provider by its name, or the institution by its credit code. */
  readonly provider: string;
  readonly operator: string;
  readonly simulated: boolean;
  readonly outcome: IdentityOutcome;
  readonly reference: string;
  /** By the provider's clock, and by ours. RFC 3339, UTC, seconds. */
  readonly checkedAt: string;
  readonly receivedAt: string;
  readonly numberAgeMonths?: number;
  readonly letters: readonly string[];
  readonly nonce: string;
  /** `identityCommitments` to everything that was compared. */
  readonly compared: Readonly<Partial<Record<IdentityField, string>>>;
  readonly binding: string;
  readonly receipt: IdentityReceipt;
}

/** The bundle's part: the results that the scene names, in its order. */
export interface IdentityPart {
  readonly format: 'mandate-identity/v1';
  readonly results: readonly IdentityResult[];
}

/** What only the provider needs to know: nothing that is kept may let anybody find it by trying. */
const PASSED_ON: readonly IdentityField[] = ['card', 'credential'];

/**
 * Commitments to what is compared. The nonce, fresh and unguessable, is the salt; what is passed on and not kept has
 * another one, `once`, which is not kept either.
 */
export const identityCommitments = (
  { nonce, once }: Pick<IdentityQuestion, 'nonce' | 'once'>,
  values: IdentityQuestion['values'],
): IdentityResult['compared'] =>
  Object.fromEntries(
    IDENTITY_FIELDS.flatMap((field) => {
      const value = values[field];
      return value === undefined
        ? []
        : [
            [
              field,
              toHex(
                commitment(
                  fromHex(PASSED_ON.includes(field) ? once : nonce),
                  `identity.${field}`,
                  value,
                ),
              ),
            ],
          ];
    }),
  );

/** Ties an answer to person, letters and question: change one and every answer is about something else. */
export const identityBinding = (
  asked: Pick<IdentityResult, 'check' | 'letters' | 'nonce' | 'compared'>,
): string => {
  const { check, letters, nonce, compared } = asked;
  return kindDigestHex('identity-binding', { check, letters, nonce, compared });
};
