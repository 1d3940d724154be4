import { toUtcSeconds } from '@mandate/core';
import { bytesEqual, toHex } from '@mandate/core/encoding';
import { DomainError, isDomainError } from '@mandate/core/errors';
import type { Certificate } from './certificate.js';
import { check, failed, passed, unchecked, type Check } from './check.js';
import { checkSignedData, findSigner } from './check-signed-data.js';
import { nameText } from './name.js';
import { OID } from './oids.js';
import { validatePath } from './path.js';
import { parseSignedData, type SignedData } from './signed-data.js';
import { digestOf } from './suite.js';
import { parseTstInfo, type TimestampRequest, type TstInfo } from './tsp.js';

/** A timestamp token opened, not yet checked. */
export interface Token {
  readonly der: Uint8Array;
  readonly signedData: SignedData;
  readonly info: TstInfo;
}

/** Throws `format-timestamp`, `format-cms`, `format-certificate`, `unsupported-algorithm`. */
export function parseToken(der: Uint8Array): Token {
  const signedData = parseSignedData(der);
  if (signedData.contentType !== OID.tstInfo || !signedData.content)
    throw new DomainError('format-timestamp', 'content is not TSTInfo');
  return { der, signedData, info: parseTstInfo(signedData.content) };
}

export interface TokenExpectation {
  /** ContentInfo, DER, or the token already opened. */
  readonly token: Uint8Array | Token;
  /** What was stamped, or its SHA-256. One of both. */
  readonly data?: Uint8Array;
  readonly digest?: Uint8Array;
  /** PKIStatus of the response; without it not checked. */
  readonly status?: number;
  /** The request kept with the token; without it the nonce is not checked. */
  readonly request?: TimestampRequest;
  /** Roots pinned for *this* authority. */
  readonly anchors: readonly Certificate[];
  /** Intermediates, or the signer if the request did not ask for certificates. */
  readonly certificates?: readonly Certificate[];
  /** Verification time; a token from its future fails. */
  readonly at?: Date;
  /** Validity of the scene certificate whose signature is stamped. */
  readonly scene?: { readonly notBefore: Date; readonly notAfter: Date };
  /** Allowed policy OIDs; without it not checked. */
  readonly policy?: string | readonly string[];
  /** Default 1. */
  readonly maxAccuracySeconds?: number;
  /** Accuracy agreed with the authority for tokens that state none. */
  readonly pinnedAccuracySeconds?: number;
  /** Time of the ledger checkpoint that covers the token. */
  readonly ledgerTime?: Date;
}

/** Ids of the checks, in order: one per line of the timestamp checklist. */
export const TOKEN_CHECKS = [
  'token-format',
  'token-status',
  'token-content-type',
  'token-one-signer',
  'token-signer',
  'token-ess',
  'token-key-purpose',
  'token-chain',
  'token-signed-attributes',
  'token-message-digest',
  'token-signature',
  'token-imprint',
  'token-nonce',
  'token-policy',
  'token-gen-time',
  'token-accuracy',
  'token-not-future',
] as const;
type TokenCheckId = (typeof TOKEN_CHECKS)[number];

/**
 * The whole timestamp checklist (RFC 3161 §2.2, 2.3, 2.4; RFC 5816), every entry of `TOKEN_CHECKS`
 * in order. Never throws on a bad token. Whether the token counts: `tokenHolds`.
 */
export function checkToken(expected: TokenExpectation): Check[] {
  const results = new Map<string, Check>();
  const put = (...checks: Check[]): void => checks.forEach((it) => results.set(it.id, it));
  put(checkStatus(expected.status));
  const signedData = openSignedData(expected.token, put);
  if (signedData) {
    put(...signatureChecks(signedData, expected));
    const info = openInfo(signedData, put);
    if (info) put(...infoChecks(info, expected), checkSignerChain(signedData, info, expected));
  }
  return TOKEN_CHECKS.map((id) => results.get(id) ?? unchecked(id));
}

function checkStatus(status: number | undefined): Check {
  if (status === undefined) return unchecked('token-status');
  return check('token-status', status === 0, 'SIG_CONSTRAINTS_FAILURE', `status is ${status}`);
}

type Put = (...checks: Check[]) => void;

