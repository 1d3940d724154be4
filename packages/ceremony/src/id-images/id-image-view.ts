import { toUtcSeconds } from '@mandate/core';
import type { IdImageRow } from '../ports/id-image.js';

/** What is told of a picture without opening it. Moments are RFC 3339. */
export interface IdImageView {
  readonly id: string;
  readonly authorization: string;
  readonly by: IdImageRow['by'];
  readonly reason: IdImageRow['reason'];
  readonly side: IdImageRow['side'];
  /** Who demands it. */
  readonly source: { readonly creditCode: string } | null;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Bytes. */
  readonly size: number;
  readonly keptAt: string;
  /** It is destroyed then at the latest. */
  readonly keepUntil: string;
  readonly destroyed: {
    readonly at: string;
    readonly why: NonNullable<IdImageRow['destroyedWhy']>;
    readonly by: NonNullable<IdImageRow['destroyedBy']>;
  } | null;
}

export const idImageView = (row: IdImageRow): IdImageView => ({
  id: row.id,
  authorization: row.authorizationId,
  by: row.by,
  reason: row.reason,
  side: row.side,
  source: row.source === null ? null : { creditCode: row.source },
  width: row.width,
  height: row.height,
  size: row.size,
  keptAt: toUtcSeconds(row.keptAt),
  keepUntil: toUtcSeconds(row.keepUntil),
  destroyed: row.destroyedAt && {
    at: toUtcSeconds(row.destroyedAt),
    why: row.destroyedWhy!,
    by: row.destroyedBy!,
  },
});
