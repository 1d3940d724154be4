import { concat, DomainError, sha256Hex, utf8, type StaffDoor } from '@mandate/core';
import type { StepDeps } from '../deps.js';
import {
  isFaulty,
  LOG_LIMITS,
  logRefused,
  refusedLines,
  readQueryLog,
  type FaultyLine,
  type QueryRecord,
} from './query-log.js';
import type {
  KeptQuery,
  NamedAuthorization,
  NearUse,
  ReconciliationRecord,
  ReconciliationRow,
} from './reconciliation-ports.js';

/** By how much the source's clock and ours may differ, milliseconds. */
export const CLOCK_SKEW = 5 * 60_000;
/** Queries kept in one transaction. */
const AT_ONCE = 500;

export interface ReceiveDeps extends Pick<StepDeps, 'clock'> {
  readonly record: ReconciliationRecord;
  readonly vault: Pick<StaffDoor, 'compareUses'>;
}

/**
 * Takes a log in as it arrives, some hundred queries at a time. Operator and subject of each are compared with what
 * lies under the data keys, by role vault, within this person's session; of the answer is kept which uses may be
 * theirs, and of operator and subject nothing. Broken off and sent again whole, it goes on behind what was kept.
 * Throws `log-refused` with the lines, after which their numbers and codes are all that is kept of the log; `log-differs`, `illegal-transition`,
 * `version-conflict`, `payload-too-large`, `session-ended`, and whatever the stream throws.
 */
export async function receiveQueryLog(
  deps: ReceiveDeps,
  {
    run,
    secret,
    pieces,
  }: { run: ReconciliationRow; secret: Uint8Array; pieces: AsyncIterable<Uint8Array> },
): Promise<void> {
  const { record, clock } = deps;
  if (run.state !== 'receiving')
    throw new DomainError('illegal-transition', `the reconciliation is ${run.state}`);
  let { received } = run;
  let seen = 0;
  let chain = '';
  let batch: QueryRecord[] = [];
  let bytes: Uint8Array[] = [];
  const faults: FaultyLine[] = [];

  const keep = async (): Promise<void> => {
    seen += batch.length;
    chain = sha256Hex(concat(utf8(chain), ...bytes.flatMap((each) => [each, utf8('\n')])));
    const rows = batch;
    batch = [];
    bytes = [];
    if (seen < received) return;
    if (seen === received) {
      if (chain === run.chain) return;
      throw new DomainError('log-differs', 'send the log whose beginning was received');
    }
    const compared = await comparedQueries(deps, run, secret, rows);
    const { kept, repeated } = await record.addQueries({
      ...{ run: { id: run.id, received }, rows: compared, chain, at: clock.now() },
    });
    faults.push(...repeated.map((line) => ({ line, fault: 'query-repeated' as const })));
    if (faults.length > 0) return;
    if (!kept) throw new DomainError('version-conflict', 'another upload was faster');
    received = seen;
  };

  const refuse = async (error: unknown): Promise<never> => {
    if (error instanceof DomainError && error.code === 'log-refused')
      await record.refuseRun(run.id, refusedLines(error), clock.now());
    throw error;
  };
  try {
    const log = readQueryLog(pieces);
    let next = await log.next();
    for (; !next.done && faults.length < LOG_LIMITS.faults; next = await log.next()) {
      const { record: row, bytes: raw } = next.value;
      if (isFaulty(row)) faults.push(row);
      if (faults.length > 0) continue;
      batch.push(row as QueryRecord);
      bytes.push(raw);
      if (batch.length === AT_ONCE) await keep();
    }
    if (batch.length > 0 && faults.length === 0) await keep();
    if (faults.length > 0 || seen === 0) throw logRefused(faults);
    if (seen < received)
      throw new DomainError('log-differs', 'the log is shorter than what was received of it');
    const { digest, bytes: size } = next.value as { digest: string; bytes: number };
    const whole = { run: { id: run.id, received }, digest, bytes: size, at: clock.now() };
    if (!(await record.completeLog(whole)))
      throw new DomainError('version-conflict', 'another upload was faster');
  } catch (error) {
    await refuse(error);
  }
}

