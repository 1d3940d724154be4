import {
  addSeconds,
  newId,
  sha256,
  STAFF_ROLES,
  toBase64Url,
  toUtcSeconds,
  type StaffRole,
} from '@mandate/core';
import { tell, UsageError, type Command, type CommandIo } from '../command.js';
import { withInstallation } from '../installation.js';
import { parseOptions } from '../parse-options.js';

/** Seconds an invitation is good for. */
const INVITATION_LIFE = 2 * 86_400;

/** `mandate staff …`: who works at the disputes desk. Opening, roles and closing name two people. */
export const staffCommand: Command = {
  usage:
    'staff open --name NAME --by PERSON --approver PERSON --undertaking REF [--institution ID] [--outsourced] | staff give|end --staff ID --role ROLE --by PERSON [--approver PERSON] | staff invite --staff ID | staff link --staff ID --issuer URL --subject SUB | staff review --staff ID --by PERSON | staff close --staff ID --by PERSON --undertaking REF | staff list',
  summary:
    'people of the disputes desk: accounts, roles, invitations to set up a passkey, the quarterly review, leaving',

  async run([action, ...args], io) {
    if (action === 'open') return open(args, io);
    if (action === 'give') return give(args, io);
    if (action === 'end') return end(args, io);
    if (action === 'invite') return invite(args, io);
    if (action === 'link') return link(args, io);
    if (action === 'review') return review(args, io);
    if (action === 'close') return close(args, io);
    if (action === 'list') return list(args, io);
    throw new UsageError('staff takes open, give, end, invite, link, review, close or list');
  },
};

async function open(args: readonly string[], io: CommandIo): Promise<number> {
  const required = ['name', 'by', 'approver', 'undertaking'];
  const options = parseOptions(args, required, ['outsourced'], ['institution']);
  const [openedBy, approvedBy] = twoPeople(options['by']!, options['approver']!);
  return withInstallation(async ({ administration, clock, random }) => {
    const id = newId('staff', clock, random);
    await administration.openStaff({
      ...{ id, name: options['name']!, openedBy, approvedBy, at: clock.now() },
      institutionId: (options['institution'] as string | undefined) ?? null,
      outsourced: options['outsourced'] !== undefined,
      undertaking: options['undertaking']!,
    });
    tell(io, { staff: id }, [`staff  ${id}`, 'Give roles next, then invite.']);
    return 0;
  });
}

async function give(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, ['staff', 'role', 'by', 'approver'], []);
  const [givenBy, approvedBy] = twoPeople(options['by']!, options['approver']!);
  const role = roleOf(options['role']!);
  return withInstallation(async ({ administration, clock }) => {
    const staffId = options['staff']!;
    await administration.giveRole({ staffId, role, givenBy, approvedBy, at: clock.now() });
    tell(io, { staff: staffId, role, given: true }, ['given']);
    return 0;
  });
}

async function end(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, ['staff', 'role', 'by'], []);
  const role = roleOf(options['role']!);
  return withInstallation(async ({ administration, clock }) => {
    const [staffId, endedBy] = [options['staff']!, options['by']!];
    const ended = await administration.endRole({ staffId, role, endedBy, at: clock.now() });
    tell(io, { staff: staffId, role, ended }, [ended ? 'ended' : 'was not held']);
    return ended ? 0 : 1;
  });
}

async function invite(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, ['staff'], []);
  return withInstallation(async ({ administration, clock, random }) => {
    const secret = random.bytes(32);
    const madeAt = clock.now();
    const endsAt = addSeconds(madeAt, INVITATION_LIFE);
    await administration.inviteStaff({
      ...{ id: newId('staffInvitation', clock, random), staffId: options['staff']! },
      ...{ secretDigest: sha256(secret), madeAt, endsAt },
    });
    const invitation = toBase64Url(secret);
    const told = { staff: options['staff']!, invitation, endsAt: toUtcSeconds(endsAt) };
    tell(io, told, [
      `invitation  ${invitation}`,
      `good until  ${told.endsAt}`,
      'Told this once. Hand it over in person: whoever has it sets up the passkey.',
    ]);
    return 0;
  });
}

async function link(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, ['staff', 'issuer', 'subject'], []);
  if (!URL.canParse(options['issuer']!)) throw new UsageError('--issuer is an URL');
  return withInstallation(async ({ administration, clock }) => {
    const [staffId, issuer, subject] = [options['staff']!, options['issuer']!, options['subject']!];
    await administration.linkLogin({ staffId, issuer, subject, madeAt: clock.now() });
    tell(io, { staff: staffId, issuer, subject, linked: true }, ['linked']);
    return 0;
  });
}

async function review(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, ['staff', 'by'], []);
  return withInstallation(async ({ administration, clock }) => {
    const [staffId, reviewedBy] = [options['staff']!, options['by']!];
    const reviewed = await administration.reviewStaff({ staffId, reviewedBy, at: clock.now() });
    tell(io, { staff: staffId, reviewed }, [reviewed ? 'reviewed' : 'no such open account']);
    return reviewed ? 0 : 1;
  });
}

async function close(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, ['staff', 'by', 'undertaking'], []);
  return withInstallation(async ({ administration, clock }) => {
    const staffId = options['staff']!;
    const closed = await administration.closeStaff({
      ...{ staffId, closedBy: options['by']!, undertaking: options['undertaking']! },
      at: clock.now(),
    });
    tell(io, { staff: staffId, closed }, [
      closed
        ? 'closed: every session, passkey, role and pending approval is over'
        : 'no such open account',
    ]);
    return closed ? 0 : 1;
  });
}

async function list(args: readonly string[], io: CommandIo): Promise<number> {
  parseOptions(args, [], []);
  return withInstallation(async ({ administration }) => {
    const people = await administration.staffAccounts();
    tell(
      io,
      { items: people },
      people.map(({ id, name, roles, institutionId, outsourced, closedAt }) =>
        [
          ...[id, name, roles.join(',') || '-', institutionId ?? 'all institutions'],
          ...(outsourced ? ['OUTSOURCED'] : []),
          ...(closedAt ? [`CLOSED ${toUtcSeconds(closedAt)}`] : []),
        ].join('  '),
      ),
    );
    return 0;
  });
}

function roleOf(text: string): StaffRole {
  const role = STAFF_ROLES.find((it) => it === text);
  if (!role) throw new UsageError(`--role is one of ${STAFF_ROLES.join(', ')}`);
  return role;
}

function twoPeople(by: string, approver: string): readonly [string, string] {
  if (by.trim().toLowerCase() === approver.trim().toLowerCase())
    throw new UsageError('--by and --approver are two people');
  return [by, approver];
}
