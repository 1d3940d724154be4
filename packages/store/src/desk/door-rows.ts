import type { DoorRecord } from '@mandate/ceremony';
import { agreementRows } from './agreement-rows.js';
import { caseDoorRows } from './case-door-rows.js';
import type { Database } from '../connect.js';
import { grantRows } from './desk-grant-rows.js';
import { signInRows } from './sign-in-rows.js';

/** Role vault as the desk's door: sign-ins, sessions, agreements, cases, grants, openings. */
export const doorRows = (db: Database): DoorRecord => ({
  ...signInRows(db),
  ...agreementRows(db),
  ...caseDoorRows(db),
  ...grantRows(db),
});
