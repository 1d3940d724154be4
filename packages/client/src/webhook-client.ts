import { pathOf, type ApiCalls, type Once } from './api-calls.js';
import type * as api from './types.js';

/** Where events are delivered to, and what became of each delivery. */
export class WebhookClient {
  constructor(private readonly calls: ApiCalls) {}

  /** Keep the secret for `verifyWebhook`; it is shown this once. */
  create(request: api.WebhookRequest, once?: Once): Promise<api.WebhookWithSecret> {
    return this.calls.post('/v1/webhooks', request, once);
  }

  list(): Promise<readonly api.Webhook[]> {
    return this.calls.items('/v1/webhooks');
  }

  read(id: string): Promise<api.Webhook> {
    return this.calls.get(pathOf('webhooks', id));
  }

  /** Deliver there no more. */
  delete(id: string): Promise<void> {
    return this.calls.delete(pathOf('webhooks', id));
  }

  /** A new secret, shown this once; for a day deliveries are signed with the former one as well. Not repeated: a second new
   * secret would take the former one's place. */
  rotateSecret(id: string): Promise<api.WebhookWithSecret> {
    return this.calls.postOnce(pathOf('webhooks', id, 'secret'), {});
  }

  enable(id: string): Promise<api.Webhook> {
    return this.calls.post(pathOf('webhooks', id, 'enable'), {});
  }

  disable(id: string): Promise<api.Webhook> {
    return this.calls.post(pathOf('webhooks', id, 'disable'), {});
  }

  /** Newest first; `open`: only those that have not arrived. */
  deliveries(
    id: string,
    { open, ...page }: { open?: boolean; cursor?: string; limit?: number } = {},
  ): Promise<api.Page<api.WebhookDelivery>> {
    const query = { ...page, ...(open === undefined ? {} : { open: String(open) }) };
    return this.calls.get(pathOf('webhooks', id, 'deliveries'), query);
  }

  /** Has one event delivered once more. */
  resend(id: string, event: number): Promise<void> {
    return this.calls.tell(pathOf('webhooks', id, 'deliveries'), { event });
  }
}
