import { addSeconds, newId, STAFF_ROLES, toUtcSeconds, type StaffRole } from '@mandate/core';
import type { StaffAccount } from '@mandate/store';
import { tell, UsageError, type Command, type CommandIo } from '../command.js';
import { withInstallation } from '../installation.js';
import { day, parseOptions } from '../parse-options.js';
import { withStaff } from '../with-staff.js';
import { invite, link, reset, twoPeople } from './staff-ways-in.js';

/** Seconds between two reviews: a quarter. */
const QUARTER = 92 * 86_400;

/** `mandate staff …`: who works at the disputes desk. Whatever gives names two people. */
export const staffCommand: Command = {
  usage:
    'staff open --name NAME --team TEAM --by PERSON --approver PERSON --undertaking REF [--institution ID] [--outsourced --until DAY] | staff give --staff ID --role ROLE --by PERSON --approver PERSON | staff end --staff ID --role ROLE --by PERSON | staff invite|reset --staff ID --by PERSON --approver PERSON | staff link --staff ID --issuer URL --subject SUB --by PERSON --approver PERSON | staff move --staff ID --team TEAM --by PERSON --approver PERSON [--institution ID] [--outsourced --until DAY] | staff review --staff ID --team TEAM --roles ROLE,ROLE --by PERSON [--institution ID] | staff wake --staff ID --by PERSON --approver PERSON | staff close --staff ID --by PERSON --undertaking REF | staff list | staff changes [--staff ID]',
  summary:
    'people of the disputes desk: accounts, roles, how they come in, the quarterly review, moving, leaving; run beside role vault’s keys',

  async run([action, ...args], io) {
    const run = ACTIONS[action ?? ''];
    if (!run) throw new UsageError(`staff takes ${Object.keys(ACTIONS).join(', ')}`);
    return run(args, io);
  },
};

const ACTIONS: Readonly<
  Record<string, (args: readonly string[], io: CommandIo) => Promise<number>>
> = { open, give, end, invite, reset, link, move, review, wake, close, list, changes };

async function open(args: readonly string[], io: CommandIo): Promise<number> {
  const required = ['name', 'team', 'by', 'approver', 'undertaking'];
  const options = parseOptions(args, required, ['outsourced'], ['institution', 'until']);
  const [by, approver] = twoPeople(options);
  const place = placeOf(options);
  return withStaff(async ({ staff, clock, random }) => {
    const id = newId('staff', clock, random);
    const [name, undertaking] = [options['name']!, options['undertaking']!];
    await staff.openStaff({ id, name, undertaking, ...place, by, approver, at: clock.now() });
    tell(io, { staff: id }, [`staff  ${id}`, 'Give roles next, then invite.']);
    return 0;
  });
}

async function give(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, ['staff', 'role', 'by', 'approver'], []);
  const [by, approver] = twoPeople(options);
  const role = roleOf(options['role']!);
  return withStaff(async ({ staff, clock }) => {
    const staffId = options['staff']!;
    await staff.giveRole({ staffId, role, by, approver, at: clock.now() });
    tell(io, { staff: staffId, role, given: true }, ['given']);
    return 0;
  });
}

async function end(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, ['staff', 'role', 'by'], []);
  const role = roleOf(options['role']!);
  return withStaff(async ({ staff, clock }) => {
    const [staffId, by] = [options['staff']!, options['by']!];
    const ended = await staff.endRole({ staffId, role, by, at: clock.now() });
    tell(io, { staff: staffId, role, ended }, [ended ? 'ended' : 'was not held']);
    return ended ? 0 : 1;
  });
}

async function move(args: readonly string[], io: CommandIo): Promise<number> {
  const required = ['staff', 'team', 'by', 'approver'];
  const options = parseOptions(args, required, ['outsourced'], ['institution', 'until']);
  const [by, approver] = twoPeople(options);
  const place = placeOf(options);
  return withStaff(async ({ staff, clock }) => {
    const staffId = options['staff']!;
    await staff.moveStaff({ staffId, ...place, by, approver, at: clock.now() });
    tell(io, { staff: staffId, moved: true }, [
      'moved: in another place of work every role and session is over; give roles anew',
    ]);
    return 0;
  });
}

/** What the reviewer looked at has to be what there is; else nothing is reviewed, and it is said what differs. */
async function review(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, ['staff', 'team', 'roles', 'by'], [], ['institution']);
  const [staffId, team, by] = [options['staff']!, options['team']!, options['by']!];
  const roles = rolesOf(options['roles']!);
  const institutionId = (options['institution'] as string | undefined) ?? null;
  return withStaff(async ({ staff, administration, clock }) => {
    const at = clock.now();
    const [account] = await administration.staffAccounts(at, { ids: [staffId] });
    const differs = account ? differences(account, { institutionId, team, roles }) : [];
    if (differs.length === 0)
      await staff.reviewStaff({ staffId, institutionId, team, roles, by, at });
    const reviewed = differs.length === 0;
    tell(io, { staff: staffId, reviewed, differs }, [
      ...(reviewed ? [`reviewed; due again on ${dueAt(at).slice(0, 10)}`] : ['not reviewed:']),
      ...differs,
      ...(reviewed ? [] : ['Who has moved is moved first (staff move); roles not needed end.']),
    ]);
    return reviewed ? 0 : 1;
  });
}

