import { DomainError } from '@mandate/core/errors';
import {
  digestAlgorithm,
  digestIdentifier,
  readAlgorithm,
  type DigestAlgorithm,
} from './algorithms.js';
import { der, readDer, TAG, type DerBytes, type DerNode } from './der.js';
import { asFormat } from './format.js';

/** MessageImprint (RFC 3161 §2.4.1). */
export interface MessageImprint {
  readonly algorithm: DigestAlgorithm;
  readonly digest: Uint8Array;
}

export interface TimestampRequest {
  readonly imprint: MessageImprint;
  readonly policy: string | null;
  /** Magnitude, big-endian. */
  readonly nonce: Uint8Array | null;
  readonly certReq: boolean;
  /** OIDs of extensions; none is known, an authority answers `unacceptedExtension`. */
  readonly extensions: readonly string[];
}

const DIGEST_LENGTH = { sha256: 32, sha384: 48, sha512: 64 } as const;

/** TimeStampReq for a digest, SHA-256 unless said. */
export const timestampRequest = (p: {
  digest: Uint8Array;
  algorithm?: DigestAlgorithm;
  nonce?: Uint8Array;
  policy?: string;
  certReq?: boolean;
}): DerBytes =>
  der.sequence(
    der.integer(1),
    writeImprint(p),
    ...(p.policy ? [der.oid(p.policy)] : []),
    ...(p.nonce ? [der.integer(p.nonce)] : []),
    // DEFAULT FALSE
    ...((p.certReq ?? true) ? [der.boolean(true)] : []),
  );

const writeImprint = (p: { digest: Uint8Array; algorithm?: DigestAlgorithm }): DerBytes =>
  der.sequence(digestIdentifier(p.algorithm ?? 'sha256'), der.octets(p.digest));

/** Throws `format-timestamp`; `unsupported-algorithm` for a digest below SHA-256 (answer `badAlg`). */
export function parseTimestampRequest(bytes: Uint8Array): TimestampRequest {
  return asFormat('format-timestamp', () => {
    const fields = readDer(bytes, { bytes: 8 << 10, nodes: 200 }).fields();
    if (fields.next().integer() !== 1n)
      throw new DomainError('format-timestamp', 'not a version 1 request');
    const imprint = readImprint(fields.next());
    const policy = fields.optional(TAG.oid)?.oid() ?? null;
    const nonce = fields.optional(TAG.integer)?.unsigned() ?? null;
    const certReq = fields.optional(TAG.boolean)?.boolean();
    if (certReq === false) throw new DomainError('format-timestamp', 'default value encoded');
    const extensions = (fields.optional(0xa0)?.children ?? []).map((child) =>
      child.fields().next().oid(),
    );
    fields.end();
    return { imprint, policy, nonce, certReq: certReq ?? false, extensions };
  });
}

function readImprint(node: DerNode): MessageImprint {
  const fields = node.fields();
  const algorithm = digestAlgorithm(readAlgorithm(fields.next()));
  const digest = fields.next().octets();
  fields.end();
  if (digest.length !== DIGEST_LENGTH[algorithm])
    throw new DomainError('format-der', 'imprint has the wrong length');
  return { algorithm, digest };
}

export interface TstInfo {
  readonly policy: string;
  readonly imprint: MessageImprint;
  /** Magnitude, big-endian. */
  readonly serial: Uint8Array;
  /** To the millisecond; finer fractions are cut. */
  readonly genTime: Date;
  /** Seconds; null when the token is silent. */
  readonly accuracySeconds: number | null;
  readonly ordering: boolean;
  /** Magnitude, big-endian. */
  readonly nonce: Uint8Array | null;
}

/** TSTInfo for a digest, SHA-256 unless said (RFC 3161 §2.4.2). `accuracySeconds`: whole milliseconds are kept. */
export function tstInfo(p: {
  policy: string;
  digest: Uint8Array;
  algorithm?: DigestAlgorithm;
  serial: Uint8Array;
  genTime: Date;
  accuracySeconds?: number;
  nonce?: Uint8Array;
}): DerBytes {
  return der.sequence(
    der.integer(1),
    der.oid(p.policy),
    writeImprint(p),
    der.integer(p.serial),
    der.generalizedTime(p.genTime, { fraction: true }),
    ...(p.accuracySeconds === undefined ? [] : [writeAccuracy(p.accuracySeconds)]),
    ...(p.nonce ? [der.integer(p.nonce)] : []),
  );
}

