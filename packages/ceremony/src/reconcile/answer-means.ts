import { fromBase64Url, isDomainError, sha256Hex } from '@mandate/core';
import type { AgreementRow } from '../desk/agreement-ports.js';
import type { ProviderLogin } from '../desk/told-account.js';
import { read } from './check-ceremony.js';

/**
 * What gave an answer by which somebody agreed: a passkey (SHA-256 of the credential's id, hex), or a sign-in at the
 * identity provider. Null: the row says nothing that could have; it is anybody's, and is read like one.
 */
export function answerMeans({
  means,
  proof,
}: Pick<AgreementRow, 'means' | 'proof'>):
  | { readonly passkey: string; readonly login?: never }
  | { readonly login: ProviderLogin; readonly passkey?: never }
  | null {
  const { credentialId, issuer, subject } = Object(read(proof ?? '')) as Record<string, unknown>;
  if (means === 'oidc')
    return typeof issuer === 'string' && typeof subject === 'string'
      ? { login: { issuer, subject } }
      : null;
  if (typeof credentialId !== 'string') return null;
  try {
    return { passkey: sha256Hex(fromBase64Url(credentialId)) };
  } catch (error) {
    if (!isDomainError(error, 'invalid-request')) throw error;
    return null;
  }
}
