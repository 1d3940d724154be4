import type { Express } from 'express';
import { tileObject } from '@mandate/ceremony';
import { DomainError, isDomainError } from '@mandate/core';
import { parseTilePath } from '@mandate/ledger';
import type { WebParts } from '../web-parts.js';

/**
 * The ledger as C2SP tlog-tiles has it, below `/ledger`: checkpoint, tiles of hashes, entry bundles, the last two
 * as they lie in the object store. Whoever copies them checks everything without asking us again.
 */
export function mountLedger(app: Express, { authority, objects }: WebParts): void {
  app.get('/ledger/checkpoint', async (_request, response) => {
    const { note } = await authority.ledger.checkpoint({});
    response.set('Cache-Control', 'no-cache').type('text/plain; charset=utf-8').send(note);
  });

  app.get('/ledger/tile/*path', async (request, response) => {
    const bytes = await readTile(objects, request.path.slice('/ledger/'.length));
    response
      .set('Cache-Control', 'public, max-age=31536000, immutable')
      .type('application/octet-stream')
      .end(bytes);
  });
}

async function readTile(objects: WebParts['objects'], path: string): Promise<Uint8Array> {
  try {
    return await objects.get(tileObject(parseTilePath(path)));
  } catch (error) {
    if (!isDomainError(error, 'format-ledger') && !isDomainError(error, 'object-missing'))
      throw error;
    throw new DomainError('not-found', 'no such tile');
  }
}
