import type { Express } from 'express';
import { concat, DomainError, isDomainError, utf8 } from '@mandate/core';
import { formatEntryBundle, parseTilePath, TILE_WIDTH, type Tile } from '@mandate/ledger';
import type { WebParts } from '../web-parts.js';

/** Levels of the tree in one level of tiles (C2SP tlog-tiles). */
const HEIGHT = 8;

/**
 * The ledger as C2SP tlog-tiles has it, below `/ledger`: checkpoint, tiles of hashes, entry bundles. Whoever
 * copies them checks everything without asking us again.
 */
export function mountLedger(app: Express, { authority, ledger }: WebParts): void {
  app.get('/ledger/checkpoint', async (_request, response) => {
    const { note } = await authority.ledger.checkpoint({});
    response.set('Cache-Control', 'no-cache').type('text/plain; charset=utf-8').send(note);
  });

  app.get('/ledger/tile/*path', async (request, response) => {
    const tile = tileOf(request.path.slice('/ledger/'.length));
    const unit = TILE_WIDTH ** (tile.level === 'entries' ? 0 : tile.level);
    const end = (tile.index * TILE_WIDTH + tile.width) * unit;
    // never beyond a signed head: what is not signed yet can still become another
    if (end > (await ledger.size())) throw new DomainError('not-found', 'no such tile');
    const first = tile.index * TILE_WIDTH;
    const bytes =
      tile.level === 'entries'
        ? formatEntryBundle((await ledger.entries(first, tile.width)).map(utf8))
        : concat(...(await ledger.nodes(tile.level * HEIGHT, first, tile.width)));
    response
      .set('Cache-Control', 'public, max-age=31536000, immutable')
      .type('application/octet-stream')
      .end(bytes);
  });
}

function tileOf(path: string): Tile {
  try {
    return parseTilePath(path);
  } catch (error) {
    if (isDomainError(error, 'format-ledger')) throw new DomainError('not-found', 'no such tile');
    throw error;
  }
}
