import { inflateSync } from 'node:zlib';
import { DomainError } from '@mandate/core';

/** A refusal by zlib is the file's fault; output beyond `max` bytes is a bomb. */
export const inflate = (data: Uint8Array, max: number): Uint8Array => {
  try {
    return new Uint8Array(inflateSync(data, { maxOutputLength: max }));
  } catch (cause) {
    const tooLarge = (cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    throw tooLarge
      ? new DomainError('budget-exceeded', 'a stream inflates beyond the budget', { cause })
      : new DomainError('format-pdf', 'a stream does not inflate', { cause });
  }
};