function writeAccuracy(seconds: number): DerBytes {
  const ms = Math.round(seconds * 1000);
  const parts: DerBytes[] = [];
  if (ms >= 1000) parts.push(der.integer(Math.floor(ms / 1000)));
  if (ms % 1000) parts.push(der.implicit(0, der.integer(ms % 1000)));
  return der.sequence(...parts);
}

/** Throws `format-timestamp`, `unsupported-algorithm`. */
export function parseTstInfo(bytes: Uint8Array): TstInfo {
  return asFormat('format-timestamp', () => {
    const fields = readDer(bytes, { bytes: 16 << 10, nodes: 500 }).fields();
    if (fields.next().integer() !== 1n)
      throw new DomainError('format-timestamp', 'not a version 1 token');
    const policy = fields.next(TAG.oid).oid();
    const imprint = readImprint(fields.next());
    const serial = fields.next(TAG.integer).unsigned();
    const genTime = fields.next().generalizedTime({ fraction: true });
    const accuracy = fields.optional(TAG.sequence);
    const ordering = fields.optional(TAG.boolean)?.boolean();
    const nonce = fields.optional(TAG.integer)?.unsigned() ?? null;
    fields.optional(0xa0); // tsa: a hint, the signer identifier decides
    const extensions = fields.optional(0xa1);
    fields.end();
    // None is defined that could change the meaning, so a critical one is refused.
    for (const child of extensions?.children ?? [])
      if (child.children[1]?.tag === TAG.boolean)
        throw new DomainError('format-timestamp', 'critical extension in token');
    return {
      policy,
      imprint,
      serial,
      genTime,
      accuracySeconds: accuracy ? readAccuracy(accuracy) : null,
      ordering: ordering ?? false,
      nonce,
    };
  });
}

function readAccuracy(node: DerNode): number {
  const fields = node.fields();
  const seconds = fields.optional(TAG.integer)?.smallInteger() ?? 0;
  const [millis, micros] = [0x80, 0x81].map((tag) => {
    const value = fields.optional(tag)?.as(TAG.integer).smallInteger() ?? 0;
    if (value > 999) throw new DomainError('format-der', 'accuracy out of range');
    return value;
  }) as [number, number];
  fields.end();
  return (seconds * 1_000_000 + millis * 1000 + micros) / 1_000_000;
}

/** PKIFailureInfo bits (RFC 3161 §2.4.2). */
export const TIMESTAMP_FAILURES = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  timeNotAvailable: 14,
  unacceptedPolicy: 15,
  unacceptedExtension: 16,
  addInfoNotAvailable: 17,
  systemFailure: 25,
} as const;
export type TimestampFailure = keyof typeof TIMESTAMP_FAILURES;

/** TimeStampResp: status granted with a token, or rejection with a reason. */
export const timestampResponse = (
  p: { token: DerBytes } | { failure: TimestampFailure; text?: string },
): DerBytes =>
  'token' in p
    ? der.sequence(der.sequence(der.integer(0)), p.token)
    : der.sequence(
        der.sequence(
          der.integer(2),
          ...(p.text ? [der.sequence(der.utf8(p.text))] : []),
          der.namedBits([TIMESTAMP_FAILURES[p.failure]]),
        ),
      );

export interface TimestampResponse {
  /** PKIStatus: 0 granted, 1 granted with modifications, 2 rejection, 3 and up waiting and revocation. */
  readonly status: number;
  readonly text: string;
  /** Failure names, `bit-N` for unknown ones. */
  readonly failures: readonly string[];
  /** ContentInfo, DER; there exactly when granted. */
  readonly token: DerBytes | null;
}

/** Throws `format-timestamp`, also when status and presence of a token contradict each other. */
export function parseTimestampResponse(bytes: Uint8Array): TimestampResponse {
  return asFormat('format-timestamp', () => {
    const fields = readDer(bytes, { bytes: 256 << 10, nodes: 20_000 }).fields();
    const info = fields.next().fields();
    const token = fields.optional(TAG.sequence)?.bytes ?? null;
    fields.end();
    const status = info.next().smallInteger();
    const text = (info.optional(TAG.sequence)?.children ?? []).map((node) => node.text());
    const bits = info.optional(TAG.bits)?.namedBits() ?? [];
    info.end();
    if ((token !== null) !== status <= 1)
      throw new DomainError('format-timestamp', 'status and token contradict each other');
    const names = Object.entries(TIMESTAMP_FAILURES);
    const failures = bits.map((bit) => names.find(([, n]) => n === bit)?.[0] ?? `bit-${bit}`);
    return { status, text: text.join(' '), failures, token };
  });
}
