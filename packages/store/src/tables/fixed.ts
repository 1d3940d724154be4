import type { ColumnType } from 'kysely';

/** A column that UPDATEs may not name. */
export type Fixed<T> = ColumnType<T, T, never>;
