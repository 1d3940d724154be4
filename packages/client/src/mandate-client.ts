import { BulkClient } from './bulk-client.js';
import { platform, type System } from './system.js';
import { send, type Call, type TransportOptions } from './transport.js';
import type * as api from './types.js';

export interface ClientOptions extends Partial<System> {
  readonly baseUrl: string;
  /** `mk_…`; belongs on a server, never into a page. */
  readonly apiKey: string;
  /** Tries per call, 4 unless said. */
  readonly tries?: number;
  readonly timeoutMilliseconds?: number;
}

/** Repeating a call with the same key has one effect and the same answer. */
export interface Once {
  readonly idempotencyKey?: string;
}

/**
 * The institution's side of the API. Every method throws `MandateError` for a refusal and
 * `MandateConnectionError` when no answer came; both after the retries that can help.
 */
export class MandateClient {
  readonly #transport: TransportOptions;
  /** Many requests from one file. */
  readonly bulk: BulkClient;

  constructor({ tries = 4, timeoutMilliseconds = 15_000, ...options }: ClientOptions) {
    this.#transport = { ...platform, ...options, tries, timeoutMilliseconds };
    this.bulk = new BulkClient(this.#transport);
  }

  /** The institution’s templates, one row per version. */
  async templates(): Promise<readonly api.Template[]> {
    return (await this.#get<{ items: api.Template[] }>('/v1/templates')).items;
  }

  /** A new template, a draft; what stands in one says the API reference. */
  createTemplate(body: unknown, once?: Once): Promise<api.Template> {
    return this.#post('/v1/templates', body, once);
  }

  /** Hands a draft to a reviewer, with the reference of its impact assessment. */
  submitTemplate(
    { id, version }: Pick<api.Template, 'id' | 'version'>,
    body: { assessment?: string } = {},
    once?: Once,
  ): Promise<api.Template> {
    return this.#post(`/v1/templates/${id}/versions/${version}/submit`, body, once);
  }

  /** Publishes what was submitted: with the key of a person who did not write on it. */
  approveTemplate(
    { id, version }: Pick<api.Template, 'id' | 'version'>,
    body: { assessment?: string; waivers?: readonly api.Waiver[] } = {},
    once?: Once,
  ): Promise<api.Template> {
    return this.#post(`/v1/templates/${id}/versions/${version}/approve`, body, once);
  }

  /** Lets pass what a newer rule pack finds in a published version: with the key of a second person. */
  waiveFinding(
    { id, version }: Pick<api.Template, 'id' | 'version'>,
    waiver: api.Waiver,
    once?: Once,
  ): Promise<api.Template> {
    return this.#post(`/v1/templates/${id}/versions/${version}/waivers`, waiver, once);
  }

  /** Asks for an authorization; the letter is rendered now and never changes. */
  requestAuthorization(request: api.AuthorizationRequest, once?: Once): Promise<api.Authorization> {
    return this.#post('/v1/authorizations', request, once);
  }

  authorization(id: string): Promise<api.Authorization> {
    return this.#get(pathOf(id));
  }

  authorizations(
    page: { state?: api.AuthorizationState; cursor?: string; limit?: number } = {},
  ): Promise<api.Page<api.Authorization>> {
    return this.#get('/v1/authorizations', page);
  }

  /** A link for the subject, to be sent by your own channel. */
  signingLink(id: string): Promise<api.SigningLink> {
    return this.#post(pathOf(id, 'signing-links'), {});
  }

  /** A single-use ticket for the widget on pages of these origins, or for a full page. */
  signingTicket(id: string, ticket: api.SigningTicketRequest): Promise<api.SigningTicket> {
    return this.#post(pathOf(id, 'signing-tickets'), ticket);
  }

  /** Asks for two to five authorizations of one subject, to be signed in one sitting. */
  requestSigningSet(request: api.SigningSetRequest, once?: Once): Promise<api.SigningSet> {
    return this.#post('/v1/signing-sets', request, once);
  }

  signingSet(id: string): Promise<api.SigningSet> {
    return this.#get(`/v1/signing-sets/${encodeURIComponent(id)}`);
  }

  signingSetLink(id: string): Promise<api.SigningLink> {
    return this.#post(`/v1/signing-sets/${encodeURIComponent(id)}/signing-links`, {});
  }

  signingSetTicket(id: string, ticket: api.SigningTicketRequest): Promise<api.SigningTicket> {
    return this.#post(`/v1/signing-sets/${encodeURIComponent(id)}/signing-tickets`, ticket);
  }

  /** Uses the authorization once. The receipt goes to the data source with the query. */
  redeem(id: string, request: api.RedemptionRequest, once?: Once): Promise<api.MadeRedemption> {
    return this.#post(pathOf(id, 'redemptions'), request, once);
  }

  /** The reserved use took place. */
  confirmRedemption(id: string, redemption: string, once?: Once): Promise<api.Redemption> {
    return this.#post(pathOf(id, 'redemptions', redemption, 'confirmation'), {}, once);
  }

  /** The reserved use did not take place: it does not count. */
  releaseRedemption(id: string, redemption: string, once?: Once): Promise<api.Redemption> {
    return this.#post(pathOf(id, 'redemptions', redemption, 'release'), {}, once);
  }

  /** The register of uses, newest first. */
  redemptions(
    id: string,
    page: { cursor?: string; limit?: number } = {},
  ): Promise<api.Page<api.ListedRedemption>> {
    return this.#get(pathOf(id, 'redemptions'), page);
  }

  /** Whether it can still be used, as of now. */
  condition(id: string): Promise<api.Condition> {
    return this.#get(pathOf(id, 'condition'));
  }

  /** The subject withdraws, told to you: in force from the answer on. */
  withdraw(id: string, request: api.WithdrawalRequest, once?: Once): Promise<api.Withdrawal> {
    return this.#post(pathOf(id, 'withdrawals'), request, once);
  }

  /** The subject disputes the signature, told to you: nothing is used from the answer on. */
  dispute(id: string, request: api.HoldRequest, once?: Once): Promise<api.Hold> {
    return this.#post(pathOf(id, 'holds'), request, once);
  }

  /** Disputes over it, oldest first, with their receipts. */
  async holds(id: string): Promise<readonly api.ListedHold[]> {
    return (await this.#get<{ items: api.ListedHold[] }>(pathOf(id, 'holds'))).items;
  }

  /** Your word on how a dispute should end, once; two people of the disputes desk may decide otherwise. */
  proposeResolution(
    id: string,
    hold: string,
    proposal: api.HoldProposal,
    once?: Once,
  ): Promise<api.Hold> {
    return this.#post(pathOf(id, 'holds', hold, 'proposal'), proposal, once);
  }

  /** The event that was agreed as the end has happened. */
  end(id: string, request: api.EndRequest, once?: Once): Promise<api.End> {
    return this.#post(pathOf(id, 'end'), request, once);
  }

  /** The verification report on what was signed, as JSON. */
  report(id: string, once?: Once): Promise<Readonly<Record<string, unknown>>> {
    return this.#post(pathOf(id, 'reports'), {}, once);
  }

  /** The same as a sealed PDF. */
  reportPdf(id: string, language: 'zh' | 'en' = 'zh'): Promise<Uint8Array> {
    return this.#bytes(pathOf(id, `report.${language}.pdf`));
  }

  /** The signed letter, PDF. */
  letter(id: string): Promise<Uint8Array> {
    return this.#bytes(pathOf(id, 'letter'));
  }

  /** The evidence bundle, ASiC-E. */
  bundle(id: string): Promise<Uint8Array> {
    return this.#bytes(pathOf(id, 'bundle'));
  }

  /** Has events delivered to an address; keep the secret for `verifyWebhook`. */
  createWebhook(request: api.WebhookRequest, once?: Once): Promise<api.WebhookWithSecret> {
    return this.#post('/v1/webhooks', request, once);
  }

  async webhooks(): Promise<readonly api.Webhook[]> {
    return (await this.#get<{ items: api.Webhook[] }>('/v1/webhooks')).items;
  }

  /** What happened, oldest first, delivered or not; go on from `nextCursor`. */
  events(
    filter: api.EventFilter = {},
  ): Promise<{ readonly items: readonly api.ListedEvent[]; readonly nextCursor: string }> {
    return this.#get('/v1/events', { ...filter });
  }

  /** Has one event delivered once more. */
  async resendEvent(webhook: string, event: number): Promise<void> {
    const path = `/v1/webhooks/${encodeURIComponent(webhook)}/deliveries`;
    await send(this.#transport, {
      ...{ method: 'POST' as const, path, body: { event } },
      idempotencyKey: this.#transport.newKey(),
    });
  }

  async apiKeys(): Promise<readonly api.ApiKey[]> {
    return (await this.#get<{ items: api.ApiKey[] }>('/v1/keys')).items;
  }

  /** A key that may less than yours; its text is shown this once. */
  createApiKey(
    key: { name: string; scopes: readonly string[]; days?: number },
    once?: Once,
  ): Promise<api.ApiKeyWithText> {
    return this.#post('/v1/keys', key, once);
  }

  async deleteWebhook(id: string): Promise<void> {
    const path = `/v1/webhooks/${encodeURIComponent(id)}`;
    await send(this.#transport, { method: 'DELETE', path });
  }

  #get<T>(path: string, query?: NonNullable<Call['query']>): Promise<T> {
    return this.#json({ method: 'GET', path, ...(query ? { query } : {}) });
  }

  #post<T>(path: string, body: unknown, once: Once = {}): Promise<T> {
    const idempotencyKey = once.idempotencyKey ?? this.#transport.newKey();
    return this.#json({ method: 'POST', path, body, idempotencyKey });
  }

  async #json<T>(call: Call): Promise<T> {
    return (await (await send(this.#transport, call)).json()) as T;
  }

  async #bytes(path: string): Promise<Uint8Array> {
    const response = await send(this.#transport, { method: 'GET', path });
    return new Uint8Array(await response.arrayBuffer());
  }
}

const pathOf = (authorization: string, ...rest: string[]): string =>
  ['/v1/authorizations', ...[authorization, ...rest].map(encodeURIComponent)].join('/');
