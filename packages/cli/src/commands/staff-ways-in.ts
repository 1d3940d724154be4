import { addSeconds, newId, sha256, toBase64Url, toUtcSeconds } from '@mandate/core';
import { tell, UsageError, type CommandIo } from '../command.js';
import { parseOptions } from '../parse-options.js';
import { withStaff } from '../with-staff.js';

/** Seconds an invitation is good for. */
const INVITATION_LIFE = 2 * 86_400;
const REQUIRED = ['staff', 'by', 'approver'];

type Staffing = Parameters<Parameters<typeof withStaff>[0]>[0];

/** `mandate staff invite`: refused to who has a way in already. */
export async function invite(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, REQUIRED, []);
  const people = twoPeople(options);
  return withStaff(async (it) => invited(it, options['staff']!, people, io));
}

/** `mandate staff reset`: every way in there was is over, and a new invitation. */
export async function reset(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, REQUIRED, []);
  const [by, approver] = twoPeople(options);
  return withStaff(async (it) => {
    const staffId = options['staff']!;
    await it.staff.resetStaff({ staffId, by, approver, at: it.clock.now() });
    return invited(it, staffId, [by, approver], io);
  });
}

/** `mandate staff link`: the organisation's own sign-in instead of a passkey. */
export async function link(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, [...REQUIRED, 'issuer', 'subject'], []);
  const [by, approver] = twoPeople(options);
  if (!URL.canParse(options['issuer']!)) throw new UsageError('--issuer is an URL');
  return withStaff(async ({ staff, clock }) => {
    const [staffId, issuer, subject] = [options['staff']!, options['issuer']!, options['subject']!];
    await staff.linkLogin({ staffId, issuer, subject, by, approver, at: clock.now() });
    tell(io, { staff: staffId, issuer, subject, linked: true }, ['linked']);
    return 0;
  });
}

async function invited(
  { staff, clock, random, config }: Staffing,
  staffId: string,
  [by, approver]: readonly [string, string],
  io: CommandIo,
): Promise<number> {
  const secret = random.bytes(32);
  const at = clock.now();
  const endsAt = addSeconds(at, INVITATION_LIFE);
  const id = newId('staffInvitation', clock, random);
  await staff.inviteStaff({
    ...{ id, staffId, secretDigest: sha256(secret), endsAt },
    ...{ by, approver, at },
  });
  const invitation = toBase64Url(secret);
  const link = `${config.deskUrl ?? ''}/desk/invitation#${invitation}`;
  tell(io, { staff: staffId, invitation, link, endsAt: toUtcSeconds(endsAt) }, [
    `invitation  ${link}`,
    `good until  ${toUtcSeconds(endsAt)}`,
    ...(config.deskUrl
      ? []
      : ['The address begins with the desk’s own; DESK_URL is not set here.']),
    'Told this once. Hand it over in person: whoever opens it sets up the passkey.',
  ]);
  return 0;
}

/** Throws `UsageError`. */
export function twoPeople(options: Record<string, unknown>): readonly [string, string] {
  const [by, approver] = [String(options['by']), String(options['approver'])];
  if (by.trim().toLowerCase() === approver.trim().toLowerCase())
    throw new UsageError('--by and --approver are two people');
  return [by, approver];
}
