import { DomainError, newId } from '@mandate/core';
import {
  LIMITS,
  publishedAnchors,
  type AuthorizationRow,
  type Institution,
  noteReport,
} from '@mandate/ceremony';
import {
  reportJson,
  reportXml,
  sealedReport,
  verifyAndReport,
  type Applicant,
  type Report,
  type ReportLanguage,
} from '@mandate/report';
import { checkContentType, readBytes, verificationTools } from '@mandate/runtime';
import type { Express } from 'express';
import { z } from 'zod';
import { readBundle, upToGeneration } from '@mandate/evidence';
import { idempotent } from '../idempotent.js';
import { limitAddress } from '../limit-address.js';
import { verifyInChild } from '../verify-in-child.js';
import { route, type WebParts } from '../web-parts.js';
import { ownAuthorization } from './authorizations.js';
import { bundleFor } from './downloads.js';
import * as schema from './schemas.js';

interface Occasion {
  readonly id: string;
  readonly at: string;
  /** How many later generations the bundle had. */
  readonly generations: number;
}

const newOccasion = ({ clock, random }: WebParts, bundle: Uint8Array): Occasion => ({
  id: newId('report', clock, random),
  at: clock.now().toISOString(),
  generations: readBundle(bundle).later.length,
});

/** A new report from the bundle as it is stored now; the opening stands in the access register. */
async function report(
  parts: WebParts,
  institution: Institution,
  authorization: AuthorizationRow,
  occasion?: (bundle: Uint8Array) => Promise<Occasion>,
): Promise<Report> {
  const bundle = await bundleFor(parts, institution, authorization, 'report');
  const remembered = await occasion?.(bundle);
  return reportOn(parts, authorization, bundle, 'institution', remembered);
}

/** A bundle of ours, verified and told; that it was told is entered in the ledger. */
export async function reportOn(
  parts: WebParts,
  authorization: AuthorizationRow,
  bundle: Uint8Array,
  applicant: Applicant,
  { id, at, generations }: Occasion = newOccasion(parts, bundle),
): Promise<Report> {
  const made = verifyAndReport({
    // Bundles grow: what was told on that occasion is told again.
    bundle: upToGeneration(bundle, generations),
    anchors: await publishedAnchors(parts.authority),
    at: new Date(at),
    reportId: id,
    applicant,
    publicUrl: parts.publicUrl,
    tools: verificationTools(),
  });
  const json = reportJson(made);
  await noteReport(parts.record, authorization, { id, at: new Date(at), json });
  return made;
}

const reportSchema = z
  .looseObject({
    format: z.literal('mandate-report/v1'),
    id: z.string(),
    madeAt: schema.time,
    verdict: z.object({
      indication: z.enum(['TOTAL-PASSED', 'INDETERMINATE', 'TOTAL-FAILED']),
      subIndication: z.string().optional(),
    }),
  })
  .describe('A verification told to people who were not there; the subject is masked');

const attachment = (name: string) => ({ 'Content-Disposition': `attachment; filename="${name}"` });

/** One PDF route per language. */
const pdfRoute = (parts: WebParts, language: ReportLanguage) =>
  route({
    method: 'get',
    path: `/v1/authorizations/{id}/report.${language}.pdf`,
    auth: 'institution',
    scope: 'reports',
    tag: 'downloads',
    summary: `A new report, sealed PDF in ${language === 'zh' ? 'Chinese' : 'English'}`,
    params: schema.authorizationId,
    responses: { 200: { description: 'PDF', contentType: 'application/pdf' } },
    problems: ['illegal-transition', 'restricted', 'erased', 'timestamp-unavailable'],
    handler: async (call) => {
      const authorization = await ownAuthorization(parts, call);
      const made = await report(parts, call.institution, authorization);
      return {
        status: 200,
        headers: attachment(`${authorization.letterNumber}-report.${language}.pdf`),
        bytes: await sealedReport(made, language, parts.authority),
      };
    },
  });

