import { fileURLToPath } from 'node:url';
import { MandateClient, MandateConnectionError, MandateError } from '@mandate/client';
import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import { ApplicationBook } from './application-book.js';
import { Lender, type Product } from './lender.js';
import { applyPage, type ApplyForm } from './pages/apply-page.js';
import { messagePage } from './pages/layout.js';
import { signPage } from './pages/sign-page.js';
import { statusPage } from './pages/status-page.js';
import { languageOf, type Language } from './pages/words.js';
import { receiveWebhook } from './receive-webhook.js';
import { SimulatedBureau } from './simulated-bureau.js';

export interface SampleOptions {
  /** Where subjects' browsers reach Mandate. */
  readonly mandateUrl: string;
  /** Where this server reaches it. */
  readonly apiUrl: string;
  readonly apiKey: string;
  /** `whsec_…` */
  readonly webhookSecret: string;
  /** `sha384-…` of the widget's script, as published with its release. */
  readonly widgetIntegrity: string;
  /** Origin of these pages. */
  readonly ownUrl: string;
  readonly product: Product;
  /** The made-up person the form is filled with. */
  readonly applicant: Pick<ApplyForm, 'name' | 'idNumber' | 'phone'>;
  /** Where applications are kept. */
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A number nobody can guess, `[A-Z0-9]+`: it opens the application's page. */
  readonly newNumber: () => string;
}

const ASSETS = fileURLToPath(new URL('../assets/', import.meta.url));
const NUMBER = /^HS-[A-Z0-9]{10,40}$/;
const AMOUNTS = [5000, 20_000, 50_000];

/**
 * A small lender, made up: a form, a page that embeds the widget, a webhook, a page that says how it
 * stands. Express and the SDK, nothing else: meant to be copied.
 */
export function createSampleInstitution(options: SampleOptions): Express {
  const { mandateUrl, apiUrl, apiKey, now, product, ownUrl } = options;
  const book = new ApplicationBook(options.file);
  const bureau = new SimulatedBureau({ creditCode: product.source.creditCode, mandateUrl, now });
  const mandate = new MandateClient({ baseUrl: apiUrl, apiKey });
  const lender = new Lender({ mandate, product, book, bureau, ownUrl, now });

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use((_request, response, next) => {
    response.set(securityHeaders(mandateUrl));
    next();
  });
  app.use('/assets', express.static(ASSETS, { index: false, maxAge: '5m' }));
  app.post(
    '/webhooks/mandate',
    ...receiveWebhook({ ...options, secret: options.webhookSecret, book, lender }),
  );

  app.get('/', (request, response) => {
    const number = `HS-${options.newNumber()}`;
    const form = { ...options.applicant, number, amount: AMOUNTS[1]! };
    response.send(applyPage({ language: languageOf(request), form, amounts: AMOUNTS }));
  });

  app.post(
    '/applications',
    express.urlencoded({ extended: false, limit: '8kb' }),
    async (request, response) => {
      const language = languageOf(request);
      const form = readForm(request);
      if (!form) return void response.status(400).send(messagePage(language, 'bad-form'));
      const { number, amount, name, idNumber, phone } = form;
      try {
        const subject = { name, idType: 'cn-resident-id' as const, idNumber, phone };
        await lender.apply({ number, amount, language, subject });
      } catch (error) {
        // What Mandate says about a person's particulars is for the person: they are asked again.
        if (!(error instanceof MandateError) || error.status >= 500) throw error;
        response
          .status(422)
          .send(applyPage({ language, form, amounts: AMOUNTS, refusal: error.code }));
        return;
      }
      response.redirect(303, `/applications/${number}/sign`);
    },
  );

  const applicationOf = (request: Request) => book.find(String(request.params['number']));

  app.get('/applications/:number', (request, response) => {
    const application = applicationOf(request);
    const language = languageOf(request, application?.language);
    if (!application) return void response.status(404).send(messagePage(language, 'not-found'));
    response.send(statusPage({ language, application, mandateUrl }));
  });

  // What the status page asks until something has changed.
  app.get('/applications/:number/version', (request, response) => {
    const application = applicationOf(request);
    if (!application) return void response.status(404).end();
    response.json({ version: application.heard.length });
  });

  app.get('/applications/:number/sign', async (request, response) => {
    const application = applicationOf(request);
    const language = languageOf(request, application?.language);
    if (!application) return void response.status(404).send(messagePage(language, 'not-found'));
    if (application.standing !== 'open')
      return response.redirect(303, `/applications/${application.number}`);
    const { ticket } = await lender.ticket(application);
    const { widgetIntegrity: integrity } = options;
    response.send(signPage({ language, application, ticket, mandateUrl, integrity }));
  });

  // For WebViews and whoever prefers a page of its own: Mandate's page, which leads back here.
  app.post('/applications/:number/full-page', async (request, response) => {
    const application = applicationOf(request);
    if (!application)
      return void response.status(404).send(messagePage(languageOf(request), 'not-found'));
    response.redirect(303, (await lender.ticket(application)).url);
  });

  app.post('/applications/:number/:act', async (request, response, next) => {
    const application = applicationOf(request);
    const { act } = request.params;
    if (!application || (act !== 'queries' && act !== 'withdrawal')) return next();
    await (act === 'queries' ? lender.queryAgain(application) : lender.withdraw(application));
    response.redirect(303, `/applications/${application.number}`);
  });

  app.use((request, response) => {
    response.status(404).send(messagePage(languageOf(request), 'not-found'));
  });
  app.use(sayWhatToDo);
  return app;
}

/** Nothing from elsewhere but the widget's script and frame; forms may lead to Mandate's full page. */
const securityHeaders = (mandateUrl: string): Record<string, string> => ({
  'Content-Security-Policy': [
    "default-src 'none'",
    `script-src 'self' ${mandateUrl}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    `frame-src ${mandateUrl}`,
    `form-action 'self' ${mandateUrl}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': `camera=(), geolocation=(), microphone=(), publickey-credentials-get=(self "${mandateUrl}"), publickey-credentials-create=(self "${mandateUrl}")`,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
});

/** Undefined when it is not this page's form. */
function readForm(request: Request): ApplyForm | undefined {
  const sent = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  const text = (name: string): string => (typeof sent[name] === 'string' ? sent[name].trim() : '');
  const form = {
    number: text('number'),
    name: text('name'),
    idNumber: text('idNumber').toUpperCase(),
    phone: text('phone').replaceAll(/[\s-]/g, ''),
    amount: Number(text('amount')),
  };
  return NUMBER.test(form.number) && AMOUNTS.includes(form.amount) ? form : undefined;
}

const sayWhatToDo: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) return next(error);
  const language: Language = languageOf(request);
  if (error instanceof MandateError || error instanceof MandateConnectionError)
    return void response.status(503).send(messagePage(language, 'mandate-away'));
  const { status } = error as { status?: unknown };
  const own = typeof status === 'number' && status >= 400 && status < 500;
  response.status(own ? status : 500).send(messagePage(language, own ? 'bad-form' : 'fault'));
};
