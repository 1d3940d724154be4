import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { keptAnswers, openKeyFolder } from '@mandate/adapters';
import {
  addSeconds,
  isDomainError,
  MOST_ORDER_OPENINGS,
  providerWord,
  systemRandom,
  type AgreementProof,
  type GrantRight,
  type StaffRole,
} from '@mandate/core';
import {
  askedAgreements,
  openSession,
  rowMacs,
  staffCases,
  staffGrants,
  staffOpenings,
  type OpeningDeps,
} from '@mandate/ceremony';
import { doorRows, openDatabase, vaultRecord, type Database } from '@mandate/store';
import pg from 'pg';
import { deskPeople } from '../../kit/desk-people.js';
import { seeded } from '../../kit/seeded.js';
import { startCeremony, testClock } from './started-ceremony.js';

/**
 * Random sequences of asking, agreeing, taking back, leaving, waiting and opening, against role vault's own code on
 * the real database: what opens is what a model of the rules written here says, and as many data keys leave as there
 * are entries of the register. The ledger's tree is a stand-in that takes every entry at once; that nothing opens
 * without it is shown in desk.test.ts. `npm run test:desk` runs all sequences; DESK_SEED chooses the slice otherwise.
 * What a sequence draws follows from the seed and its number: DESK_ONLY=number runs it alone, DESK_SHARD=1/2 every
 * second one.
 */
const FULL = Boolean(process.env['TEST_FULL']);
const SEQUENCES = Number(process.env['DESK_SEQUENCES'] ?? (FULL ? 10_000 : 60));
const SEED = Number(process.env['DESK_SEED'] ?? Date.now() % 1_000_000);
const [SHARD, SHARDS] = (process.env['DESK_SHARD'] ?? '1/1').split('/').map(Number) as [
  number,
  number,
];
const ONLY = process.env['DESK_ONLY'];
const NUMBERS = ONLY
  ? [Number(ONLY)]
  : Array.from({ length: SEQUENCES }, (_, i) => i).filter((i) => i % SHARDS === SHARD - 1);
/** At once, each with people, cases and a clock of its own. */
const LANES = Math.min(6, Math.ceil(NUMBERS.length / 20));
/** Days, before accounts would have to be reviewed. */
const CAST_LASTS = 60;

const HOUR = 3600;
const ISSUER = 'https://id.example';
/** Anything else is no refusal. */
const REFUSALS = [
  ...(['grant-refused', 'own-request', 'forbidden', 'not-found', 'session-ended'] as const),
  ...(['agreement-refused', 'budget-exceeded'] as const),
] as const;
const RIGHTS: readonly GrantRight[] = ['view', 'download', 'print'];
const CAST: readonly (readonly StaffRole[])[] = [
  ...([['officer'], ['officer'], ['approver'], ['approver'], ['approver']] as const),
  ...([['custodian'], ['approver', 'custodian'], ['auditor']] as const),
];

let it: Awaited<ReturnType<typeof startCeremony>>;
let ledger: pg.Pool;
let wrappingKey: Uint8Array;
/** Cases are about the first two. */
let authorizations: readonly string[];
const databases: Database[] = [];
beforeAll(async () => {
  it = await startCeremony();
  wrappingKey = await openKeyFolder(join(it.folder, 'keys', 'vault')).secret('wrapping');
  // What is shown here does not hang on the disk; each look at a session is a commit.
  await it.owner.query(
    `DO $$BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET synchronous_commit = off'; END$$`,
  );
  authorizations = [await it.request(), await it.request(), await it.request()];
  ledger = new pg.Pool({
    ...{ connectionString: it.url, max: 2, options: '-c session_replication_role=replica' },
  });
  ledger.on('error', () => undefined);
}, 180_000);
afterAll(async () => {
  await Promise.all(databases.map((db) => db.destroy()));
  await ledger?.end();
  await it?.stop();
});

interface Person {
  readonly id: string;
  readonly roles: Set<StaffRole>;
  /** How often a role was taken away: an agreement from before does not count any more. */
  readonly ended: Map<StaffRole, number>;
  gone: boolean;
  secret: Uint8Array;
  seenAt: number;
  openedAt: number;
  /** Signs in before doing something. */
  comes: boolean;
}
interface Agreed {
  readonly who: Person;
  readonly role: 'approver' | 'custodian';
  readonly at: number;
  readonly epoch: number;
}
interface AskedGrant {
  readonly id: string;
  readonly requester: Person;
  readonly rights: ReadonlySet<GrantRight>;
  readonly breakGlass: boolean;
  readonly hours: number;
  readonly askedAt: number;
  agreed: Agreed[];
  revoked: boolean;
}

