import { isDomainError, kindDigestHex, secretsEqual, sha256Hex, utf8 } from '@mandate/core';
import type { CaseDoorRecord, CaseEvent, CaseList } from './case-ports.js';
import type { RowMacs } from './row-macs.js';

/** What a case is about and whose it is, by its first event. */
export interface OpenedCase {
  readonly authorizations: ReadonlySet<string>;
  /** `caseListDigest` of them. */
  readonly list: string;
  /** Null: from before events said so. */
  readonly institution: string | null;
}

/**
 * As role vault wrote it, whatever the case's row says now. Null: no such case, the list is another one by now, or the
 * event is not role vault's.
 */
export async function openedCase(
  { record, macs }: { readonly record: Pick<CaseDoorRecord, 'caseList'>; readonly macs: RowMacs },
  caseId: string,
): Promise<OpenedCase | null> {
  const found = await record.caseList(caseId);
  const event = found && eventOf(macs, caseId, found.opened);
  const list = found && caseListDigest([...found.authorizations].sort());
  if (!event || event.authorizations !== list) return null;
  return {
    ...{ authorizations: new Set(found.authorizations), list },
    institution: event.institution ?? null,
  };
}

function eventOf(macs: RowMacs, caseId: string, opened: CaseList['opened']): CaseEvent | null {
  if (!secretsEqual(caseEventCode(macs, caseId, opened.digest), opened.mac)) return null;
  try {
    const event = JSON.parse(opened.body) as CaseEvent;
    const whole =
      kindDigestHex('case-event', event) === opened.digest &&
      event.type === 'opened' &&
      event.case === caseId;
    return whole ? event : null;
  } catch (error) {
    if (!isDomainError(error) && !(error instanceof SyntaxError)) throw error;
    return null;
  }
}

/** `SHA-256` over the sorted ids, a line each, as the database computes it. */
export const caseListDigest = (sorted: readonly string[]): string =>
  sha256Hex(utf8(`mandate/case-authorizations/v1\n${sorted.join('\n')}`));

/** Role vault's code over one event: its digest is over all of it and of what came before. */
export const caseEventCode = (macs: RowMacs, caseId: string, digest: string): Uint8Array =>
  macs.of('case_events', { case: caseId, digest });
