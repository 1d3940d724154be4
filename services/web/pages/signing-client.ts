import { fromBase64Url, toBase64Url } from '@mandate/core/encoding';
import { CALL, takeFirstCall, type FirstCall } from './first-call.js';
import type { PasskeyAnswer, PasskeyOptions } from '@mandate/pages/browser/passkeys';
import { Problem } from '@mandate/pages/browser/problem';
import { problemOf } from '@mandate/pages/browser/problem-response';
import type { ReadingRecord } from './reading/reading.js';
import type { DeclineReason, MaterialView, SigningView } from './signing-view.js';
import { admitted } from './widget-bridge.js';
import { FRAMED } from './widget/frame-place.js';
import { keepHandOver } from './widget/hand-over.js';

/** Longer than the server's own limits, so that its answer wins. */
const PATIENCE_MILLISECONDS = 25_000;
const SIGNATURE_PATIENCE_MILLISECONDS = 60_000;

/** The subject's half of the signing API, same origin, by cookie. Everything throws `Problem`. */
export class SigningClient {
  /** Server's clock minus ours, milliseconds; phones are often wrong by minutes. */
  #skew = 0;
  /** This page's visit: a newer page in the same browser changes the cookie under our feet. */
  #visit: string | undefined;

  /** Milliseconds since 1970 by the server's clock. */
  serverNow(): number {
    return Date.now() + this.#skew;
  }

  async open(token: string): Promise<SigningView> {
    await admitted();
    this.#visit = undefined;
    const body = FRAMED ? { token, framed: true } : { token };
    const { handOver, ...view } = await this.#post<SigningView & { handOver?: string }>(
      'open',
      body,
      takeFirstCall(token),
    );
    this.#visit = view.visit;
    if (handOver === undefined) return view;
    keepHandOver(handOver, (step, body) => this.#post(step, body));
    if (view.framed?.topLevelOnly) throw new Problem('full-page-only');
    // Some browsers keep no cookie for a frame, not even one that is this site's alone.
    return this.view().catch((thrown: unknown) => {
      const lost = thrown instanceof Problem && thrown.code === 'visit-invalid';
      throw lost ? new Problem('cookie-refused') : thrown;
    });
  }

  /** Without a link; the answer's cookie opens the visit. */
  async enter(letterNumber: string, lastSix: string): Promise<SigningView> {
    this.#visit = undefined;
    const view = await this.#post('enter', { letterNumber, lastSix });
    this.#visit = view.visit;
    return view;
  }

  /** `again`: the letter of a set to be read once more. */
  async view(again?: string): Promise<SigningView> {
    await admitted();
    const first = takeFirstCall(undefined);
    const view = (await (await this.#fetch(named(again), {}, first)).json()) as SigningView;
    this.#visit = view.visit;
    return view;
  }

  identify(lastSix: string): Promise<SigningView> {
    return this.#post('identify', { lastSix });
  }

  /** Of a set: which. */
  async letter(authorization?: string): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(
      await (await this.#fetch(`/letter${named(authorization)}`)).arrayBuffer(),
    );
  }

  refuseLetter(letterDigest: string): Promise<SigningView> {
    return this.#post('refuse-letter', { letterDigest });
  }

  presentation(letterDigest: string, record: ReadingRecord): Promise<SigningView> {
    return this.#post('presentation', { letterDigest, record });
  }

  /** Has a provider check who this is. */
  identity(check: string, input?: string): Promise<SigningView> {
    return this.#post('identity', { check, ...(input === undefined ? {} : { input }) });
  }

  /** `enrol`: a code although none is asked for, to set up a passkey. */
  challenge(by: 'sms' | 'voice', enrol = false): Promise<SigningView> {
    return this.#post('challenge', {
      ...(by === 'voice' ? { channel: by } : {}),
      ...(enrol ? { enrol } : {}),
    });
  }

  passkeyOptions(): Promise<PasskeyOptions> {
    return this.#post('passkeys/options', {});
  }

  registerPasskey(registration: PasskeyAnswer, code?: string): Promise<unknown> {
    return this.#post('passkeys', { registration, ...(code === undefined ? {} : { code }) });
  }

