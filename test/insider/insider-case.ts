import type { Alarm } from './detectors.js';
import type { InsiderHouse, World } from './insider-house.js';
import type { RunningCopy } from './running-copy.js';

/** What the insider holds. Every one of them is a superuser of the database and writes to the object store. */
export type Rights =
  'database' | 'objects' | 'receipt key' | 'issuing key' | 'ledger key' | 'all keys';

/** One thing an insider does, and who notices. */
export interface InsiderCase {
  readonly name: string;
  /** What was done, for the table. */
  readonly act: string;
  /** The least that is needed for it. */
  readonly rights: Rights;
  /** The copy it begins with; default: as it is now. */
  readonly from?: 'now' | 'backup';
  attack(world: World, house: InsiderHouse): Promise<void>;
  /** What the running product refuses afterwards, or somebody sees in it. */
  live?(service: RunningCopy, house: InsiderHouse, world: World): Promise<Alarm[]>;
  /** What people outside find out with what they hold. */
  holders?(world: World, house: InsiderHouse): Promise<Alarm[]>;
  /** Each of these must speak; none at all means that nobody does, for the reason `because` gives. */
  readonly by: readonly Alarm[];
  /** Why nobody can tell; or what remains where somebody can. */
  readonly because?: string;
  /** The rules in the database are looked at as well (slow). */
  readonly rules?: true;
  /** The attack itself takes long. */
  readonly slow?: true;
  /** The monitor saw nothing before. */
  readonly monitorForgets?: true;
}
