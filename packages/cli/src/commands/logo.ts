import { rewritePng } from '@mandate/adapters';
import { sha256Hex } from '@mandate/core';
import { LOGO_LIMITS } from '@mandate/store';
import { UsageError, type CommandIo, tell } from '../command.js';
import { withInstallation } from '../installation.js';
import { parseOptions } from '../parse-options.js';
import { readInput } from '../read-limited.js';

/** `mandate institution logo ID FILE | --remove`: the picture beside the institution's name. */
export async function changeLogo(args: readonly string[], io: CommandIo): Promise<number> {
  const [institutionId, ...rest] = args;
  if (institutionId === undefined || institutionId.startsWith('-'))
    throw new UsageError("institution logo takes the institution's id first");
  const path = rest.find((arg) => !arg.startsWith('-'));
  const { remove } = parseOptions(
    rest.filter((arg) => arg !== path),
    [],
    ['remove'],
  );
  if ((path === undefined) !== Boolean(remove)) throw new UsageError('give a PNG file or --remove');
  if (path === undefined)
    return withInstallation(async ({ administration, clock }) => {
      const removed = await administration.removeLogo(institutionId, clock.now());
      const says = removed ? 'removed' : 'there was no logo';
      tell(io, { institution: institutionId, removed }, [says]);
      return 0;
    });
  const { image, width, height } = rewritePng(readInput(path), LOGO_LIMITS);
  const digest = sha256Hex(image);
  return withInstallation(async ({ administration, clock }) => {
    const at = clock.now();
    await administration.setLogo({ institutionId, digest, image, width, height, at });
    const size = image.length;
    tell(io, { institution: institutionId, digest, width, height, size }, [
      `logo  ${digest}  ${width}×${height}  ${size} bytes`,
    ]);
    return 0;
  });
}
