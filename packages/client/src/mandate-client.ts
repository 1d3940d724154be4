import { platform, type System } from './system.js';
import { send, type Call, type TransportOptions } from './transport.js';
import type {
  Authorization,
  AuthorizationRequest,
  AuthorizationState,
  Page,
  Redemption,
  RedemptionRequest,
} from './types.js';

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

  constructor({ tries = 4, timeoutMilliseconds = 15_000, ...options }: ClientOptions) {
    this.#transport = { ...platform, ...options, tries, timeoutMilliseconds };
  }

  /** Asks for an authorization; the letter is rendered now and never changes. */
  requestAuthorization(request: AuthorizationRequest, once?: Once): Promise<Authorization> {
    return this.#post('/v1/authorizations', request, once);
  }

  authorization(id: string): Promise<Authorization> {
    return this.#json({ method: 'GET', path: `/v1/authorizations/${encodeURIComponent(id)}` });
  }

  authorizations(
    page: { state?: AuthorizationState; cursor?: string; limit?: number } = {},
  ): Promise<Page<Authorization>> {
    return this.#json({ method: 'GET', path: '/v1/authorizations', query: page });
  }

  /** A link for the subject, to be sent by your own channel. */
  signingLink(id: string): Promise<{ url: string; expiresAt: string }> {
    return this.#post(`/v1/authorizations/${encodeURIComponent(id)}/signing-links`, {}, {});
  }

  /** A single-use ticket for the widget on pages of these origins. */
  signingTicket(
    id: string,
    ticket: { origins: readonly string[]; returnUrl?: string },
  ): Promise<{ ticket: string; expiresAt: string }> {
    return this.#post(`/v1/authorizations/${encodeURIComponent(id)}/signing-tickets`, ticket, {});
  }

  /** Uses the authorization once. The receipt goes to the data source with the query. */
  redeem(id: string, request: RedemptionRequest, once?: Once): Promise<Redemption> {
    return this.#post(`/v1/authorizations/${encodeURIComponent(id)}/redemptions`, request, once);
  }

  /** The reserved use took place. */
  confirmRedemption(id: string, redemption: string, once?: Once): Promise<Redemption> {
    return this.#post(`${redemptionPath(id, redemption)}/confirmation`, {}, once);
  }

  /** The reserved use did not take place: it does not count. */
  releaseRedemption(id: string, redemption: string, once?: Once): Promise<Redemption> {
    return this.#post(`${redemptionPath(id, redemption)}/release`, {}, once);
  }

  /** The signed letter, PDF. */
  letter(id: string): Promise<Uint8Array> {
    return this.#bytes(`/v1/authorizations/${encodeURIComponent(id)}/letter`);
  }

  /** The evidence bundle, ASiC-E. */
  bundle(id: string): Promise<Uint8Array> {
    return this.#bytes(`/v1/authorizations/${encodeURIComponent(id)}/bundle`);
  }

  async #post<T>(path: string, body: unknown, once: Once = {}): Promise<T> {
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

const redemptionPath = (id: string, redemption: string): string =>
  `/v1/authorizations/${encodeURIComponent(id)}/redemptions/${encodeURIComponent(redemption)}`;
