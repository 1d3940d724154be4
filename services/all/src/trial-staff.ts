import {
  addSeconds,
  newId,
  sha256,
  toBase64Url,
  type Clock,
  type Random,
  type StaffRole,
} from '@mandate/core';
import type { Administration, StaffAdministration } from '@mandate/store';

/** One person for each role that a complaint needs, and both who agree. */
const TRIAL_STAFF: readonly { readonly name: string; readonly role: StaffRole }[] = [
  { name: 'Trial officer', role: 'officer' },
  { name: 'Trial approver 1', role: 'approver' },
  { name: 'Trial approver 2', role: 'approver' },
  { name: 'Trial custodian', role: 'custodian' },
  { name: 'Trial auditor', role: 'auditor' },
];
/** Who stands in the record as having opened these accounts: nobody's name, and seen as such. */
const BY = { by: 'trial-set-up-1', approver: 'trial-set-up-2' };
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
    staff,
  }: {
    clock: Clock;
    random: Random;
    administration: Administration;
    staff: StaffAdministration;
  },
  deskUrl: string,
): Promise<readonly TrialInvitation[]> {
  const accounts = await administration.staffAccounts(clock.now());
  const invitations: TrialInvitation[] = [];
  for (const { name, role } of TRIAL_STAFF) {
    const at = clock.now();
    const account = accounts.find((it) => it.name === name);
    if (account?.seenAt || account?.closedAt) continue;
    const id = account?.id ?? newId('staff', clock, random);
    if (account) await staff.resetStaff({ staffId: id, ...BY, at });
    else {
      const place = { institutionId: null, team: 'trial', outsourced: false, contractUntil: null };
      await staff.openStaff({ id, name, ...place, undertaking: 'trial set-up: none', ...BY, at });
      await staff.giveRole({ staffId: id, role, ...BY, at });
    }
    const secret = random.bytes(32);
    await staff.inviteStaff({
      ...{ id: newId('staffInvitation', clock, random), staffId: id, ...BY, at },
      ...{ secretDigest: sha256(secret), endsAt: addSeconds(at, INVITATION_LIFE) },
    });
    invitations.push({ name, role, link: `${deskUrl}/desk/invitation#${toBase64Url(secret)}` });
  }
  return invitations;
}
