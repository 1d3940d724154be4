import {
  GRANT_RIGHTS,
  idPattern,
  MOST_GRANT_HOURS,
  type Grant,
  type GrantRight,
} from '@mandate/core';
import { evidenceBundle } from '@mandate/ceremony';
import { PART, partOf, readBundle } from '@mandate/evidence';
import { z } from 'zod';
import { route, type Contexts, type DeskParts } from '../desk-parts.js';
import { visibleCase } from './cases.js';

const text = z
  .string()
  .regex(/^\S(?:.{0,198}\S)?$/su)
  .describe('1 to 200 characters, no personal data');
const grantId = z.strictObject({ id: z.string().regex(idPattern('grant')) });
const grantView = z.object({
  id: z.string(),
  caseId: z.string(),
  authorizationId: z.string(),
  requester: z.string(),
  legalBasis: z.string(),
  reason: z.string(),
  rights: z.array(z.enum(GRANT_RIGHTS)),
  hours: z.int(),
  breakGlass: z.boolean(),
  askedAt: z.string(),
  approvals: z.array(z.object({ staff: z.string(), at: z.string() })),
  good: z.object({ from: z.string(), until: z.string() }).optional(),
  revokedAt: z.string().optional(),
});
const one = { 200: { description: 'The grant as it stands', schema: grantView } } as const;
const PROBLEMS = ['not-found', 'grant-refused', 'own-request'] as const;

/** Four eyes before anybody opens anything; each opening stands in register and ledger before its data are read. */
export function grantRoutes(parts: DeskParts) {
  const { vault } = parts.authority;
  const opening = (path: string, right: GrantRight, of: 'letter' | 'bundle') =>
    route({
      method: 'post',
      path: `/desk/api/grants/{id}/${path}`,
      auth: 'staff',
      roles: ['officer'],
      tag: 'grants',
      summary:
        of === 'letter' ? 'The signed letter, for the screen' : 'The evidence bundle, to take away',
      params: grantId,
      responses: {
        200: {
          description: 'The bytes',
          contentType: of === 'letter' ? 'application/pdf' : 'application/vnd.etsi.asic-e+zip',
        },
      },
      problems: ['not-found', 'grant-refused', 'erased', 'ledger-behind', 'illegal-transition'],
      handler: async ({ params, secret }) => {
        const opened = await vault.openForCase({ secret, grant: params.id, right });
        const bundle = await openedBundle(parts, opened);
        const bytes = of === 'letter' ? partOf(readBundle(bundle), PART.signedLetter) : bundle;
        return {
          status: 200,
          bytes,
          headers: { 'Cache-Control': 'no-store', 'Mandate-Access': opened.access },
        };
      },
    });
  return [
    route({
      method: 'post',
      path: '/desk/api/cases/{id}/grants',
      auth: 'staff',
      roles: ['officer'],
      tag: 'grants',
      summary: 'Asks to open the evidence of a case',
      params: z.strictObject({ id: z.string().regex(idPattern('case')) }),
      body: z.strictObject({
        legalBasis: text,
        reason: text,
        rights: z.array(z.enum(GRANT_RIGHTS)).min(1).max(3),
        hours: z.int().min(1).max(MOST_GRANT_HOURS),
        breakGlass: z.boolean(),
      }),
      responses: { 201: { description: 'Asked', schema: grantView } },
      problems: PROBLEMS,
      handler: async (call) => {
        const { id } = await visibleCase(parts, call, call.params.id);
        const grant = await vault.requestGrant({
          ...{ secret: call.secret, grant: { ...call.body, caseId: id } },
        });
        return { status: 201, body: viewOf(grant) };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/grants/{id}/approvals',
      auth: 'staff',
      roles: ['approver', 'custodian'],
      tag: 'grants',
      summary: 'Agrees to it',
      params: grantId,
      responses: one,
      problems: PROBLEMS,
      handler: async (call) => moved(vault.approveGrant(asked(call))),
    }),
    route({
      method: 'delete',
      path: '/desk/api/grants/{id}',
      auth: 'staff',
      roles: ['officer', 'approver', 'custodian'],
      tag: 'grants',
      summary: 'Takes it back',
      params: grantId,
      responses: one,
      problems: PROBLEMS,
      handler: async (call) => moved(vault.revokeGrant(asked(call))),
    }),
    opening('letter', 'view', 'letter'),
    opening('bundle', 'download', 'bundle'),
  ];
}

const asked = (call: Contexts['staff'] & { params: { id: string } }) => ({
  ...{ secret: call.secret, grant: call.params.id },
});

async function moved(grant: Promise<Grant>) {
  return { status: 200 as const, body: viewOf(await grant) };
}

const viewOf = (grant: Grant) => ({
  ...grant,
  rights: [...grant.rights],
  approvals: [...grant.approvals],
});

async function openedBundle(
  { clock, random, record, objects }: DeskParts,
  {
    dataKey,
    authorizationId,
    access,
  }: { dataKey: Uint8Array; authorizationId: string; access: string },
): Promise<Uint8Array> {
  // The key has been handed over on record already.
  const vault = { unwrap: async () => ({ dataKey }) } as never;
  const authorization = await record.authorization(authorizationId);
  const noted = { purpose: 'case', actor: access } as const;
  return evidenceBundle({ clock, random, record, objects, vault }, authorization, noted);
}
