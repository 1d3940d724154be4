import {
  decrypt,
  DomainError,
  fromUtf8,
  isDomainError,
  MOST_ORDER_OPENINGS,
  newId,
  toUtcSeconds,
  type GrantDoor,
  type GrantRight,
  type LedgerRole,
  type Opening,
} from '@mandate/core';
import { entryBytes } from '@mandate/ledger';
import type { VaultRecord } from '../ports.js';
import type { CaseOpening, GrantStanding } from './case-ports.js';
import type { CaseDeps } from './cases.js';
import { agreedDigest, orderCode, orderHolds } from './grant-codes.js';
import { proveGrant, provenList, provenStanding, refused } from './grant-proof.js';
import { refusing, visibleGrant } from './grants.js';
import { orderRequestKey, reportActs } from './report-acts.js';
import { liveSession } from './sessions.js';

export interface OpeningDeps extends CaseDeps {
  readonly keys: Pick<VaultRecord, 'key'>;
  readonly ledger: Pick<LedgerRole, 'integrate' | 'prove' | 'holds'>;
  /** `provesEntry` by the keys this process was given. */
  readonly provesEntry: (proof: string, entry: string) => boolean;
}

/** Of the ledger, until an opening has its place: a round takes 512 entries, and others may wait before it. */
const MOST_ROUNDS = 16;

type Openings = Pick<GrantDoor, 'openForCase' | 'orderReports' | 'openForOrder' | 'settleReport'>;

/** One data key, one entry of the register and of the ledger, made before the key leaves. */
export function staffOpenings(deps: OpeningDeps): Openings {
  const { record, clock, random, macs } = deps;
  return {
    ...reportActs(deps),

    openForCase: async ({ secret, grant, authorization, right }) => {
      const session = await liveSession(deps, secret);
      await visibleGrant(deps, session, grant);
      const reader = { staff: session.staff, name: session.name };
      const within = { session: session.session };
      const asked = { grant, authorizationId: authorization, right, reader, within };
      return release(deps, asked, async () => void (await liveSession(deps, secret)));
    },

    orderReports: async ({ secret, grant: id, authorizations, files, requestKey: key }) => {
      const session = await liveSession(deps, secret);
      const grant = await visibleGrant(deps, session, id);
      const wanted = [...new Set(authorizations)].sort();
      if (wanted.length === 0)
        throw new DomainError('invalid-request', 'authorizations: at least one');
      const openedFor = files ? ('download' as const) : ('view' as const);
      const requestKey = key === undefined ? null : orderRequestKey(session.staff, key);
      const given = { grantId: id, openedFor, authorizations: wanted };
      const before = requestKey && (await orderedBefore(deps, requestKey, given));
      if (before) return before;
      await checkGrant(deps, grant, {
        ...{ authorizations: wanted, right: openedFor, staff: session.staff },
      });
      const order = {
        ...{ id: newId('order', clock, random), grantId: id, requester: session.staff },
        ...{ sessionId: session.session, openedFor, madeAt: clock.now() },
      };
      const { digest } = await provenList(deps, grant.caseId);
      const mac = orderCode(macs, order, digest, wanted);
      let added = false;
      await refusing(async () => {
        added = await record.addOrder({ ...order, mac, requestKey }, wanted);
      });
      return added ? { order: order.id } : (await orderedBefore(deps, requestKey!, given))!;
    },

    openForOrder: async ({ order: id, authorization }) => {
      const order = await record.order(id);
      if (!order?.authorizations.includes(authorization))
        throw new DomainError('not-found', 'no such order');
      const about = await record.grant(order.grantId, clock.now());
      if (!about) throw refused('grant-unknown');
      const { digest } = await provenList(deps, about.caseId);
      if (!orderHolds(macs, digest, order)) throw refused('grant-altered');
      const requester = async () => {
        const standing = await provenStanding(deps, order.requester);
        if (!standing || standing.refusal || !standing.roles.includes('officer'))
          throw refused('account-closed');
        return { staff: standing.staff, name: standing.name };
      };
      const reader = await requester();
      // A job that fails for ever ends, and the register is not filled with its tries.
      if ((await record.openingsUnder(id, authorization)) >= MOST_ORDER_OPENINGS)
        throw new DomainError('budget-exceeded', 'opened often enough under this order', {
          extensions: { why: 'openings-spent' },
        });
      const asked = { grant: order.grantId, authorizationId: authorization, reader };
      return release(
        deps,
        { ...asked, right: order.openedFor, within: { order: id } },
        async () => void (await requester()),
      );
    },
  };
}

/** The order that was given with that key; null: none. Throws `idempotency-key-reused` where it is about something else. */
async function orderedBefore(
  { record }: OpeningDeps,
  requestKey: string,
  given: { grantId: string; openedFor: string; authorizations: readonly string[] },
): Promise<{ order: string } | null> {
  const id = await record.orderAsked(requestKey);
  const order = id && (await record.order(id));
  if (!order) return null;
  const same =
    order.grantId === given.grantId &&
    order.openedFor === given.openedFor &&
    [...order.authorizations].sort().join() === given.authorizations.join();
  if (!same)
    throw new DomainError('idempotency-key-reused', 'this key was used with another order');
  return { order: order.id };
}

interface Asked {
  readonly grant: string;
  readonly authorizationId: string;
  readonly right: GrantRight;
  readonly reader: Opening['reader'];
  readonly within: CaseOpening['within'];
}

