import { isDomainError } from '@mandate/core';
import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** What may be said about an error in a log. */
interface LoggedError {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly frames: readonly string[];
  readonly cause?: LoggedError;
}

const QUOTED = /"[^"]*"|'[^']*'|“[^”]*”|`[^`]*`/g;
const NUMBERS = /\+?\d[\d -]{4,}\d/g;
const HAN = /\p{Script=Han}+/gu;

/**
 * Libraries put values into messages (`invalid input syntax for type uuid: "…"`), and values may be
 * names, phones or codes: quoted parts, long numbers and Chinese text are cut out.
 */
export const withoutValues = (message: string): string =>
  message
    .split('\n', 1)[0]!
    .replace(QUOTED, '"…"')
    .replace(NUMBERS, '#')
    .replace(HAN, '…')
    .slice(0, 300);

/** Type, code, message without values and stack frames; causes included, three deep. */
export function describeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: '', frames: [] };
  const code = (error as { code?: unknown }).code;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: withoutValues(isDomainError(error) ? error.detail : error.message),
    frames: frames.slice(0, 8).map((line) => line.trim()),
    ...(error.cause !== undefined && depth < 3
      ? { cause: describeError(error.cause, depth + 1) }
      : {}),
  };
}

/** A short name such as a route or a member has, and no phone, number, token or key can be. */
export const isPlainWord = (text: string): boolean =>
  /^[A-Za-z][A-Za-z0-9._-]{0,31}$/.test(text) && !/\d{5}/.test(text);

const OBJECT_ID = /^[a-z]{3,4}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A URL's path alone: queries may carry phone numbers, links carry tokens. In the path itself only
 * words and ids are kept: whoever mistypes an address may put anything there.
 */
export const pathOf = (url: string): string =>
  url
    .split(/[?#]/, 1)[0]!
    .split('/')
    .map((part) => (part === '' || isPlainWord(part) || OBJECT_ID.test(part) ? part : '…'))
    .join('/');

const SECRET_MEMBERS = ['token', 'phone', 'idNumber', 'lastSix', 'authorization', 'cookie', 'text'];

/**
 * Structured log lines without personal data: no bodies, no queries, no header values,
 * errors through `describeError`. Ids are fine, they are meaningless outside the database.
 */
export function createLog(options: {
  service: string;
  level: string;
  destination?: DestinationStream;
}): Log {
  return pino(
    {
      level: options.level,
      base: { service: options.service },
      serializers: { err: (error: unknown) => describeError(error) },
      // a second line of defence, should somebody log a whole object
      redact: {
        paths: SECRET_MEMBERS.flatMap((member) => [`*.${member}`, `*.*.${member}`]),
        censor: '…',
      },
    },
    options.destination ?? pino.destination({ fd: 2, sync: false }),
  );
}
