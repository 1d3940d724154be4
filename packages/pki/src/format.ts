import { DomainError, type ErrorCode } from '@mandate/core/errors';

/** Runs a reader and reports its DER faults under the format's own code. Other errors pass. */
export function asFormat<T>(code: ErrorCode, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'format-der')
      throw new DomainError(code, error.detail, { cause: error });
    throw error;
  }
}
