import { toBase64Url, type Authority, type StaffDoor, type VaultRole } from '@mandate/core';
import { openIdProvider, passkeyCheck, readTrustFolder } from '@mandate/adapters';
import {
  askedAgreements,
  askedTemplate,
  caseDecisions,
  caseReads,
  dataKeys,
  deskReview,
  deskSearch,
  ledgerGate,
  type LedgerGate,
  notingRefusals,
  provesEntry,
  rowMacs,
  staffCases,
  grantCheck,
  staffGrants,
  staffOpenings,
  staffSignIns,
  templateVotes,
} from '@mandate/ceremony';
import {
  doorRows,
  ledgerStandingReads,
  reviewRows,
  searchRows,
  templateVoteRows,
  vaultRecord,
  type Database,
} from '@mandate/store';
import type { AuthorityParts } from './service.js';

/**
 * Role vault: data keys, and the door of the desk by which people open them for a case. `doorDb`: connections of the
 * door's own, so that a crowd at the door keeps nobody from signing a letter.
 */
export async function keeping(
  parts: AuthorityParts,
  { ledger }: Pick<Authority, 'ledger'>,
  db: Database,
  doorDb: Database,
): Promise<VaultRole & StaffDoor> {
  const wrappingKey = await parts.keys('vault').secret('wrapping');
  const keys = vaultRecord(db);
  const passkeys = passkeyCheck(parts.deskUrl);
  const door = {
    ...{ ...parts, record: doorRows(doorDb), macs: rowMacs(wrappingKey), wrappingKey },
    ...{ passkeys, provider: await provider(parts) },
  };
  const approving = { ...door, templates: templateVoteRows(doorDb) };
  const searching = { ...door, searches: searchRows(doorDb), secret: wrappingKey };
  const proving = provesEntry({
    ...{ origin: parts.ledgerOrigin, quorum: parts.witnessQuorum },
    vkeys: [
      ...(await readTrustFolder(parts.trustFolder)).ledger,
      ...parts.witnesses.map(({ vkey }) => vkey),
    ],
  });
  const opening = { ...door, keys, ledger, provesEntry: proving };
  const openings = notingRefusals(searching, {
    ...staffOpenings(opening),
    ...grantCheck(opening),
  });
  const gate = ledgerGate({ record: ledgerStandingReads(doorDb), objects: parts.objects });
  await gate.open();
  const acts = {
    ...staffSignIns(door),
    ...askedAgreements(door, { template: askedTemplate(approving) }),
    ...templateVotes(approving),
    ...staffCases(door),
    ...caseReads(searching),
    ...caseDecisions(door),
    ...staffGrants(door),
    ...openings,
    ...deskSearch(searching),
    ...deskReview({ ...searching, review: reviewRows(doorDb) }),
  };
  return {
    ...dataKeys({ ...parts, record: keys, wrappingKey, passkeys, ledger }),
    ...passing(acts, gate),
  };
}

/** In a database that was set back, used invitations and people who have left are as they were: nobody comes in. */
const passing = <T extends object>(acts: T, gate: Pick<LedgerGate, 'pass'>): T =>
  Object.fromEntries(
    Object.entries(acts).map(([name, act]: [string, (...args: unknown[]) => unknown]) => [
      name,
      async (...args: unknown[]) => {
        await gate.pass();
        return act(...args);
      },
    ]),
  ) as T;

/** The client secret lies with role vault's keys; what the desk learns of a sign-in is its session. */
async function provider({ staffProvider, deskUrl, keys, clock }: AuthorityParts) {
  if (!staffProvider) return null;
  const secret = await keys('vault').secret('oidc-client');
  return openIdProvider({
    ...staffProvider,
    clock,
    clientSecret: toBase64Url(secret),
    redirectUri: `${deskUrl}/desk/sign-in/callback`,
    insecure: staffProvider.issuer.startsWith('http:'),
  });
}
