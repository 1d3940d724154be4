import { canonicalize, toHex, toUtcSeconds } from '@mandate/core';
import { caseEndFact, changeFact, liftFact, revocationFact } from '../desk/desk-facts.js';
import type { RowMacs } from '../desk/row-macs.js';
import { drawSample } from '../samples/draw-sample.js';
import { sampleDefinition, sampleSeed } from '../samples/sample-seed.js';
import { expectedEntries } from './check-entries.js';
import type { DeskFactRows, RecordReader } from './reconcile-ports.js';
import type { Found } from './record-problem.js';

/** Entries looked up together. */
const AT_ONCE = 500;
type DrawnRows = NonNullable<DeskFactRows['sample']>;

/**
 * What the ledger knows to have been done at the desk still stands there, and is what it was: changes of accounts, grants
 * taken back, cases ended, seals lifted, samples as they were fixed; samples are drawn again. What is gone altogether is a
 * stray entry. `macs`: null where role vault's secret is not at hand; then keyed facts are not compared.
 */
export async function checkDeskFacts(
  reader: RecordReader,
  found: Found,
  macs: RowMacs | null,
): Promise<void> {
  let expect = expectedEntries();
  let waiting = 0;
  const entry = async (dedupe: string, at: Date, fact: string): Promise<void> => {
    expect.entry(dedupe, { kind: 'desk', at: toUtcSeconds(at), fact });
    if (++waiting < AT_ONCE) return;
    await expect.compare(reader, found);
    expect = expectedEntries();
    waiting = 0;
  };
  for await (const { dedupe, change, grant, ended, lifted, sample } of reader.deskFacts()) {
    if (change && macs) await entry(dedupe, change.at, changeFact(macs, change));
    if (grant && !grant.revoked) found('desk-undone', grant.id);
    if (grant?.revoked && macs) {
      await entry(dedupe, grant.revoked.at, revocationFact(macs, grant.id));
    }
    if (ended && !ended.over) found('desk-undone', ended.caseId);
    if (ended?.over && macs) await entry(dedupe, ended.at, caseEndFact(macs, ended.caseId));
    if (lifted && !lifted.at) found('desk-undone', lifted.id);
    if (lifted?.at && macs) await entry(dedupe, lifted.at, liftFact(macs, lifted.id));
    if (sample) {
      const definition = sampleDefinition(sample.row);
      await entry(dedupe, sample.row.madeAt, definition);
      const { seed, seedSize } = sample.row;
      const settled = sample.head && sampleSeed(definition, sample.head.note);
      if (seed && (!settled || toHex(seed) !== toHex(settled) || seedSize !== sample.head?.size))
        found('sample-seed', sample.row.id);
      else if (!(await isAsDrawn(sample))) found('sample-picked', sample.row.id);
    }
  }
  await expect.compare(reader, found);
}

/** Whether it holds what its seed draws now, of all that it is drawn from. Of one that was swept the figures are left. */
async function isAsDrawn({ row, items, population }: DrawnRows): Promise<boolean> {
  if (!row.seed || !row.drawnAt) return items.length === 0;
  const again = await drawSample(row.seed, row.wanted, population());
  const drawn = again.items.map(({ id, authorizationId }, i) => ({
    ...{ ordinal: i + 1, id, authorizationId },
  }));
  return (
    row.population === again.population &&
    row.populationDigest === again.populationDigest &&
    canonicalize(items) === canonicalize(row.sweptAt ? [] : drawn)
  );
}
