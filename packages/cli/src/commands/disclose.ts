import { existsSync, writeFileSync } from 'node:fs';
import {
  isDomainError,
  jwkThumbprint,
  parseRecipientJwk,
  systemRandom,
  type RecipientJwk,
} from '@mandate/core';
import { disclose, type DisclosedValue } from '@mandate/evidence';
import { tell, UsageError, type Command } from '../command.js';
import { parseOptions } from '../parse-options.js';
import { readJwk } from '../read-jwk.js';
import { FILE_LIMITS, readInput, readTextInput } from '../read-limited.js';

/** `mandate disclose`: values behind a bundle's commitments, sealed for one reader, in a copy of the bundle. */
export const discloseCommand: Command = {
  usage: 'disclose BUNDLE --to KEY --values FILE --out FILE',
  summary:
    'write a copy of a bundle that tells the owner of a key (public JWK, P-256) what some of its commitments are of; the values are a JSON list of {commitment, field, salt, value}; read by `verify --reader-key`',

  async run([file, ...args], io) {
    if (file === undefined || file.startsWith('--'))
      throw new UsageError('disclose takes a bundle first');
    const { to, values, out } = parseOptions(args, ['to', 'values', 'out'], []);
    if (existsSync(out!)) throw new UsageError(`${out!} exists`);
    const reader = readJwk(to!, parseRecipientJwk);
    const opened = readValues(values!);
    const grown = made(readInput(file, FILE_LIMITS.document), reader, opened);
    writeFileSync(out!, grown, { mode: 0o600, flag: 'wx' });
    const [kid, count] = [jwkThumbprint(reader), opened.length];
    tell(io, { written: out, reader: kid, values: count }, [
      `written      ${out!}`,
      `${count} for the owner of key ${kid} alone`,
    ]);
    return 0;
  },
};

/** What `disclose` refuses is wrong usage here. */
function made(...request: [Uint8Array, RecipientJwk, readonly DisclosedValue[]]): Uint8Array {
  try {
    return disclose(...request, systemRandom);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    throw new UsageError(error.detail);
  }
}

function readValues(path: string): readonly DisclosedValue[] {
  let value: unknown;
  try {
    value = JSON.parse(readTextInput(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} is no JSON`);
  }
  const texts = (it: unknown): boolean =>
    ['commitment', 'field', 'salt', 'value'].every(
      (name) => typeof (it as Readonly<Record<string, unknown>> | null)?.[name] === 'string',
    );
  if (!Array.isArray(value) || !value.every(texts))
    throw new UsageError(`${path} is no list of {commitment, field, salt, value}`);
  return value as readonly DisclosedValue[];
}
