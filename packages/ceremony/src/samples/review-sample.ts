import { bytesEqual, DomainError, newId, type Random } from '@mandate/core';
import type { StepDeps } from '../deps.js';
import { drawSample } from './draw-sample.js';
import type { SampleFinding, SampleKind, SampleRecord, SampleRow } from './sample-ports.js';
import { sampleDefinition, sampleSeed } from './sample-seed.js';

export interface SampleDeps extends StepDeps {
  readonly record: SampleRecord;
  readonly random: Random;
}

/**
 * Fixes what will be drawn from and how many. The seed is not known yet: it follows from this and from the ledger's next
 * head, once role vault has entered it there. Throws `invalid-request`.
 */
export async function fixSample(
  { record, clock, random }: SampleDeps,
  p: {
    institutionId: string | null;
    kind: SampleKind;
    from: Date;
    to: Date;
    wanted: number;
    by: string;
  },
): Promise<SampleRow> {
  const at = clock.now();
  if (p.from >= p.to || p.to > at)
    throw new DomainError('invalid-request', 'the period begins before it ends, and is over');
  const { by, ...asked } = p;
  const row: SampleRow = {
    ...{ ...asked, id: newId('sample', clock, random), nonce: random.bytes(32) },
    ...{ seed: null, seedSize: null },
    ...{ madeBy: by, madeAt: at },
    ...{ drawnBy: null, drawnAt: null, sweptAt: null, population: null, populationDigest: null },
  };
  await record.createSample(row);
  return row;
}

/**
 * Draws by the seed that the ledger settled. Throws `illegal-transition` when it was drawn, the seed is not settled yet,
 * or the sample is another one now than was entered.
 */
export async function drawFixed(
  { record, clock }: SampleDeps,
  sample: SampleRow,
  by: string,
): Promise<void> {
  const seed = await settledSeed(record, sample);
  const drawn = await drawSample(seed.seed, sample.wanted, record.population(sample));
  // a clock that stands still must not date the drawing before its seed
  const at = new Date(Math.max(clock.now().getTime(), sample.madeAt.getTime() + 1));
  if (!(await record.keepDrawn({ id: sample.id, by, at, seed, drawn })))
    throw new DomainError('illegal-transition', 'the sample was drawn already');
}

/** By what it is drawn: of a sample from before, the seed that stands there. */
async function settledSeed(
  record: SampleRecord,
  sample: SampleRow,
): Promise<{ seed: Uint8Array; seedSize: number | null }> {
  if (!sample.nonce) return { seed: sample.seed!, seedSize: null };
  const settled = await record.settledSeed(sample.id);
  if (!settled)
    throw new DomainError('illegal-transition', 'the ledger has not settled the seed yet');
  if (settled.fact !== sampleDefinition(sample))
    throw new DomainError('illegal-transition', 'the sample is not what was fixed');
  return { seed: sampleSeed(settled.fact, settled.note), seedSize: settled.size };
}

/**
 * Draws once more and compares: whether sample and population are as they were, and the seed is the one that what was
 * fixed and the ledger's head give (null: of a sample from before, which has another). Throws `illegal-transition`.
 */
export async function redraw(
  { record }: Pick<SampleDeps, 'record'>,
  sample: SampleRow,
): Promise<{ sameItems: boolean; samePopulation: boolean; sameSeed: boolean | null }> {
  if (!sample.drawnAt || !sample.seed)
    throw new DomainError('illegal-transition', 'the sample is not drawn yet');
  if (sample.sweptAt) throw new DomainError('illegal-transition', 'what was drawn was destroyed');
  const drawn = await drawSample(sample.seed, sample.wanted, record.population(sample));
  const kept = await record.sampleItems(sample.id);
  const settled = sample.nonce && (await record.settledSeed(sample.id));
  return {
    sameSeed:
      sample.nonce &&
      settled !== null &&
      settled.fact === sampleDefinition(sample) &&
      settled.size === sample.seedSize &&
      bytesEqual(sampleSeed(settled.fact, settled.note), sample.seed),
    sameItems: drawn.items.map(({ id }) => id).join() === kept.map(({ id }) => id).join(),
    samePopulation:
      drawn.populationDigest === sample.populationDigest && drawn.population === sample.population,
  };
}

/** Eleven digits are a phone number, fifteen or more an identity document's or a card's. */
const LOOKS_PERSONAL = /\d{11,}|\d{17}[Xx]/;

/** Throws `invalid-request` for a note that holds what looks like somebody's number, `not-found`. */
export async function findOfItem(
  { record, clock }: SampleDeps,
  p: { sample: SampleRow; ordinal: number; finding: SampleFinding; note: string; by: string },
): Promise<void> {
  if (LOOKS_PERSONAL.test(p.note.replace(/[\s-]/g, '')))
    throw new DomainError('invalid-request', 'note: no personal data; a long number stands in it');
  const { sample, by, ...found } = p;
  await record.addSampleFinding({
    ...{ ...found, sampleId: sample.id, staffId: by, at: clock.now() },
  });
}
