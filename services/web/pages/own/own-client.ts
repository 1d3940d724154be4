import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import type { IdImageSide, OwnDetail, OwnList, OwnPerson } from './own-view.js';
import type { PasskeyAnswer } from '@mandate/pages/browser/passkeys';
import { Problem } from '@mandate/pages/browser/problem';
import { problemOf } from '@mandate/pages/browser/problem-response';

const PATIENCE_MILLISECONDS = 25_000;

/** The subject's own authorizations, same origin, by cookie. Everything throws `Problem`. */
export class OwnClient {
  /** Server's clock minus ours, milliseconds. */
  #skew = 0;

  serverNow(): number {
    return Date.now() + this.#skew;
  }

  enter = (person: OwnPerson): Promise<{ expiresAt: string }> => this.#call('/enter', person);

  passkeyOptions = (): Promise<{ request: PublicKeyCredentialRequestOptionsJSON }> =>
    this.#call('/passkey-options', {});

  confirm = (answer: { code: string } | { passkey: PasskeyAnswer }): Promise<OwnList> =>
    this.#call('/confirm', answer);

  open = (token: string): Promise<OwnList> => this.#call('/open', { token });
  list = (): Promise<OwnList> => this.#call('');
  detail = (id: string): Promise<OwnDetail> => this.#call(`/${id}`);
  withdraw = (id: string): Promise<OwnDetail> => this.#call(`/${id}/withdrawal`, {});
  dispute = (id: string, reason: string): Promise<OwnDetail> =>
    this.#call(`/${id}/dispute`, { reason });
  erase = (id: string): Promise<unknown> => this.#call(`/${id}/erasure`, {});
  giveIdImage = (id: string, side: IdImageSide, file: File): Promise<OwnDetail> =>
    this.#call(`/${id}/id-images?side=${side}`, file);
  destroyIdImage = (id: string, image: string): Promise<OwnDetail> =>
    this.#call(`/${id}/id-images/${image}/destruction`, {});
  removePasskey = (id: string): Promise<OwnList> => this.#call(`/passkeys/${id}/removal`, {});
  leave = (): Promise<unknown> => this.#call('/leave', {});

  async #call<T>(path: string, body?: unknown): Promise<T> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), PATIENCE_MILLISECONDS);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`/v1/own${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        ...(body === undefined ? {} : { body: body instanceof File ? body : JSON.stringify(body) }),
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'error',
        signal: abort.signal,
        headers: {
          'X-Requested-With': 'mandate',
          ...(body === undefined
            ? {}
            : { 'Content-Type': body instanceof File ? body.type : 'application/json' }),
        },
      });
      // Read here so that the time limit covers it too.
      text = await response.text();
    } catch {
      throw new Problem(abort.signal.aborted ? 'timeout' : 'offline');
    } finally {
      clearTimeout(timer);
    }
    const date = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(date)) this.#skew = date + 500 - Date.now();
    const { status, headers } = response;
    if (!response.ok) throw await problemOf(new Response(text, { status, headers }));
    return JSON.parse(text) as T;
  }
}