async function wake(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, ['staff', 'by', 'approver'], []);
  const [by, approver] = twoPeople(options);
  return withStaff(async ({ staff, clock }) => {
    const staffId = options['staff']!;
    await staff.wakeStaff({ staffId, by, approver, at: clock.now() });
    tell(io, { staff: staffId, woken: true }, ['woken']);
    return 0;
  });
}

async function close(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, ['staff', 'by', 'undertaking'], []);
  return withStaff(async ({ staff, clock }) => {
    const [staffId, by, undertaking] = [options['staff']!, options['by']!, options['undertaking']!];
    await staff.closeStaff({ staffId, by, undertaking, at: clock.now() });
    tell(io, { staff: staffId, closed: true }, [
      'closed: every session, way in, role and pending approval is over',
    ]);
    return 0;
  });
}

async function list(args: readonly string[], io: CommandIo): Promise<number> {
  parseOptions(args, [], []);
  return withInstallation(async ({ administration, clock }) => {
    const people = await administration.staffAccounts(clock.now());
    const items = people.map(accountView);
    tell(
      io,
      { items },
      items.map((it) =>
        [
          ...[it.staff, it.name, it.roles.join(',') || '-', it.institution ?? 'all institutions'],
          ...[it.team, `review due ${it.reviewDueAt.slice(0, 10)}`],
          ...(it.outsourced ? [`OUTSOURCED until ${it.contractUntil!.slice(0, 10)}`] : []),
          ...(it.refusal ? [`LOCKED ${it.refusal}`] : []),
        ].join('  '),
      ),
    );
    return 0;
  });
}

async function changes(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, [], [], ['staff']);
  return withInstallation(async ({ administration }) => {
    const staffId = options['staff'] as string | undefined;
    const rows = await administration.staffChanges(staffId ? { staffId } : {});
    const items = rows.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    tell(
      io,
      { items },
      items.map(({ number, at, act, staff, by, approver, detail }) =>
        [number, at, act, staff, by, approver ?? '-', JSON.stringify(detail)].join('  '),
      ),
    );
    return 0;
  });
}

const accountView = (it: StaffAccount) => ({
  ...{ staff: it.id, name: it.name, institution: it.institutionId, team: it.team },
  ...{ outsourced: it.outsourced, roles: it.roles.map(({ role }) => role), refusal: it.refusal },
  contractUntil: it.contractUntil && toUtcSeconds(it.contractUntil),
  openedAt: toUtcSeconds(it.openedAt),
  seenAt: it.seenAt && toUtcSeconds(it.seenAt),
  reviewDueAt: dueAt(it.reviewedAt),
  closedAt: it.closedAt && toUtcSeconds(it.closedAt),
});

const dueAt = (reviewedAt: Date): string => toUtcSeconds(addSeconds(reviewedAt, QUARTER));

function differences(
  account: StaffAccount,
  seen: { institutionId: string | null; team: string; roles: readonly StaffRole[] },
): string[] {
  const held = account.roles.map(({ role }) => role);
  const here = { institution: account.institutionId, team: account.team, roles: held.join(',') };
  const looked = { institution: seen.institutionId, team: seen.team, roles: seen.roles.join(',') };
  return (['institution', 'team', 'roles'] as const)
    .filter((name) => here[name] !== looked[name])
    .map((name) => `${name}: here ${here[name] || 'none'}, looked at ${looked[name] || 'none'}`);
}

function roleOf(text: string): StaffRole {
  const role = STAFF_ROLES.find((it) => it === text);
  if (!role) throw new UsageError(`a role is one of ${STAFF_ROLES.join(', ')}`);
  return role;
}

const rolesOf = (text: string): StaffRole[] =>
  text === 'none' ? [] : text.split(',').map(roleOf).sort();

function placeOf(options: Record<string, string | boolean | undefined>) {
  const until = options['until'] as string | undefined;
  const outsourced = options['outsourced'] !== undefined;
  if (outsourced !== (until !== undefined))
    throw new UsageError('--outsourced and --until come together: the day the contract ends');
  return {
    institutionId: (options['institution'] as string | undefined) ?? null,
    team: options['team'] as string,
    outsourced,
    contractUntil: until === undefined ? null : day(until),
  };
}
