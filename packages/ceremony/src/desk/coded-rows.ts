import type { MacRow, MacValue, RowMacs } from './row-macs.js';

/** Per table, the columns its code is over. Whoever writes such a row and whoever reads it use this one list. */
export const CODED_ROWS = {
  staff: [
    'id',
    'name',
    'institutionId',
    'team',
    'outsourced',
    'contractUntil',
    'openedAt',
    'change',
  ],
  staff_roles: ['staffId', 'role', 'givenAt', 'givenBy', 'approvedBy', 'change'],
  staff_changes: ['number', 'digest'],
  staff_logins: ['issuer', 'subject', 'staffId', 'madeAt', 'madeBy', 'approvedBy', 'change'],
  staff_invitations: [
    'id',
    'staffId',
    'secretDigest',
    'madeAt',
    'madeBy',
    'approvedBy',
    'endsAt',
    'change',
  ],
  staff_passkeys: ['credentialId', 'staffId', 'byWayOf', 'publicKey', 'madeAt'],
  staff_recovery_codes: ['digest', 'staffId', 'madeAt'],
  staff_sign_ins: ['id', 'means', 'challenge', 'secretDigest', 'staffId', 'madeAt', 'endsAt'],
  staff_agreements: [
    ...(['id', 'act', 'subject', 'digest', 'staffId', 'sessionId', 'nonce', 'means'] as const),
    ...(['madeAt', 'endsAt', 'answeredAt', 'proof'] as const),
  ],
  staff_sessions: ['id', 'staffId', 'secretDigest', 'means', 'openedAt', 'endsAt', 'authTime'],
} as const;
/** Came with migration 0034: a row without one has the code it had before. */
const ADDED: ReadonlySet<string> = new Set(['authTime']);
export type CodedTable = keyof typeof CODED_ROWS;
export type CodedRow<T extends CodedTable> = {
  readonly [C in (typeof CODED_ROWS)[T][number]]: MacValue;
};
/** With its column `mac`. */
export interface WithMac {
  readonly mac: Uint8Array;
}

export const codeOf = <T extends CodedTable>(
  macs: RowMacs,
  table: T,
  row: CodedRow<T>,
): Uint8Array => macs.of(table, covered(table, row));

/** Whether somebody wrote this row who may: role vault, or the `staff` command beside its secret. */
export const codeHolds = <T extends CodedTable>(
  macs: RowMacs,
  table: T,
  row: CodedRow<T> & WithMac,
): boolean => macs.holds(table, covered(table, row), row.mac);

const covered = (table: CodedTable, row: object): MacRow =>
  Object.fromEntries(
    CODED_ROWS[table]
      .map((name) => [name, (row as MacRow)[name]!] as const)
      .filter(([name, value]) => !ADDED.has(name) || value !== null),
  );
