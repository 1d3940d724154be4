import {
  canonicalize,
  DomainError,
  hmacSha256,
  toUtcSeconds,
  utf8,
  type Clock,
  type SealRole,
} from '@mandate/core';
import type { DeliveryToSign, webhookSecrets } from '@mandate/store';

/**
 * Secrets of webhook endpoints, derived from role seal's own secret and stored nowhere. The message
 * is made here from the record, so that whoever may ask for a signature cannot choose what is said
 * (Standard Webhooks: HMAC-SHA-256 over `id.timestamp.body`).
 */
export function webhookSigning(deps: {
  secret: Uint8Array;
  rows: ReturnType<typeof webhookSecrets>;
  clock: Clock;
}): Pick<SealRole, 'webhookSecret' | 'webhookMessage'> {
  const { rows, clock } = deps;
  const secretOf = (endpointId: string, generation: number): Uint8Array =>
    hmacSha256(deps.secret, utf8(`mandate/webhook-secret/v1\n${endpointId}\n${generation}`));

  return {
    webhookSecret: async ({ endpointId }) => {
      const generation = await rows.show(endpointId);
      if (generation === null)
        throw new DomainError('not-found', 'this secret was shown; make a new one');
      return { secret: `whsec_${base64(secretOf(endpointId, generation))}` };
    },

    webhookMessage: async ({ deliveryId }) => {
      const delivery = await rows.delivery(deliveryId);
      const now = clock.now();
      const { id, about } = subjectOf(delivery);
      const timestamp = Math.floor(now.getTime() / 1000);
      const body = canonicalize({
        type: delivery.type,
        timestamp: toUtcSeconds(delivery.at),
        data: { ...about, institution: delivery.institutionId },
      });
      const generations = [delivery.generation];
      if (delivery.previousUntil && delivery.previousUntil > now && delivery.generation > 1)
        generations.push(delivery.generation - 1);
      const signed = utf8(`${id}.${timestamp}.${body}`);
      const signatures = generations.map(
        (generation) =>
          `v1,${base64(hmacSha256(secretOf(delivery.endpointId, generation), signed))}`,
      );
      return {
        body,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signatures.join(' '),
        },
      };
    },
  };
}

/** The message's id, the same whenever the event is delivered, and what the event is about. */
function subjectOf(delivery: DeliveryToSign): { id: string; about: Record<string, unknown> } {
  const { authorizationId: authorization, templateId: template, version } = delivery;
  // One version of a template is linted by every pack that comes: the event's own number tells them apart.
  return authorization === null
    ? { id: `msg_${template}_${delivery.eventId}`, about: { template, version } }
    : { id: `msg_${authorization.slice(4)}_${version}`, about: { authorization } };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
