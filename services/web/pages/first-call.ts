import { firstToken } from './take-token.js';

export interface FirstCall {
  readonly abort: AbortController;
  readonly answer: Promise<Response>;
}

/** What every call to the signing API is sent with. */
export const CALL: RequestInit = {
  credentials: 'same-origin',
  cache: 'no-store',
  redirect: 'error',
};

let call = begin();

/**
 * What any page asks first, sent while the rest of the page is still on its way: a round trip and the
 * start of the large scripts go on at once. Not in a frame, where the host is met first, and not where
 * no key could be made.
 */
function begin(): FirstCall | undefined {
  if (window.parent !== window || !isSecureContext || !globalThis.crypto?.subtle) return undefined;
  const abort = new AbortController();
  const headers = { 'X-Requested-With': 'mandate' };
  const init = { ...CALL, headers, signal: abort.signal };
  const answer =
    firstToken === undefined
      ? fetch('/v1/signing', init)
      : fetch('/v1/signing/open', {
          ...init,
          method: 'POST',
          headers: { ...headers, 'Content-Type': 'application/json' },
          body: JSON.stringify({ token: firstToken }),
        });
  // Whoever takes it tells of a failure.
  answer.catch(() => undefined);
  return { abort, answer };
}

/** The call under way for this token (none: for the cookie's visit), to the first who asks for it. */
export function takeFirstCall(token: string | undefined): FirstCall | undefined {
  const taken = token === firstToken ? call : undefined;
  call = undefined;
  return taken;
}
