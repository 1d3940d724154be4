import { concat, toBase64Url, utf8 } from './encoding.js';
import { sha256 } from './digest.js';

/** State, nonce and PKCE verifier of one visit to the identity provider, all drawn from its challenge; base64url. */
export const providerWord = (use: 'state' | 'nonce' | 'verifier', challenge: Uint8Array): string =>
  toBase64Url(sha256(concat(utf8(`mandate/sign-in/${use}\n`), challenge)));
