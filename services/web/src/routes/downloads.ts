import {
  archivedLetter,
  evidenceBundle,
  loadLetter,
  type AuthorizationRow,
} from '@mandate/ceremony';
import { PART, partOf, readBundle } from '@mandate/evidence';
import type { Institution } from '@mandate/ceremony';
import { z } from 'zod';
import { enterDeps, route, type WebParts } from '../web-parts.js';
import { ownAuthorization } from './authorizations.js';
import * as schema from './schemas.js';

/** The bundle for its institution; every opening stands in the access register. */
export const bundleFor = (
  parts: WebParts,
  institution: Institution,
  authorization: AuthorizationRow,
  purpose: 'download' | 'report' = 'download',
): Promise<Uint8Array> =>
  evidenceBundle(enterDeps(parts), authorization, {
    purpose,
    actor: `institution:${institution.id}`,
  });

const attachment = (name: string) => ({ 'Content-Disposition': `attachment; filename="${name}"` });

/** Letter and evidence bundle; nothing leaves before it is in the ledger. */
export const downloadRoutes = (parts: WebParts) => [
  route({
    method: 'get',
    path: '/v1/authorizations/{id}/letter',
    auth: 'institution',
    scope: 'evidence:read',
    tag: 'downloads',
    summary:
      'The signed letter (PAdES B-T), `as=archived` at level B-LTA, `as=shown` as it was shown',
    params: schema.authorizationId,
    query: z.object({ as: z.enum(['signed', 'archived', 'shown']).default('signed') }),
    responses: { 200: { description: 'PDF', contentType: 'application/pdf' } },
    problems: ['illegal-transition', 'restricted', 'erased'],
    handler: async (call) => {
      const { institution, query } = call;
      const authorization = await ownAuthorization(parts, call);
      const headers = attachment(`${authorization.letterNumber}.pdf`);
      if (query.as === 'signed') {
        const bundle = await bundleFor(parts, institution, authorization);
        return { status: 200, headers, bytes: partOf(readBundle(bundle), PART.signedLetter) };
      }
      if (query.as === 'archived') {
        const access = { purpose: 'download', actor: `institution:${institution.id}` } as const;
        const bytes = await archivedLetter(enterDeps(parts), authorization, access);
        return { status: 200, headers, bytes };
      }
      const { dataKey } = await parts.authority.vault.unwrap({
        authorizationId: authorization.id,
        purpose: 'download',
        actor: `institution:${institution.id}`,
      });
      return {
        status: 200,
        headers,
        bytes: await loadLetter(parts.objects, dataKey, authorization),
      };
    },
  }),

  route({
    method: 'get',
    path: '/v1/authorizations/{id}/bundle',
    auth: 'institution',
    scope: 'evidence:read',
    tag: 'downloads',
    summary: 'The evidence bundle (ASiC-E) with its inclusion proof',
    params: schema.authorizationId,
    responses: { 200: { description: 'ASiC-E', contentType: 'application/vnd.etsi.asic-e+zip' } },
    problems: ['illegal-transition', 'restricted', 'erased'],
    handler: async (call) => {
      const authorization = await ownAuthorization(parts, call);
      return {
        status: 200,
        headers: attachment(`${authorization.letterNumber}.asice`),
        bytes: await bundleFor(parts, call.institution, authorization),
      };
    },
  }),
];
