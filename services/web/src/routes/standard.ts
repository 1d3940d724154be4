import type { Express } from 'express';
import { LIMITS, publishedAnchors } from '@mandate/ceremony';
import { DomainError } from '@mandate/core';
import { anchorFiles, receiptKeyFile, writeZip } from '@mandate/evidence';
import { checkContentType, publishedVerifier, readBytes } from '@mandate/runtime';
import { limitAddress } from '../limit-address.js';
import type { WebParts } from '../web-parts.js';

/** What other people's software asks for, relayed to the authority: CA files, OCSP, RFC 3161. */
export function mountStandardProtocols(app: Express, parts: WebParts): void {
  const { authority } = parts;

  app.get('/pki/:file', async (request, response) => {
    const anchors = await authority.ca.anchors({});
    const files: Record<string, Uint8Array | undefined> = {
      'scene-root.crt': anchors.scene[0],
      'seal-root.crt': anchors.seal[0],
      'timestamp-root.crt': anchors.timestamp[0],
      'scene-ca.crt': anchors.intermediates[0],
    };
    if (request.params.file === 'scene.crl') {
      response.type('application/pkix-crl').end((await authority.ca.crl({})).der);
      return;
    }
    if (request.params.file === 'ledger.vkey') {
      response.type('text/plain').send(`${anchors.ledger.join('\n')}\n`);
      return;
    }
    // The verifier itself, one file for Node; its digest stands in every report.
    const verifier = publishedVerifier();
    if (verifier && request.params.file === verifier.name) {
      response.type('text/javascript').attachment(verifier.name).end(verifier.bytes);
      return;
    }
    if (verifier && request.params.file === `${verifier.name}.sha256`) {
      response.type('text/plain').send(`${verifier.digest}  ${verifier.name}\n`);
      return;
    }
    // Everything a verifier is to believe, in the folders it looks for; `receipt-keys.json` alone for receipts.
    if (request.params.file === 'anchors.zip') {
      const entries = anchorFiles(await publishedAnchors(authority));
      const zip = writeZip(entries.map(([name, bytes]) => [`anchors/${name}`, bytes]));
      response.type('application/zip').end(zip);
      return;
    }
    if (request.params.file === 'receipt-keys.json') {
      const { receipt = [] } = await publishedAnchors(authority);
      response.type('application/jwk-set+json').send(receiptKeyFile(receipt));
      return;
    }
    const { file: name } = request.params;
    const file = Object.hasOwn(files, name) ? files[name] : undefined;
    if (!file) throw new DomainError('not-found', 'no such file');
    response.type('application/pkix-cert').end(file);
  });

  app.post('/ocsp', async (request, response) => {
    await limitAddress(parts, request, 'ocsp-address', LIMITS.statusesPerAddress);
    checkContentType(request, ['application/ocsp-request']);
    const { der } = await authority.ca.ocsp({ der: await readBytes(request, 8192) });
    response.type('application/ocsp-response').end(der);
  });

  // RFC 6960 appendix A.1: GET with the base64 request in the path.
  app.get('/ocsp/:request', async (request, response) => {
    await limitAddress(parts, request, 'ocsp-address', LIMITS.statusesPerAddress);
    const der = new Uint8Array(Buffer.from(request.params.request, 'base64'));
    const answer = await authority.ca.ocsp({ der });
    response.type('application/ocsp-response').end(answer.der);
  });

  app.post('/tsa', async (request, response) => {
    await limitAddress(parts, request, 'tsa-address', LIMITS.tokensPerAddress);
    checkContentType(request, ['application/timestamp-query']);
    const { der } = await authority.tsa.respond({ der: await readBytes(request, 8192) });
    response.type('application/timestamp-reply').end(der);
  });
}
