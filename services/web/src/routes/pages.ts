import type { Express, Request, Response } from 'express';
import express from 'express';
import { DomainError } from '@mandate/core';
import { sendCompressed } from '@mandate/pages';
import { loadServerBuild } from '@mandate/runtime';
import {
  ASSETS_FOLDER,
  errorPage,
  homePage,
  loadPageAssets,
  loadPageBuild,
  ownPage,
  preferredLanguage,
  signingPage,
  smsInboxPage,
  verificationPage,
  type Language,
} from '../pages/index.js';
import type { WebParts } from '../web-parts.js';
import { mountWidget } from './widget.js';

function languageOf(request: Request): Language {
  const asked = request.query['language'];
  if (asked === 'zh' || asked === 'en') return asked;
  return preferredLanguage((request.headers['accept-language'] ?? '').split(','));
}

/** A problem met by somebody who looks at one of our addresses in a browser. */
export function problemPages() {
  const assets = loadPageAssets();
  return (request: Request, { code, instance }: { code: string; instance?: string }): string =>
    errorPage({
      assets,
      language: languageOf(request),
      code,
      ...(instance === undefined ? {} : { instance }),
    });
}

/** The pages and their built files. */
export function mountPages(app: Express, parts: WebParts): void {
  const assets = loadPageAssets();
  const page = (response: Response, html: string): void => {
    response.type('text/html; charset=utf-8').send(html);
  };
  // Names carry their content's digest, so they may be kept for ever.
  app.use('/assets', (_request, response, next) => {
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    next();
  });
  app.use('/assets', sendCompressed(ASSETS_FOLDER));
  app.use('/assets', express.static(ASSETS_FOLDER, { cacheControl: false, index: false }));

  app.get('/page-build.json', (_request, response) => {
    const build = loadPageBuild();
    if (!build) throw new DomainError('not-found', 'these pages were not built with a list');
    response.type('application/json').send(build.list);
  });

  app.get('/server-build.json', (_request, response) => {
    const build = loadServerBuild();
    if (!build) throw new DomainError('not-found', 'this server was not built with a list');
    response.type('application/json').send(build.list);
  });

  app.get('/', (request, response) => {
    const signingUrl = parts.sampleLink?.();
    page(
      response,
      homePage({
        assets,
        language: languageOf(request),
        ...(parts.production ? {} : { development: signingUrl ? { signingUrl } : {} }),
      }),
    );
  });
  app.get('/s', (request, response) => {
    page(response, signingPage({ assets, language: languageOf(request) }));
  });
  mountWidget(app, parts, (request, frame) =>
    signingPage({ assets, language: languageOf(request), frame }),
  );
  app.get('/my', (request, response) => {
    page(response, ownPage({ assets, language: languageOf(request) }));
  });
  app.get('/verify', (request, response) => {
    page(response, verificationPage({ assets, language: languageOf(request) }));
  });

  const { sandbox } = parts;
  if (!sandbox) return;
  app.get('/sandbox/sms', async (request, response) => {
    const messages = await sandbox(50);
    page(
      response,
      smsInboxPage({
        assets,
        language: languageOf(request),
        messages: messages.map(({ phone, text, createdAt }) => ({
          phone,
          text,
          at: createdAt.toISOString(),
        })),
      }),
    );
  });
  app.get('/sandbox/sms.json', async (request, response) => {
    const phone = typeof request.query['phone'] === 'string' ? request.query['phone'] : undefined;
    const messages = await sandbox(500);
    response.json(messages.filter((message) => !phone || message.phone === phone));
  });
}
