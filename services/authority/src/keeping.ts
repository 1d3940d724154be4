import { toBase64Url, type Authority, type StaffDoor, type VaultRole } from '@mandate/core';
import { openIdProvider, passkeyCheck } from '@mandate/adapters';
import { dataKeys, staffGrants, staffSignIns } from '@mandate/ceremony';
import { doorRows, vaultRecord, type Database } from '@mandate/store';
import type { AuthorityParts } from './service.js';

/** Role vault: data keys, and the door of the desk by which people open them for a case. */
export async function keeping(
  parts: AuthorityParts,
  { ledger }: Pick<Authority, 'ledger'>,
  db: Database,
): Promise<VaultRole & StaffDoor> {
  const wrappingKey = await parts.keys('vault').secret('wrapping');
  const keys = vaultRecord(db);
  const door = { ...parts, record: doorRows(db) };
  return {
    ...dataKeys({ ...parts, record: keys, wrappingKey }),
    ...staffSignIns({
      ...door,
      passkeys: passkeyCheck(parts.deskUrl),
      provider: await provider(parts),
    }),
    ...staffGrants({ ...door, keys, wrappingKey, ledger }),
  };
}

/** The client secret lies with role vault's keys; what the desk learns of a sign-in is its session. */
async function provider({ staffProvider, deskUrl, keys }: AuthorityParts) {
  if (!staffProvider) return null;
  const secret = await keys('vault').secret('oidc-client');
  return openIdProvider({
    ...staffProvider,
    clientSecret: toBase64Url(secret),
    redirectUri: `${deskUrl}/desk/sign-in/callback`,
    insecure: staffProvider.issuer.startsWith('http:'),
  });
}
