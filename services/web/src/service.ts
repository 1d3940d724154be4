import type { Express } from 'express';
import {
  createHttpApp,
  mountApiPages,
  mountHealth,
  mountRoutes,
  openApiDocument,
} from '@mandate/runtime';
import { authentication, requirePageHeader } from './authenticate.js';
import { authorizationRoutes } from './routes/authorizations.js';
import { downloadRoutes } from './routes/downloads.js';
import { mountPages } from './routes/pages.js';
import { mountVerification, reportRoutes } from './routes/reports.js';
import { signingRoutes } from './routes/signing.js';
import { mountStandardProtocols } from './routes/standard.js';
import { templateRoutes } from './routes/templates.js';
import { visitRoutes } from './routes/visits.js';
import { wayInRoutes } from './routes/ways-in.js';
import type { WebParts } from './web-parts.js';

/** All documented routes; the OpenAPI description and the isolation tests are made from this list. */
export const webRoutes = (parts: WebParts) => [
  ...templateRoutes(parts),
  ...authorizationRoutes(parts),
  ...wayInRoutes(parts),
  ...downloadRoutes(parts),
  ...reportRoutes(parts),
  ...visitRoutes(parts),
  ...signingRoutes(parts),
];

/** The process the Internet reaches: no key, no code secret; it asks the authority. */
export function createWeb(parts: WebParts): Express {
  const app = createHttpApp({
    log: parts.log,
    clock: parts.clock,
    random: parts.random,
    https: parts.publicUrl.startsWith('https:'),
  });
  mountHealth(app, { database: parts.ready });
  app.use('/v1/signing', (request, _response, next) => {
    requirePageHeader(request);
    next();
  });
  const routes = webRoutes(parts);
  mountRoutes(app, routes, { ...authentication(parts), checkReplies: !parts.production });
  mountApiPages(
    app,
    openApiDocument(routes, {
      title: 'Mandate',
      version: '0',
      description: 'One authorization for one thing, signed by the person, provable by anyone.',
      url: parts.publicUrl,
      tags: [
        { name: 'templates', description: 'Versioned templates of letters' },
        { name: 'authorizations', description: 'Requests and their state' },
        { name: 'signing links', description: 'The subject’s ways in' },
        { name: 'downloads', description: 'Letter and evidence' },
        { name: 'signing', description: 'The subject’s steps, for the signing page' },
      ],
    }),
  );
  mountStandardProtocols(app, parts);
  mountVerification(app, parts);
  mountPages(app, parts);
  return app;
}
