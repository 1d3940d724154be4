import type { Express } from 'express';
import { tileObject } from '@mandate/ceremony';
import { DomainError, isDomainError } from '@mandate/core';
import { isStampPath, parseTilePath } from '@mandate/ledger';
import type { WebParts } from '../web-parts.js';

/**
 * The ledger as C2SP tlog-tiles has it, below `/ledger`: checkpoint, tiles of hashes, entry bundles, and beside them
 * heads with their timestamps; all but the first as they lie in the object store. Whoever copies them checks everything without asking us again.
 */
export function mountLedger(app: Express, { authority, objects }: WebParts): void {
  app.get('/ledger/checkpoint', async (_request, response) => {
    const { note } = await authority.ledger.checkpoint({});
    response.set('Cache-Control', 'no-cache').type('text/plain; charset=utf-8').send(note);
  });

  app.get('/ledger/tile/*path', async (request, response) => {
    const bytes = await readFile(objects, tileOf(request.path.slice('/ledger/'.length)));
    response
      .set('Cache-Control', 'public, max-age=31536000, immutable')
      .type('application/octet-stream')
      .end(bytes);
  });

  app.get('/ledger/stamp/*path', async (request, response) => {
    const path = request.path.slice('/ledger/'.length);
    const bytes = await readFile(objects, isStampPath(path) ? `ledger/${path}` : null);
    response
      .set('Cache-Control', 'public, max-age=31536000, immutable')
      .type(path.endsWith('.tst') ? 'application/timestamp-token' : 'text/plain; charset=utf-8')
      .end(bytes);
  });
}

/** Null: no such tile can be. */
function tileOf(path: string): string | null {
  try {
    return tileObject(parseTilePath(path));
  } catch (error) {
    if (!isDomainError(error, 'format-ledger')) throw error;
    return null;
  }
}

async function readFile(objects: WebParts['objects'], name: string | null): Promise<Uint8Array> {
  try {
    if (name !== null) return await objects.get(name);
  } catch (error) {
    if (!isDomainError(error, 'object-missing')) throw error;
  }
  throw new DomainError('not-found', 'no such file of the ledger');
}
