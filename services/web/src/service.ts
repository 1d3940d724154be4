import type { Express } from 'express';
import {
  createHttpApp,
  mountApiPages,
  mountHealth,
  mountRoutes,
  openApiDocument,
} from '@mandate/runtime';
import { apiInfo } from './api-info.js';
import { authentication, requirePageHeader } from './authenticate.js';
import { authorizationRoutes } from './routes/authorizations.js';
import { bulkRoutes } from './routes/bulk.js';
import { enterRoutes } from './routes/enter.js';
import { idImageRoutes } from './routes/id-images.js';
import { keyRoutes } from './routes/keys.js';
import { ownEntryRoutes } from './routes/own-entry.js';
import { ownIdImageRoutes } from './routes/own-id-images.js';
import { ownRoutes } from './routes/own.js';
import { publishedPageBuild } from './page-build.js';
import { downloadRoutes } from './routes/downloads.js';
import { mountLogos } from './routes/logos.js';
import { mountPages, problemPages } from './routes/pages.js';
import { mountVerification, reportRoutes } from './routes/reports.js';
import { mountLedger } from './routes/ledger.js';
import { mountReceiptKeys } from './routes/receipt-keys.js';
import { privacyRoutes } from './routes/privacy.js';
import { redemptionRoutes } from './routes/redemptions.js';
import { passkeyRoutes } from './routes/signing-passkeys.js';
import { signingSetRoutes } from './routes/signing-sets.js';
import { signingRoutes } from './routes/signing.js';
import { signingAttemptRoutes } from './routes/signing-attempts.js';
import { assertionRoutes } from './routes/assertions.js';
import { signingIdentityRoutes } from './routes/signing-identity.js';
import { signingConfirmationRoutes } from './routes/signing-confirmation.js';
import { signingPresentationRoutes } from './routes/signing-presentation.js';
import { mountSmsReceipts } from './routes/sms-receipts.js';
import { mountStandardProtocols } from './routes/standard.js';
import { registryRoutes } from './routes/registry.js';
import { templateReviewRoutes } from './routes/template-review.js';
import { templateRoutes } from './routes/templates.js';
import { visitRoutes } from './routes/visits.js';
import { wayInRoutes } from './routes/ways-in.js';
import { webhookRoutes } from './routes/webhooks.js';
import { caseRoutes } from './routes/cases.js';
import { withdrawalRoutes } from './routes/withdrawals.js';
import type { Contexts, WebParts } from './web-parts.js';

/** All documented routes; the OpenAPI description and the isolation tests are made from this list. */
export const webRoutes = (parts: WebParts) => [
  ...templateRoutes(parts),
  ...templateReviewRoutes(parts),
  ...registryRoutes(parts),
  ...authorizationRoutes(parts),
  ...bulkRoutes(parts),
  ...signingSetRoutes(parts),
  ...wayInRoutes(parts),
  ...downloadRoutes(parts),
  ...reportRoutes(parts),
  ...redemptionRoutes(parts),
  ...assertionRoutes(parts),
  ...withdrawalRoutes(parts),
  ...caseRoutes(parts),
  ...privacyRoutes(parts),
  ...idImageRoutes(parts),
  ...webhookRoutes(parts),
  ...keyRoutes(parts),
  ...visitRoutes(parts),
  ...enterRoutes(parts),
  ...signingRoutes(parts),
  ...signingPresentationRoutes(parts),
  ...signingIdentityRoutes(parts),
  ...signingConfirmationRoutes(parts),
  ...signingAttemptRoutes(parts),
  ...passkeyRoutes(parts),
  ...ownEntryRoutes(parts),
  ...ownRoutes(parts),
  ...ownIdImageRoutes(parts),
];

/** The process the Internet reaches: no key, no code secret; it asks the authority. */
export function createWeb(parts: WebParts): Express {
  const app = createHttpApp({
    log: parts.log,
    clock: parts.clock,
    random: parts.random,
    https: parts.publicUrl.startsWith('https:'),
    trustedProxies: parts.trustedProxies ?? 0,
    problemPage: problemPages(),
  });
  mountHealth(app, { database: parts.ready });
  app.use(['/v1/signing', '/v1/own'], (request, _response, next) => {
    requirePageHeader(request);
    next();
  });
  const routes = webRoutes(parts);
  mountRoutes<Contexts>(app, routes, { ...authentication(parts), checkReplies: !parts.production });
  mountApiPages(app, openApiDocument(routes, apiInfo(parts.publicUrl)));
  mountStandardProtocols(app, parts);
  mountSmsReceipts(app, parts);
  mountLedger(app, parts);
  mountReceiptKeys(app, parts);
  mountVerification(app, parts);
  mountLogos(app, parts);
  mountPages(app, parts);
  void publishedPageBuild(parts);
  return app;
}
