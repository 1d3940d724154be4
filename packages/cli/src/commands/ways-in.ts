import { isAppScheme, isFramableOrigin } from '@mandate/core';
import { UsageError, type CommandIo, tell } from '../command.js';
import { withInstallation } from '../installation.js';
import { parseOptions } from '../parse-options.js';

/** `mandate institution allow|disallow ID --origin ORIGIN | --scheme SCHEME`. */
export async function changeWayIn(
  action: 'allow' | 'disallow',
  [institutionId, ...args]: readonly string[],
  io: CommandIo,
): Promise<number> {
  if (institutionId === undefined || institutionId.startsWith('-'))
    throw new UsageError(`institution ${action} takes the institution's id first`);
  const { origin, scheme } = parseOptions(args, [], [], ['origin', 'scheme']);
  if ((origin === undefined) === (scheme === undefined))
    throw new UsageError('give --origin or --scheme');
  const kind = origin === undefined ? 'scheme' : 'origin';
  const value = String(origin ?? scheme);
  if (kind === 'origin' && !isFramableOrigin(value))
    throw new UsageError('--origin: an exact https origin, e.g. https://app.bank.example');
  if (kind === 'scheme' && !isAppScheme(value))
    throw new UsageError('--scheme: an app scheme of its own, lower case, without ://');
  return withInstallation(async ({ administration, clock }) => {
    const way = { institutionId, kind, value } as const;
    const changed =
      action === 'allow'
        ? await administration.allowWayIn({ ...way, at: clock.now() })
        : await administration.disallowWayIn(way);
    const already = action === 'allow' ? 'was allowed already' : 'was not allowed';
    const allowed = action === 'allow';
    tell(io, { institution: institutionId, kind, value, allowed, changed }, [
      `${kind} ${value} ${changed ? `${action}ed` : already}`,
    ]);
    return 0;
  });
}

/** `mandate institution allowed ID`. */
export async function listWaysIn(
  [institutionId, ...args]: readonly string[],
  io: CommandIo,
): Promise<number> {
  if (institutionId === undefined || institutionId.startsWith('-'))
    throw new UsageError("institution allowed takes the institution's id first");
  parseOptions(args, [], []);
  const rows = await withInstallation(({ administration }) =>
    administration.listWaysIn(institutionId),
  );
  tell(io, { items: rows }, [
    ...rows.map(({ kind, value }) => `${kind}  ${value}`),
    ...(rows.some(({ kind }) => kind === 'origin')
      ? []
      : ['no origin is listed: tickets may name any']),
  ]);
  return 0;
}
