import type { Time } from './time.js';

export interface RegistryEntry {
  readonly creditCode: string;
  readonly name: string;
  /** As letters in English spell it. */
  readonly nameEn: string | null;
  readonly licence: string;
  readonly originProof: string | null;
  readonly reviewedAt: Time;
  /** Later no new letter names it. */
  readonly reviewBy: Time;
  /** Later it is not used either. */
  readonly validUntil: Time;
  readonly approver: string;
  readonly valid: boolean;
}

export interface RegistryCombination {
  readonly source: string;
  readonly item: string;
  readonly purpose: string;
}
