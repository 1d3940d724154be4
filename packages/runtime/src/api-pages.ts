import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { DomainError, ERROR_CODES } from '@mandate/core';
import type { Express } from 'express';
import { PROBLEMS } from './problems.js';

/** Swagger UI's own files that the page needs; nothing else of the package is served. */
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** No validator badge (it would send the document to a third party), no remembering of API keys. */
const START = `window.addEventListener('load', () => {
  SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#api',
    deepLinking: true,
    validatorUrl: null,
    queryConfigEnabled: false,
    persistAuthorization: false,
    tryItOutEnabled: false,
    presets: [SwaggerUIBundle.presets.apis],
  });
});
`;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mandate API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<noscript>The description itself: <a href="/openapi.json">/openapi.json</a></noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/**
 * `/openapi.json`, `/docs` (browsable, every file from this server) and `/problems/{code}`,
 * where a problem's `type` leads.
 */
export function mountApiPages(app: Express, document: object): void {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const text = JSON.stringify(document);
  app.get('/openapi.json', (_request, response) => {
    response.type('application/json').send(text);
  });
  app.get('/docs', (_request, response) => {
    // Swagger UI writes markup from text; this page has no cookie and keeps no key.
    const policy = String(response.getHeader('Content-Security-Policy'));
    response.setHeader(
      'Content-Security-Policy',
      policy
        .split(';')
        .filter((directive) => !directive.includes('trusted-types'))
        .join(';'),
    );
    response.type('text/html').send(PAGE);
  });
  app.get('/docs/start.js', (_request, response) => {
    response.type('text/javascript').send(START);
  });
  app.get('/docs/:file', (request, response, next) => {
    const { file } = request.params;
    const type = Object.hasOwn(FILES, file) ? FILES[file] : undefined;
    if (!type) throw new DomainError('not-found', 'no such file');
    const headers = { 'Content-Type': type, 'Cache-Control': 'public, max-age=3600' };
    response.sendFile(file, { root: folder, headers }, (error) => {
      if (error) next(error);
    });
  });
  app.get('/problems/:code', (request, response) => {
    const code = ERROR_CODES.find((known) => known === request.params.code);
    if (!code) throw new DomainError('not-found', 'no such problem');
    response
      .type('text/plain')
      .send(`${code} (${PROBLEMS[code].status})\n${PROBLEMS[code].title}\n`);
  });
}
