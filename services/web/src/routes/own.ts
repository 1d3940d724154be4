import { DomainError, utf8, type OwnVisit } from '@mandate/core';
import {
  dispute,
  DISPUTE_REASONS,
  evidenceBundle,
  exportData,
  LIMITS,
  readableText,
  restrict,
  startOfDay,
  withdraw,
} from '@mandate/ceremony';
import { PART, partOf, readBundle } from '@mandate/evidence';
import { sealedReport, type ReportLanguage } from '@mandate/report';
import { z } from 'zod';
import { ownCookie, secretOf } from '../own-cookie.js';
import { openableAuthorization, ownActor, ownDetailOf } from '../own-view.js';
import { enterDeps, route, useDeps, type WebParts } from '../web-parts.js';
import { ownListOf } from './own-entry.js';
import { ownDetail, ownList, passkeyParam } from './own-schemas.js';
import { exportDeps } from './privacy.js';
import { privacyState } from './privacy-schemas.js';
import { reportOn } from './reports.js';
import * as schema from './schemas.js';

const detail = { 200: { description: 'All of it', schema: ownDetail } } as const;
const attachment = (name: string) => ({ 'Content-Disposition': `attachment; filename="${name}"` });

/** What a subject sees and does of their own authorizations. Needs `X-Requested-With: mandate` to change anything. */
export const ownRoutes = (parts: WebParts) => {
  const visible = (own: OwnVisit, id: string) => openableAuthorization(parts, own, id);
  const show = async (own: OwnVisit, id: string) => ({
    status: 200 as const,
    body: await ownDetailOf(parts, own, await parts.record.authorization(id)),
  });
  const proofOf = ({ means, visit }: OwnVisit) => ({
    kind: means === 'own-link' ? means : `own-${means}`,
    ref: visit,
  });

  const reportRoute = (language: ReportLanguage) =>
    route({
      method: 'get',
      path: `/v1/own/{id}/report.${language}.pdf`,
      auth: 'own',
      tag: 'own authorizations',
      summary: `A new report on one’s own authorization, sealed PDF in ${language === 'zh' ? 'Chinese' : 'English'}`,
      params: schema.authorizationId,
      responses: { 200: { description: 'PDF', contentType: 'application/pdf' } },
      problems: ['illegal-transition', 'timestamp-unavailable', 'rate-limited'],
      handler: async ({ own, params }) => {
        const authorization = await visible(own, params.id);
        const counted = await parts.record.count({
          scope: 'own-reports',
          key: authorization.id,
          windowStart: startOfDay(parts.clock.now()),
          max: LIMITS.ownReports,
        });
        if (!counted) throw new DomainError('rate-limited', 'no more reports of this one today');
        const bundle = await evidenceBundle(enterDeps(parts), authorization, {
          purpose: 'report',
          actor: ownActor(own),
        });
        return {
          status: 200,
          headers: attachment(`${authorization.letterNumber}-report.${language}.pdf`),
          bytes: await sealedReport(
            await reportOn(parts, authorization, bundle, 'subject'),
            language,
            parts.authority,
          ),
        };
      },
    });

  const exportRoute = (form: 'json' | 'txt') =>
    route({
      method: 'get',
      path: `/v1/own/{id}/export.${form}`,
      auth: 'own',
      tag: 'own authorizations',
      summary:
        form === 'json'
          ? 'Everything held about oneself under one authorization, for machines'
          : 'The same to be read, in the language of the letter',
      params: schema.authorizationId,
      responses: {
        200: {
          description: 'The copy',
          contentType: form === 'json' ? 'application/json' : 'text/plain; charset=utf-8',
        },
      },
      problems: ['erased', 'restricted', 'rate-limited'],
      handler: async ({ own, params }) => {
        const authorization = await visible(own, params.id);
        const copy = await exportData(exportDeps(parts), authorization, ownActor(own));
        return {
          status: 200,
          headers: {
            ...attachment(`${authorization.letterNumber}-data.${form}`),
            'Cache-Control': 'no-store',
          },
          bytes: utf8(
            form === 'json' ? JSON.stringify(copy, null, 2) : readableText(copy.readable),
          ),
        };
      },
    });

  return [
    route({
      method: 'get',
      path: '/v1/own',
      auth: 'own',
      tag: 'own authorizations',
      summary: 'One’s own authorizations, newest first',
      responses: { 200: { description: 'The list', schema: ownList } },
      problems: [],
      handler: async ({ own }) => ({ status: 200, body: await ownListOf(parts, own) }),
    }),

    route({
      method: 'post',
      path: '/v1/own/passkeys/{passkey}/removal',
      auth: 'own',
      tag: 'own authorizations',
      summary: 'Remove a passkey: it signs and opens nothing any more',
      params: passkeyParam,
      responses: { 200: { description: 'What is left', schema: ownList } },
      problems: ['forbidden'],
      handler: async ({ req, params }) => {
        const visit = await parts.authority.ra.removePasskey({
          secret: secretOf(ownCookie(parts.publicUrl).read(req))!,
          passkeyId: params.passkey,
        });
        return { status: 200, body: await ownListOf(parts, visit) };
      },
    }),

    route({
      method: 'get',
      path: '/v1/own/{id}',
      auth: 'own',
      tag: 'own authorizations',
      summary: 'One authorization with its uses, openings and history',
      params: schema.authorizationId,
      responses: detail,
      problems: ['rate-limited'],
      handler: async ({ own, params }) => show(own, (await visible(own, params.id)).id),
    }),

    route({
      method: 'post',
      path: '/v1/own/{id}/withdrawal',
      auth: 'own',
      tag: 'own authorizations',
      summary: 'Withdraw: in force from the answer on',
      params: schema.authorizationId,
      responses: detail,
      problems: ['illegal-transition', 'rate-limited'],
      handler: async ({ own, params }) => {
        const { id } = await visible(own, params.id);
        const proof = proofOf(own);
        await withdraw(useDeps(parts), {
          authorizationId: id,
          by: 'subject',
          channel: 'page',
          proof,
        });
        return show(own, id);
      },
    }),

    route({
      method: 'post',
      path: '/v1/own/{id}/dispute',
      auth: 'own',
      tag: 'own authorizations',
      summary: '“I did not sign this”: frozen from the answer on',
      params: schema.authorizationId,
      body: z.strictObject({ reason: z.enum(DISPUTE_REASONS) }),
      responses: detail,
      problems: ['illegal-transition', 'rate-limited'],
      handler: async ({ own, params, body }) => {
        const { id } = await visible(own, params.id);
        await dispute(useDeps(parts), {
          authorizationId: id,
          by: 'subject',
          reason: body.reason,
          proof: proofOf(own),
        });
        return show(own, id);
      },
    }),

    route({
      method: 'get',
      path: '/v1/own/{id}/letter',
      auth: 'own',
      tag: 'own authorizations',
      summary: 'The signed letter',
      params: schema.authorizationId,
      responses: { 200: { description: 'PDF', contentType: 'application/pdf' } },
      problems: ['illegal-transition', 'rate-limited'],
      handler: async ({ own, params }) => {
        const authorization = await visible(own, params.id);
        const bundle = await evidenceBundle(enterDeps(parts), authorization, {
          purpose: 'download',
          actor: ownActor(own),
        });
        return {
          status: 200,
          headers: attachment(`${authorization.letterNumber}.pdf`),
          bytes: partOf(readBundle(bundle), PART.signedLetter),
        };
      },
    }),

    reportRoute('zh'),
    reportRoute('en'),
    exportRoute('json'),
    exportRoute('txt'),

    route({
      method: 'post',
      path: '/v1/own/{id}/erasure',
      auth: 'own',
      tag: 'own authorizations',
      summary:
        'Have one’s data deleted: withdrawn if need be, kept unread while the law asks for it',
      params: schema.authorizationId,
      responses: { 200: { description: 'As of now', schema: privacyState } },
      problems: ['illegal-transition', 'forbidden', 'rate-limited'],
      handler: async ({ own, params }) => {
        const authorization = await visible(own, params.id);
        // It cannot be undone, and only what the subject asks shortens a time.
        if (own.means === 'own-link')
          throw new DomainError('forbidden', 'only for who entered by code or passkey');
        const proof = proofOf(own);
        const asked = { authorizationId: authorization.id, by: 'subject', proof } as const;
        // what may still be used is withdrawn first: deleting consent is taking it back
        if (authorization.state === 'released')
          await withdraw(useDeps(parts), { ...asked, channel: 'page' });
        return { status: 200, body: await restrict(useDeps(parts), asked) };
      },
    }),
  ];
};