function openSignedData(token: Uint8Array | Token, put: Put): SignedData | undefined {
  try {
    const signedData = token instanceof Uint8Array ? parseSignedData(token) : token.signedData;
    put(passed('token-format'));
    return signedData;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    put(failed('token-format', 'FORMAT_FAILURE', error.message));
    return undefined;
  }
}

function openInfo({ contentType, content }: SignedData, put: Put): TstInfo | undefined {
  if (contentType !== OID.tstInfo || !content) {
    put(failed('token-content-type', 'FORMAT_FAILURE', `content is ${contentType}`));
    return undefined;
  }
  put(passed('token-content-type'));
  try {
    return parseTstInfo(content);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const weak = error.code === 'unsupported-algorithm';
    put(
      weak
        ? failed('token-imprint', 'CRYPTO_CONSTRAINTS_FAILURE', error.detail)
        : failed('token-format', 'FORMAT_FAILURE', error.message),
    );
    return undefined;
  }
}

/** The CMS checks under the token's own names; type and presence of the attributes are one line. */
function signatureChecks(signedData: SignedData, { certificates }: TokenExpectation): Check[] {
  const checks = checkSignedData(signedData, {
    contentType: OID.tstInfo,
    ...(certificates ? { certificates } : {}),
  });
  const renamed = (cms: string, id: TokenCheckId): Check => ({
    ...(checks.find((it) => it.id === cms) ?? unchecked(id)),
    id,
  });
  const [signer] = signedData.signers;
  const certificate = signer && findSigner(signedData, signer, certificates);
  const present = renamed('cms-signed-attributes', 'token-signed-attributes');
  return [
    renamed('cms-one-signer', 'token-one-signer'),
    renamed('cms-signer', 'token-signer'),
    renamed('cms-ess', 'token-ess'),
    checkKeyPurpose(checks[0]!.ok ? certificate : undefined),
    present.ok ? renamed('cms-content-type', 'token-signed-attributes') : present,
    renamed('cms-message-digest', 'token-message-digest'),
    renamed('cms-signature', 'token-signature'),
  ];
}

/** RFC 3161 §2.3: one purpose, timeStamping, critical. */
function checkKeyPurpose(certificate: Certificate | undefined): Check {
  const id = 'token-key-purpose';
  if (!certificate) return unchecked(id);
  const { purposes, critical } = certificate.extendedKeyUsage ?? { purposes: [], critical: false };
  const ok = purposes.length === 1 && purposes[0] === OID.timeStamping && critical;
  const found = `key purposes: ${purposes.join(' ') || 'none'}${critical ? ', critical' : ''}`;
  return check(id, ok, 'CHAIN_CONSTRAINTS_FAILURE', found);
}

/**
 * Chain of *the* signer, by sid: other certificates of the bag serve as intermediates
 * at most. Valid at genTime, authorities too.
 */
function checkSignerChain(sd: SignedData, info: TstInfo, expected: TokenExpectation): Check {
  const beside = expected.certificates ?? [];
  const leaf = sd.signers.length === 1 ? findSigner(sd, sd.signers[0]!, beside) : undefined;
  if (!leaf) return unchecked('token-chain');
  const { chain, checks } = validatePath({
    leaf,
    intermediates: [...sd.certificates, ...beside],
    anchors: expected.anchors,
    at: info.genTime,
    purpose: 'timestamp',
  });
  if (chain)
    return passed('token-chain', {
      subjects: chain.map(({ subject }) => nameText(subject)),
    });
  const fault = checks.find(({ ok }) => ok === false)!;
  return failed('token-chain', fault.subIndication!, `${fault.id}: ${fault.detail}`);
}

function infoChecks(info: TstInfo, expected: TokenExpectation): Check[] {
  return [
    checkImprint(info, expected),
    checkNonce(info, expected.request),
    checkPolicy(info, expected),
    checkGenTime(info, expected.scene),
    checkAccuracy(info, expected),
    checkNotFuture(info, expected),
  ];
}

