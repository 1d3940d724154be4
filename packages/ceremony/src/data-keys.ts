import {
  ACCESS_BY_CALLER,
  concat,
  decrypt,
  DomainError,
  encrypt,
  hmacSha256,
  newId,
  utf8,
  type AccessPurpose,
  type CallerName,
  type LedgerRole,
  type PasskeyCheck,
  type VaultRole,
} from '@mandate/core';
import type { StepDeps } from './deps.js';
import type { VaultRecord } from './ports.js';
import { anchorRegister } from './privacy/anchor-register.js';
import { eraseData } from './privacy/erase.js';
import { deskIndex } from './desk/desk-index.js';
import { rowMacs } from './desk/row-macs.js';
import { toldAccesses } from './desk/told-accesses.js';
import { searchKey } from './request/search-key.js';

/**
 * What restricted data may still be opened for: the subject's own access and copy, messages to the subject, the pause
 * of whoever was being told to sign, and keeping the letter provable; the disputes desk opens by grants. `actor` is what
 * the calling process says; the register shows it.
 */
const readableUnderRestriction = (purpose: AccessPurpose, actor: string): boolean =>
  ['own', 'own-code', 'own-link', 'archive', 'tell-use', 'tell-passkey', 'note-pause'].includes(
    purpose,
  ) ||
  (['report', 'download', 'export', 'id-image'].includes(purpose) && actor.startsWith('own:'));

/**
 * Role vault: one data key per authorization's subject, wrapped under the vault's own secret.
 * The access entry is written before the key leaves; if it cannot be written, nothing leaves.
 */
export function dataKeys(
  deps: StepDeps & {
    readonly record: VaultRecord;
    readonly wrappingKey: Uint8Array;
    /** The desk's: of those who agreed that something is hidden. */
    readonly passkeys: PasskeyCheck;
    readonly ledger: Pick<LedgerRole, 'holds'>;
  },
): VaultRole {
  const { record, wrappingKey, clock, random } = deps;
  const macs = rowMacs(wrappingKey);
  const context = (id: string): string => `data_keys/${id}`;
  const note = (authorizationId: string, purpose: AccessPurpose, actor: string) =>
    record.recordAccess({
      id: newId('access', clock, random),
      authorizationId,
      purpose,
      actor,
      at: clock.now(),
    });

  const open = async (
    authorizationId: string,
    purpose: AccessPurpose,
    actor: string,
    caller: CallerName,
  ): Promise<Uint8Array> => {
    if (!ACCESS_BY_CALLER[caller].includes(purpose))
      throw new DomainError('forbidden', `${caller} opens nothing for this purpose`);
    const row = await record.key(authorizationId);
    if (!row) throw new DomainError('not-found', 'no such authorization');
    if (!row.wrapped) throw new DomainError('erased', 'the data key was destroyed');
    if (row.restricted && !readableUnderRestriction(purpose, actor))
      throw new DomainError('restricted', 'kept, and read for nothing but the stated exceptions');
    await note(authorizationId, purpose, `${caller}/${actor}`);
    return decrypt(wrappingKey, row.wrapped, context(authorizationId));
  };

  return {
    create: async ({ authorizationId, actor }, caller = 'authority') => {
      const dataKey = random.bytes(32);
      await note(authorizationId, 'request', `${caller}/${actor}`);
      const wrapped = encrypt(wrappingKey, dataKey, context(authorizationId), random);
      if (!(await record.createKey(authorizationId, wrapped, clock.now())))
        throw new DomainError('forbidden', 'this authorization has a data key already');
      return { dataKey };
    },

    unwrap: async ({ authorizationId, purpose, actor }, caller = 'authority') => ({
      dataKey: await open(authorizationId, purpose, actor, caller),
    }),

    imageKey: async ({ authorizationId, imageId, actor, make = false }, caller = 'authority') => {
      const purpose = make ? 'keep-id-image' : 'id-image';
      if (make) {
        const wrapped = encrypt(wrappingKey, random.bytes(32), context(imageId), random);
        if (!(await record.createKey(imageId, wrapped, clock.now())))
          throw new DomainError('forbidden', 'this picture has a secret already');
      }
      const row = await record.key(imageId);
      if (!row) throw new DomainError('not-found', 'no such picture');
      if (!row.wrapped) throw new DomainError('erased', 'the picture was destroyed');
      const secret = decrypt(wrappingKey, row.wrapped, context(imageId));
      const dataKey = await open(authorizationId, purpose, `${actor}/${imageId}`, caller);
      const label = utf8(`mandate/id-image/v1\n${authorizationId}\n${imageId}\n`);
      return { dataKey: hmacSha256(dataKey, concat(label, secret)) };
    },

    erase: (request) => eraseData(deps, request),

    sweepKeys: async () => ({ deleted: await record.sweepKeys(clock.now()) }),

    anchorRegister: async () => ({ anchored: await anchorRegister(deps) }),

    searchKey: async ({ institutionId, person, letter }) => ({
      searchKey: searchKey(wrappingKey, institutionId, person),
      ...(letter ? { deskIndex: deskIndex(wrappingKey, { ...person, ...letter }, random) } : {}),
    }),

    accesses: async ({ authorizationId }, caller = 'authority') => ({
      entries: await toldAccesses(
        { record, clock, macs, passkeys: deps.passkeys, ledger: deps.ledger },
        authorizationId,
        caller,
      ),
    }),
  };
}
