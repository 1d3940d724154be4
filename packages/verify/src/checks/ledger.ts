import { fromUtf8, sha256Hex, toHex } from '@mandate/core';
import { generationZero, type Bundle } from '@mandate/evidence';
import {
  leafHash,
  parseEntry,
  parseProof,
  parseVkey,
  readCheckpoint,
  verifyInclusion,
  type Checkpoint,
  type LedgerProof,
  type LetterEntry,
} from '@mandate/ledger';
import type { Certificate } from '@mandate/pki';
import { checkNote, type NoteJudgement } from './note.js';
import { allPassed, check, fail, pass, skip } from '../finding.js';
import { refusal } from '../refusal.js';
import type { Trust } from '../trust.js';
import type { Finding } from '../verification.js';

/** The ledger's proof for the letter, opened. */
export interface LedgerMaterial {
  readonly proof: LedgerProof;
  readonly checkpoint: Checkpoint;
  /** Leaf bytes, as the proof carries them. */
  readonly leaf: Uint8Array;
  readonly entry: LetterEntry;
}

/** Opens the proof; null with the finding that says why there is none. */
export function gatherLedger(bundle: Bundle): {
  readonly material: LedgerMaterial | null;
  readonly findings: readonly Finding[];
} {
  if (!bundle.letterProof)
    return { material: null, findings: [fail('ledger-proof-present', 'NO_POE')] };
  const present = pass('ledger-proof-present');
  try {
    const proof = parseProof(fromUtf8(bundle.letterProof));
    const checkpoint = readCheckpoint(proof.checkpoint);
    const leaf = proof.extra;
    const entry = leaf ? parseEntry(leaf) : null;
    if (!leaf || entry?.kind !== 'letter') {
      const reason = leaf ? 'not a letter entry' : 'the proof does not carry its entry';
      return {
        material: null,
        findings: [present, fail('ledger-proof-readable', 'FORMAT_FAILURE', { reason })],
      };
    }
    return {
      material: { proof, checkpoint, leaf, entry },
      findings: [present, pass('ledger-proof-readable')],
    };
  } catch (error) {
    const rule = { unsupported: 'FORMAT_FAILURE', ownProfile: true } as const;
    return { material: null, findings: [present, refusal('ledger-proof-readable', error, rule)] };
  }
}

export interface LedgerJudgement {
  readonly findings: readonly Finding[];
  /** Ledger keys that signed the proof's checkpoint, by name. */
  readonly signers: readonly string[];
  readonly cosigners: NoteJudgement['cosigners'];
}

/** Keys of witnesses among trusted ones. */
export const witnessKeys = (vkeys: readonly string[]): readonly string[] =>
  vkeys.filter((text) => parseVkey(text).use === 'cosignature');

/** The entry stands in the tree a trusted key signed, of the ledger the certificate names; and who witnessed it. */
export function checkLedger(
  material: LedgerMaterial,
  certificate: Certificate,
  trust: Pick<Trust, 'ledger' | 'minWitnesses'>,
  at: Date,
): LedgerJudgement {
  const { proof, checkpoint, leaf, entry } = material;
  const origin = certificate.sceneBinding?.ledgerOrigin;
  const {
    findings: signed,
    signers,
    cosigners,
  } = checkNote(proof.checkpoint, checkpoint.origin, trust, at, new Date(entry.at));
  const included = verifyInclusion({
    index: proof.index,
    size: checkpoint.size,
    leaf: leafHash(leaf),
    hashes: proof.hashes,
    root: checkpoint.root,
  });
  const findings = [
    check('ledger-origin', checkpoint.origin === origin, 'HASH_FAILURE', {
      origin: checkpoint.origin,
    }),
    ...signed.slice(0, 1),
    check('ledger-inclusion', included, 'HASH_FAILURE', {
      index: String(proof.index),
      size: String(checkpoint.size),
    }),
    ...signed.slice(1),
  ];
  return { findings, signers, cosigners };
}

/**
 * Single-signature rule: under this serial only the signature whose exact bytes the ledger recorded
 * counts (ECDSA signatures can be altered into other valid ones). A match proves nothing while the
 * ledger itself is not proven: then the rule stays open and only contradictions are reported.
 */
export function checkEntry(
  { entry }: LedgerMaterial,
  actual: {
    readonly certificate: Certificate;
    readonly signature: Uint8Array;
    readonly letter: Uint8Array;
    readonly bundle: Bundle;
  },
  ledgerFindings: readonly Finding[],
): Finding[] {
  const proven = allPassed(ledgerFindings);
  const { certificate, signature, letter, bundle } = actual;
  const scene = certificate.sceneBinding?.sceneDigest;
  const compare = (
    id: 'entry-serial' | 'entry-signature' | 'entry-letter' | 'entry-scene' | 'entry-bundle',
    recorded: string,
    found: string | undefined,
  ): Finding => {
    if (recorded !== found) return fail(id, 'HASH_FAILURE', { recorded });
    if (proven) return pass(id);
    return id === 'entry-signature' ? fail(id, 'NO_POE') : skip(id);
  };
  return [
    compare('entry-serial', entry.serial, certificate.serial),
    compare('entry-signature', entry.signature, sha256Hex(signature)),
    compare('entry-letter', entry.letter, sha256Hex(letter)),
    compare('entry-scene', entry.scene, scene && toHex(scene)),
    compare('entry-bundle', entry.bundle, sha256Hex(generationZero(bundle))),
  ];
}
