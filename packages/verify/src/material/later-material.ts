import {
  DomainError,
  fromBase64Url,
  fromUtf8,
  isDomainError,
  utf8,
  type Json,
} from '@mandate/core';
import { LATER, laterFile, laterProofs, type Generation, type LaterFile } from '@mandate/evidence';
import {
  readCheckpoint,
  parseEntry,
  parseProof,
  type Checkpoint,
  type LedgerEntry,
  type LedgerProof,
} from '@mandate/ledger';
import { parseToken, type Token } from '@mandate/pki';
import { FACT_KINDS, factType, type Fact, type FactKind } from '../artefacts/fact-shapes.js';
import { readReceiptPayload, type ReceiptPayload } from '../artefacts/receipt-payload.js';
import { parseSignedJson } from '../artefacts/signed-json.js';
import { fail, pass } from '../finding.js';
import type { Finding } from '../verification.js';
import {
  digest,
  integer,
  list,
  moment,
  nullable,
  oneOf,
  optional,
  readJson,
  record,
  text,
  yesOrNo,
  type Reader,
} from './json-shape.js';

/** What the operator states of an authorization as of a moment. */
export interface LaterState {
  readonly format: 'mandate-later-state/v1';
  readonly authorization: string;
  readonly letter: string;
  readonly generation: number;
  readonly asOf: string;
  /** Every entry about the letter with an index below it is in this generation or one before. */
  readonly ledgerSize: number;
  readonly uses: {
    readonly allowed: number;
    readonly per: 'month' | 'quarter' | 'year' | null;
    readonly counted: number;
    readonly reserved: number;
  };
  readonly withdrawn: boolean;
  readonly hold: 'none' | 'open' | 'upheld';
  readonly ended: boolean;
  readonly restricted: boolean;
  readonly releases: number;
}

/** Who opened the personal data; staff by their office alone. */
export interface LaterAccess {
  readonly ordinal: number;
  readonly at: string;
  readonly purpose: string;
  readonly actor: string;
}

/** A receipt taken apart; nothing is judged yet. */
export interface LaterReceipt {
  readonly kid: string;
  readonly kind: FactKind;
  /** Bytes that are signed. */
  readonly input: Uint8Array;
  /** r ‖ s. */
  readonly signature: Uint8Array;
  /** ASCII of the whole: what its token stamps. */
  readonly jws: Uint8Array;
  readonly payload: ReceiptPayload;
  readonly fact: Fact & Readonly<Record<string, Json>>;
  readonly factDigest: string;
  readonly ledgerEntry: string;
  readonly token: Token | null;
}

export interface LaterProof {
  /** By the file's name. */
  readonly named: number;
  readonly proof: LedgerProof;
  readonly checkpoint: Checkpoint;
  readonly leaf: Uint8Array;
  readonly entry: LedgerEntry;
}

/** One later generation, opened. */
export interface LaterMaterial {
  readonly generation: Generation;
  readonly state: LaterState;
  readonly receipts: readonly LaterReceipt[];
  readonly accesses: readonly LaterAccess[];
  readonly proofs: readonly LaterProof[];
  readonly letter: Uint8Array | null;
}

const count = integer(0, Number.MAX_SAFE_INTEGER);

const state = record<LaterState>({
  format: oneOf('mandate-later-state/v1'),
  authorization: text(/^[a-z]{3}_[0-9a-f-]{36}$/),
  letter: digest,
  generation: integer(1, 99),
  asOf: moment,
  ledgerSize: count,
  uses: record<LaterState['uses']>({
    allowed: integer(1, 100),
    per: nullable(oneOf('month', 'quarter', 'year')),
    counted: count,
    reserved: count,
  }),
  withdrawn: yesOrNo,
  hold: oneOf('none', 'open', 'upheld'),
  ended: yesOrNo,
  restricted: yesOrNo,
  releases: count,
});

const accesses = record<{ format: string; entries: readonly LaterAccess[] }>({
  format: oneOf('mandate-later-accesses/v1'),
  entries: list(
    record<LaterAccess>({
      ordinal: integer(1, Number.MAX_SAFE_INTEGER),
      at: moment,
      purpose: text(/^[a-z][a-z-]{0,39}$/),
      actor: text(/^[!-~]{1,200}$/),
    }),
    100_000,
  ),
});

/** JWS and token of a receipt are read after the shape: they have formats of their own. */
const receipts = record<{
  format: string;
  receipts: readonly { jws: string; token?: string }[];
}>({
  format: oneOf('mandate-later-receipts/v1'),
  receipts: list(
    record({
      jws: text(/^[\w-]{1,2000}\.[\w-]{1,40000}\.[\w-]{86}$/),
      token: optional(text(/^[\w-]{1,40000}$/)),
    }),
    10_000,
  ),
});

/** As a receipt by itself is read; here other algorithms and names of keys are no receipts at all. */
function readReceipt({ jws, token }: { jws: string; token?: string }): LaterReceipt {
  const bytes = utf8(jws);
  const { algorithm, keyId, type, payload, signed, signature } = parseSignedJson(bytes);
  oneOf('ES256')(algorithm);
  const kind = FACT_KINDS.find((it) => factType(it) === type);
  if (!kind) throw new DomainError('format-bundle', 'not the receipt of a fact');
  const read = readReceiptPayload(kind, payload);
  return {
    kid: text(/^[\w-]{43}$/)(keyId),
    kind,
    input: signed,
    signature,
    jws: bytes,
    ...read,
    factDigest: read.payload.factDigest,
    ledgerEntry: read.payload.ledgerEntry,
    token: token === undefined ? null : parseToken(fromBase64Url(token)),
  };
}

function readLedgerProof({ index, bytes }: { index: number; bytes: Uint8Array }): LaterProof {
  const proof = parseProof(fromUtf8(bytes));
  const checkpoint = readCheckpoint(proof.checkpoint);
  const leaf = proof.extra;
  if (!leaf) throw new DomainError('format-ledger', 'the proof does not carry its entry');
  const entry = parseEntry(leaf);
  // Of no kind that the frozen format knows: the ledger alone has such entries.
  if (entry.kind === 'desk') throw new DomainError('format-ledger', 'stands in no bundle');
  return { named: index, proof, checkpoint, leaf, entry };
}

/** Opens every later generation, or says which file cannot be read. */
export function gatherLater(generations: readonly Generation[]): {
  readonly material: readonly LaterMaterial[] | null;
  readonly findings: readonly Finding[];
} {
  if (generations.length === 0) return { material: [], findings: [] };
  let part = '';
  const read = <T>(generation: Generation, file: LaterFile, shape: Reader<T>): T => {
    part = `later/${generation.number}/${file}`;
    return readJson(laterFile(generation, file)!, shape);
  };
  try {
    const material = generations.map((generation): LaterMaterial => {
      const said = read(generation, LATER.state, state);
      const opened = read(generation, LATER.accesses, accesses).entries;
      const kept = read(generation, LATER.receipts, receipts).receipts.map(readReceipt);
      part = `later/${generation.number}/proofs`;
      const proofs = laterProofs(generation).map(readLedgerProof);
      const letter = laterFile(generation, LATER.letter);
      return { generation, state: said, accesses: opened, receipts: kept, proofs, letter };
    });
    return { material, findings: [pass('later-readable')] };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const reason = error.detail;
    return {
      material: null,
      findings: [fail('later-readable', 'FORMAT_FAILURE', { part, reason })],
    };
  }
}
