import {
  ACCESS_PURPOSES,
  decrypt,
  DomainError,
  encrypt,
  newId,
  type VaultRole,
} from '@mandate/core';
import type { StepDeps } from './deps.js';
import type { VaultRecord } from './ports.js';

/**
 * Role vault: one data key per authorization's subject, wrapped under the vault's own secret.
 * The access entry is written before the key leaves; if it cannot be written, nothing leaves.
 */
export function dataKeys(
  deps: StepDeps & { readonly record: VaultRecord; readonly wrappingKey: Uint8Array },
): VaultRole {
  const { record, wrappingKey, clock, random } = deps;
  const context = (id: string): string => `data_keys/${id}`;
  const note = (
    authorizationId: string,
    purpose: (typeof ACCESS_PURPOSES)[number],
    actor: string,
  ) =>
    record.recordAccess({
      id: newId('access', clock, random),
      authorizationId,
      purpose,
      actor,
      at: clock.now(),
    });

  return {
    create: async ({ authorizationId, actor }) => {
      const dataKey = random.bytes(32);
      await note(authorizationId, 'request', actor);
      const wrapped = encrypt(wrappingKey, dataKey, context(authorizationId), random);
      if (!(await record.createKey(authorizationId, wrapped, clock.now())))
        throw new DomainError('forbidden', 'this authorization has a data key already');
      return { dataKey };
    },

    unwrap: async ({ authorizationId, purpose, actor }) => {
      if (!ACCESS_PURPOSES.includes(purpose)) throw new DomainError('forbidden', 'no such purpose');
      const row = await record.key(authorizationId);
      if (!row) throw new DomainError('not-found', 'no such authorization');
      if (!row.wrapped) throw new DomainError('data-shredded', 'the data key was destroyed');
      await note(authorizationId, purpose, actor);
      return { dataKey: decrypt(wrappingKey, row.wrapped, context(authorizationId)) };
    },
  };
}
