import { toUtcSeconds } from '@mandate/core';
import { UsageError, type Command, tell } from '../command.js';
import { withInstallation } from '../installation.js';
import { parseOptions } from '../parse-options.js';

/**
 * `mandate erase`: two people have data that are due erased without the notice. The command destroys nothing itself:
 * it says so to the record, and role vault does it, woken by the worker.
 */
export const eraseCommand: Command = {
  usage: 'erase ID --person PERSON --approver PERSON | erase --waiting',
  summary:
    'have the personal data of one authorization erased whose retention is over; refused before, and during a dispute. --waiting: what is noted and comes by itself',

  async run(args, io) {
    const [id, ...rest] = args;
    if (id === undefined) throw new UsageError('erase takes an authorization, or --waiting');
    if (id.startsWith('-')) {
      const options = parseOptions(args, [], ['waiting']);
      if (!options['waiting']) throw new UsageError('erase takes an authorization, or --waiting');
      const waiting = await withInstallation(({ administration }) =>
        administration.waitingErasures(),
      );
      const line = ({ authorizationId, actFrom, askedBy }: (typeof waiting)[number]): string =>
        `${authorizationId}  from ${toUtcSeconds(actFrom)}  ${askedBy}`;
      tell(io, { items: waiting }, waiting.map(line));
      return 0;
    }
    const options = parseOptions(rest, ['person', 'approver'], []);
    const [askedBy, approvedBy] = [options['person']!, options['approver']!];
    if (askedBy.trim().toLowerCase() === approvedBy.trim().toLowerCase())
      throw new UsageError('person and approver are two people');
    await withInstallation(({ administration, clock }) =>
      administration.requestErasure({ authorizationId: id, askedBy, approvedBy, at: clock.now() }),
    );
    tell(io, { authorization: id, state: 'due' }, [
      `due          ${id}`,
      'The worker has role vault erase it within a minute; see: mandate authorization show',
    ]);
    return 0;
  },
};
