import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@jest/globals';

/** Folder of the acceptance corpus, undefined when none is named. */
export const CORPUS = process.env['CONFORMANCE_CORPUS'] || undefined;

/** One file of the corpus. */
export const corpusBytes = (...path: string[]): Uint8Array =>
  new Uint8Array(readFileSync(join(CORPUS!, ...path)));

export const corpusJson = (...path: string[]): unknown =>
  JSON.parse(readFileSync(join(CORPUS!, ...path), 'utf8'));

/**
 * Defines a suite's tests if its part of the corpus is there. Otherwise one test stands as *not run*
 * (jest calls it `todo`), which `npm run test:conformance` counts and fails on: nothing passes unseen.
 */
export function whenPresent(suite: string, file: string, define: () => void): void {
  if (CORPUS && existsSync(join(CORPUS, file))) define();
  else test.todo(`${suite}: not run, ${CORPUS ? `no ${file}` : 'CONFORMANCE_CORPUS is not set'}`);
}

/** DER of one PEM block. */
export function pemBytes(pem: string): Uint8Array {
  const body = /-----BEGIN [^-]+-----([^-]+)-----END/.exec(pem)?.[1] ?? pem;
  return new Uint8Array(Buffer.from(body, 'base64'));
}
