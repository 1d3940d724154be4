import {
  DomainError,
  EYE_ALPHABET,
  idPattern,
  MOST_SEARCHED,
  newId,
  sha256Hex,
  toHex,
  utf8,
  type DeskSearch,
  type SearchCriterion,
  type SearchPurpose,
  type StaffSession,
} from '@mandate/core';
import { startOfHour } from '../deps.js';
import { deskKeys, openMasks, searchedValue } from './desk-index.js';
import type { IndexQuery, SearchRecord } from './search-ports.js';
import { liveSession, type DoorDeps } from './sessions.js';
import { visible, type Sees } from './visible.js';

/** Of one person in an hour: what a day's work needs, and not what trying numbers takes. */
const SEARCHES_AN_HOUR = 120;
const LISTS_AN_HOUR = 20;
const PAGE = 50;

export interface SearchDeps extends Omit<DoorDeps, 'passkeys' | 'provider'> {
  readonly searches: SearchRecord;
  /** Role vault's. */
  readonly secret: Uint8Array;
}

/** Search without opening anything; the entry in the register is written before anybody sees a result. */
export function deskSearch(deps: SearchDeps): DeskSearch {
  const { clock, random, searches, secret } = deps;
  return {
    search: async ({ secret: cookie, purpose, caseNumber, criterion, before }) => {
      const session = await liveSession(deps, cookie);
      checkPurpose(session, purpose, caseNumber);
      const about = caseNumber ? await caseOf(searches, session, caseNumber) : null;
      const institutionId = await institutionOf(searches, session, criterion);
      const list = criterion.by === 'references' && criterion.references.length > 1;
      await countLook(deps, session.staff, list);
      const { query, values } = asked(secret, criterion);
      const byList = query.by === 'references';
      const limit = byList ? MOST_SEARCHED : PAGE;
      const rows = await searches.findLetters(query, { institutionId, before, limit: limit + 1 });
      // by id: the next page goes on behind the last of these, in whatever order they are shown
      const page = rows.slice(0, limit);
      const kept = byList ? inOrder(page, query.references) : page;
      const missing =
        byList && before === undefined
          ? await missingOf(searches, query.references, institutionId)
          : [];
      const ids = kept.map(({ id }) => id);
      const id = newId('access', clock, random);
      await searches.addDeskEntry(
        {
          ...{ kind: 'search', id, staff: session.staff, at: clock.now().toISOString(), purpose },
          ...{ institution: institutionId, case: about, found: foundDigest(ids) },
          ...{ by: criterion.by, values: values.length, results: ids.length },
          searched: toHex(searchedValue(secret, criterion.by, ...values)),
        },
        ids,
      );
      return {
        search: id,
        found: kept.map(({ id: authorizationId, index }) => {
          const masks = index && openMasks(secret, authorizationId, index);
          return { authorizationId, masks, altered: index !== null && masks === null };
        }),
        missing,
        next: rows.length > limit ? page.at(-1)!.id : null,
      };
    },
  };
}

/** What an entry says of the letters it is about. */
export const foundDigest = (ids: readonly string[]): string => sha256Hex(utf8(ids.join('\n')));

function checkPurpose(
  { roles }: StaffSession,
  purpose: SearchPurpose,
  caseNumber: string | undefined,
): void {
  const auditor = roles.includes('auditor');
  if (!auditor && !roles.includes('officer') && !roles.includes('approver'))
    throw new DomainError('forbidden', 'for officers, approvers and auditors');
  if ((purpose === 'audit') !== auditor)
    throw new DomainError('forbidden', 'auditors search to audit, and nobody else does');
  if (purpose === 'case' && !caseNumber)
    throw new DomainError('invalid-request', 'a search for a case names its number');
}

async function caseOf(searches: SearchRecord, who: Sees, number: string): Promise<string> {
  return visible(who, await searches.caseByNumber(number.trim().toUpperCase()), 'case').id;
}

