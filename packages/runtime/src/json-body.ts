import { DomainError, fromUtf8 } from '@mandate/core';
import type { Request } from 'express';

/** Deeper than any request of ours; a hostile body is refused before it is parsed. */
const MAX_DEPTH = 16;

const refuse = (detail: string): never => {
  throw new DomainError('invalid-request', detail);
};

/**
 * JSON of a request body, stricter than `JSON.parse`: no duplicate members (two readers would
 * see two requests), no nesting beyond 16, no U+0000 (the database cannot hold it), no lone
 * surrogates. Throws `invalid-request`.
 */
export function parseStrictJson(text: string): unknown {
  checkStructure(text);
  try {
    return JSON.parse(text, refuseOddStrings);
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    throw new DomainError('invalid-request', 'the body is not JSON', { cause });
  }
}

function refuseOddStrings(name: string, value: unknown): unknown {
  for (const text of [name, value])
    if (typeof text === 'string' && /[\0\p{Surrogate}]/u.test(text))
      refuse('a string holds U+0000 or half a surrogate pair');
  return value;
}

/** Depth and duplicate members, on the text itself; syntax is left to `JSON.parse`. */
function checkStructure(text: string): void {
  const open: (Set<string> | null)[] = []; // a set of names per object, null per array
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : null);
      if (open.length > MAX_DEPTH) refuse(`the body is nested deeper than ${MAX_DEPTH}`);
    } else if (char === '}' || char === ']') {
      open.pop();
    } else if (char === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (names && isName(text, end)) takeName(names, text.slice(at, end));
      at = end - 1;
    }
  }
}

/** A string before a colon is a member's name; the white space between may be long. */
function isName(text: string, end: number): boolean {
  const colon = /[ \t\n\r]*:/y;
  colon.lastIndex = end;
  return colon.test(text);
}

function takeName(names: Set<string>, literal: string): void {
  let name: string;
  try {
    name = JSON.parse(literal) as string;
  } catch {
    return; // JSON.parse of the whole says it better
  }
  // assigning `__proto__` later would change an object's prototype instead of a member
  if (name === '__proto__') refuse('a member may not be called __proto__');
  if (names.has(name)) refuse('a member stands twice in one object');
  names.add(name);
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/**
 * The request's content type, lower case, without parameters.
 * Throws `unsupported-media-type` unless it is one of those accepted, and in UTF-8 if it says.
 */
export function checkContentType(request: Request, accepted: readonly string[]): string {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (!accepted.includes(type))
    throw new DomainError('unsupported-media-type', `send ${accepted.join(' or ')}`);
  const charset = parameters.find((part) => part.startsWith('charset='))?.slice(8);
  if (charset !== undefined && !['utf-8', '"utf-8"'].includes(charset))
    throw new DomainError('unsupported-media-type', 'send UTF-8');
  if ((request.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity')
    throw new DomainError('unsupported-media-type', 'send the body uncompressed');
  return type;
}

/**
 * The whole body. Throws `payload-too-large` above `limit` bytes, `invalid-request` when the
 * connection ends early.
 */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const tooLarge = new DomainError('payload-too-large', `the limit is ${limit} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({
      destroyOnReturn: false,
    }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge;
      chunks.push(chunk);
    }
  } catch (cause) {
    // The rest is let run into nothing, else the next request on this connection would wait behind it for ever.
    request.resume();
    if (cause instanceof DomainError) throw cause;
    throw new DomainError('invalid-request', 'the body ended early', { cause });
  }
  return new Uint8Array(Buffer.concat(chunks));
}

export const JSON_LIMIT = 256 * 1024;

/** A JSON body. Throws `unsupported-media-type`, `payload-too-large`, `invalid-request`. */
export async function readJson(request: Request, limit = JSON_LIMIT): Promise<unknown> {
  checkContentType(request, ['application/json']);
  const bytes = await readBytes(request, limit);
  if (bytes.length === 0) refuse('the body is empty; send a JSON object');
  return parseStrictJson(decode(bytes));
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    refuse('the body starts with a byte order mark');
  return fromUtf8(bytes);
}