/** One change of an account at a time: the register of changes is one chain. */
let accountsTurn: Promise<unknown> = Promise.resolve();
const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
  const turn = accountsTurn.then(work);
  accountsTurn = turn.catch(() => undefined);
  return turn;
};

/** Releases and refusals of all sequences. */
const seen = { sequences: 0, released: 0, refused: 0, byOrder: 0 };
/** Of everything that was tried, by code and why. */
const refusals = new Map<string, number>();
const released = new Map<string, number>();

/** Works on numbers that nobody has taken yet; one that fails ends all. */
async function lane(nth: number, waiting: number[]): Promise<void> {
  let next = seeded(SEED);
  const one = <T>(list: readonly T[]): T => list[next(list.length)]!;
  const clock = testClock();
  let now = new Date(it.clock.now().getTime() + nth * 1000);
  clock.hold(now);
  const pass = (seconds: number) => clock.hold((now = addSeconds(now, seconds)));
  const at = () => now.getTime();
  let authTime = 0;
  /** Later than every time before, as somebody who signs in once more. */
  const seenByProvider = () => (authTime = Math.max(authTime + 1, Math.floor(at() / 1000)));
  const db = openDatabase(it.url, 'vault', 3);
  databases.push(db);
  const deps: OpeningDeps = {
    ...{ clock, random: systemRandom, record: doorRows(db), macs: rowMacs(wrappingKey) },
    ...{ wrappingKey, keys: vaultRecord(db), passkeys: keptAnswers as never },
    // Stands in for the organisation's sign-in: `query` is who signs in there.
    provider: {
      ...{ issuer: ISSUER, address: async () => '' },
      signedIn: async (subject, challenge) => ({
        ...{ subject, nonce: providerWord('nonce', challenge), token: '0'.repeat(64) },
        authTime: seenByProvider(),
      }),
    },
    ledger: {
      integrate: async () => {
        await ledger.query(
          `UPDATE ledger_queue SET leaf_index = 1000000 + id WHERE dedupe LIKE 'opening:%' AND leaf_index IS NULL`,
        );
        return { size: 0, more: false, released: [] };
      },
      // of what is taken back here the queue tells
      holds: async () => ({ found: [] }),
      prove: async ({ indexes: [index] }) => {
        const { rows } = await ledger.query(
          'SELECT entry FROM ledger_queue WHERE leaf_index = $1',
          [index],
        );
        return { size: 0, proofs: rows.map(({ entry }) => ({ index: index!, proof: entry })) };
      },
    },
    provesEntry: (proof, entry) => proof === entry,
  };
  const [cases, grants, openings] = [staffCases(deps), staffGrants(deps), staffOpenings(deps)];
  const agreements = askedAgreements(deps);
  const mine = await deskPeople({ databaseUrl: it.url, folder: it.folder, clock });

  const account = async (roles: readonly StaffRole[]): Promise<Person> => {
    const id = await inTurn(() => mine.account(roles));
    const issuer = ISSUER;
    await inTurn(() =>
      mine.accounts.linkLogin({ issuer, subject: id, staffId: id, ...mine.done() }),
    );
    return {
      ...{ id, roles: new Set(roles), ended: new Map(), gone: false, secret: new Uint8Array(32) },
      ...{ seenAt: 0, openedAt: 0, comes: true },
    };
  };
  /** For the next sequence: somebody else for who has left, roles that ended given anew. */
  const whole = async (who: Person, roles: readonly StaffRole[]): Promise<Person> => {
    if (who.gone) return account(roles);
    for (const role of roles)
      if (!who.roles.has(role))
        await inTurn(() => mine.accounts.giveRole({ staffId: who.id, role, ...mine.done() }));
    who.roles.clear();
    for (const role of roles) who.roles.add(role);
    // What a sequence does must not hang on how long ago the one before ended.
    who.comes = at() - who.seenAt > 600_000 || at() - who.openedAt > HOUR * 1000;
    return who;
  };
  /** As the door counts: half an hour idle, ten hours in all. */
  const live = (who: Person) =>
    !who.gone && at() - who.seenAt < 1800_000 && at() - who.openedAt < 10 * HOUR * 1000;
  const touch = (who: Person) => {
    if (live(who)) who.seenAt = at();
  };
  const signIn = async (who: Person) => {
    who.comes = false;
    if (who.gone || live(who)) return;
    who.secret = (
      await openSession(deps, who.id, {
        ...{ means: 'oidc', issuer: ISSUER, subject: who.id, authTime: seenByProvider() },
      })
    ).secret;
    who.seenAt = who.openedAt = at();
  };
  const arrive = async (who: Person) => {
    if (who.comes) await signIn(who);
  };
  const outcome = async (work: Promise<unknown>): Promise<boolean> => {
    try {
      await work;
      return true;
    } catch (error) {
      if (!isDomainError(error, ...REFUSALS)) throw error;
      const why = [error.code, error.extensions?.['why']].filter(Boolean).join(' ');
      refusals.set(why, (refusals.get(why) ?? 0) + 1);
      return false;
    }
  };

  while (waiting.length > 0) {
    const from = at();
    const cast: Person[] = [];
    for (const roles of CAST) cast.push(await account(roles));
    const [opener, taker] = [await account(['officer']), await account(['officer'])];
    const open = { kind: 'internal-review' as const, texts: {} };
    const newCase = async () => {
      for (const who of [opener, taker]) await signIn(who);
      const { id } = await cases.openCase({
        secret: opener.secret,
        case: { ...open, authorizations: authorizations.slice(0, 2) },
      });
      const texts = { standing: 'x', legalBasis: 'x', scope: 'x' };
      const act = { type: 'stepped', to: 'accepted', texts } as const;
      await cases.actOnCase({ secret: taker.secret, caseId: id, version: 1, act });
      return { id, closed: false };
    };
    let work = await newCase();

    const sequence = async () => {
      pass(1);
      if (work.closed) work = await newCase();
      for (const [index, roles] of CAST.entries()) cast[index] = await whole(cast[index]!, roles);
      const rights = RIGHTS.filter(() => next(3) > 0);
      if (rights.length === 0) rights.push('view');
      const officers = cast.filter(({ roles }) => roles.has('officer'));
      const requester = next(8) > 0 ? one(officers) : one(cast);
      const breakGlass = next(4) === 0;
      const hours = 1 + next(4);
      pass(1);
      await arrive(requester);
      const asked = { caseId: work.id, legalBasis: 'x', reason: 'y', rights, hours, breakGlass };
      let id = '';
      const askedOk = await outcome(
        grants.requestGrant({ secret: requester.secret, grant: asked }).then((g) => (id = g.id)),
      );
      expect(askedOk).toBe(requester.roles.has('officer'));
      touch(requester);
      seen.sequences++;
      if (!askedOk) return;
      const grant: AskedGrant = {
        ...{ id, requester, rights: new Set(rights), breakGlass, hours, askedAt: at() },
        ...{ agreed: [], revoked: false },
      };
      const orders: { order: string; files: boolean; of: string; opened: number }[] = [];

      /** The rules once more, written by somebody else. A word counts of who neither left nor lost that role since. */
      const counts = ({ who, role, epoch }: Agreed): boolean =>
        !who.gone && who.roles.has(role) && (who.ended.get(role) ?? 0) === epoch;
      const standing = () => {
        const valid = grant.agreed.filter(counts);
        const keeper = valid.find(({ role }) => role === 'custodian');
        if (breakGlass && (valid.length < 3 || !keeper)) return null;
        if (!breakGlass && valid.length < 2) return null;
        return breakGlass ? Math.max(valid[2]!.at, keeper!.at) : valid[1]!.at;
      };
      const opens = (of: string, right: GrantRight | null): boolean => {
        const from = standing();
        return (
          from !== null &&
          at() < from + hours * HOUR * 1000 &&
          !grant.revoked &&
          !work.closed &&
          !requester.gone &&
          requester.roles.has('officer') &&
          right !== null &&
          grant.rights.has(right) &&
          of !== authorizations[2]
        );
      };
      let used: AgreementProof | undefined;
      const agree = async (who: Person) => {
        await arrive(who);
        const role = ((): Agreed['role'] | null => {
          const needed = !grant.agreed.some((it) => it.role === 'custodian' && counts(it));
          const keeper = breakGlass && who.roles.has('custodian');
          if (keeper && (needed || !who.roles.has('approver'))) return 'custodian';
          return who.roles.has('approver') ? 'approver' : null;
        })();
        const again = grant.agreed.find((it) => it.who === who);
        const may =
          live(who) &&
          who !== requester &&
          !grant.revoked &&
          !requester.gone &&
          !work.closed &&
          role !== null &&
          standing() === null;
        // Now and then a word that was used, of somebody else, or none: it agrees to nothing.
        const wrong = next(6) === 0 ? one(['used', 'others', 'none'] as const) : null;
        const word = async (): Promise<AgreementProof> => {
          if (wrong === 'none') return undefined as never;
          if (wrong === 'used' && used) return used;
          const asked = { act: 'grant', grant: id } as const;
          const { agreement } = await agreements.beginAgreement({ secret: who.secret, asked });
          return { agreement, query: wrong ? one(cast.filter((it) => it !== who)).id : who.id };
        };
        const attempt = async () => {
          const proof = again ? (undefined as never) : await word();
          await grants.approveGrant({ secret: who.secret, grant: id, proof });
          if (!again) used = proof;
        };
        const ok = await outcome(attempt());
        expect(ok).toBe(again ? live(who) && who !== requester && counts(again) : may && !wrong);
        if (ok && !again)
          grant.agreed.push({ who, role: role!, at: at(), epoch: who.ended.get(role!) ?? 0 });
        touch(who);
      };
      const release = async (who: Person) => {
        await arrive(who);
        const [of, right] = [one(authorizations), one([...RIGHTS, null])];
        const may = live(who) && who === requester && opens(of, right);
        const ok = await outcome(
          openings.openForCase({
            ...{ secret: who.secret, grant: id, authorization: of, right: right as GrantRight },
          }),
        );
        expect([ok, grant.agreed.length, right]).toEqual([may, grant.agreed.length, right]);
        if (ok) released.set(id, (released.get(id) ?? 0) + 1);
        seen[ok ? 'released' : 'refused']++;
        touch(who);
      };
      const order = async (who: Person) => {
        await arrive(who);
        const [of, files] = [one(authorizations), next(2) === 0];
        const may = live(who) && who === requester && opens(of, files ? 'download' : 'view');
        const asked = { secret: who.secret, grant: id, authorizations: [of], files };
        const ok = await outcome(
          openings
            .orderReports(asked)
            .then((made) => orders.push({ ...made, files, of, opened: 0 })),
        );
        expect(ok).toBe(may);
        touch(who);
      };
      const byOrder = async () => {
        if (orders.length === 0) return;
        const picked = one(orders);
        const { order: made, files, of } = picked;
        const may = opens(of, files ? 'download' : 'view') && picked.opened < MOST_ORDER_OPENINGS;
        const ok = await outcome(openings.openForOrder({ order: made, authorization: of }));
        expect(ok).toBe(may);
        if (ok) released.set(id, (released.get(id) ?? 0) + 1);
        if (ok) seen.byOrder++;
        if (ok) picked.opened++;
        seen[ok ? 'released' : 'refused']++;
      };
      const takeBack = async (who: Person) => {
        await arrive(who);
        const ok = await outcome(grants.revokeGrant({ secret: who.secret, grant: id }));
        const theirs = who === requester || who.roles.has('approver') || who.roles.has('custodian');
        expect(ok).toBe(live(who) && theirs);
        if (ok) grant.revoked = true;
        touch(who);
      };
      const leave = async (who: Person) => {
        if (who.gone) return;
        await inTurn(() =>
          mine.accounts.closeStaff({
            ...{ staffId: who.id, by: 'head', undertaking: 'HR-2', at: now },
          }),
        );
        who.gone = true;
        who.roles.clear();
      };
      const move = async (who: Person) => {
        const role = [...who.roles][0];
        if (who.gone || !role) return;
        await inTurn(() => mine.accounts.endRole({ staffId: who.id, role, by: 'head', at: now }));
        who.roles.delete(role);
        who.ended.set(role, (who.ended.get(role) ?? 0) + 1);
        if (next(2) > 0) return;
        pass(1);
        await inTurn(() => mine.accounts.giveRole({ staffId: who.id, role, ...mine.done() }));
        who.roles.add(role);
      };
      const close = async () => {
        if (work.closed) return;
        await signIn(taker);
        const act = { type: 'stepped', to: 'rejected', texts: { decision: 'x' } } as const;
        await cases.actOnCase({ secret: taker.secret, caseId: work.id, version: 2, act });
        work.closed = true;
      };
      // Half of them get as far as to be agreed to soon.
      for (let early = next(2) * 3; early > 0; early--) {
        pass(1);
        await agree(one(cast.filter(({ roles }) => roles.has('approver'))) ?? one(cast));
      }
      for (let step = 4 + next(10); step > 0; step--) {
        pass(1 + next(20));
        const sayers = cast.filter(({ roles }) => roles.has('approver') || roles.has('custodian'));
        const who = next(3) > 0 && sayers.length > 0 ? one(sayers) : one(cast);
        const dice = next(100);
        // What two people have agreed to is mostly opened; before that it is mostly agreed to.
        if (dice < (standing() === null ? 40 : 10)) await agree(who);
        else if (dice < 62) await release(next(4) > 0 ? requester : who);
        else if (dice < 70) await order(next(4) > 0 ? requester : who);
        else if (dice < 80) await byOrder();
        else if (dice < 83) await takeBack(who);
        else if (dice < 85) await leave(who);
        else if (dice < 88) await move(who);
        else if (dice < 89) await close();
        else if (dice < 93) {
          const hours = next(3);
          pass(hours * HOUR);
          const again = next(3) > 0;
          for (const somebody of cast)
            somebody.comes = again ? !live(somebody) : hours === 0 && somebody.comes;
        } else if (dice < 96) await signIn(who);
        else await agree(requester);
        if (work.closed && next(3) === 0) break;
      }
    };
    while (waiting.length > 0 && at() - from < CAST_LASTS * 24 * HOUR * 1000) {
      const number = waiting.shift()!;
      next = seeded(SEED * 1_000_003 + number);
      try {
        await sequence();
      } catch (cause) {
        waiting.length = 0;
        const alone = `DESK_SEED=${SEED} DESK_ONLY=${number} runs it alone`;
        throw new Error(`sequence ${number} of seed ${SEED} (${alone})`, { cause });
      }
    }
  }
  await mine.close();
}

