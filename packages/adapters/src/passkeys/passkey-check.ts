import {
  bytesEqual,
  DomainError,
  fromBase64Url,
  fromUtf8,
  toBase64Url,
  type PasskeyAssertion,
  type PasskeyCheck,
  type PasskeyKind,
} from '@mandate/core';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { decodeAttestationObject } from '@simplewebauthn/server/helpers';

/** COSE: ES256, EdDSA (Ed25519), RS256, in the order we would have them. */
export const PASSKEY_ALGORITHMS: readonly number[] = [-7, -8, -257];

/** How long the device may take to ask its owner, milliseconds. */
const TIMEOUT = 120_000;
const TRANSPORTS: readonly string[] = [
  'ble',
  'cable',
  'hybrid',
  'internal',
  'nfc',
  'smart-card',
  'usb',
];

/** What the page names as relying party; the passkeys made under it are bound to this host for good. */
export function passkeyCheck(publicUrl: string): PasskeyCheck {
  const { origin, hostname: rpId } = new URL(publicUrl);
  const known = (list: readonly { credentialId: Uint8Array; transports: readonly string[] }[]) =>
    list.map(({ credentialId, transports }) => ({
      id: toBase64Url(credentialId),
      transports: [...transports] as AuthenticatorTransport[],
    }));
  return {
    rpId,
    origin,

    async options({ challenge, user, known: list }) {
      const ownBytes = new Uint8Array(challenge);
      const creation = await generateRegistrationOptions({
        rpID: rpId,
        rpName: rpId,
        challenge: ownBytes,
        userID: new Uint8Array(user.handle),
        userName: user.name,
        userDisplayName: user.name,
        timeout: TIMEOUT,
        attestationType: 'none',
        excludeCredentials: known(list),
        supportedAlgorithmIDs: [...PASSKEY_ALGORITHMS],
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      });
      if (list.length === 0) return { registered: false, creation: plain(creation) };
      const request = await generateAuthenticationOptions({
        rpID: rpId,
        challenge: ownBytes,
        timeout: TIMEOUT,
        userVerification: 'required',
        allowCredentials: known(list),
      });
      return { registered: true, creation: plain(creation), request: plain(request) };
    },

    registration: (answer, challenge) =>
      refusing(async () => {
        refuseFrames(answer.response.clientDataJSON);
        refuseCertificates(answer.response.attestationObject);
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          response: { ...answer, clientExtensionResults: {} } as RegistrationResponseJSON,
          expectedChallenge: toBase64Url(challenge),
          expectedOrigin: origin,
          expectedRPID: rpId,
          requireUserVerification: true,
          supportedAlgorithmIDs: [...PASSKEY_ALGORITHMS],
        });
        if (!verified) throw new Error('not verified');
        const { credential } = registrationInfo;
        if (credential.id !== answer.id) throw new Error('another credential than it says');
        const transports = (answer.response.transports ?? []).filter((it) =>
          TRANSPORTS.includes(it),
        );
        return {
          credentialId: fromBase64Url(credential.id),
          publicKey: new Uint8Array(credential.publicKey),
          counter: credential.counter,
          transports,
          kind: kindOf(transports, registrationInfo.credentialDeviceType === 'multiDevice'),
        };
      }),

    assertion: (answer, challenge, passkey) =>
      refusing(async () => {
        refuseFrames(answer.response.clientDataJSON);
        if (!bytesEqual(fromBase64Url(answer.id), passkey.credentialId))
          throw new Error('another credential');
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          response: { ...answer, clientExtensionResults: {} } as AuthenticationResponseJSON,
          expectedChallenge: toBase64Url(challenge),
          expectedOrigin: origin,
          expectedRPID: rpId,
          requireUserVerification: true,
          credential: {
            id: answer.id,
            publicKey: new Uint8Array(passkey.publicKey),
            counter: passkey.counter,
          },
        });
        if (!verified) throw new Error('the signature does not hold');
        strictSpelling(answer);
        return { counter: authenticationInfo.newCounter };
      }),
  };
}

/**
 * Answers that were checked when they came, checked once more where the page's address of then is not known: by the one
 * they name. An authenticator signs for the host its credential was made for, and for no other.
 */
export const keptAnswers: Pick<PasskeyCheck, 'assertion'> = {
  assertion: async (answer, challenge, passkey) => {
    const check = await refusing(async () => {
      const json = fromUtf8(fromBase64Url(answer.response.clientDataJSON));
      return passkeyCheck((JSON.parse(json) as { origin: string }).origin);
    });
    return check.assertion(answer, challenge, passkey);
  },
};

/** What one plugs in or holds near reaches the browser by nothing else. */
const ROAMING: readonly string[] = ['ble', 'nfc', 'smart-card', 'usb'];

/** `spread`: the authenticator said that it may copy the key to other devices (flag BE, WebAuthn Level 3 §6.1.3). */
export function kindOf(transports: readonly string[], spread: boolean): PasskeyKind {
  if (spread) return 'synced';
  if (transports.includes('internal')) return 'device';
  return transports.length > 0 && transports.every((it) => ROAMING.includes(it))
    ? 'security-key'
    : 'unknown';
}

/** An answer given inside somebody else's page may have been coaxed out of its owner. */
function refuseFrames(clientDataJSON: string): void {
  const { crossOrigin, topOrigin } = JSON.parse(fromUtf8(fromBase64Url(clientDataJSON))) as {
    crossOrigin?: unknown;
    topOrigin?: unknown;
  };
  if (crossOrigin || topOrigin) throw new Error('given in a frame of another site');
}

/**
 * No attestation is asked for, so no certificates are looked at: the library would follow the addresses in
 * them, out of a process that reaches nobody. A key that vouches for itself names none.
 */
function refuseCertificates(attestationObject: string): void {
  const attestation = decodeAttestationObject(new Uint8Array(fromBase64Url(attestationObject)));
  const format = attestation.get('fmt');
  const bySelf = format === 'packed' && attestation.get('attStmt').get('x5c') === undefined;
  if (format !== 'none' && !bySelf) throw new Error('an attestation that nobody asked for');
}

/** What is kept for the bundle is read strictly there: other spellings of the same bytes are refused here. */
function strictSpelling({ response }: PasskeyAssertion): void {
  fromBase64Url(response.authenticatorData);
  fromBase64Url(response.signature);
}

/** The library says why in prose that quotes the answer; the caller learns that it does not hold. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new DomainError('passkey-invalid', 'the passkey did not answer this challenge', {
      cause,
    });
  }
}

/** Members that are undefined have no place in JSON. */
const plain = (options: object): Readonly<Record<string, unknown>> =>
  JSON.parse(JSON.stringify(options)) as Record<string, unknown>;
