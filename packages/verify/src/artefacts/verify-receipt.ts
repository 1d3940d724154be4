import { isDomainError, sha256Hex, toUtcSeconds, type Json } from '@mandate/core';
import { entryBytes, type LedgerEntry } from '@mandate/ledger';
import { check, fail, pass } from '../finding.js';
import type { Trust } from '../trust.js';
import type { Facts, Finding } from '../verification.js';
import { FACT_KINDS, factType, type Fact, type FactKind } from './fact-shapes.js';
import { agreesWithFact, readReceiptPayload, type ReceiptPayload } from './receipt-payload.js';
import { checkKeyEnds, type KeyUse } from '../checks/key-ends.js';
import { checkSignedJson, type SignedJson } from './signed-json.js';

/** Clocks of two parties differ by so much at most, seconds. */
const CLOCK_SKEW = 60;

/** A receipt, read; believed as far as the findings go. */
export interface ReceiptMaterial {
  readonly jws: string;
  readonly kind: FactKind;
  readonly fact: Fact & Readonly<Record<string, unknown>>;
  readonly payload: ReceiptPayload;
}

export interface ReceiptJudgement {
  readonly material: ReceiptMaterial | null;
  readonly findings: readonly Finding[];
  readonly facts: Facts;
}

/** The receipt of a use, withdrawal, dispute, end, release, restriction, erasure or end of a picture. Bad input is a finding. */
export function verifyReceipt(bytes: Uint8Array, trust: Trust, at: Date): ReceiptJudgement {
  const signed = checkSignedJson(bytes, trust);
  if (!signed.material) return { material: null, findings: signed.findings, facts: {} };
  const { type, payload, jws } = signed.material;
  const kind = FACT_KINDS.find((it) => factType(it) === type);
  if (!kind) {
    const finding = fail('receipt-type', 'FORMAT_FAILURE', { type });
    return { material: null, findings: [...signed.findings, finding], facts: {} };
  }
  const material = materialOf(kind, payload, jws);
  if (!('fact' in material)) {
    const finding = fail('receipt-type', 'FORMAT_FAILURE', { type, reason: material.reason });
    return { material: null, findings: [...signed.findings, finding], facts: {} };
  }
  return {
    material,
    findings: [
      ...signed.findings,
      pass('receipt-type'),
      ...checkContent(material, at),
      ...checkKeyEnds(receiptUse(signed.material, material, trust), trust.keyEnds),
    ],
    facts: { receipt: receiptFacts(material) },
  };
}

/** A receipt bears no timestamp by itself: it is as old as it says its fact is. */
function receiptUse(
  { keyId }: SignedJson,
  { fact }: ReceiptMaterial,
  { receipt }: Trust,
): readonly KeyUse[] {
  const key = receipt.get(keyId);
  return key ? [{ what: 'receipt', key, at: new Date(fact.at) }] : [];
}

function materialOf(
  kind: FactKind,
  members: Readonly<Record<string, Json>>,
  jws: string,
): ReceiptMaterial | { readonly reason: string } {
  try {
    return { jws, kind, ...readReceiptPayload(kind, members) };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { reason: error.detail };
  }
}

/** What can be recomputed from the fact alone must be what the receipt says. */
function checkContent({ kind, fact, payload }: ReceiptMaterial, at: Date): Finding[] {
  const happenedAt = Date.parse(fact.at);
  return [
    check('receipt-fact', agreesWithFact(kind, payload), 'HASH_FAILURE'),
    check(
      'receipt-entry',
      payload.ledgerEntry === entryDigest(kind, fact, payload),
      'HASH_FAILURE',
    ),
    check('receipt-time', happenedAt <= at.getTime() + CLOCK_SKEW * 1000, 'NOT_YET_VALID', {
      at: fact.at,
    }),
  ];
}

/** SHA-256 of the ledger entry with which this fact was recorded; it follows from the fact. */
function entryDigest(
  kind: FactKind,
  fact: ReceiptMaterial['fact'],
  payload: ReceiptPayload,
): string {
  const [entryKind, step] = entryOf(kind, fact);
  const entry = {
    format: 'mandate-entry/v1',
    kind: entryKind,
    at: fact.at,
    letter: fact.letter,
    fact: payload.factDigest,
    ...(step ? { step } : {}),
  };
  return sha256Hex(entryBytes(entry as LedgerEntry));
}

function entryOf(
  kind: FactKind,
  fact: ReceiptMaterial['fact'],
): readonly [kind: LedgerEntry['kind'], step?: string] {
  switch (kind) {
    case 'redemption':
      return ['redemption', fact['reservedUntil'] === undefined ? 'confirmed' : 'reserved'];
    case 'hold':
      return ['hold', 'opened'];
    case 'hold-resolution':
      return ['hold', String(fact['outcome'])];
    case 'release':
      return ['access'];
    case 'restriction':
      return ['shred', 'restricted'];
    case 'erasure':
      return ['shred', 'erased'];
    case 'id-image-destruction':
      return ['shred', 'id-image-destroyed'];
    default:
      return [kind];
  }
}

function receiptFacts({ kind, fact, payload }: ReceiptMaterial): NonNullable<Facts['receipt']> {
  const { status_list: place } = payload.status ?? {};
  return {
    kind,
    id: fact.id,
    issuer: payload.iss,
    institution: payload.institution,
    authorization: fact.authorization,
    letterNumber: fact.letterNumber,
    letter: fact.letter,
    at: fact.at,
    factDigest: payload.factDigest,
    ledgerEntry: payload.ledgerEntry,
    ...(payload.exp ? { actableUntil: toUtcSeconds(new Date(payload.exp * 1000)) } : {}),
    ...(place ? { statusList: { uri: place.uri, index: place.idx } } : {}),
    fact: payload.fact,
  };
}