test(
  'what opens is what the rules say, and as many keys leave as the register has entries',
  async () => {
    process.stdout.write(`desk openings: ${NUMBERS.length} sequences, seed ${SEED}\n`);
    const waiting = [...NUMBERS];
    await Promise.all(Array.from({ length: LANES }, (_, nth) => lane(nth, waiting)));
    const { rows } = await it.owner.query(
      `SELECT body::jsonb->>'grant' AS grant, count(*)::int AS entries FROM access_entries
       WHERE body::jsonb->>'purpose' = 'case' GROUP BY 1`,
    );
    const entered = new Map(rows.map(({ grant, entries }) => [grant, entries]));
    expect(entered).toEqual(released);
    const { rows: alone } = await it.owner.query(
      `SELECT x.id FROM access_entries x JOIN grants g ON g.id = x.body::jsonb->>'grant'
       WHERE x.body::jsonb->>'purpose' = 'case' AND (
         SELECT count(DISTINCT a.staff_id) FROM grant_approvals a WHERE a.grant_id = g.id AND a.staff_id <> g.requester
           AND a.at <= (x.body::jsonb->>'at')::timestamptz) < CASE WHEN g.break_glass THEN 3 ELSE 2 END`,
    );
    expect(alone).toEqual([]);
    const { rows: queued } = await it.owner.query(
      `SELECT count(*)::int AS n FROM ledger_queue WHERE dedupe LIKE 'opening:%'`,
    );
    expect(queued[0].n).toBe(seen.released);
    if (!ONLY) expect(seen.released).toBeGreaterThan(0);
    const told = [...refusals].sort(([, a], [, b]) => b - a).map(([why, n]) => `${why} ${n}`);
    process.stdout.write(
      `${seen.sequences} sequences of seed ${SEED}: ${seen.released} keys released (${seen.byOrder} by order), as many ` +
        `entries of register and ledger; ${seen.refused} openings refused; refusals of all acts: ${told.join(', ')}\n`,
    );
    const report = process.env['TEST_SEQUENCES'];
    if (report)
      appendFileSync(
        report,
        `${JSON.stringify({ ...seen, seed: SEED, refusals: Object.fromEntries(refusals) })}\n`,
      );
  },
  FULL ? 5_400_000 : 240_000,
);