  confirmation(
    measures: { readonly code?: string; readonly passkey?: PasskeyAnswer },
    publicKey: Uint8Array,
    proof: Uint8Array,
  ): Promise<SigningView> {
    return this.#post('confirmation', {
      ...measures,
      publicKey: toBase64Url(publicKey),
      proof: toBase64Url(proof),
    });
  }

  /** One answer for all letters of a set, a key for each. */
  confirmSet(
    measures: { readonly code?: string; readonly passkey?: PasskeyAnswer },
    keys: readonly {
      readonly authorization: string;
      readonly publicKey: Uint8Array;
      readonly proof: Uint8Array;
    }[],
  ): Promise<SigningView> {
    return this.#post('confirmation', {
      ...measures,
      keys: keys.map(({ authorization, publicKey, proof }) => ({
        authorization,
        publicKey: toBase64Url(publicKey),
        proof: toBase64Url(proof),
      })),
    });
  }

  async attempt(
    publicKey: Uint8Array,
    proof: Uint8Array,
    authorization?: string,
  ): Promise<AttemptMaterial> {
    const view = await this.#post<MaterialView>('attempts', {
      ...(authorization === undefined ? {} : { authorization }),
      publicKey: toBase64Url(publicKey),
      proof: toBase64Url(proof),
    });
    return {
      attemptId: view.attemptId,
      certificate: fromBase64Url(view.certificate),
      update: fromBase64Url(view.update),
      signedAttributes: fromBase64Url(view.signedAttributes),
    };
  }

  signature(
    attemptId: string,
    signature: Uint8Array,
    authorization?: string,
  ): Promise<SigningView> {
    return this.#post(
      `attempts/${encodeURIComponent(attemptId)}/signature`,
      {
        ...(authorization === undefined ? {} : { authorization }),
        signature: toBase64Url(signature),
      },
      undefined,
      SIGNATURE_PATIENCE_MILLISECONDS,
    );
  }

  decline(reason: DeclineReason): Promise<SigningView> {
    return this.#post('decline', { reason });
  }

  async #post<T = SigningView>(
    step: string,
    body: unknown,
    sent?: FirstCall,
    patience?: number,
  ): Promise<T> {
    const init = { method: 'POST', body: JSON.stringify(body) };
    return (await this.#fetch(`/${step}`, init, sent, patience)).json() as Promise<T>;
  }

  /** `sent`: this very call, already under way. */
  async #fetch(
    path: string,
    init: RequestInit = {},
    sent?: FirstCall,
    patience = PATIENCE_MILLISECONDS,
  ): Promise<Response> {
    const abort = sent?.abort ?? new AbortController();
    const timer = setTimeout(() => abort.abort(), patience);
    let response: Response;
    try {
      response = await (sent?.answer ??
        fetch(`/v1/signing${path}`, {
          ...init,
          ...CALL,
          signal: abort.signal,
          headers: {
            'X-Requested-With': 'mandate',
            ...(FRAMED ? { 'X-Mandate-Framed': '1' } : {}),
            ...(this.#visit === undefined ? {} : { 'X-Mandate-Visit': this.#visit }),
            ...(init.body === undefined ? {} : { 'Content-Type': 'application/json' }),
          },
        }));
      // The body is read here so that the time limit covers it too.
      const body = await response.arrayBuffer();
      const { status, headers } = response;
      response = new Response(body.byteLength === 0 ? null : body, { status, headers });
    } catch {
      throw new Problem(abort.signal.aborted ? 'timeout' : 'offline');
    } finally {
      clearTimeout(timer);
    }
    const date = Date.parse(response.headers.get('date') ?? '');
    // The header names the whole second; its middle is right to half a second.
    if (!Number.isNaN(date)) this.#skew = date + 500 - Date.now();
    if (!response.ok) throw await problemOf(response);
    return response;
  }
}

/** Names a letter of a set in the address. */
const named = (authorization?: string): string =>
  authorization === undefined ? '' : `?authorization=${encodeURIComponent(authorization)}`;

/** What an attempt hands the subject's key, decoded. */
export interface AttemptMaterial {
  readonly attemptId: string;
  readonly certificate: Uint8Array;
  readonly update: Uint8Array;
  readonly signedAttributes: Uint8Array;
}
