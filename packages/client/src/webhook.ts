import type { WebhookType } from './types.js';
import { MandateSignatureError } from './mandate-error.js';
import { hmacSha256 } from './verify-key.js';

/** What happened to an authorization; ask the API for the rest. Holds no personal data. */
export interface AuthorizationEvent {
  readonly type: Exclude<WebhookType, TemplateEvent['type']>;
  /** RFC 3339. */
  readonly timestamp: string;
  readonly data: {
    readonly authorization: string;
    readonly institution: string;
    readonly [member: string]: unknown;
  };
}

/** What happened to one of the institution's templates. */
export interface TemplateEvent {
  readonly type: 'template.lint-failed';
  readonly timestamp: string;
  readonly data: {
    readonly template: string;
    readonly version: number;
    readonly institution: string;
    readonly [member: string]: unknown;
  };
}

/** Its `type` tells which. */
export type WebhookEvent = AuthorizationEvent | TemplateEvent;

/** Older or younger than that is a replay or a wrong clock (Standard Webhooks). */
const TOLERANCE_SECONDS = 300;

/**
 * Checks a delivery by the Standard Webhooks specification and returns its event. Take the body as
 * received, before any parsing. Deliveries may come twice: remember `webhook-id`.
 * Throws `MandateSignatureError`: `header-missing`, `too-old`, `in-the-future`, `signature-mismatch`,
 * `body-malformed`, `secret-malformed`.
 */
export async function verifyWebhook(delivery: {
  readonly body: string;
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** One or, while rotating, several `whsec_…`. */
  readonly secret: string | readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
}): Promise<WebhookEvent> {
  const id = header(delivery.headers, 'webhook-id');
  const timestamp = header(delivery.headers, 'webhook-timestamp');
  const signatures = header(delivery.headers, 'webhook-signature');
  if (!/^\d{1,12}$/.test(timestamp)) throw new MandateSignatureError('header-missing');
  const age = delivery.now / 1000 - Number(timestamp);
  if (age > TOLERANCE_SECONDS) throw new MandateSignatureError('too-old');
  if (age < -TOLERANCE_SECONDS) throw new MandateSignatureError('in-the-future');

  const signed = new TextEncoder().encode(`${id}.${timestamp}.${delivery.body}`);
  const offered = signatures
    .split(' ')
    .filter((text) => text.startsWith('v1,'))
    .map((text) => bytesOf(text.slice(3)));
  const secrets = typeof delivery.secret === 'string' ? [delivery.secret] : delivery.secret;
  let good = false;
  for (const secret of secrets) {
    const mac = await hmacSha256(secretBytes(secret), signed);
    for (const signature of offered) if (signature && equal(mac, signature)) good = true;
  }
  if (!good) throw new MandateSignatureError('signature-mismatch');

  try {
    const event = JSON.parse(delivery.body) as WebhookEvent;
    const about = event.type.startsWith('template.') ? 'template' : 'authorization';
    if (typeof (event.data as Record<string, unknown>)[about] === 'string') return event;
  } catch {
    // falls through
  }
  throw new MandateSignatureError('body-malformed');
}

type HeaderBag = Parameters<typeof verifyWebhook>[0]['headers'];

function header(bag: HeaderBag, name: string): string {
  const value = bag instanceof Headers ? bag.get(name) : bag[name];
  const text = typeof value === 'string' ? value : value?.[0];
  if (!text) throw new MandateSignatureError('header-missing');
  return text;
}

function secretBytes(secret: string): Uint8Array<ArrayBuffer> {
  const bytes = secret.startsWith('whsec_') ? bytesOf(secret.slice(6)) : undefined;
  if (!bytes || bytes.length < 24) throw new MandateSignatureError('secret-malformed');
  return bytes;
}

/** Base64 → bytes; undefined when it is none. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** In a time that does not depend on where they differ. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index++) difference |= a[index]! ^ (b[index] ?? 0);
  return difference === 0;
}
