import { STATES, toUtcSeconds, type State } from '@mandate/core';
import type { SeenAuthorization } from '@mandate/store';
import { UsageError, type Command, type CommandIo, tell } from '../command.js';
import { withInstallation } from '../installation.js';
import { day, parseOptions } from '../parse-options.js';

const MOST = 1000;

/** `mandate authorization show|search`: states and times. Nothing personal is opened, so nothing needs masking. */
export const authorizationCommand: Command = {
  usage:
    'authorization show ID|LETTER-NUMBER | authorization search [--institution ID] [--state STATE] [--reference TEXT] [--since DAY] [--until DAY] [--limit N]',
  summary:
    'where an authorization stands, its uses, retention and openings; find authorizations, newest first. No personal data are opened for either',

  async run([action, ...args], io) {
    if (action === 'show') return show(args, io);
    if (action === 'search') return search(args, io);
    throw new UsageError('authorization takes show or search');
  },
};

async function show([name, ...args]: readonly string[], io: CommandIo): Promise<number> {
  if (name === undefined || name.startsWith('-'))
    throw new UsageError('authorization show takes an id or a letter number');
  parseOptions(args, [], []);
  const seen = await withInstallation(({ administration, clock }) =>
    administration.seeAuthorization(name, clock.now()),
  );
  tell(io, seen, lines(seen));
  return 0;
}

function lines({ authorization: it, ...seen }: SeenAuthorization): string[] {
  const { condition, privacy } = seen;
  const at = (moment: Date | null | undefined): string => (moment ? toUtcSeconds(moment) : '–');
  const line = (label: string, text: string): string => `${label.padEnd(14)}${text}`;
  return [
    line('authorization', it.id),
    line('letter', it.letterNumber),
    line('institution', seen.institution),
    line('reference', it.businessReference),
    line('template', seen.template),
    line('state', it.state),
    line('requested', at(it.createdAt)),
    line('until', at(it.endAt)),
    ...(condition.scope
      ? [line('uses left', `${condition.usesLeft} of ${condition.scope.maxUses}`)]
      : []),
    line('withdrawn', at(condition.withdrawal?.at)),
    line('on hold', at(condition.hold?.openedAt)),
    line('ended', at(condition.end?.happenedAt)),
    line('restricted', at(privacy.restriction?.at)),
    line(
      'kept until',
      privacy.retention ? `${at(privacy.retention.keptUntil)} (${privacy.retention.basis})` : '–',
    ),
    line('erased', at(privacy.erasure?.at)),
    line(
      'openings',
      Object.entries(seen.openings)
        .map(([purpose, count]) => `${purpose} ${count}`)
        .join(', ') || '–',
    ),
    ...seen.trail.map((event) => line('', `${event.at}  ${event.type}`)),
  ];
}

async function search(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(
    args,
    [],
    [],
    ['institution', 'state', 'reference', 'since', 'until', 'limit'],
  ) as Record<string, string | undefined>;
  const { state, limit = '50' } = options;
  if (state !== undefined && !(STATES as readonly string[]).includes(state))
    throw new UsageError(`--state is one of ${STATES.join(', ')}`);
  if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > MOST)
    throw new UsageError(`--limit is a number up to ${MOST}`);
  const rows = await withInstallation(({ administration }) =>
    administration.searchAuthorizations({
      institutionId: options['institution'],
      state: state as State | undefined,
      businessReference: options['reference'],
      since: options['since'] === undefined ? undefined : day(options['since']),
      until: options['until'] === undefined ? undefined : day(options['until']),
      limit: Number(limit),
    }),
  );
  const line = (row: (typeof rows)[number]): string =>
    [
      ...[row.id, row.letterNumber, row.state.padEnd(10), toUtcSeconds(row.createdAt)],
      row.businessReference,
    ].join('  ');
  tell(io, { items: rows }, rows.map(line));
  return 0;
}
