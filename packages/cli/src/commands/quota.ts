import { UsageError, type CommandIo, tell } from '../command.js';
import { withInstallation } from '../installation.js';
import { parseOptions } from '../parse-options.js';

/** `mandate institution quota ID --per-minute N|default`: requests of all its keys together. */
export async function changeQuota(
  [id, ...args]: readonly string[],
  io: CommandIo,
): Promise<number> {
  if (!id) throw new UsageError('institution quota takes the institution’s id');
  const text = parseOptions(args, ['per-minute'], [])['per-minute']!;
  if (text !== 'default' && !/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError('--per-minute takes a whole number, or default');
  const perMinute = text === 'default' ? null : Number(text);
  return withInstallation(async ({ administration }) => {
    const done = await administration.limitInstitution(id, perMinute);
    tell(io, { institution: id, perMinute, set: done }, [done ? 'set' : 'no such institution']);
    return done ? 0 : 1;
  });
}
