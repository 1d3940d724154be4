import type { Authority, Clock, Objects, Random, StaffSession } from '@mandate/core';
import type { CaseRecord } from '@mandate/ceremony';
import { routesFor, type Log } from '@mandate/runtime';
import type { DeskRecord } from '@mandate/store';

export interface DeskParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** On the database role `desk`. */
  readonly record: DeskRecord;
  readonly cases: CaseRecord;
  readonly authority: Pick<Authority, 'vault' | 'seal' | 'ca'>;
  readonly objects: Objects;
  /** Origin of the public site without a trailing slash. */
  readonly publicUrl: string;
  /** Origin of the desk. */
  readonly deskUrl: string;
  /** Who may call by key; `keyDigest` is the SHA-256 of the key's 32 bytes, hex. */
  readonly staff: readonly { readonly name: string; readonly keyDigest: string }[];
  readonly ready: () => Promise<unknown>;
}

/** Somebody signed in, and the secret by which role vault knows them. */
export type Contexts = {
  staff: StaffSession & { readonly secret: Uint8Array };
};

export const route = routesFor<Contexts>();
