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
 * The built-in RFC 3161 authority: one request in, one response out, refusals included.
 * SHA-256 imprints only for now; others answer `badAlg`.
 */
export function timestampAuthority(deps: { key: SigningKey; clock: Clock; random: Random }) {
  const certificate = parseCertificate(deps.key.chain[0]!);
  return async function respond(der: Uint8Array): Promise<Uint8Array> {
    let request: TimestampRequest;
    try {
      request = parseTimestampRequest(der);
    } catch (error) {
      return refuse(isDomainError(error, 'unsupported-algorithm') ? 'badAlg' : 'badDataFormat');
    }
    if (request.imprint.algorithm !== 'sha256') return refuse('badAlg');
    if (request.extensions.length > 0) return refuse('unacceptedExtension');
    if (request.policy !== null && request.policy !== BUILT_IN_POLICY)
      return refuse('unacceptedPolicy');

    const serial = deps.random.bytes(16);
    serial[0] = (serial[0]! & 0x7f) | 0x40;
    const content = tstInfo({
      policy: BUILT_IN_POLICY,
      digest: request.imprint.digest,
      serial,
      genTime: deps.clock.now(),
      accuracySeconds: 1,
      ...(request.nonce ? { nonce: request.nonce } : {}),
    });
    const attributes = signedAttributes({
      contentType: OID.tstInfo,
      messageDigest: sha256(content),
      signerCertificate: certificate,
    });
    if (deps.key.suite !== 'ecdsa-p256-sha256')
      throw new DomainError('key-unavailable', 'the timestamp key has the wrong suite');
    const token = assembleSignedData({
      contentType: OID.tstInfo,
      content,
      certificates: request.certReq ? deps.key.chain : [],
      signer: certificate,
      signedAttributes: attributes,
      suite: deps.key.suite,
      signature: await deps.key.sign(attributes),
    });
    return timestampResponse({ token });
  };
}

const refuse = (failure: TimestampFailure): Uint8Array => timestampResponse({ failure });
