import {
  DomainError,
  isDomainError,
  type Clock,
  type Random,
  type SigningKey,
} from '@mandate/core';
import {
  assembleSignedData,
  OID,
  parseCertificate,
  parseTimestampRequest,
  readDer,
  signedAttributes,
  timestampResponse,
  tstInfo,
  type TimestampFailure,
  type TimestampRequest,
} from '@mandate/pki';
import { sha256 } from '@mandate/core';

/** Policy of the built-in authority, under the arc of the same UUID as the scene binding. */
export const BUILT_IN_POLICY = '2.25.81704052118584555750488151940878558925.1';

/**
 * The built-in RFC 3161 authority: one request in, one response out. Refusals are answers with the
 * PKIFailureInfo of §2.4.2: `badDataFormat` (no DER), `badRequest` (no request), `badAlg` (an imprint below
 * SHA-256), `unacceptedPolicy`, `unacceptedExtension`, `timeNotAvailable` (the clock went back) and
 * `systemFailure` (the key does not sign). `addInfoNotAvailable` answers a question nobody can ask here.
 */
export function timestampAuthority(deps: {
  key: SigningKey;
  clock: Clock;
  random: Random;
  /** Told why the key did not sign. */
  onProblem?: (error: unknown) => void;
}) {
  if (deps.key.suite !== 'ecdsa-p256-sha256')
    throw new DomainError('key-unavailable', 'the timestamp key has the wrong suite');
  const certificate = parseCertificate(deps.key.chain[0]!);
  let latest = 0;
  return async function respond(der: Uint8Array): Promise<Uint8Array> {
    let request: TimestampRequest;
    try {
      request = parseTimestampRequest(der);
    } catch (error) {
      if (isDomainError(error, 'unsupported-algorithm')) return refuse('badAlg');
      return refuse(isDer(der) ? 'badRequest' : 'badDataFormat');
    }
    if (request.extensions.length > 0) return refuse('unacceptedExtension');
    if (request.policy !== null && request.policy !== BUILT_IN_POLICY)
      return refuse('unacceptedPolicy');

    const genTime = deps.clock.now();
    if (genTime.getTime() < latest - MAX_STEP_BACK) return refuse('timeNotAvailable');
    latest = Math.max(latest, genTime.getTime());

    const serial = deps.random.bytes(16);
    serial[0] = (serial[0]! & 0x7f) | 0x40;
    const content = tstInfo({
      policy: BUILT_IN_POLICY,
      ...request.imprint,
      serial,
      genTime,
      accuracySeconds: 1,
      ...(request.nonce ? { nonce: request.nonce } : {}),
    });
    const attributes = signedAttributes({
      contentType: OID.tstInfo,
      messageDigest: sha256(content),
      signerCertificate: certificate,
    });
    let signature: Uint8Array;
    try {
      signature = await deps.key.sign(attributes);
    } catch (error) {
      if (!isDomainError(error)) throw error;
      deps.onProblem?.(error);
      return refuse('systemFailure');
    }
    const token = assembleSignedData({
      contentType: OID.tstInfo,
      content,
      certificates: request.certReq ? deps.key.chain : [],
      signer: certificate,
      signedAttributes: attributes,
      suite: deps.key.suite,
      signature,
    });
    return timestampResponse({ token });
  };
}

/** A correction by a running time service is a few milliseconds; more means that time is not known. */
const MAX_STEP_BACK = 1000;

function isDer(bytes: Uint8Array): boolean {
  try {
    readDer(bytes, { bytes: 8 << 10, nodes: 200 });
    return true;
  } catch (error) {
    if (isDomainError(error)) return false;
    throw error;
  }
}

const refuse = (failure: TimestampFailure): Uint8Array => timestampResponse({ failure });