/** Whose letters are looked through; null: all institutions'. */
async function institutionOf(
  searches: SearchRecord,
  { institutionId }: StaffSession,
  criterion: SearchCriterion,
): Promise<string | null> {
  const named = 'institution' in criterion ? criterion.institution : null;
  if (
    named &&
    (institutionId ? named !== institutionId : !(await searches.institutionExists(named)))
  )
    throw new DomainError('not-found', 'no such institution');
  return named ?? institutionId;
}

/** Searches and cases read count together; `list`: many at once. Throws `rate-limited`. */
export async function countLook(
  {
    searches,
    clock,
  }: Pick<SearchDeps, 'clock'> & { readonly searches: Pick<SearchRecord, 'count'> },
  staff: string,
  list: boolean,
): Promise<void> {
  const windowStart = startOfHour(clock.now());
  const counts = [
    { scope: 'desk-searches', max: SEARCHES_AN_HOUR },
    ...(list ? [{ scope: 'desk-lists', max: LISTS_AN_HOUR }] : []),
  ];
  for (const { scope, max } of counts)
    if (!(await searches.count({ scope, key: staff, windowStart, max })))
      throw new DomainError('rate-limited', 'too many searches in this hour', {
        extensions: {
          retryAfterSeconds: Math.ceil(
            (windowStart.getTime() + 3_600_000 - clock.now().getTime()) / 1000,
          ),
        },
      });
}

/** What the database is asked, and what of it is digested into the register. Throws `invalid-request`. */
function asked(
  secret: Uint8Array,
  criterion: SearchCriterion,
): { query: IndexQuery; values: readonly string[] } {
  switch (criterion.by) {
    case 'authorization': {
      const { by, id: text } = criterion;
      if (!idPattern('authorization').test(text)) throw wrong('no id of an authorization');
      return { query: { by, text }, values: [text] };
    }
    case 'letter-number': {
      const text = criterion.number.trim().toUpperCase();
      return { query: { by: criterion.by, text }, values: [text] };
    }
    case 'lookup-code': {
      const text = criterion.code.toUpperCase().replaceAll(/[\s-]/gu, '');
      if (text.length !== 16 || [...text].some((sign) => !EYE_ALPHABET.includes(sign)))
        throw wrong('a lookup code has sixteen characters');
      return {
        query: { by: criterion.by, key: deskKeys.lookupCode(secret, text) },
        values: [text],
      };
    }
    case 'id-number':
      return {
        query: { by: criterion.by, key: deskKeys.idNumber(secret, criterion.idNumber) },
        values: [criterion.idNumber.trim().toUpperCase()],
      };
    case 'phone':
      return {
        query: { by: criterion.by, key: deskKeys.phone(secret, criterion.phone) },
        values: [toHex(deskKeys.phone(secret, criterion.phone))],
      };
    case 'references': {
      const references = [...new Set(criterion.references)];
      if (references.length === 0 || references.length > MOST_SEARCHED)
        throw wrong(`1 to ${MOST_SEARCHED} references`);
      return { query: { by: criterion.by, references }, values: references };
    }
    case 'period': {
      const { by, from, until, state } = criterion;
      const query = { by, from: moment(from), until: moment(until), state };
      return { query, values: [from ?? '', until ?? '', state ?? ''] };
    }
  }
}

const moment = (text: string | undefined): Date | undefined => {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw wrong('from and until are moments');
  return at;
};

function inOrder<T extends { readonly businessReference: string }>(
  rows: readonly T[],
  references: readonly string[],
): T[] {
  const place = new Map(references.map((reference, i) => [reference, i]));
  return rows.toSorted((a, b) => place.get(a.businessReference)! - place.get(b.businessReference)!);
}

async function missingOf(
  searches: SearchRecord,
  references: readonly string[],
  institutionId: string | null,
): Promise<string[]> {
  const there = await searches.knownReferences(references, institutionId);
  return references.filter((reference) => !there.has(reference));
}

const wrong = (detail: string): DomainError => new DomainError('invalid-request', detail);
