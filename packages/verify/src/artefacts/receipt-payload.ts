import { kindDigestHex, type Json } from '@mandate/core';
import { beijingPeriod, type CalendarPeriod } from '@mandate/terms';
import {
  anyObject,
  digest,
  integer,
  optional,
  record,
  text,
  type Reader,
} from '../material/json-shape.js';
import { FACT_SHAPES, id, type Fact, type FactKind } from './fact-shapes.js';

/** What a receipt says, by itself or in a bundle. */
export interface ReceiptPayload {
  readonly iss: string;
  readonly jti: string;
  readonly iat: number;
  /** Credit code of the source a redemption's receipt is for. */
  readonly aud?: string;
  readonly exp?: number;
  readonly status?: { readonly status_list: { readonly idx: number; readonly uri: string } };
  readonly fact: Readonly<Record<string, Json>>;
  readonly factDigest: string;
  readonly ledgerEntry: string;
  readonly institution: { readonly name: string; readonly creditCode: string };
}

const seconds = integer(0, 253_402_300_799);
const url = text(/^https?:\/\/[!-~]{1,300}$/);
const creditCode = text(/^[0-9A-Z]{18}$/);
const shape: Reader<ReceiptPayload> = record<ReceiptPayload>({
  iss: url,
  jti: id,
  iat: seconds,
  aud: optional(creditCode),
  exp: optional(seconds),
  status: optional(
    record({ status_list: record({ idx: integer(0, 2 ** 31), uri: url }) }) as Reader<
      NonNullable<ReceiptPayload['status']>
    >,
  ),
  fact: anyObject,
  factDigest: digest,
  ledgerEntry: digest,
  institution: record({ name: text(), creditCode }),
});

/** The payload and its fact, of exactly the members this kind has. Throws `format-bundle`. */
export function readReceiptPayload(
  kind: FactKind,
  members: Readonly<Record<string, Json>>,
): { readonly payload: ReceiptPayload; readonly fact: Fact & Readonly<Record<string, Json>> } {
  const payload = shape(members);
  FACT_SHAPES[kind](payload.fact);
  return { payload, fact: payload.fact as Fact & Readonly<Record<string, Json>> };
}

/** Whether what follows from the fact alone is what the receipt says. */
export function agreesWithFact(kind: FactKind, payload: ReceiptPayload): boolean {
  const { fact, aud, exp, status } = payload;
  const ofUse = kind === 'redemption';
  return (
    payload.factDigest === kindDigestHex('receipt', fact) &&
    payload.jti === fact['id'] &&
    payload.iat * 1000 === Date.parse(String(fact['at'])) &&
    // a permission names its source, its end and its place in a list; nothing else does
    [aud, exp, status].every((it) => (it !== undefined) === ofUse) &&
    (!ofUse ||
      (aud === fact['source'] &&
        payload.institution.creditCode === fact['institution'] &&
        fact['period'] === periodOf(String(fact['at']), fact['per'])))
  );
}

/** Calendar period of a recurring use in Beijing, as the shape of its fact knows them; none of another. */
function periodOf(at: string, per: Json | undefined): string | undefined {
  return per === undefined ? undefined : beijingPeriod(new Date(at), per as CalendarPeriod);
}
