import { DomainError } from '@mandate/core';

/** The code with which `act` refuses, or what else happened. */
export function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
  return 'accepted';
}