/** The rows with the authorization they mean and the uses near them that may be theirs. */
async function comparedQueries(
  { record, vault }: ReceiveDeps,
  run: ReconciliationRow,
  secret: Uint8Array,
  rows: readonly QueryRecord[],
): Promise<KeptQuery[]> {
  const names = (by: QueryRecord['named']['by']): string[] => [
    ...new Set(rows.filter(({ named }) => named.by === by).map(({ named }) => named.value)),
  ];
  const known = index(
    await record.namedAuthorizations(run.institutionId, {
      ...{ id: names('id'), letter: names('letter'), reference: names('reference') },
    }),
  );
  const named = (row: QueryRecord): readonly NamedAuthorization[] =>
    known.get(`${row.named.by} ${row.named.value}`) ?? [];
  const ids = [...new Set(rows.flatMap((row) => named(row).map(({ id }) => id)))];
  const times = rows.map(({ at }) => at.getTime());
  const window = run.windowMinutes * 60_000;
  const uses = new Map<string, NearUse[]>(ids.map((id) => [id, []]));
  const from = new Date(times.reduce((a, b) => Math.min(a, b)) - window);
  const to = new Date(times.reduce((a, b) => Math.max(a, b)) + CLOCK_SKEW);
  if (ids.length > 0)
    for (const use of await record.usesNear(ids, run.source, from, to))
      uses.get(use.authorizationId)!.push(use);
  const near = (row: QueryRecord, id: string): NearUse[] =>
    (uses.get(id) ?? []).filter(
      ({ at }) =>
        row.at.getTime() >= at.getTime() - CLOCK_SKEW && row.at.getTime() <= at.getTime() + window,
    );
  const meant = rows.map((row) => ({
    row,
    authorization: whichOf(named(row), row, (id) => near(row, id)),
  }));
  const asked = meant.map(({ row, authorization }) => ({
    redemptions: authorization ? near(row, authorization.id).map(({ id }) => id) : [],
    operator: row.operator,
    ...(row.subject && authorization
      ? { subject: { authorizationId: authorization.id, idNumber: row.subject } }
      : {}),
  }));
  const needed = asked.some(({ redemptions, subject }) => redemptions.length > 0 || subject);
  const answers = needed
    ? (await vault.compareUses({ secret, about: run.id, institutionId: run.institutionId, asked }))
        .answers
    : [];
  return meant.map(({ row, authorization }, i) => ({
    ...{ line: row.line, query: row.query, at: row.at, purpose: row.purpose },
    authorizationId: authorization?.id ?? null,
    agreeing: answers[i]?.agreeing ?? [],
    subjectDiffers: answers[i]?.subject === 'differs',
    withheld: answers[i]?.withheld ?? [],
    kind: authorization ? null : ('unknown' as const),
  }));
}

type Known = ReadonlyMap<string, readonly NamedAuthorization[]>;

const index = (found: readonly NamedAuthorization[]): Known => {
  const map = new Map<string, NamedAuthorization[]>();
  for (const each of found)
    for (const name of [
      `id ${each.id}`,
      `letter ${each.letterNumber}`,
      `reference ${each.businessReference}`,
    ])
      map.set(name, [...(map.get(name) ?? []), each]);
  return map;
};

/**
 * A business reference may stand for several letters of one business: the one whose purpose and term the query has, of
 * those the one used closest to it, of those the newest that there was by then.
 */
function whichOf(
  all: readonly NamedAuthorization[],
  { purpose, at }: QueryRecord,
  near: (id: string) => readonly NearUse[],
): NamedAuthorization | null {
  const suits = (each: NamedAuthorization): number =>
    (each.purpose === null ? 0 : 1) +
    (each.purpose === purpose ? 4 : 0) +
    (each.fromAt && each.endAt && at >= each.fromAt && at < each.endAt ? 2 : 0);
  const away = ({ id }: NamedAuthorization): number =>
    near(id).reduce(
      (least, use) => Math.min(least, Math.abs(at.getTime() - use.at.getTime())),
      Number.MAX_SAFE_INTEGER,
    );
  const made = ({ createdAt }: NamedAuthorization): number =>
    createdAt.getTime() <= at.getTime() + CLOCK_SKEW ? 1 : 0;
  const [best] = [...all].sort(
    (a, b) =>
      suits(b) - suits(a) ||
      away(a) - away(b) ||
      made(b) - made(a) ||
      b.createdAt.getTime() - a.createdAt.getTime() ||
      (a.id < b.id ? 1 : -1),
  );
  return best ?? null;
}