/** Reports on one's own authorizations; each is made anew from the bundle, none is stored. */
export const reportRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/authorizations/{id}/reports',
    auth: 'institution',
    scope: 'reports',
    tag: 'downloads',
    summary: 'Make a report',
    description: 'With an Idempotency-Key a repeated call gets the same report.',
    params: schema.authorizationId,
    headers: schema.idempotencyHeader,
    responses: { 201: { description: 'The report', schema: reportSchema } },
    problems: ['illegal-transition', 'restricted', 'erased'],
    handler: async (call) => {
      const authorization = await ownAuthorization(parts, call);
      // Number, moment and size are all that need remembering: the rest follows from the bundle.
      const occasion = async (bundle: Uint8Array): Promise<Occasion> => {
        if (!call.headers['idempotency-key']) return newOccasion(parts, bundle);
        const { body } = await idempotent(parts, call, { report: authorization.id }, async () => ({
          status: 201,
          body: newOccasion(parts, bundle),
        }));
        return body;
      };
      return {
        status: 201,
        body: { ...(await report(parts, call.institution, authorization, occasion)) },
      };
    },
  }),

  route({
    method: 'get',
    path: '/v1/authorizations/{id}/report.json',
    auth: 'institution',
    scope: 'reports',
    tag: 'downloads',
    summary: 'A new report, canonical JSON',
    params: schema.authorizationId,
    responses: { 200: { description: 'JSON', contentType: 'application/json' } },
    problems: ['illegal-transition', 'restricted', 'erased'],
    handler: async (call) => {
      const authorization = await ownAuthorization(parts, call);
      return {
        status: 200,
        headers: attachment(`${authorization.letterNumber}-report.json`),
        bytes: reportJson(await report(parts, call.institution, authorization)),
      };
    },
  }),

  route({
    method: 'get',
    path: '/v1/authorizations/{id}/report.xml',
    auth: 'institution',
    scope: 'reports',
    tag: 'downloads',
    summary: 'A new report as an ETSI TS 119 102-2 validation report, unsigned',
    params: schema.authorizationId,
    responses: { 200: { description: 'XML', contentType: 'application/xml' } },
    problems: ['illegal-transition', 'restricted', 'erased'],
    handler: async (call) => {
      const authorization = await ownAuthorization(parts, call);
      return {
        status: 200,
        headers: attachment(`${authorization.letterNumber}-report.xml`),
        bytes: reportXml(await report(parts, call.institution, authorization)),
      };
    },
  }),

  pdfRoute(parts, 'zh'),
  pdfRoute(parts, 'en'),
];

const VERIFIABLE = [
  'application/octet-stream',
  'application/jose',
  'application/json',
  'application/pdf',
  'application/zip',
  'application/vnd.etsi.asic-e+zip',
];
const MAX_BYTES = 20 * 1024 * 1024;
/** Children at a time; each may take a processor and some hundred megabytes. */
const MAX_CHILDREN = 3;
/** Uploads at a time, and how long one may take. */
const MAX_BODIES = 24;
const BODY_MILLISECONDS = 20_000;

/**
 * `POST /verify`, for the verification page and anybody else: a file in, the verification with words
 * out; with `sizes` several files one after the other, the first compared with the rest. Nothing is kept. Throws `payload-too-large`, `rate-limited`, `budget-exceeded`.
 */
export function mountVerification(app: Express, parts: WebParts): void {
  const bodies = places(MAX_BODIES);
  const children = places(MAX_CHILDREN);
  app.post('/verify', async (request, response) => {
    await limitAddress(parts, request, 'verify-address', LIMITS.verificationsPerAddress);
    checkContentType(request, VERIFIABLE);
    const language = request.query['language'] === 'zh' ? 'zh' : 'en';
    // The file first: who sends slowly takes no child's place from others.
    const bytes = await bodies(() => {
      const late = setTimeout(() => request.destroy(), BODY_MILLISECONDS);
      return readBytes(request, MAX_BYTES).finally(() => clearTimeout(late));
    });
    const sizes = sizesOf(request.query['sizes'], bytes.length);
    const answer = await children(async () => {
      const anchors = await publishedAnchors(parts.authority);
      return verifyInChild(bytes, { anchors, at: parts.clock.now(), language, sizes });
    });
    response.type('application/json').send(answer);
  });
}

/** Files in one upload; each costs a verification of its own. */
const MAX_FILES = 5;

/** `1200,34000`: the lengths of the files in the body. Throws `invalid-request` when they are not that. */
function sizesOf(query: unknown, length: number): readonly number[] {
  if (query === undefined) return [length];
  const sizes =
    typeof query === 'string' && /^[1-9]\d{0,8}(?:,[1-9]\d{0,8})*$/.test(query)
      ? query.split(',').map(Number)
      : [];
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.length === 0 || sizes.length > MAX_FILES || total !== length)
    throw new DomainError(
      'invalid-request',
      `sizes must be the lengths of 1 to ${MAX_FILES} files`,
    );
  return sizes;
}

/** Runs work while fewer than `count` are running; throws `rate-limited` otherwise. */
function places(count: number) {
  let taken = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (taken >= count)
      throw new DomainError('rate-limited', 'others are verifying; try again', {
        extensions: { retryAfterSeconds: 5 },
      });
    taken++;
    try {
      return await work();
    } finally {
      taken--;
    }
  };
}
