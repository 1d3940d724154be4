import { bytesEqual, sha256Hex } from '@mandate/core';
import { check, fail } from '../finding.js';
import type { Finding } from '../verification.js';
import type { Artefact } from './artefact.js';
import { isLetter, valid, type Comparison } from './comparison.js';
import { letterRevisions, passkeyIn } from './read-beside.js';

/** A ledger's proof beside its entry, or what the entry is about; null: nothing of that. */
export function compareProof({ proof }: Artefact, other: Artefact): Comparison | null {
  // The bytes of the entry itself; they served already when the proof does not carry them.
  if (other.kind === 'unknown')
    return proof
      ? { findings: [check('proof-about', bytesEqual(proof.leaf, other.bytes), 'HASH_FAILURE')] }
      : { findings: [] };
  if (!proof) return { findings: [] };
  const { entry } = proof;
  if (other.receipt) {
    const { payload, fact } = other.receipt;
    const about =
      'letter' in entry &&
      'fact' in entry &&
      entry.fact === payload.factDigest &&
      entry.letter === fact.letter;
    return { findings: [check('proof-about', about, 'HASH_FAILURE'), valid(other)] };
  }
  if (other.report) {
    const about = entry.kind === 'report' && entry.report === sha256Hex(other.report.bytes);
    const finding = check('proof-about', about, 'HASH_FAILURE');
    // data nobody sealed are those the ledger names, all the same
    return { findings: other.kind === 'pdf' ? [finding, valid(other)] : [finding] };
  }
  if (!isLetter(other)) return null;
  const { letter, certificate, signature, sealedBundleDigest } = other.facts;
  if (!letter || !certificate || !signature)
    return { findings: [fail('proof-about', 'SIGNED_DATA_NOT_FOUND'), valid(other)] };
  if (entry.kind === 'letter') {
    const compare = (
      id: 'entry-serial' | 'entry-signature' | 'entry-letter' | 'entry-scene' | 'entry-bundle',
      recorded: string,
      found: string | undefined,
    ): Finding => check(id, recorded === found, 'HASH_FAILURE', { recorded });
    return {
      findings: [
        check(
          'ledger-origin',
          proof.checkpoint.origin === certificate.ledgerOrigin,
          'HASH_FAILURE',
          {
            origin: proof.checkpoint.origin,
          },
        ),
        compare('entry-serial', entry.serial, certificate.serial),
        compare('entry-signature', entry.signature, signature.valueDigest),
        compare('entry-letter', entry.letter, letter.digest),
        compare('entry-scene', entry.scene, certificate.sceneDigest),
        ...(other.kind === 'bundle'
          ? [compare('entry-bundle', entry.bundle, sealedBundleDigest)]
          : []),
        valid(other),
      ],
    };
  }
  if (entry.kind === 'credential' || entry.kind === 'credential-end') {
    const passkey = passkeyIn(other);
    // a letter without its bundle names no passkey
    const finding =
      passkey === undefined
        ? fail('proof-about', 'SIGNED_DATA_NOT_FOUND')
        : check('proof-about', entry.credential === passkey, 'HASH_FAILURE');
    return { findings: [finding, valid(other)] };
  }
  if (entry.kind === 'renewal' && entry.serial === certificate.serial) {
    const has = letterRevisions(other).includes(entry.letter);
    // one of another time may be the next
    return { findings: [check('proof-about', has, 'SIGNED_DATA_NOT_FOUND'), valid(other)] };
  }
  const about =
    'serial' in entry
      ? entry.serial === certificate.serial && entry.kind !== 'renewal'
      : 'letter' in entry && entry.letter === letter.digest;
  return { findings: [check('proof-about', about, 'HASH_FAILURE'), valid(other)] };
}
