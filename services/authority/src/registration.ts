import type { Authority } from '@mandate/core';
import {
  assertIdentity,
  challengeMessage,
  confirm,
  confirmOwn,
  confirmSet,
  endDisputedPasskeys,
  enterOwn,
  identify,
  identityView,
  leaveOwn,
  makeChallenge,
  makeOwnLink,
  makeSetChallenge,
  notePause,
  openOwnLink,
  ownMessage,
  ownPasskeyOptions,
  passkeyOptions,
  readOwnVisit,
  registerPasskey,
  removePasskey,
  tellHold,
  tellPasskey,
  tellUse,
} from '@mandate/ceremony';
import { passkeyCheck, readTrustFolder } from '@mandate/adapters';
import { raRecord, type Database } from '@mandate/store';
import { openIdentityProviders } from './identity-providers.js';
import type { AuthorityParts } from './service.js';

/** Role ra: who the subject is, and that it is them who confirms. */
export async function registration(parts: AuthorityParts, { vault }: Authority, db: Database) {
  const deps = {
    ...parts,
    vault,
    record: raRecord(db),
    secret: await parts.keys('ra').secret('codes'),
    passkeys: passkeyCheck(parts.publicUrl),
    identity: await openIdentityProviders(parts.identityProviders, {
      clock: parts.clock,
      keys: parts.keys('ra'),
      anchors: (await readTrustFolder(parts.trustFolder)).identity ?? [],
    }),
  };
  return {
    challenge: (request: Parameters<Authority['ra']['challenge']>[0]) =>
      makeChallenge(deps, request),
    identity: (request: Parameters<Authority['ra']['identity']>[0]) => identityView(deps, request),
    identify: (request: Parameters<Authority['ra']['identify']>[0]) => identify(deps, request),
    assertIdentity: (request: Parameters<Authority['ra']['assertIdentity']>[0]) =>
      assertIdentity(deps, request),
    confirm: (request: Parameters<Authority['ra']['confirm']>[0]) => confirm(deps, request),
    challengeSet: (request: Parameters<Authority['ra']['challengeSet']>[0]) =>
      makeSetChallenge(deps, request),
    confirmSet: (request: Parameters<Authority['ra']['confirmSet']>[0]) =>
      confirmSet(deps, request),
    passkeyOptions: (request: Parameters<Authority['ra']['passkeyOptions']>[0]) =>
      passkeyOptions(deps, request),
    registerPasskey: (request: Parameters<Authority['ra']['registerPasskey']>[0]) =>
      registerPasskey(deps, request),
    message: (request: Parameters<Authority['ra']['message']>[0]) =>
      challengeMessage(deps, request),
    useMessage: ({ redemptionId }: { redemptionId: string }) => tellUse(deps, redemptionId),
    holdMessage: ({ factId }: { factId: string }) => tellHold(deps, factId),
    passkeyMessage: ({ passkeyId }: { passkeyId: string }) => tellPasskey(deps, passkeyId),
    purgeEntries: async () => ({ purged: await deps.record.purgeEntries(deps.clock.now()) }),
    endPasskeys: async ({ authorizationId }: { authorizationId: string }) => ({
      ended: await endDisputedPasskeys(deps, authorizationId),
    }),
    notePause: async ({ authorizationId }: { authorizationId: string }) => {
      await notePause(deps, authorizationId);
      return { noted: true as const };
    },
    enterOwn: (request: Parameters<Authority['ra']['enterOwn']>[0]) => enterOwn(deps, request),
    ownPasskeyOptions: () => ownPasskeyOptions(deps),
    confirmOwn: (request: Parameters<Authority['ra']['confirmOwn']>[0]) =>
      confirmOwn(deps, request),
    ownLink: (request: Parameters<Authority['ra']['ownLink']>[0]) => makeOwnLink(deps, request),
    openOwnLink: ({ secret }: { secret: Uint8Array }) => openOwnLink(deps, secret),
    ownVisit: ({ secret }: { secret: Uint8Array }) => readOwnVisit(deps, secret),
    removePasskey: (request: Parameters<Authority['ra']['removePasskey']>[0]) =>
      removePasskey(deps, request),
    leaveOwn: async ({ secret }: { secret: Uint8Array }) => {
      await leaveOwn(deps, secret);
      return { left: true as const };
    },
    ownMessage: (request: Parameters<Authority['ra']['ownMessage']>[0]) =>
      ownMessage(deps, request),
  } satisfies Authority['ra'];
}
