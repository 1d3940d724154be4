import type { Json } from '@mandate/core';

/** Sub-indications of ETSI EN 319 102-1 V1.4.1, table 6 (those our checks can reach). */
export const SUB_INDICATIONS = [
  'FORMAT_FAILURE',
  'HASH_FAILURE',
  'SIG_CRYPTO_FAILURE',
  'REVOKED',
  'EXPIRED',
  'NOT_YET_VALID',
  'SIG_CONSTRAINTS_FAILURE',
  'CHAIN_CONSTRAINTS_FAILURE',
  'CERTIFICATE_CHAIN_GENERAL_FAILURE',
  'CRYPTO_CONSTRAINTS_FAILURE',
  'POLICY_PROCESSING_ERROR',
  'SIGNATURE_POLICY_NOT_AVAILABLE',
  'TIMESTAMP_ORDER_FAILURE',
  'NO_SIGNING_CERTIFICATE_FOUND',
  'NO_CERTIFICATE_CHAIN_FOUND',
  'REVOKED_NO_POE',
  'REVOKED_CA_NO_POE',
  'OUT_OF_BOUNDS_NO_POE',
  'OUT_OF_BOUNDS_NOT_REVOKED',
  'REVOCATION_OUT_OF_BOUNDS_NO_POE',
  'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
  'NO_POE',
  'TRY_LATER',
  'SIGNED_DATA_NOT_FOUND',
] as const;
export type SubIndication = (typeof SUB_INDICATIONS)[number];

/** Result of one check. `detail` is for logs and experts; decisions hang on `id`, `ok`, `subIndication`. */
export interface Check {
  /** kebab-case, stable. */
  readonly id: string;
  /** null: not checked, because what it needs was not given or an earlier check failed. */
  readonly ok: boolean | null;
  readonly subIndication?: SubIndication;
  readonly detail?: string;
  readonly facts?: Json;
}

export const passed = (id: string, facts?: Json): Check =>
  facts === undefined ? { id, ok: true } : { id, ok: true, facts };

export const failed = (
  id: string,
  subIndication: SubIndication,
  detail: string,
  facts?: Json,
): Check =>
  facts === undefined
    ? { id, ok: false, subIndication, detail }
    : { id, ok: false, subIndication, detail, facts };

export const unchecked = (id: string, detail?: string): Check =>
  detail === undefined ? { id, ok: null } : { id, ok: null, detail };

/** `passed` or `failed`, whichever holds. */
export const check = (
  id: string,
  ok: boolean,
  subIndication: SubIndication,
  detail: string,
  facts?: Json,
): Check => (ok ? passed(id, facts) : failed(id, subIndication, detail, facts));

/** True if nothing failed; what was not checked does not count. */
export const noneFailed = (checks: readonly Check[]): boolean =>
  checks.every(({ ok }) => ok !== false);
