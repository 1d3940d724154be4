import type {
  Authority,
  AuthorityRole,
  CheckpointWitness,
  Clock,
  IdentityAddress,
  KeyStore,
  Objects,
  Random,
  ServerBuild,
  TimestampAuthority,
} from '@mandate/core';
import type { Probe } from '@mandate/ceremony';
import { connectAuthority, type Log } from '@mandate/runtime';
import { openDatabase, ping, type Database } from '@mandate/store';
import { certification } from './certification.js';
import { keeping } from './keeping.js';
import { registration } from './registration.js';
import { sealing } from './sealing.js';
import { sequencing } from './sequencing.js';
import { timestamping } from './timestamping.js';

export interface AuthorityParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Roles this process holds. */
  readonly roles: readonly AuthorityRole[];
  readonly databaseUrl: (role: AuthorityRole) => string;
  readonly keys: (role: AuthorityRole) => KeyStore;
  readonly objects: Objects;
  readonly trustFolder: string;
  readonly publicUrl: string;
  /** Where staff reach the desk; needed by role vault alone. */
  readonly deskUrl: string;
  /** The organisation's own sign-in for the desk; absent: accounts of its own only. */
  readonly staffProvider?: { readonly issuer: string; readonly clientId: string } | undefined;
  readonly ledgerOrigin: string;
  readonly witnesses: readonly CheckpointWitness[];
  /** How many of them must have cosigned before a letter is released. */
  readonly witnessQuorum: number;
  /** At most one stamp of the ledger's head in so many seconds; default 3600. */
  readonly stampSeconds?: number;
  /** In the order of trying; empty: the built-in authority alone. */
  readonly timestampAuthorities: readonly (TimestampAuthority | 'built-in')[];
  /** Who can be asked who somebody is, in the order of asking; needed by role ra alone. */
  readonly identityProviders: readonly IdentityAddress[];
  /** Signature and archive are stamped by different operators, or the archive waits. */
  readonly distinctOperators: boolean;
  /** Roles held elsewhere. */
  readonly urls: Readonly<Partial<Record<AuthorityRole, string>>>;
  readonly callerKey: string;
  readonly probe: Probe;
  /** The build that runs; null: nobody knows. */
  readonly build?: ServerBuild | null;
}

export interface RunningAuthority {
  /** Held roles directly, others over the internal calls. */
  readonly authority: Authority;
  readonly local: Partial<Authority>;
  readonly ready: () => Promise<void>;
  close(): Promise<void>;
}

/** Builds the roles this process holds, each with its own keys, database role and grants. */
export async function startAuthority(parts: AuthorityParts): Promise<RunningAuthority> {
  const databases: Database[] = [];
  const database = (role: AuthorityRole, connections = 6): Database => {
    const db = openDatabase(parts.databaseUrl(role), role, connections);
    databases.push(db);
    return db;
  };
  const local: { -readonly [R in AuthorityRole]?: Authority[R] } = {};
  const authority = connectAuthority({ urls: parts.urls, callerKey: parts.callerKey, local });
  const makers: { [R in AuthorityRole]: () => Promise<Authority[R]> } = {
    vault: () => keeping(parts, authority, database('vault'), database('vault', 4)),
    ra: () => registration(parts, authority, database('ra')),
    ca: () => certification(parts, authority, database('ca')),
    tsa: () => timestamping(parts),
    seal: () => sealing(parts, authority, database('seal')),
    ledger: () => sequencing(parts, authority, database('ledger')),
  };
  for (const role of parts.roles) Object.assign(local, { [role]: await makers[role]() });
  return {
    authority,
    local,
    ready: async () => {
      await Promise.all(databases.map(ping));
    },
    close: async () => {
      await Promise.all(databases.map((db) => db.destroy()));
    },
  };
}
