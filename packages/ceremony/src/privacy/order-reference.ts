import { DomainError, newLookupCode } from '@mandate/core';
import { qrModules } from '@mandate/letter';
import type { StepDeps } from '../deps.js';
import type { AuthorizationRow } from '../ports.js';
import type { PrivacyRecord } from '../ports/privacy.js';

/** `ORD-7F3K-…`: 80 random bits, nothing in it and nothing to derive it from. */
export const ORDER_REFERENCE = /^ORD(?:-[2-9A-HJ-NP-Z]{4}){4}$/;

/** What a seller may learn by an order's reference. */
export type OrderState = 'not-signed' | 'signed' | 'not-granted' | 'over';

export interface OrderReference {
  readonly reference: string;
  /** Where its holder asks how the order stands. */
  readonly url: string;
  /** The address as a QR code, SVG. */
  readonly qr: string;
}

/** What a seller holds instead of personal data; the same on every call. */
export async function orderReference(
  { record, clock, random, publicUrl }: StepDeps & { record: PrivacyRecord; publicUrl: string },
  authorization: Pick<AuthorizationRow, 'id'>,
): Promise<OrderReference> {
  const fresh = `ORD-${newLookupCode(random)}`;
  const reference = await record.orderReference(authorization.id, fresh, clock.now());
  const url = `${publicUrl}/v1/orders/${reference}`;
  return { reference, url, qr: qrSvg(qrModules(url)) };
}

/** One path of unit squares with a quiet zone of four (ISO/IEC 18004); no script, no text. */
function qrSvg(modules: readonly (readonly boolean[])[]): string {
  const side = modules.length + 8;
  const squares = modules.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? [`M${x + 4} ${y + 4}h1v1h-1z`] : [])),
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges">` +
    `<rect width="${side}" height="${side}" fill="#fff"/><path d="${squares.join('')}"/></svg>`
  );
}

/**
 * Where the order stands: a word, and no id, name, letter or time that could be joined with anything.
 * Throws `not-found`.
 */
export async function orderState(
  {
    record,
    clock,
  }: Pick<StepDeps, 'clock'> & {
    readonly record: PrivacyRecord & {
      condition(
        id: string,
        at: Date,
      ): Promise<{ withdrawal: unknown; end: unknown; scope: { endAt: Date } | null }>;
    };
  },
  reference: string,
): Promise<OrderState> {
  const authorization = await record.authorizationByOrder(reference);
  if (!authorization) throw new DomainError('not-found', 'no such order');
  if (['declined', 'lapsed', 'failed'].includes(authorization.state)) return 'not-granted';
  if (authorization.state !== 'released') return 'not-signed';
  const now = clock.now();
  const { withdrawal, end, scope } = await record.condition(authorization.id, now);
  // A dispute is not the seller's business: it stays `signed`, and every use is refused.
  return withdrawal || end || (scope && scope.endAt <= now) ? 'over' : 'signed';
}
