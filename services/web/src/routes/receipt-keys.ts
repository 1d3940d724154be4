import type { Express } from 'express';
import { DomainError } from '@mandate/core';
import type { WebParts } from '../web-parts.js';

/** Seconds a source may keep a status list; the list says the same as `ttl`. */
const STATUS_MAX_AGE = 60;

/** What a data source needs to check receipts offline: the keys, and lists of what was withdrawn or disputed. */
export function mountReceiptKeys(app: Express, { authority }: WebParts): void {
  app.get('/.well-known/mandate-keys.json', async (_request, response) => {
    const set = await authority.seal.receiptKeys({});
    response.setHeader('Cache-Control', 'public, max-age=3600');
    response.type('application/jwk-set+json').send(JSON.stringify(set));
  });

  app.get('/status/:list', async (request, response) => {
    if (!/^\d{1,9}$/.test(request.params.list)) throw new DomainError('not-found', 'no such list');
    const { jws, tag } = await authority.seal.statusList({ list: Number(request.params.list) });
    // A list signed anew over the same content is another document, and may replace one that ends.
    const etag = `"${tag.slice(0, 16)}${jws.slice(-16)}"`;
    response.setHeader('ETag', etag);
    response.setHeader('Cache-Control', `public, max-age=${STATUS_MAX_AGE}`);
    if (request.headers['if-none-match'] === etag) {
      response.status(304).end();
      return;
    }
    response.type('application/statuslist+jwt').send(jws);
  });
}