/** `stillThere`: throws when the person is not any more. */
async function release(
  deps: OpeningDeps,
  { grant: grantId, authorizationId, right, reader, within }: Asked,
  stillThere: () => Promise<void>,
): Promise<Opening> {
  const { record, keys, clock, random } = deps;
  const asked = { authorizations: [authorizationId], right, staff: reader.staff };
  const standing = async (): Promise<GrantStanding> => {
    const grant = await record.grant(grantId, clock.now());
    if (!grant) throw refused('grant-unknown');
    await checkRules(deps, grant, asked);
    return grant;
  };
  const check = async (): Promise<GrantStanding> => {
    const grant = await standing();
    await proveGrant(deps, grant, asked);
    return grant;
  };
  await standing();
  await wrappedKey(keys, authorizationId);
  await checkTreeStands(deps);
  const grant = await check();
  const at = clock.now();
  const about = (await record.caseFor(grant.caseId))!;
  const access = newId('access', clock, random);
  const agreed = agreedDigest(grant, grant.approvals, at);
  let entry = '';
  try {
    await record.recordOpening(
      {
        ...{ id: access, authorizationId, purpose: 'case', actor: `staff:${reader.staff}`, at },
        ...{ caseId: grant.caseId, grant: grantId, right, agreed, within },
      },
      (fact, letter) =>
        (entry = fromUtf8(
          entryBytes({
            ...{ format: 'mandate-entry/v1', kind: 'opening', at: toUtcSeconds(at) },
            ...{ letter, fact },
          }),
        )),
    );
  } catch (error) {
    // Taken back, left or closed since it was looked at: looked at again, it says which.
    if (!isDomainError(error, 'illegal-transition')) throw error;
    await stillThere();
    await check();
    throw refused('not-allowed', error);
  }
  await checkInTree(deps, access, entry);
  // That took its time: whoever left, or was refused meanwhile, gets nothing.
  await stillThere();
  await check();
  const wrapped = await wrappedKey(keys, authorizationId);
  return {
    dataKey: decrypt(deps.wrappingKey, wrapped, `data_keys/${authorizationId}`),
    ...{ authorizationId, access, at: toUtcSeconds(at), right, reader },
    ...{ grant: grantId, caseId: grant.caseId, caseNumber: about.number },
  };
}

/**
 * First in the tree, then opened: an opening that nobody could find does not happen. The database only tells where to
 * look; a proof under a head that is published, signed and cosigned as letters' heads are, says that it is there.
 * Throws `ledger-behind`.
 */
async function checkInTree(
  { record, ledger, provesEntry }: OpeningDeps,
  access: string,
  entry: string,
): Promise<void> {
  let leaf: number | null = null;
  for (let round = 0; leaf === null && round < MOST_ROUNDS; round++) {
    await ledger.integrate({});
    leaf = await record.openingLeaf(access);
  }
  const { proofs } = leaf === null ? { proofs: [] } : await ledger.prove({ indexes: [leaf] });
  if (!proofs.some(({ proof }) => provesEntry(proof, entry)))
    throw new DomainError('ledger-behind', 'the opening is not in the ledger yet; try again');
}

/**
 * Before anything is entered: an opening that the ledger cannot prove right now is none, and the subject would read of
 * it for ever. Throws `ledger-behind` unless all that is in the tree has as many cosignatures as it takes.
 */
async function checkTreeStands({ ledger }: Pick<OpeningDeps, 'ledger'>): Promise<void> {
  // Until nothing waits before it, or what is entered now would not have its place in the rounds there are for it.
  let { size, more } = await ledger.integrate({});
  for (let round = 1; more && round < MOST_ROUNDS; round++)
    ({ size, more } = await ledger.integrate({}));
  if (more) throw new DomainError('ledger-behind', 'the ledger has much to take in; try again');
  if (size === 0) return;
  const told = await ledger.prove({ indexes: [] }).catch((error: unknown) => {
    // No head at all that may be told.
    if (isDomainError(error, 'not-found')) return { size: 0 };
    throw error;
  });
  if (told.size < size)
    throw new DomainError('ledger-behind', 'the ledger waits for its witnesses; try again');
}

/**
 * The database's rules and role vault's own proof have to agree: the one knows what was taken back or ended, the other
 * what nobody but role vault could have written. Throws `grant-refused` with `why`.
 */
async function checkGrant(
  deps: OpeningDeps,
  grant: GrantStanding,
  asked: AskedOfGrant,
): Promise<void> {
  await checkRules(deps, grant, asked);
  await proveGrant(deps, grant, asked);
}

type AskedOfGrant = Parameters<typeof proveGrant>[2];

/** The database's rules alone. Throws `grant-refused` with `why`. */
async function checkRules(
  { record, clock }: Pick<OpeningDeps, 'record' | 'clock'>,
  grant: GrantStanding,
  asked: AskedOfGrant,
): Promise<void> {
  const why = await record.grantRefusal({
    ...{ grantId: grant.id, staffId: asked.staff, authorizationId: asked.authorizations[0]! },
    ...{ right: asked.right, at: clock.now() },
  });
  if (why) throw refused(why);
}

/** Throws `not-found`, `erased`. */
async function wrappedKey(keys: OpeningDeps['keys'], authorizationId: string): Promise<Uint8Array> {
  const held = await keys.key(authorizationId);
  if (!held) throw new DomainError('not-found', 'no such authorization');
  if (!held.wrapped) throw new DomainError('erased', 'the data key was destroyed');
  return held.wrapped;
}
