import { preferredLanguage, sendCompressed } from '@mandate/pages';
import express, { type Express } from 'express';
import { ASSETS_FOLDER, deskPage, loadDeskAssets } from '../pages/desk-page.js';

/** Every address below `/desk` that is neither called by the page nor a file of it. */
const VIEWS = /^\/desk(?:\/(?!api\/|assets\/)[^.]*)?$/;

/** The desk's page and its built files. The page asks which view an address is; nothing secret stands in it. */
export function mountPages(app: Express, offered: { providerSignIn: boolean }): void {
  const assets = loadDeskAssets();
  // Names carry their content's digest, so they may be kept for ever.
  app.use('/desk/assets', (_request, response, next) => {
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    next();
  });
  app.use('/desk/assets', sendCompressed(ASSETS_FOLDER));
  app.use('/desk/assets', express.static(ASSETS_FOLDER, { cacheControl: false, index: false }));
  app.get('/', (_request, response) => response.redirect(302, '/desk'));
  app.get(VIEWS, (request, response, next) => {
    if (!request.accepts('html')) return next();
    const asked = request.query['language'];
    const language =
      asked === 'zh' || asked === 'en'
        ? asked
        : preferredLanguage((request.headers['accept-language'] ?? '').split(','));
    response.type('html').send(deskPage({ assets, language, ...offered }));
  });
}
