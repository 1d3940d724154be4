import { DomainError } from '@mandate/core';
import type { Express } from 'express';
import type { WebParts } from '../web-parts.js';

/** An image needs nothing, may do nothing, and no other site may show it. */
const POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";

/** Institutions' logos by their digest. A PNG that this installation wrote itself. */
export function mountLogos(app: Express, parts: WebParts): void {
  app.get('/logos/:name', async (request, response) => {
    const digest = /^([0-9a-f]{64})\.png$/.exec(request.params.name)?.[1];
    const image = digest === undefined ? null : await parts.record.logoImage(digest);
    if (!image) throw new DomainError('not-found', 'no such logo');
    response.setHeader('Content-Type', 'image/png');
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    // The name is the content's digest. Not for ever: who removes a logo wants it gone.
    response.setHeader('Cache-Control', 'public, max-age=86400, immutable');
    response.end(image);
  });
}
