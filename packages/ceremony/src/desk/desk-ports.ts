import type { AgreementRecord } from './agreement-ports.js';
import type { CaseDoorRecord, GrantDoorRecord } from './case-ports.js';
import type { SignInRecord } from './sign-in-ports.js';

/** Role vault, as the desk's door. What refuses a person is decided in the database. */
export interface DoorRecord
  extends SignInRecord, AgreementRecord, CaseDoorRecord, GrantDoorRecord {}
