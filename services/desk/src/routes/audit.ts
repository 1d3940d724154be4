import { toBase64, toUtcSeconds } from '@mandate/core';
import {
  anomalies,
  ANOMALY_RULES,
  checkRegister,
  type Anomaly,
  type AnomalyRule,
} from '@mandate/ceremony';
import { z } from 'zod';
import { csvFile } from '../csv.js';
import { route, type DeskParts } from '../desk-parts.js';

const RULES = Object.keys(ANOMALY_RULES) as [AnomalyRule, ...AnomalyRule[]];
const anomalyView = z.object({
  rule: z.enum(RULES),
  about: z
    .object({ id: z.string(), name: z.string().nullable() })
    .nullable()
    .describe('Institution or person of the desk'),
  figures: z.record(z.string(), z.number()),
  letters: z.array(z.string()),
});
const place = z.object({ size: z.int(), at: z.string() });

/** The auditor's view: reads alone. */
export function auditRoutes(parts: DeskParts) {
  const { record, clock } = parts;
  const found = async (institutionId: string | null) =>
    named(parts, await anomalies(record, institutionId, clock.now()));
  return [
    route({
      method: 'get',
      path: '/desk/api/audit/ledger',
      auth: 'staff',
      roles: ['auditor'],
      tag: 'audit',
      summary: 'Head of the ledger, its witnesses, and how much waits',
      responses: {
        200: {
          description: 'As it stands',
          schema: z.object({
            size: z.int(),
            published: z.int(),
            waiting: z.int(),
            head: place.extend({ root: z.string() }).nullable(),
            stamped: place.nullable(),
            witnesses: z.array(place.extend({ name: z.string() })),
          }),
        },
      },
      problems: [],
      handler: async () => {
        const { head, stamped, witnesses, ...sizes } = await record.ledgerState();
        const placeOf = ({ size, at }: { size: number; at: Date }) => ({
          ...{ size, at: toUtcSeconds(at) },
        });
        return {
          status: 200,
          body: {
            ...sizes,
            head: head && { ...placeOf(head), root: toBase64(head.root) },
            stamped: stamped && placeOf(stamped),
            witnesses: witnesses.map((it) => ({ ...placeOf(it), name: it.name })),
          },
        };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/audit/register',
      auth: 'staff',
      roles: ['auditor'],
      tag: 'audit',
      summary: 'Whether the access register still is what the ledger has the digests of',
      responses: {
        200: {
          description: 'What was looked at, and what does not hold',
          schema: z.object({
            anchors: z.int(),
            covered: z.int(),
            deskEntries: z.int(),
            unanchored: z.int(),
            openingsOutside: z.int(),
            problems: z.array(z.object({ code: z.string(), at: z.string() })),
          }),
        },
      },
      problems: [],
      handler: async () => {
        const check = await checkRegister(record, clock);
        return { status: 200, body: { ...check, problems: [...check.problems] } };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/audit/anomalies',
      auth: 'staff',
      roles: ['auditor'],
      tag: 'audit',
      summary: 'What the rules of the table find now',
      responses: {
        200: {
          description: 'Rules with their thresholds, and findings',
          schema: z.object({
            rules: z.array(
              z.object({ rule: z.enum(RULES), thresholds: z.record(z.string(), z.number()) }),
            ),
            items: z.array(anomalyView),
          }),
        },
      },
      problems: [],
      handler: async ({ institutionId }) => ({
        status: 200,
        body: {
          rules: RULES.map((rule) => ({ rule, thresholds: { ...ANOMALY_RULES[rule] } })),
          items: await found(institutionId),
        },
      }),
    }),
    route({
      method: 'get',
      path: '/desk/api/audit/anomalies.csv',
      auth: 'staff',
      roles: ['auditor'],
      tag: 'audit',
      summary: 'The same findings as a file',
      responses: { 200: { description: 'CSV, UTF-8', contentType: 'text/csv' } },
      problems: [],
      handler: async ({ institutionId }) => ({
        status: 200,
        bytes: csvFile([
          ['rule', 'about', 'name', 'figures', 'letters'],
          ...(await found(institutionId)).map(({ rule, about, figures, letters }) => [
            ...[rule, about?.id ?? null, about?.name ?? null],
            Object.entries(figures)
              .map(([name, value]) => `${name}: ${value}`)
              .join('; '),
            letters.join(' '),
          ]),
        ]),
        headers: {
          'Cache-Control': 'no-store',
          'Content-Disposition': 'attachment; filename="anomalies.csv"',
        },
      }),
    }),
  ];
}

async function named({ cases, record }: DeskParts, items: readonly Anomaly[]) {
  const staff = await cases.staffNames(
    items.flatMap(({ about }) => (about?.startsWith('stf_') ? [about] : [])),
  );
  const institutions = new Map(
    (await record.institutionNames(null)).map(({ id, name }) => [id, name]),
  );
  return items.map(({ about, ...item }) => ({
    ...item,
    figures: { ...item.figures },
    letters: [...item.letters],
    about:
      about === null
        ? null
        : { id: about, name: staff.get(about) ?? institutions.get(about) ?? null },
  }));
}
