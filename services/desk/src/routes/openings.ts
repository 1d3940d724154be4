import { fromUtf8, idPattern, type GrantRight } from '@mandate/core';
import { PART, partOf, readBundle } from '@mandate/evidence';
import { stampCopy } from '@mandate/letter';
import { z } from 'zod';
import { route, type Contexts, type DeskParts } from '../desk-parts.js';
import { bundleLife } from '../bundle-life.js';
import { letterLife, timelineView } from '../letter-life.js';
import { openedBundle, type OpenedBundle } from '../opened-bundle.js';
import { grantIdParams } from './grants.js';

const PROBLEMS = [
  ...(['not-found', 'grant-refused', 'erased', 'ledger-behind', 'illegal-transition'] as const),
] as const;
const which = { authorization: z.string().regex(idPattern('authorization')) };
const language = z.enum(['zh', 'en']).default('zh');

/** Each call is one opening: one entry of the register, one of the ledger, before anything is read. */
export function openingRoutes(parts: DeskParts) {
  const open = (
    call: Contexts['staff'] & { params: { id: string }; body: { authorization: string } },
    right: GrantRight,
  ): Promise<OpenedBundle> =>
    openedBundle(parts, {
      ...{ secret: call.secret, grant: call.params.id, right },
      authorization: call.body.authorization,
    });
  const shared = {
    method: 'post',
    auth: 'staff',
    roles: ['officer'],
    tag: 'grants',
    params: grantIdParams,
    problems: PROBLEMS,
  } as const;
  return [
    route({
      ...shared,
      path: '/desk/api/grants/{id}/copy',
      summary:
        'The letter, marked on every page with who, when and for which case: for the screen or for paper',
      body: z.strictObject({ ...which, right: z.enum(['view', 'print']), language }),
      responses: { 200: { description: 'The copy', contentType: 'application/pdf' } },
      handler: async (call) => {
        const { bundle, opening } = await open(call, call.body.right);
        const letter = partOf(readBundle(bundle), PART.signedLetter);
        const bytes = await stampCopy(letter, {
          ...{ reader: opening.reader.name, at: new Date(opening.at), access: opening.access },
          ...{ caseNumber: opening.caseNumber, language: call.body.language },
        });
        return { status: 200, bytes, headers: headersOf(opening) };
      },
    }),
    route({
      ...shared,
      path: '/desk/api/grants/{id}/trail',
      summary: 'What happened with the letter, step by step, and the marks that stand behind it',
      body: z.strictObject({ ...which, language }),
      responses: {
        200: {
          description: 'The trail',
          schema: z.object({
            trail: z.array(z.record(z.string(), z.unknown())),
            timeline: timelineView.describe(
              'With the timestamps and the certificate of the bundle',
            ),
            marks: z.object({
              reader: z.string(),
              at: z.string(),
              caseNumber: z.string(),
              access: z.string(),
            }),
          }),
        },
      },
      handler: async (call) => {
        const { bundle, opening } = await open(call, 'view');
        const { reader, at, caseNumber, access } = opening;
        const trail = JSON.parse(fromUtf8(partOf(readBundle(bundle), PART.trail))) as never;
        const marks = { reader: reader.name, at, caseNumber, access };
        const { authorization: id } = call.body;
        const opened = await bundleLife(parts, bundle);
        const { timeline } = await letterLife(parts, id, call.body.language, { opened });
        return { status: 200, body: { trail, timeline, marks }, headers: headersOf(opening) };
      },
    }),
    route({
      ...shared,
      path: '/desk/api/grants/{id}/original',
      summary: 'The signed letter or the evidence bundle as it is, to take away',
      body: z.strictObject({ ...which, of: z.enum(['letter', 'bundle']) }),
      responses: { 200: { description: 'The bytes', contentType: 'application/octet-stream' } },
      handler: async (call) => {
        const { bundle, opening } = await open(call, 'download');
        const letter = call.body.of === 'letter';
        const bytes = letter ? partOf(readBundle(bundle), PART.signedLetter) : bundle;
        const name = `${call.body.authorization}.${letter ? 'pdf' : 'asice'}`;
        const disposition = { 'Content-Disposition': `attachment; filename="${name}"` };
        return { status: 200, bytes, headers: { ...headersOf(opening), ...disposition } };
      },
    }),
  ];
}

/** `Mandate-Access`: the entry of the register. */
const headersOf = ({ access }: OpenedBundle['opening']) => ({
  'Cache-Control': 'no-store',
  'Mandate-Access': access,
});
