import { readdirSync } from 'node:fs';
import type { RequestHandler } from 'express';

const ENCODINGS = { br: '.br', gzip: '.gz' } as const;
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/**
 * Turns a request for a built file to the copy that the build has compressed, where there is one and
 * the browser takes it. The file itself is sent by what comes next.
 */
export function sendCompressed(folder: string): RequestHandler {
  const files = new Set(readdirSync(folder));
  return (request, response, next) => {
    const name = request.path.slice(1);
    const type = TYPES[name.split('.').pop()!];
    const offered = (['br', 'gzip'] as const).filter((way) => files.has(name + ENCODINGS[way]));
    if (type === undefined || offered.length === 0) return next();
    response.vary('Accept-Encoding');
    const way = request.acceptsEncodings([...offered]);
    if (way === 'br' || way === 'gzip') {
      response.setHeader('Content-Encoding', way);
      response.setHeader('Content-Type', type);
      request.url = `/${name}${ENCODINGS[way]}`;
    }
    next();
  };
}
