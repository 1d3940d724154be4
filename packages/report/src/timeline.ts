import type { Finding, Verification } from '@mandate/verify';
import type { TimelinePoint } from './report.js';
import { inOrder } from './timeline-model.js';

/** Steps of the process log that a reader wants to see in their order. */
const STEPS = new Set<string>([
  'requested',
  'presented',
  'identity-checked',
  'challenged',
  'confirmation-refused',
  'confirmed',
  'attempt-issued',
  'attempt-voided',
]);

/**
 * Every moment the file tells, oldest first, with who says so: a timestamp that proves it, or nobody but the
 * operator. Moments of the same millisecond stay in the order in which they follow from each other.
 */
export function timelineOf({
  facts,
  findings,
  claims,
}: Pick<Verification, 'facts' | 'findings' | 'claims'>): TimelinePoint[] {
  const points: TimelinePoint[] = [];
  const add = (what: TimelinePoint['what'], at: string | undefined, by: TimelinePoint['by']) => {
    if (at !== undefined) points.push({ what, at: new Date(at).toISOString(), by });
  };
  const { authorization, revocation, ledger } = facts;
  add('passkey-registered', authorization?.passkey?.registeredAt, 'operator');
  for (const { type, at } of facts.trail ?? []) if (STEPS.has(type)) add(type, at, 'operator');
  for (const { status, receivedAt } of authorization?.code?.reports ?? [])
    add(status === 'delivered' ? 'code-delivered' : 'code-not-delivered', receivedAt, 'operator');
  add('signature-stamped', facts.timestamp?.genTime, byWhom(claims.time.status === 'passed'));
  add('status-answered', revocation?.producedAt, 'operator');
  add('bundle-sealed', facts.seal?.timestamp?.genTime, byWhom(sealProves(findings)));
  add('in-ledger', ledger?.at, 'operator');
  for (const { genTime, proves } of facts.documentTimestamps ?? [])
    add('archived', genTime, byWhom(proves));
  return inOrder(points);
}

const byWhom = (proven: boolean): TimelinePoint['by'] => (proven ? 'timestamp' : 'operator');

/** Its token really checked and nothing against it; how tokens age is told once for all of them. */
const sealProves = (findings: readonly Finding[]): boolean => {
  const own = findings.filter(
    ({ id }) =>
      id.startsWith('seal-timestamp/') ||
      id === 'timestamp-ageing' ||
      id === 'timestamp-algorithms',
  );
  const passed = (id: string): boolean =>
    own.some((it) => it.id === `seal-timestamp/${id}` && it.status === 'passed');
  return (
    ['token-imprint', 'token-signature', 'token-chain'].every(passed) &&
    own.every(({ status }) => status === 'passed' || status === 'not-checked')
  );
};
