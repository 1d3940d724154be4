import { isIP } from 'node:net';
import { DomainError } from '@mandate/core';
import { isLoopbackAddress, isPublicAddress } from './public-address.js';

/** Names that never leave a machine or a site (RFC 6761, RFC 6762, RFC 8375, RFC 9476 and habit). */
const LOCAL_NAMES =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|home\.arpa|corp|private|alt|onion|arpa|test|invalid|example)$/;

/**
 * What can be said of an address before its name is resolved. The name is resolved, and every
 * address behind it judged, at each delivery again. `loopback`: also this machine, over plain http,
 * for trials. Throws `webhook-url-refused`.
 */
export function checkWebhookUrl(text: string, options: { loopback: boolean }): URL {
  const refuse = (why: string) => new DomainError('webhook-url-refused', why);
  if (text.length > 500 || /[\s\\]/.test(text) || !URL.canParse(text))
    throw refuse('not a complete URL');
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const ownMachine = host === 'localhost' || isLoopbackAddress(host);
  if (options.loopback && ownMachine && ['http:', 'https:'].includes(url.protocol)) {
    if (url.username || url.password) throw refuse('credentials do not belong into a URL');
    return url;
  }
  if (url.protocol !== 'https:') throw refuse('only https is delivered to');
  if (url.username || url.password) throw refuse('credentials do not belong into a URL');
  if (url.hash) throw refuse('a fragment is never sent');
  if (url.port && Number(url.port) < 1024) throw refuse('this port belongs to another service');
  if (isIP(host) !== 0) {
    if (!isPublicAddress(host)) throw refuse('this address is not on the public Internet');
  } else if (!host.includes('.') || LOCAL_NAMES.test(host)) {
    throw refuse('this name is not on the public Internet');
  }
  return url;
}
