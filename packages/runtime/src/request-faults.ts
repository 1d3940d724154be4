import { DomainError, type RequestFault } from '@mandate/core';
import type { z } from 'zod';
import { isPlainWord } from './logs.js';

/** At most so many are named; of the others only the number is told. */
const MOST_FAULTS = 50;
/** Characters; a message of ours lists what would have been right, never what was sent. */
const LONGEST = 1000;

/**
 * What a schema found wrong as one `invalid-request`: `errors` names each place and rule, `errorsLeftOut` how many
 * more there are. Never a value, and no name that the caller made up unless it is a plain word.
 */
export function refusedRequest(error: z.ZodError, place: RequestFault['in']): DomainError {
  const faults = error.issues.flatMap((issue) => faultsOf(issue, place));
  const named = faults.slice(0, MOST_FAULTS);
  const [first] = named;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more, see errors)` : '';
  const at = first && [place, ...first.pointer.split('/').slice(1)].join('.');
  return new DomainError('invalid-request', `${at}: ${first?.says}${more}`, {
    extensions: {
      errors: named,
      ...(faults.length > named.length ? { errorsLeftOut: faults.length - named.length } : {}),
    },
  });
}

function faultsOf(issue: z.core.$ZodIssue, place: RequestFault['in']): RequestFault[] {
  const rule = issue.code.replaceAll('_', '-');
  const says = issue.message.slice(0, LONGEST);
  const pointer = pointerTo(issue.path);
  if (issue.code !== 'unrecognized_keys') return [{ in: place, pointer, rule, says }];
  // zod repeats the names of unknown members, which are the caller's text like any value
  const known = issue.keys.filter(isPlainWord);
  const places = known.map((key) => `${pointer}/${key}`);
  const unnamed = issue.keys.length > known.length ? [pointer] : [];
  return [...places, ...unnamed].map((at) => ({
    ...{ in: place, pointer: at, rule: 'unknown-member' },
    says: 'unknown member',
  }));
}

/** RFC 6901. Names that only the caller can have chosen become `*`. */
const pointerTo = (path: readonly PropertyKey[]): string =>
  path
    .map((step) => (typeof step === 'number' || isPlainWord(String(step)) ? String(step) : '*'))
    .map((step) => `/${step}`)
    .join('');
