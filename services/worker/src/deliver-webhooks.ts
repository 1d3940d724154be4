import type { Clock, Random, SealRole } from '@mandate/core';
import type { WebhookOutcome, WebhookPost } from '@mandate/adapters';
import type { DueDelivery, Tried, webhookQueue } from '@mandate/store';

/** Seconds after each failed try: five seconds to a day, three days in all (Standard Webhooks). */
export const PAUSES = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;
/** An endpoint that has failed without a success for so long is switched off, seconds. */
export const DISABLE_AFTER = 5 * 86_400;
/** Longer than any try takes; after it another worker may try. */
const CLAIM_SECONDS = 60;
const AT_ONCE = 32;
/** One slow receiver must not hold up the others. */
const AT_ONCE_PER_ENDPOINT = 4;

export interface WebhookParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly seal: Pick<SealRole, 'webhookMessage'>;
  readonly webhooks: ReturnType<typeof webhookQueue>;
  readonly post: (post: WebhookPost) => Promise<WebhookOutcome>;
  readonly onProblem: (what: string, error: unknown) => void;
  readonly onDisabled: (endpointId: string, reason: string) => void;
}

/** Delivers what is due, as much at once as is good; a lost worker's claims pass to another. */
export function webhookDelivery(parts: WebhookParts) {
  const underWay = new Map<string, number>();
  const running = new Set<Promise<void>>();

  const deliver = async (delivery: DueDelivery): Promise<void> => {
    const message = await parts.seal.webhookMessage({ deliveryId: delivery.id });
    const outcome = await parts.post({ url: delivery.url, ...message });
    const at = parts.clock.now();
    const tried = judge(delivery, outcome, at, parts.random);
    await parts.webhooks.settle(tried);
    if (tried.disable) parts.onDisabled(delivery.endpointId, tried.disable);
  };

  return {
    /** One round; deliveries go on in the background. */
    async round(): Promise<void> {
      const at = parts.clock.now();
      await parts.webhooks.fanOut(500, at);
      const free = AT_ONCE - running.size;
      if (free <= 0) return;
      const due = await parts.webhooks.claim({
        at,
        until: new Date(at.getTime() + CLAIM_SECONDS * 1000),
        limit: Math.min(free, AT_ONCE_PER_ENDPOINT),
        except: [...underWay].filter(([, n]) => n >= AT_ONCE_PER_ENDPOINT).map(([id]) => id),
      });
      for (const delivery of due) {
        const { endpointId } = delivery;
        underWay.set(endpointId, (underWay.get(endpointId) ?? 0) + 1);
        const work = deliver(delivery)
          .catch((error: unknown) => parts.onProblem(`webhook ${delivery.id}`, error))
          .finally(() => {
            const left = underWay.get(endpointId)! - 1;
            if (left > 0) underWay.set(endpointId, left);
            else underWay.delete(endpointId);
            running.delete(work);
          });
        running.add(work);
      }
    },
    /** Resolves when nothing is under way any more. */
    settled: async (): Promise<void> => {
      await Promise.all(running);
    },
  };
}

/** What one answer means for the delivery and its endpoint. */
export function judge(
  delivery: DueDelivery,
  outcome: WebhookOutcome,
  at: Date,
  random: Random,
): Tried {
  const status = 'status' in outcome ? outcome.status : null;
  const fault = 'fault' in outcome ? outcome.fault : null;
  const common = { delivery, at, status, fault };
  if (status !== null && status >= 200 && status < 300)
    return { ...common, delivered: true, nextAt: null, disable: null };
  if (status === 410) return { ...common, delivered: false, nextAt: null, disable: 'gone' };
  const pause = PAUSES[delivery.tries - 1];
  const failing = at.getTime() - (delivery.failingSince ?? at).getTime() >= DISABLE_AFTER * 1000;
  // Up to a tenth more, so that what failed together does not come back together.
  const spread = 1 + random.bytes(1)[0]! / 2550;
  return {
    ...common,
    delivered: false,
    nextAt: pause === undefined ? null : new Date(at.getTime() + pause * spread * 1000),
    disable: failing ? 'failing' : null,
  };
}
