/** Times are RFC 3339, UTC, whole seconds. */
export type Time = string;