function checkImprint({ imprint }: TstInfo, { data, digest }: TokenExpectation): Check {
  const id = 'token-imprint';
  if (!data && imprint.algorithm !== 'sha256')
    return digest ? failed(id, 'HASH_FAILURE', `imprint is ${imprint.algorithm}`) : unchecked(id);
  const actual = data ? digestOf(imprint.algorithm, data) : digest;
  if (!actual) return unchecked(id);
  return check(id, bytesEqual(imprint.digest, actual), 'HASH_FAILURE', 'stamps something else', {
    algorithm: imprint.algorithm,
    digest: toHex(imprint.digest),
  });
}

function checkNonce(info: TstInfo, request: TimestampRequest | undefined): Check {
  const id = 'token-nonce';
  if (!request) return unchecked(id, 'no request kept');
  const { nonce, imprint } = request;
  const same =
    imprint.algorithm === info.imprint.algorithm && bytesEqual(imprint.digest, info.imprint.digest);
  if (!same) return failed(id, 'SIG_CONSTRAINTS_FAILURE', 'answers a request about something else');
  if (!nonce) return unchecked(id, 'request without nonce');
  const equal = info.nonce !== null && bytesEqual(info.nonce, nonce);
  return check(id, equal, 'SIG_CONSTRAINTS_FAILURE', 'answers another request');
}

function checkPolicy({ policy }: TstInfo, { policy: allowed }: TokenExpectation): Check {
  const id = 'token-policy';
  if (allowed === undefined) return unchecked(id);
  const list = typeof allowed === 'string' ? [allowed] : allowed;
  return check(id, list.includes(policy), 'SIG_CONSTRAINTS_FAILURE', `policy is ${policy}`, {
    policy,
  });
}

function checkGenTime({ genTime }: TstInfo, scene: TokenExpectation['scene']): Check {
  const id = 'token-gen-time';
  const facts = { genTime: genTime.toISOString() };
  if (!scene) return { ...unchecked(id), facts };
  const inside = genTime >= scene.notBefore && genTime.getTime() < scene.notAfter.getTime() + 1000;
  const [from, to] = [toUtcSeconds(scene.notBefore), toUtcSeconds(scene.notAfter)];
  return check(id, inside, 'TIMESTAMP_ORDER_FAILURE', `outside ${from} to ${to}`, facts);
}

/** Seconds by which the true time may differ; undefined if neither token nor agreement says. */
const accuracy = (info: TstInfo, expected: TokenExpectation): number | undefined =>
  info.accuracySeconds ?? expected.pinnedAccuracySeconds;

function checkAccuracy(info: TstInfo, expected: TokenExpectation): Check {
  const id = 'token-accuracy';
  const seconds = accuracy(info, expected);
  if (seconds === undefined)
    return failed(id, 'SIG_CONSTRAINTS_FAILURE', 'accuracy neither stated nor agreed');
  const limit = expected.maxAccuracySeconds ?? 1;
  return check(id, seconds <= limit, 'SIG_CONSTRAINTS_FAILURE', `accuracy is ${seconds} s`, {
    microseconds: Math.round(seconds * 1_000_000),
    stated: info.accuracySeconds !== null,
  });
}

function checkNotFuture(info: TstInfo, expected: TokenExpectation): Check {
  const id = 'token-not-future';
  const limits = [expected.at, expected.ledgerTime].filter((time) => time !== undefined);
  if (limits.length === 0) return unchecked(id);
  const earliest = Math.min(...limits.map((time) => time.getTime()));
  // Both clocks may be off by the stated accuracy; the ledger's is cut to seconds.
  const slack = 1000 * (accuracy(info, expected) ?? 0);
  const ok = info.genTime.getTime() <= earliest + Math.max(slack, 1000);
  return check(id, ok, 'TIMESTAMP_ORDER_FAILURE', 'token is from the future');
}

/** Lines that need something beside the token and may therefore stay unchecked. */
const MAY_BE_UNCHECKED: ReadonlySet<string> = new Set<TokenCheckId>([
  'token-status',
  'token-nonce',
  'token-policy',
  'token-gen-time',
  'token-not-future',
]);

/** True if nothing failed and everything that the token itself must show was checked. */
export const tokenHolds = (checks: readonly Check[]): boolean =>
  checks.length === TOKEN_CHECKS.length &&
  checks.every(({ id, ok }) => ok === true || (ok === null && MAY_BE_UNCHECKED.has(id)));
