import { archiveLetter, renewalOf, type ArchiveDeps, type ArchiveRow } from '@mandate/ceremony';
import { addSeconds, encrypt, fromHex, sha256Hex, systemRandom } from '@mandate/core';
import { readPdf, readSignatures } from '@mandate/pdf';
import { parseToken, SUNSETS } from '@mandate/pki';
import { exitCode, verifyFile, type TrustAnchors } from '@mandate/verify';
import { archivedLetter, emptyList, makeStampAuthority, secondsAt } from './archived-letter.js';
import type { TestAuthority, TestIdentity } from './authority.js';
import { makeToken, START } from './build-bundle.js';

const ID = 'aut_019a1111-2222-7333-8444-555566667777';
export const YEAR = 365.25;

/**
 * A letter and all that the product does to it in the years: one record, one clock, authorities that come
 * and go. Every generation is judged by our own verifier as it is made.
 */
export async function makeArchive(authority: TestAuthority) {
  const made = await archivedLetter(authority);
  const dataKey = systemRandom.bytes(32);
  const objects = new Map<string, Uint8Array>();
  const rows: ArchiveRow[] = [];
  /** What the ledger is told of each renewal, canonical JSON. */
  const entries: string[] = [];
  const clock = { at: addSeconds(START, 300), now: () => clock.at };
  const stamps = { current: authority.stamp as TestIdentity, asked: 0 };
  const timestamp = [...authority.anchors.timestamp];
  const lists = [emptyList(authority.stampRoot, authority.stamp)];
  const anchors = (): TrustAnchors => ({ ...authority.anchors, timestamp });

  const stamp = readSignatures(readPdf(made.archived)).find((it) => it.coversWholeFile)!;
  objects.set('first', encrypt(dataKey, made.archived, `archives/${ID}/1`, systemRandom));
  rows.push({
    authorizationId: ID,
    generation: 1,
    level: 'B-LTA',
    object: 'first',
    digest: sha256Hex(made.archived),
    madeAt: clock.at,
    ...renewalOf(parseToken(stamp.contents), SUNSETS, timestamp),
  });
  const letters = [made.archived];
  const deps = {
    clock,
    random: systemRandom,
    probe: () => undefined,
    sunsets: SUNSETS,
    wait: async () => undefined,
    anchors: async () => ({ ...anchors(), intermediates: [] }),
    authorityStatus: async () => ({ ocsps: [], crls: lists }),
    vault: { unwrap: async () => ({ dataKey }) },
    objects: {
      put: async (name: string, bytes: Uint8Array) => void objects.set(name, bytes),
      get: async (name: string) => objects.get(name)!,
    },
    record: {
      authorization: async () => ({ id: ID, state: 'released' }),
      newestArchive: async () => rows.at(-1)!,
      generations: async () => [],
      committedAttempt: async () => ({ serial: fromHex(made.certificate.serial) }),
      addArchive: async (row: ArchiveRow, entry: string) => {
        rows.push(row);
        entries.push(entry);
        return true;
      },
    },
    tsa: {
      token: async ({ digest }: { digest: Uint8Array }) => {
        stamps.asked++;
        return makeToken(stamps.current, digest, secondsAt(clock.at));
      },
    },
    selfCheckArchive: (letter: Uint8Array, at: Date) => {
      const found = verifyFile(letter, { anchors: anchors(), at });
      if (exitCode(found) !== 0 || found.facts.level !== 'B-LTA')
        throw new Error(JSON.stringify(found.verdict));
      letters.push(letter);
    },
  } as unknown as ArchiveDeps;
  return {
    made,
    rows,
    entries,
    letters,
    clock,
    stamps,
    anchors,
    renew: () => archiveLetter(deps, { authorizationId: ID }),
    /** The authority that stamps from now on, under a root of its own. */
    succeed: (name: string, years: number) => {
      const until = addSeconds(clock.at, years * YEAR * 86_400);
      const rootUntil = addSeconds(until, YEAR * 86_400);
      const life = { from: clock.at, until, rootUntil };
      const { stamp: next, root, list } = makeStampAuthority(name, life);
      stamps.current = next;
      timestamp.push(root.der);
      lists.push(list);
    },
    judge: (letter: Uint8Array, at: Date) => {
      const found = verifyFile(letter, { anchors: anchors(), at });
      return [found.verdict.indication, found.verdict.subIndication, found.facts.level];
    },
  };
}
