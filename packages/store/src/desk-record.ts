import type { GenerationReads, HoldRecord } from '@mandate/ceremony';
import type { Database } from './connect.js';
import { generationReads } from './generation-rows.js';
import { holdRows } from './hold-rows.js';
import { commonReads } from './reads.js';

/** What role desk may: read authorizations, trails, inclusion proofs, what was added to bundles, and resolve holds. */
export interface DeskRecord extends HoldRecord, GenerationReads {}

export const deskRecord = (db: Database): DeskRecord => ({
  ...commonReads(db),
  ...holdRows(db),
  ...generationReads(db),
});
