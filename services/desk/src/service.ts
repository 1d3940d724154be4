import {
  DomainError,
  fromBase64Url,
  fromHex,
  isDomainError,
  newId,
  secretsEqual,
  sha256,
} from '@mandate/core';
import { evidenceBundle, noteReport, publishedAnchors } from '@mandate/ceremony';
import {
  reportJson,
  reportXml,
  sealedReport,
  verifyAndReport,
  type ReportLanguage,
} from '@mandate/report';
import {
  createHttpApp,
  mountHealth,
  mountRoutes,
  verificationTools,
  type Route,
} from '@mandate/runtime';
import type { Express, Request } from 'express';
import type { Contexts, DeskParts } from './desk-parts.js';
import { mountHolds } from './hold-routes.js';
import { caseRoutes } from './routes/cases.js';
import { grantRoutes } from './routes/grants.js';
import { mountPages } from './routes/pages.js';
import { signInRoutes } from './routes/sign-in.js';
import { requireDeskHeader, staffCookie } from './staff-cookie.js';

/** Shown once when made; only its SHA-256 is configured. */
export const STAFF_KEY_PREFIX = 'sk_';

/** For the disputes team: reports on any authorization, and how disputes end. Every opening names its member of staff. */
export function createDesk(parts: DeskParts): Express {
  const { log, clock, random } = parts;
  const app = createHttpApp({
    log,
    clock,
    random,
    https: parts.publicUrl.startsWith('https:'),
  });
  mountHealth(app, { database: parts.ready });

  app.use('/desk/api', (request, _response, next) => {
    requireDeskHeader(request);
    next();
  });
  mountRoutes<Contexts>(app, deskRoutes(parts), { staff: (request) => signedIn(parts, request) });

  app.get('/desk/authorizations/:id/report.json', async (request, response) => {
    const report = await makeReport(parts, request);
    response.type('application/json').end(reportJson(report));
  });
  app.get('/desk/authorizations/:id/report.xml', async (request, response) => {
    const report = await makeReport(parts, request);
    response.type('application/xml').end(reportXml(report));
  });
  for (const language of ['zh', 'en'] as const satisfies readonly ReportLanguage[])
    app.get(`/desk/authorizations/:id/report.${language}.pdf`, async (request, response) => {
      const report = await makeReport(parts, request);
      response.type('application/pdf');
      response.end(await sealedReport(report, language, parts.authority));
    });
  mountHolds(app, {
    ...parts,
    staffOf: (request) => staffOf(parts, request.headers.authorization),
  });
  mountPages(app);
  return app;
}

/** All routes people reach through a session; the role matrix is made from them. */
export const deskRoutes = (parts: DeskParts): Route[] => [
  ...signInRoutes(parts),
  ...caseRoutes(parts),
  ...grantRoutes(parts),
];

async function signedIn(parts: DeskParts, request: Request): Promise<Contexts['staff']> {
  const secret = staffCookie(parts.deskUrl).read('session', request);
  return { ...(await parts.authority.vault.session({ secret })), secret };
}

async function makeReport(parts: DeskParts, request: Request<{ id: string }>) {
  const staff = staffOf(parts, request.headers.authorization);
  const { clock, random, record, objects, authority } = parts;
  const { id } = request.params;
  if (!/^aut_[0-9a-f-]{36}$/.test(id)) throw new DomainError('not-found', 'no such authorization');
  const authorization = await record.authorization(id);
  const bundle = await evidenceBundle(
    { clock, random, record, objects, vault: authority.vault },
    authorization,
    { purpose: 'report', actor: `staff:${staff}` },
  );
  const reportId = newId('report', clock, random);
  const at = clock.now();
  const report = verifyAndReport({
    bundle,
    anchors: await publishedAnchors(authority),
    at,
    reportId,
    applicant: 'desk',
    publicUrl: parts.publicUrl,
    tools: verificationTools(),
  });
  await noteReport(record, authorization, { id: reportId, at, json: reportJson(report) });
  return report;
}

/** The caller's name. Throws `unauthenticated`. */
function staffOf({ staff }: DeskParts, header: string | undefined): string {
  const match = /^Bearer sk_([A-Za-z0-9_-]{43})$/.exec(header ?? '');
  if (!match) throw new DomainError('unauthenticated', 'send Authorization: Bearer <staff key>');
  const digest = sha256(keyBytes(match[1]!));
  const found = staff.find(({ keyDigest }) => secretsEqual(fromHex(keyDigest), digest));
  if (!found) throw new DomainError('unauthenticated', 'this staff key is not known');
  return found.name;
}

function keyBytes(text: string): Uint8Array {
  try {
    return fromBase64Url(text);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    throw new DomainError('unauthenticated', 'this staff key is not known', { cause: error });
  }
}
