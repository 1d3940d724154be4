import { DomainError, fromUtf8, parseCanonical, type Json } from '@mandate/core';
import { anyObject, digest, moment, oneOf, text } from '../material/json-shape.js';
import { CLAIMS, type Facts, type Verification } from '../verification.js';

/** What a report says that can be compared with a verification made anew. */
export interface ReportData {
  readonly bytes: Uint8Array;
  readonly id: string;
  readonly madeAt: string;
  readonly publicUrl: string;
  readonly input: { readonly kind: string; readonly digest: string };
  /** The moment the file was judged for. */
  readonly judgedAt: string;
  /** Verdict, integrity and claims without the findings they rest on, canonical order. */
  readonly conclusion: Json;
  readonly indication: Verification['verdict']['indication'];
}

/** A report is some hundred kilobytes. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Reads a report's canonical JSON. Throws `format-json`, `format-bundle`, `budget-exceeded`. */
export function parseReportData(bytes: Uint8Array): ReportData {
  if (bytes.length > MAX_BYTES) throw new DomainError('budget-exceeded', 'too long for a report');
  const members = anyObject(parseCanonical(fromUtf8(bytes)));
  oneOf('mandate-report/v1')(members['format']);
  const input = anyObject(members['input']);
  const verdict = anyObject(members['verdict']);
  return {
    bytes,
    id: text(/^rep_[0-9a-f-]{36}$/)(members['id']),
    madeAt: moment(members['madeAt']),
    publicUrl: text(/^https?:\/\/[!-~]{1,300}$/)(members['publicUrl']),
    input: { kind: text(/^[a-z-]{1,20}$/)(input['kind']), digest: digest(input['digest']) },
    judgedAt: moment(members['judgedAt']),
    conclusion: conclusion(verdict, members['integrity'], anyObject(members['claims'])),
    indication: oneOf('TOTAL-PASSED', 'INDETERMINATE', 'TOTAL-FAILED')(verdict['indication']),
  };
}

/** The same of a verification. */
export const conclusionOf = ({ verdict, integrity, claims }: Verification): Json =>
  conclusion({ ...verdict }, integrity, claims as unknown as Record<string, Json>);

/** Without ids of findings: which they are changes with versions, what they amount to does not. */
function conclusion(
  { indication, subIndication }: Readonly<Record<string, Json>>,
  integrity: Json | undefined,
  claims: Readonly<Record<string, Json>>,
): Json {
  const result = (value: Json | undefined): Json => {
    const { status, subIndication: why } = anyObject(value);
    return [status ?? null, why ?? null];
  };
  return {
    verdict: [indication ?? null, subIndication ?? null],
    integrity: integrity ?? null,
    claims: Object.fromEntries(CLAIMS.map((claim) => [claim, result(claims[claim])])),
  };
}

export const reportFacts = (data: ReportData): NonNullable<Facts['report']> => ({
  id: data.id,
  madeAt: data.madeAt,
  publicUrl: data.publicUrl,
  input: data.input,
  judgedAt: data.judgedAt,
  indication: data.indication,
});
