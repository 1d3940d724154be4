import type { CaRole } from './ca.js';
import type { StaffDoor } from './door.js';
import type { LedgerRole } from './ledger.js';
import type { RaRole } from './ra.js';
import type { SealRole } from './seal.js';
import type { TsaRole } from './tsa.js';
import type { VaultRole } from './vault.js';

/** Everything a process may ask of the authority; in one process the roles themselves, apart a client per URL. */
export interface Authority {
  readonly ra: RaRole;
  readonly ca: CaRole;
  readonly tsa: TsaRole;
  readonly seal: SealRole;
  readonly ledger: LedgerRole;
  readonly vault: VaultRole & StaffDoor;
}
