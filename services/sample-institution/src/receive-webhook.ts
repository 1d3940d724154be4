import { MandateSignatureError, verifyWebhook } from '@mandate/client';
import express, { type RequestHandler } from 'express';
import type { ApplicationBook } from './application-book.js';
import type { Lender } from './lender.js';

/** Larger than any event: they are thin. */
const LIMIT = '16kb';

/**
 * Takes deliveries: 400 for what Mandate did not sign or is too old, 204 for what was handled, now or
 * before. Anything else is an error, after which Mandate delivers again.
 */
export function receiveWebhook(parts: {
  readonly secret: string;
  readonly now: () => number;
  readonly book: ApplicationBook;
  readonly lender: Pick<Lender, 'hear'>;
}): RequestHandler[] {
  const { secret, now, book, lender } = parts;
  return [
    // the signature is over the bytes: no parsing before it is checked
    express.text({ type: () => true, limit: LIMIT }),
    async (request, response) => {
      const { headers } = request;
      const body = typeof request.body === 'string' ? request.body : '';
      try {
        const event = await verifyWebhook({ body, headers, secret, now: now() });
        const id = String(headers['webhook-id']);
        // What concerns templates is for people, not for a loan application.
        if (event.type !== 'template.lint-failed' && !book.wasHandled(id))
          await lender.hear({ id, type: event.type, authorization: event.data.authorization });
        response.status(204).end();
      } catch (error) {
        if (!(error instanceof MandateSignatureError)) throw error;
        response.status(400).type('text/plain').send(error.reason);
      }
    },
  ];
}
