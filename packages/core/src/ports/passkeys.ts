/** The browser's answer to `navigator.credentials.create`, as WebAuthn Level 3 §5.1 writes it in JSON. */
export interface PasskeyRegistration {
  readonly id: string;
  readonly rawId: string;
  readonly type: 'public-key';
  readonly response: {
    readonly clientDataJSON: string;
    readonly attestationObject: string;
    readonly transports?: readonly string[];
  };
}

/** The browser's answer to `navigator.credentials.get`, in the same spelling. */
export interface PasskeyAssertion {
  readonly id: string;
  readonly rawId: string;
  readonly type: 'public-key';
  readonly response: {
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
    readonly userHandle?: string;
  };
}

/** What the page hands to WebAuthn; both are its JSON dictionaries. */
export interface PasskeyOptions {
  /** The subject has a passkey here, on whatever device. */
  readonly registered: boolean;
  /** `PublicKeyCredentialRequestOptionsJSON`; absent when there is none to ask for. */
  readonly request?: Readonly<Record<string, unknown>>;
  /** `PublicKeyCredentialCreationOptionsJSON`. */
  readonly creation: Readonly<Record<string, unknown>>;
}

/** What keeps a passkey: a key to plug in or hold near, an account that spreads it, or one device alone. */
export const PASSKEY_KINDS = ['security-key', 'synced', 'device', 'unknown'] as const;
export type PasskeyKind = (typeof PASSKEY_KINDS)[number];

/** A credential as its registration showed it. */
export interface NewPasskey {
  readonly credentialId: Uint8Array;
  /** COSE_Key. */
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
  /** As far as the device told; nobody has vouched for it. */
  readonly kind: PasskeyKind;
}

/**
 * The relying party's side of WebAuthn for one origin. User verification is always demanded, and an answer
 * from within somebody else's page is refused.
 */
export interface PasskeyCheck {
  readonly rpId: string;
  readonly origin: string;
  options(request: {
    /** 32 bytes. */
    challenge: Uint8Array;
    user: { handle: Uint8Array; name: string };
    known: readonly { credentialId: Uint8Array; transports: readonly string[] }[];
  }): Promise<PasskeyOptions>;
  /** Throws `passkey-invalid`. */
  registration(answer: PasskeyRegistration, challenge: Uint8Array): Promise<NewPasskey>;
  /** The authenticator's new counter. Throws `passkey-invalid`, also when the counter went back. */
  assertion(
    answer: PasskeyAssertion,
    challenge: Uint8Array,
    passkey: Pick<NewPasskey, 'credentialId' | 'publicKey' | 'counter'>,
  ): Promise<{ readonly counter: number }>;
}
