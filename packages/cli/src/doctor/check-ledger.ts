import { bytesEqual, isDomainError, toHex, utf8 } from '@mandate/core';
import { openObjects, readTrustFolder } from '@mandate/adapters';
import { Frontier, leafHash, readCheckpoint, verifyNote } from '@mandate/ledger';
import {
  checkPublished,
  inspectLedger,
  openDatabase,
  readLedgerEntries,
  type Database,
  type LedgerStanding,
} from '@mandate/store';
import { fault, ok, reasonOf, skipped, warning, type Check, type Finding } from './finding.js';

const PAGE = 1000;
/** A sequencer integrates every second; entries that wait longer than that wait for something. */
const STALE_SECONDS = 60;

/** The head against the entries it stands for: recomputed, its signature checked, and held against what is served. */
export const checkLedger: Check = async ({ ownerUrl, config, clock }) => {
  if (!ownerUrl) return [skipped('ledger', 'without the database')];
  const owner = openDatabase(ownerUrl, undefined, 1);
  try {
    const { head, entries, checkpoint, waiting, stamps } = await inspectLedger(owner);
    if (!checkpoint)
      return [
        entries === 0 && head === 0
          ? ok('ledger', 'empty')
          : fault('ledger', `${entries} entries and no signed head`, RESTORE),
      ];
    const findings: Finding[] = [];
    if (head !== entries || checkpoint.size !== head)
      findings.push(
        fault(
          'ledger',
          `head ${head}, entries ${entries}, newest checkpoint ${checkpoint.size}: they disagree`,
          RESTORE,
        ),
      );
    const stated = readCheckpoint(checkpoint.note);
    const tree = new Frontier();
    for (let first = 0; first < Math.min(entries, stated.size); first += PAGE)
      for (const entry of await readLedgerEntries(
        owner,
        first,
        Math.min(PAGE, stated.size - first),
      ))
        tree.append(leafHash(utf8(entry)));
    if (tree.size !== stated.size || !bytesEqual(tree.root(), stated.root))
      findings.push(
        fault(
          'ledger',
          `the entries give root ${toHex(tree.root()).slice(0, 16)}…, the signed head says another`,
          'entries were changed or lost: stop signing, restore the entries from a copy or a witness, find out who wrote',
        ),
      );
    const origin = config.ledgerOrigin;
    if (origin && origin !== stated.origin)
      findings.push(
        fault(
          'ledger',
          `its origin is ${stated.origin}, configured is ${origin}`,
          'set LEDGER_ORIGIN as it was',
        ),
      );
    findings.push(...(await signatureFindings(checkpoint.note, stated.origin, config.trustFolder)));
    const age = (clock.now().getTime() - checkpoint.madeAt.getTime()) / 1000;
    if (waiting > 0 && age > STALE_SECONDS)
      findings.push(
        fault(
          'ledger',
          `${waiting} entries wait, the last head is ${Math.round(age)} s old`,
          'start the process that holds role ledger and the worker; nothing is released meanwhile',
        ),
      );
    findings.push(...(await publishedFindings(owner, config.objectsUrl)));
    findings.push(...stampFindings(stamps, config.stampSeconds, clock.now()));
    return findings.some(({ level }) => level === 'fault')
      ? findings
      : [
          ok('ledger', `${entries} entries, root recomputed, head signed and published`),
          ...findings,
        ];
  } catch (error) {
    return [
      fault('ledger', `cannot be read: ${reasonOf(error)}`, 'see database and migrations above'),
    ];
  } finally {
    await owner.destroy();
  }
};

const RESTORE =
  'a restored backup is behind what was published: neither role ca nor role ledger starts. Bring back the missing entries (a newer backup and its WAL; the published files show which), never start a second history';

/** What roles ca and ledger look at before they start. */
async function publishedFindings(owner: Database, objectsUrl: string): Promise<Finding[]> {
  try {
    const objects = await openObjects(objectsUrl);
    await checkPublished(owner, objects);
    return [];
  } catch (error) {
    return [
      isDomainError(error, 'ledger-behind')
        ? fault('ledger', reasonOf(error), RESTORE)
        : fault(
            'ledger',
            `the published files cannot be looked at: ${reasonOf(error)}`,
            'check OBJECTS_URL: without them neither role ca nor role ledger starts',
          ),
    ];
  }
}

/** Beyond twice the time between stamps an authority has failed more than once. */
function stampFindings(
  { count, newest, waitingSince }: LedgerStanding['stamps'],
  stampSeconds: number,
  now: Date,
): Finding[] {
  const waited = waitingSince ? (now.getTime() - waitingSince.getTime()) / 1000 : 0;
  if (waited > 2 * stampSeconds + STALE_SECONDS)
    return [
      warning(
        'ledger',
        newest
          ? `its head was last stamped ${newest.stampedAt.toISOString()}; heads wait since ${Math.round(waited / 60)} min`
          : `its head was never stamped, for ${Math.round(waited / 60)} min`,
        'see the timestamp authorities above, and that role ledger reaches role tsa; letters leave all the same',
      ),
    ];
  return newest ? [ok('ledger', `${count} stamps, the newest over ${newest.size} entries`)] : [];
}

async function signatureFindings(
  note: string,
  origin: string,
  trustFolder: string,
): Promise<Finding[]> {
  let keys: readonly string[];
  try {
    keys = (await readTrustFolder(trustFolder)).ledger;
  } catch {
    return [
      warning(
        'ledger',
        'its signature was not checked: no trust anchors here',
        'set TRUST_DIR to the published ones',
      ),
    ];
  }
  const { signers, failed } = verifyNote(note, keys);
  return signers.includes(origin) && failed.length === 0
    ? []
    : [
        fault(
          'ledger',
          'the newest head is not signed by the published key',
          'compare TRUST_DIR/ledger with the key in use',
        ),
      ];
}
