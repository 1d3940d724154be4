import { DATABASE_ROLES, type DatabaseRole } from '@mandate/core';

type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE';

/** One expectation: exactly these roles have that privilege on the table, or on a column of it. */
export interface GrantRule {
  readonly table: string;
  readonly privilege: Privilege;
  readonly roles: readonly DatabaseRole[];
}

const only = (table: string, privilege: Privilege, ...roles: DatabaseRole[]): GrantRule => ({
  table,
  privilege,
  roles,
});
const nobody = (privileges: readonly Privilege[], ...tables: string[]): GrantRule[] =>
  tables.flatMap((table) => privileges.map((privilege) => only(table, privilege)));

/**
 * The separation of duties the product promises, as a running database can be held against it: who alone makes,
 * confirms, signs, sequences, opens and erases, and what nobody rewrites. The migrations are where grants are made;
 * this says which of them must never be otherwise.
 */
export const GRANT_RULES: readonly GrantRule[] = [
  ...nobody(
    ['UPDATE', 'DELETE', 'TRUNCATE'],
    'events',
    'access_entries',
    'confirmations',
    'attempt_journal',
    'ledger_entries',
    'ledger_nodes',
    'ledger_checkpoints',
    'inclusion_proofs',
    'scopes',
    'withdrawals',
    'ends',
    'erasures',
    'restrictions',
    'subject_releases',
    'archives',
    'bundle_generations',
    'register_anchors',
    ...['sample_items', 'sample_findings'],
    'desk_register',
    ...['desk_index', 'compared_values'],
    ...['case_authorizations', 'case_events', 'case_boxes', 'hold_votes', 'grant_approvals'],
    'template_votes',
    ...['desk_orders', 'desk_order_authorizations'],
    ...['report_anchors', 'report_job_orders', 'report_files', 'report_filings', 'report_acts'],
    'staff_changes',
  ),
  ...nobody(
    ['INSERT', 'UPDATE', 'DELETE'],
    ...['transitions', 'event_writers', 'ledger_writers', 'wakers', 'retention_rules', 'settings'],
    ...['institutions', 'recipient_keys', 'registry_entries', 'registry_combinations'],
    ...['data_keys_swept', 'receipts_due', 'case_kinds', 'case_steps', 'staff_role_kinds'],
    ...['staff_roles_apart', 'staff_roles', 'staff_logins'],
  ),
  ...nobody(['INSERT'], 'staff_invitations'),
  ...nobody(
    ['DELETE'],
    'authorizations',
    'data_keys',
    'personal_data',
    'redemptions',
    'ledger_queue',
    ...['cases', 'case_keys', 'grants', 'access_seals', 'staff', 'staff_sessions'],
    ...['staff_logins', 'staff_invitations', 'staff_passkeys', 'staff_recovery_codes'],
    ...['reconciliations', 'reconciliation_unqueried', 'samples', 'report_jobs', 'report_items'],
  ),
  only('confirmations', 'INSERT', 'ra'),
  only('challenges', 'INSERT', 'ra'),
  only('passkeys', 'INSERT', 'ra'),
  only('subject_index', 'INSERT', 'ra'),
  only('attempts', 'INSERT', 'ca'),
  only('attempt_journal', 'SELECT', 'ca'),
  only('scopes', 'INSERT', 'ca'),
  only('archives', 'INSERT', 'ca'),
  only('bundle_generations', 'INSERT', 'ca'),
  only('receipts', 'INSERT', 'seal'),
  only('ledger_entries', 'INSERT', 'ledger'),
  only('ledger_checkpoints', 'INSERT', 'ledger'),
  only('inclusion_proofs', 'INSERT', 'ledger'),
  only('ledger_head', 'UPDATE', 'ledger'),
  only('data_keys', 'SELECT', 'vault'),
  only('data_keys', 'UPDATE', 'vault'),
  only('access_entries', 'INSERT', 'vault'),
  only('template_votes', 'INSERT', 'vault'),
  ...['cases', 'case_events', 'case_boxes', 'case_keys', 'case_authorizations', 'hold_votes'].map(
    (table) => only(table, 'INSERT', 'vault'),
  ),
  ...['grants', 'grant_approvals', 'desk_orders', 'access_seals', 'staff_sessions'].map((table) =>
    only(table, 'INSERT', 'vault'),
  ),
  ...['staff_changes', 'staff_passkeys', 'staff_recovery_codes', 'staff_sign_ins'].map((table) =>
    only(table, 'INSERT', 'vault'),
  ),
  only('report_acts', 'INSERT', 'vault'),
  ...(['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const).map((privilege) =>
    only('staff_agreements', privilege, 'vault'),
  ),
  only('staff_failures', 'INSERT', 'vault'),
  only('staff_invitations', 'UPDATE', 'vault'),
  ...['staff_logins', 'staff_invitations', 'staff_passkeys', 'staff_recovery_codes'].map((table) =>
    only(table, 'SELECT', 'vault'),
  ),
  only('case_keys', 'SELECT', 'vault'),
  only('case_boxes', 'SELECT', 'vault'),
  only('erasures', 'INSERT', 'vault'),
  only('register_anchors', 'INSERT', 'vault'),
  only('desk_register', 'INSERT', 'vault'),
  only('compared_values', 'INSERT', 'vault'),
  only('compared_values', 'SELECT', 'vault'),
  ...[
    'reconciliations',
    'reconciliation_queries',
    'samples',
    'sample_items',
    'sample_findings',
    ...['report_jobs', 'report_job_orders', 'report_items', 'report_files', 'report_filings'],
  ].map((table) => only(table, 'INSERT', 'desk')),
  only('desk_index', 'INSERT', 'web'),
  only('desk_index', 'SELECT', 'vault'),
  only('authorizations', 'INSERT', 'web'),
  only('personal_data', 'INSERT', 'web'),
  only('redemptions', 'INSERT', 'web'),
  only('subject_releases', 'INSERT', 'web'),
];

export const ROLE_NAMES = DATABASE_ROLES.map((role) => `mandate_${role}`);
