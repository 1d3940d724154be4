import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { Problem } from './problem.js';

/** Fetched when somebody uses a passkey, never before. */
const library = () => import('@simplewebauthn/browser');

/** What the server answers to `passkeys/options`. */
export interface PasskeyOptions {
  /** The subject has one, on whatever device. */
  readonly registered: boolean;
  readonly request?: PublicKeyCredentialRequestOptionsJSON;
  readonly creation: PublicKeyCredentialCreationOptionsJSON;
}

/** Members the server reads; the rest of the browser's answer stays here. */
export interface PasskeyAnswer {
  readonly id: string;
  readonly rawId: string;
  readonly type: string;
  readonly response: object;
}

/** True where a passkey can be used: a browser that has them, on a page that stands by itself. */
export const passkeysWork = (): boolean =>
  'PublicKeyCredential' in globalThis && window.top === window.self;

/**
 * Asks the device to answer `challenge` (base64url), which this page has computed from what it showed.
 * Throws `passkey-cancelled`.
 */
export async function askPasskey(
  optionsJSON: PublicKeyCredentialRequestOptionsJSON,
  challenge: string,
): Promise<PasskeyAnswer> {
  const { startAuthentication } = await library();
  return asked(async () => {
    const { id, rawId, type, response } = await startAuthentication({
      optionsJSON: { ...optionsJSON, challenge },
    });
    return { id, rawId, type, response };
  });
}

/** Has the device make a passkey. Throws `passkey-cancelled`, `passkey-present`. */
export async function makePasskey(
  optionsJSON: PublicKeyCredentialCreationOptionsJSON,
): Promise<PasskeyAnswer> {
  const { startRegistration } = await library();
  return asked(async () => {
    const { id, rawId, type, response } = await startRegistration({ optionsJSON });
    const { clientDataJSON, attestationObject, transports = [] } = response;
    return { id, rawId, type, response: { clientDataJSON, attestationObject, transports } };
  });
}

/** A browser never says why: the owner refused, took too long, or has no passkey here. */
async function asked(work: () => Promise<PasskeyAnswer>): Promise<PasskeyAnswer> {
  try {
    return await work();
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.name : '';
    if (name === 'InvalidStateError') throw new Problem('passkey-present');
    throw new Problem('passkey-cancelled');
  }
}
