import {
  addSeconds,
  newId,
  sha256,
  toBase64Url,
  type Clock,
  type Random,
  type StaffRole,
} from '@mandate/core';
import type { Administration } from '@mandate/store';

/** One person for each role that a complaint needs, and both who agree. */
const TRIAL_STAFF: readonly { readonly name: string; readonly role: StaffRole }[] = [
  { name: 'Trial officer', role: 'officer' },
  { name: 'Trial approver 1', role: 'approver' },
  { name: 'Trial approver 2', role: 'approver' },
  { name: 'Trial custodian', role: 'custodian' },
  { name: 'Trial auditor', role: 'auditor' },
];
/** Who stands in the record as having opened these accounts: nobody's name, and seen as such. */
const BY = { openedBy: 'trial-set-up-1', approvedBy: 'trial-set-up-2' };
/** Seconds; each start makes new ones. */
const INVITATION_LIFE = 86_400;

export interface TrialInvitation {
  readonly name: string;
  readonly role: StaffRole;
  /** Works once. */
  readonly link: string;
}

/**
 * People to try the desk with, on an installation of its own that nobody relies on: two invented names opened these
 * accounts, and one person can play all parts. Those who have not come in yet get a new invitation each time.
 */
export async function trialStaff(
  {
    clock,
    random,
    administration,
  }: { clock: Clock; random: Random; administration: Administration },
  deskUrl: string,
): Promise<readonly TrialInvitation[]> {
  const accounts = await administration.staffAccounts();
  const invitations: TrialInvitation[] = [];
  for (const { name, role } of TRIAL_STAFF) {
    const at = clock.now();
    const account = accounts.find((it) => it.name === name);
    if (account?.seenAt || account?.closedAt) continue;
    let id = account?.id;
    if (id === undefined) {
      id = newId('staff', clock, random);
      await administration.openStaff({
        ...{ id, name, institutionId: null, outsourced: false, ...BY, at },
        undertaking: 'trial set-up: none',
      });
      const by = { givenBy: BY.openedBy, approvedBy: BY.approvedBy };
      await administration.giveRole({ staffId: id, role, ...by, at });
    }
    const secret = random.bytes(32);
    await administration.inviteStaff({
      ...{ id: newId('staffInvitation', clock, random), staffId: id },
      ...{ secretDigest: sha256(secret), madeAt: at, endsAt: addSeconds(at, INVITATION_LIFE) },
    });
    invitations.push({ name, role, link: `${deskUrl}/desk/invitation#${toBase64Url(secret)}` });
  }
  return invitations;
}
