import { randomBytes } from 'node:crypto';

/** The only source of time in the product; tests inject their own. */
export interface Clock {
  now(): Date;
}

/** The only source of randomness; cryptographically strong in production. */
export interface Random {
  bytes(length: number): Uint8Array;
}

export const systemClock: Clock = { now: () => new Date() };
export const systemRandom: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) };

export const addSeconds = (at: Date, seconds: number): Date =>
  new Date(at.getTime() + seconds * 1000);

/** `2026-11-21T09:30:00Z`, the form used in every signed or digested object; sub-seconds are cut. */
export const toUtcSeconds = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;
