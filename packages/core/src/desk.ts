/**
 * What people at the disputes desk may be. Which of these nobody holds together, and which outsourced staff or staff
 * of an institution may hold, stands in the database (`staff_roles_apart`, `staff_role_kinds`).
 */
export const STAFF_ROLES = [
  /** Works on cases, asks to open evidence, makes reports. */
  'officer',
  /** Agrees that evidence is opened. */
  'approver',
  /** Reads registers, ledger and anomalies; changes nothing. */
  'auditor',
  'template-author',
  'template-approver',
  /** Third person where the glass is broken. */
  'custodian',
  /** Runs the system, and sees no case. */
  'operator',
] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** What is done to accounts of the desk; each stands in the register of changes. */
export type StaffAct =
  | 'opened'
  | 'role-given'
  | 'role-ended'
  | 'invited'
  | 'linked'
  /** Set up a passkey; entered by role vault. */
  | 'enrolled'
  /** Every way in ended, for a new one. */
  | 'reset'
  | 'moved'
  | 'reviewed'
  | 'woken'
  | 'closed';

/** Somebody of the desk, signed in. */
export interface StaffSession {
  readonly session: string;
  readonly staff: string;
  readonly name: string;
  /** Null: the operator's own people, who see all institutions. */
  readonly institutionId: string | null;
  readonly outsourced: boolean;
  /** None in a session by recovery code: it serves to set up a passkey, and nothing else. */
  readonly roles: readonly StaffRole[];
  readonly means: SignInMeans;
  /** By the identity provider: when it says the person signed in there, epoch seconds. */
  readonly authTime?: number;
  /** At the latest; idleness ends it sooner. */
  readonly endsAt: string;
}

/** Roles whose word is a second person's: what was told through the desk's process must not become one of them. */
export const AGREEING_ROLES: readonly StaffRole[] = ['approver', 'custodian', 'template-approver'];

export type SignInMeans = 'passkey' | 'oidc' | 'recovery-code';

/** Each has its own clock and rule in the table `case_kinds`. */
export const CASE_KINDS = [
  'subject-dispute',
  'credit-data-objection',
  'consumer-complaint',
  'consumer-complaint-complex',
  'regulator-complaint',
  'court-request',
  'internal-review',
] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/** GB/T 39321: apply, accept, extract, verify, certify; which follows which stands in the table `case_steps`. */
export const CASE_STEPS = [
  'applied',
  'accepted',
  'extracted',
  'verified',
  'certified',
  'closed',
  'rejected',
] as const;
export type CaseStep = (typeof CASE_STEPS)[number];

/** Seeing on the screen, taking away as a file, and on paper are three things. */
export const GRANT_RIGHTS = ['view', 'download', 'print'] as const;
export type GrantRight = (typeof GRANT_RIGHTS)[number];

/** Hours a grant is good for at most, from its last approval. */
export const MOST_GRANT_HOURS = 72;

/** How many people other than the requester agree. */
export const approvalsNeeded = (breakGlass: boolean): 2 | 3 => (breakGlass ? 3 : 2);
