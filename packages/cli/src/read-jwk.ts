import { isDomainError } from '@mandate/core';
import { UsageError } from './command.js';
import { readTextInput } from './read-limited.js';

/** A key in a file of its own, as `parse` wants it. Throws `UsageError`, which never repeats what stands in the file. */
export function readJwk<T>(path: string, parse: (value: unknown) => T): T {
  const text = readTextInput(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${path} is no JWK`);
  }
  try {
    return parse(value);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    throw new UsageError(`${path}: ${error.detail}`);
  }
}
