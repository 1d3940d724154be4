import { createHttpApp, mountHealth, mountRoutes, type Route } from '@mandate/runtime';
import type { Express, Request } from 'express';
import type { Contexts, DeskParts } from './desk-parts.js';
import { agreementRoutes } from './routes/agreements.js';
import { auditRoutes } from './routes/audit.js';
import { caseRoutes } from './routes/cases.js';
import { decisionRoutes } from './routes/decisions.js';
import { grantRoutes } from './routes/grants.js';
import { openingRoutes } from './routes/openings.js';
import { letterRoutes } from './routes/letters.js';
import { mountPages } from './routes/pages.js';
import { peopleRoutes, waysInRoute } from './routes/people.js';
import { registerRoutes } from './routes/register.js';
import { reportJobRoutes } from './routes/report-jobs.js';
import { reportRoutes } from './routes/reports.js';
import { searchRoutes } from './routes/searches.js';
import { reconciliationRoutes } from './routes/reconciliations.js';
import { sampleRoutes } from './routes/samples.js';
import { signInRoutes } from './routes/sign-in.js';
import { templateReviewRoutes } from './routes/template-review.js';
import { templateRoutes } from './routes/templates.js';
import { waitingRoutes } from './routes/waiting.js';
import { signInLimit } from './sign-in-limit.js';
import { requireOwnPage, staffCookie } from './staff-cookie.js';

/** For the disputes team: cases, grants, openings, reports. Whoever comes here has a session; every opening names them. */
export function createDesk(parts: DeskParts): Express {
  const { log, clock, random } = parts;
  const app = createHttpApp({
    log,
    clock,
    random,
    https: parts.deskUrl.startsWith('https:'),
    trustedProxies: parts.trustedProxies ?? 0,
  });
  mountHealth(app, { database: parts.ready });

  app.use('/desk/api', (request, _response, next) => {
    requireOwnPage(parts.deskUrl, request);
    next();
  });
  const limit = signInLimit(clock);
  app.use('/desk/api/sign-in', (request, _response, next) => {
    limit(request.ip ?? '');
    next();
  });
  mountRoutes<Contexts>(app, deskRoutes(parts), { staff: (request) => signedIn(parts, request) });
  mountPages(app, { providerSignIn: parts.providerSignIn ?? false });
  return app;
}

/** All routes people reach through a session; the role matrix is made from them. */
export const deskRoutes = (parts: DeskParts): Route[] => [
  ...signInRoutes(parts),
  ...reconciliationRoutes(parts),
  ...sampleRoutes(parts),
  ...templateRoutes(parts),
  ...templateReviewRoutes(parts),
  ...peopleRoutes(parts),
  waysInRoute(parts),
  ...caseRoutes(parts),
  ...agreementRoutes(parts),
  ...grantRoutes(parts),
  ...openingRoutes(parts),
  ...decisionRoutes(parts),
  ...waitingRoutes(parts),
  ...reportJobRoutes(parts),
  ...reportRoutes(parts),
  ...searchRoutes(parts),
  ...letterRoutes(parts),
  ...registerRoutes(parts),
  ...auditRoutes(parts),
];

async function signedIn(parts: DeskParts, request: Request): Promise<Contexts['staff']> {
  const secret = staffCookie(parts.deskUrl).read('session', request);
  // A page that looks by itself says so: nobody is at work because of that.
  const quiet = request.method === 'GET' && request.headers['mandate-quiet'] === 'yes';
  return { ...(await parts.authority.vault.session({ secret, quiet })), secret };
}
