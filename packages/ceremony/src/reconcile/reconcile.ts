import {
  commitment,
  kindDigestHex,
  sha256Hex,
  toHex,
  toUtcSeconds,
  utf8,
  canonicalize,
  type Objects,
} from '@mandate/core';
import { registerDigest } from '../privacy/anchor-register.js';
import { credentialOf } from '../confirm/passkeys.js';
import { checkCeremony, read } from './check-ceremony.js';
import { expectedEntries } from './check-entries.js';
import { checkFacts, type RecomputedFact } from './check-facts.js';
import type { AnswerChecks } from '../desk/agreements.js';
import type { RowMacs } from '../desk/row-macs.js';
import { checkDesk } from './check-desk.js';
import { checkDeskFacts } from './check-desk-facts.js';
import { checkDeskReports } from './check-desk-reports.js';
import { checkDeskTemplates } from './check-desk-templates.js';
import { checkDeskRegister } from './check-desk-register.js';
import { checkPersonalData } from './check-personal-data.js';
import { checkLetterProofs, checkReceipts, type JwsCheck } from './check-proofs.js';
import { checkTrail } from './check-trail.js';
import { checkTree } from './check-tree.js';
import type { AuthorizationRows, RecordReader } from './reconcile-ports.js';
import type { Found, RecordProblem } from './record-problem.js';

export interface RecordCheck {
  /** What was recomputed: `authorizations`, `events`, `facts`, `accesses`, `entries`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly problems: readonly RecordProblem[];
}

const PAGE = 200;
/** Of rows that nothing explains so many of each kind are named. */
const MOST = 20;

/**
 * Recomputes the record from itself: trails, states, facts, uses, receipts, personal data's keys and register, the
 * ledger's tree, and whether record and ledger say the same in both directions. One pass, in pages; nothing is
 * written, nothing of anybody's is opened. Whoever writes to the database can make parts of it agree with each other,
 * not with what was published and what others hold. A negative result is data.
 */
export async function reconcile(p: {
  readonly reader: RecordReader;
  /** For what was published; null where the store is out of reach. */
  readonly objects: Objects | null;
  /** Null where no receipt keys are published. */
  readonly signed: JwsCheck | null;
  /** Whether role vault's key opens a data key; null where it is not at hand. */
  readonly opens: ((id: string, wrapped: Uint8Array) => boolean) | null;
  /** Role vault's codes over rows of the desk; null where its secret is not at hand. */
  readonly macs: RowMacs | null;
  /** For the answers by which people of the desk agreed. */
  readonly passkeys: AnswerChecks['passkeys'];
}): Promise<RecordCheck> {
  const { reader } = p;
  const problems: RecordProblem[] = [];
  const found: Found = (code, at) => void problems.push({ code, at: String(at) });
  const counts = { authorizations: 0, events: 0, facts: 0, accesses: 0, entries: 0 };
  for (let after = ''; ;) {
    const page = await reader.page(after, PAGE);
    if (page.authorizations.length === 0) break;
    after = page.authorizations.at(-1)!.id;
    const expect = expectedEntries();
    const facts: RecomputedFact[] = [];
    for (const authorization of page.authorizations) {
      const all = page.rows(authorization.id);
      const events = checkTrail(authorization, all.events, found);
      const institution = page.institution(authorization.institutionId);
      checkCeremony({ all, authorization, events, found, expect });
      facts.push(...checkFacts({ all, authorization, institution, events, found, expect }));
      checkPersonalData(all, authorization, found, p.opens);
      checkPasskeys(all, found, expect);
      counts.authorizations++;
      counts.events += all.events.length;
      counts.accesses += all.accessEntries.length;
    }
    counts.facts += facts.length;
    await expect.compare(reader, found);
    await checkLetterProofs(reader, page, found);
    await checkReceipts(reader, facts, found, p.signed);
  }
  await checkTemplates(reader, found);
  await checkDeskRegister(reader.deskRegister(), found);
  await checkDesk(reader, found, p.macs, p.passkeys);
  await checkDeskFacts(reader, found, p.macs);
  await checkDeskReports(reader, found, p.macs);
  const { macs, passkeys } = p;
  await checkDeskTemplates(reader, found, macs && { macs, passkeys });
  await checkAnchors(reader, found);
  problems.push(...(await reader.strays(MOST)));
  counts.entries = await checkTree(reader, p.objects, found);
  return { counts, problems };
}

/** A passkey's entry commits to its key; its end has an entry with the same commitment. */
function checkPasskeys(
  { passkeys }: AuthorizationRows,
  found: Found,
  expect: ReturnType<typeof expectedEntries>,
): void {
  for (const row of passkeys) {
    const credential = toHex(commitment(row.salt, 'passkey', canonicalize(credentialOf(row))));
    const at = toUtcSeconds(row.createdAt);
    const text = canonicalize({ format: 'mandate-entry/v1', kind: 'credential', at, credential });
    if (sha256Hex(utf8(text)) !== row.entryDigest) found('passkey-changed', row.id);
    expect.entry(`credential:${row.id}`, { kind: 'credential', at, credential });
    if (row.revokedAt)
      expect.entry(`credential-end:${row.id}`, {
        ...{ kind: 'credential-end', credential },
        at: toUtcSeconds(row.revokedAt),
      });
  }
}

/** What was opened, by whom and why, is still what the ledger has the digest of. */
async function checkAnchors(reader: RecordReader, found: Found): Promise<void> {
  for await (const anchor of reader.anchors()) {
    const { number, openings, madeAt } = anchor;
    const digests = await anchor.digests();
    const digest = registerDigest(digests);
    if (digests.length !== openings || digest !== anchor.digest)
      found('register-unanchored', `anchor ${number}`);
    const expect = expectedEntries();
    expect.entry(`register:${number}`, {
      ...{ kind: 'register', at: toUtcSeconds(madeAt), number, openings, digest: anchor.digest },
    });
    await expect.compare(reader, found);
  }
}

/** What letters were made from is still what was published. */
async function checkTemplates(reader: RecordReader, found: Found): Promise<void> {
  for (const { name, body, digest } of await reader.templates()) {
    const template = read<object>(body);
    if (!template || kindDigestHex('template', template) !== digest)
      found('template-changed', name);
  }
  for await (const { digest, body } of reader.templateRecords()) {
    const record = read<object>(body);
    if (!record || kindDigestHex('template-record', record) !== digest)
      found('template-changed', digest);
  }
}
