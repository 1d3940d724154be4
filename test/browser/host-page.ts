import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An institution's page on another site than the service: 127.0.0.1 beside localhost. */
export interface HostSite {
  readonly origin: string;
  /** An address that shows this HTML; scripts in it run. */
  page(html: string): string;
  close(): Promise<void>;
}

/** What a careful host sends: exactly what docs/widget.md says the widget needs. */
export const hostPolicy = (service: string): string =>
  `default-src 'none'; script-src ${service} 'nonce-host'; frame-src ${service}; style-src 'nonce-host'; connect-src 'self'`;

export async function startHost(
  service: string,
  policy: string | null = hostPolicy(service),
): Promise<HostSite> {
  const pages = new Map<string, string>();
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0]!;
    const html = path === '/back' ? '<title>Back</title>' : pages.get(path);
    response.writeHead(html === undefined ? 404 : 200, {
      'Content-Type': 'text/html; charset=utf-8',
      ...(policy === null ? {} : { 'Content-Security-Policy': policy }),
    });
    response.end(html);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    page: (html) => {
      const path = `/page-${pages.size}`;
      pages.set(path, html);
      return origin + path;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** A host page with the widget by script tag; `window.heard` lists the events it got. */
export const widgetPage = (
  service: string,
  integrity: string,
  attributes: string,
  { before = '', after = '' } = {},
): string => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Bank</title>
<style nonce="host">body{margin:0;font:16px sans-serif}h1{font-size:20px}*{letter-spacing:3px}</style>
<script nonce="host">
  window.heard = [];
  for (const name of ['ready','event','success','declined','exit','error'])
    addEventListener(name, (event) => { if (event instanceof CustomEvent) heard.push([name, event.detail]); });
</script>
<script src="${service}/widget/v1/mandate-widget.js" integrity="${integrity}" crossorigin="anonymous"></script>
</head><body><h1>Bank</h1><button id="bank">Bank’s own button</button>${before}
<mandate-signing ${attributes}></mandate-signing>${after}
</body></html>`;
