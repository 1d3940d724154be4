import type { Express } from 'express';
import { readVendorReceipts } from '@mandate/adapters';
import { LIMITS, startOfMinute } from '@mandate/ceremony';
import { DomainError, secretsEqual, sha256, utf8 } from '@mandate/core';
import { checkContentType, readBytes } from '@mandate/runtime';
import type { WebParts } from '../web-parts.js';

const MAX_BYTES = 262_144;

/**
 * Where vendors report deliveries, each in its own form. They sign nothing: the last part of the path is the
 * secret, and a report can do no more than stand beside the send whose id it names.
 */
export function mountSmsReceipts(app: Express, parts: WebParts): void {
  const { record, clock, smsCallbackToken } = parts;
  if (!smsCallbackToken) return;
  const expected = sha256(utf8(smsCallbackToken));

  app.post('/sms-receipts/:gateway/:token', async (request, response) => {
    const { gateway, token } = request.params;
    if (!secretsEqual(sha256(utf8(token)), expected)) throw new DomainError('not-found');
    checkContentType(request, ['application/json']);
    const at = clock.now();
    const all = { scope: 'sms-receipts', key: 'all', windowStart: startOfMinute(at) };
    if (!(await record.count({ ...all, max: LIMITS.smsReceiptsPerMinute })))
      throw new DomainError('rate-limited', 'too many reports; send them again', {
        extensions: { retryAfterSeconds: 60 },
      });
    const { receipts, reply } = readVendorReceipts(
      gateway,
      parseJson(await readBytes(request, MAX_BYTES)),
    );
    await record.noteReceipts(receipts, at);
    response.json(reply);
  });
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new DomainError('invalid-request', 'no JSON', { cause });
  }
}
