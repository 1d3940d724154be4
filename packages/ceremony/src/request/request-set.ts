import { DomainError, newId, toUtcSeconds } from '@mandate/core';
import { canonicalize } from '@mandate/core';
import type { AuthorizationRequest } from '@mandate/terms';
import type { Institution, NewAuthorization, SigningSet } from '../ports.js';
import {
  prepareAuthorization,
  requestedAuthorization,
  type RequestDeps,
  type RequestedAuthorization,
} from './request.js';

/** Letters of one sitting. */
export const SET_SIZE = { least: 2, most: 5 } as const;

/** What the institution sees of its signing set. */
export interface RequestedSet {
  readonly id: string;
  readonly createdAt: string;
  /** In the order in which they are read. */
  readonly authorizations: readonly (RequestedAuthorization & { readonly optional: boolean })[];
}

/**
 * An institution asks for several letters at once: all are made, or none. One person signs them, in one language.
 * Throws as `requestAuthorization` does, naming the letter; `invalid-request` when subject or language differ.
 */
export async function requestSet(
  deps: RequestDeps,
  input: {
    institution: Institution;
    requests: readonly (AuthorizationRequest & { readonly optional?: boolean | undefined })[];
    idempotencyKey?: string;
  },
): Promise<RequestedSet> {
  const { institution, requests } = input;
  if (requests.length < SET_SIZE.least || requests.length > SET_SIZE.most)
    throw new DomainError('invalid-request', 'a set has two to five authorizations');
  const made: (NewAuthorization & { optional: boolean; view: RequestedAuthorization })[] = [];
  let person: string | undefined;
  for (const [i, { optional = false, ...request }] of requests.entries()) {
    const { terms, ...prepared } = await namingLetter(i, () =>
      prepareAuthorization(deps, { institution, request }),
    );
    // As they stand in the letters, after normalizing.
    const { subject, language } = terms;
    const signer = canonicalize({ subject, language });
    if (signer !== (person ??= signer))
      throw new DomainError(
        'invalid-request',
        `authorizations.${i}: one person signs a set, in one language`,
      );
    made.push({ ...prepared, optional });
  }
  const createdAt = deps.clock.now();
  const set = {
    id: newId('set', deps.clock, deps.random),
    institutionId: institution.id,
    createdAt,
  };
  const view: RequestedSet = {
    id: set.id,
    createdAt: toUtcSeconds(createdAt),
    authorizations: made.map((member) => ({ ...member.view, optional: member.optional })),
  };
  await deps.record.createSet(
    set,
    made,
    input.idempotencyKey ? { key: input.idempotencyKey, status: 201, body: view } : undefined,
  );
  return view;
}

/** Which of them is refused stands in the detail. */
async function namingLetter<T>(index: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, `authorizations.${index}: ${error.detail}`, {
      cause: error,
      extensions: error.extensions,
    });
  }
}

/** The set as it stands now. */
export async function requestedSet(
  { record }: Pick<RequestDeps, 'record'>,
  set: SigningSet,
): Promise<RequestedSet> {
  const authorizations = [];
  for (const { authorizationId, optional } of set.members) {
    const row = await record.authorization(authorizationId);
    authorizations.push({ ...requestedAuthorization(row), optional });
  }
  return { id: set.id, createdAt: toUtcSeconds(set.createdAt), authorizations };
}
