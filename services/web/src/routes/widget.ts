import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { idPattern } from '@mandate/core';
import express, { type Express, type Response } from 'express';
import type { WebParts } from '../web-parts.js';

/**
 * The loader as the client package's build leaves it, digest beside it. A path, not an import: the
 * server reads not one line of it.
 */
const LOADER_FOLDER = fileURLToPath(
  new URL('../../../../packages/client/dist/loader/', import.meta.url),
);

/** What `/w/{link id}` says about its ticket, before anybody has shown its secret. */
export interface FrameTicket {
  readonly id: string;
  readonly origins: readonly string[];
}

/** The widget's script, and the signing page for a ticket: the one page that may be framed. */
export function mountWidget(
  app: Express,
  parts: WebParts,
  signingPage: (request: express.Request, ticket: FrameTicket) => string,
): void {
  app.get('/w/:id', async (request, response) => {
    const { id } = request.params;
    const link = idPattern('link').test(id) ? await parts.record.linkById(id) : null;
    const origins = link?.kind === 'ticket' ? link.origins : [];
    allowFraming(response, origins);
    response
      .type('text/html; charset=utf-8')
      .send(signingPage(request, { id, origins: [...origins] }));
  });

  if (!existsSync(LOADER_FOLDER)) return;
  app.use('/widget/v1', (_request, response, next) => {
    // Loaded by other sites' pages, with `integrity`, which needs CORS. A fixed address: kept briefly.
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Cache-Control', 'public, max-age=300');
    next();
  });
  app.use('/widget/v1', express.static(LOADER_FOLDER, { cacheControl: false, index: false }));
}

/** Exactly these origins, and nobody when there are none; passkeys are for this page itself. */
function allowFraming(response: Response, origins: readonly string[]): void {
  response.setHeader(
    'Permissions-Policy',
    'camera=(), geolocation=(), microphone=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
  );
  if (origins.length === 0) return;
  const policy = String(response.getHeader('Content-Security-Policy'));
  const framable = policy.replace(/frame-ancestors 'none'/, `frame-ancestors ${origins.join(' ')}`);
  // Without the directive the page would be anybody's to frame.
  if (framable === policy) throw new Error('the policy has no frame-ancestors to replace');
  response.setHeader('Content-Security-Policy', framable);
  response.removeHeader('X-Frame-Options');
  // A host page that isolates itself may embed it as well.
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
}
