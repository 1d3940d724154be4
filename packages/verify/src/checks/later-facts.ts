import { sha256Hex, toUtcSeconds } from '@mandate/core';
import { leafHash, parseVkey, verifyInclusion, verifyNote } from '@mandate/ledger';
import { ecdsaToDer, verifySignature } from '@mandate/pki';
import { check, fail, pass, skip } from '../finding.js';
import type { LaterMaterial, LaterProof } from '../material/later-material.js';
import type { Trust } from '../trust.js';
import type { Finding, LaterFact } from '../verification.js';
import { place, wrongEntry, wrongReceipt, type LaterSubject, type Wrong } from './later-entries.js';
import { wrongAccess, wrongState } from './later-state.js';
import { checkTimestamp } from './timestamp.js';

/** Everything the later generations tell, each against the others and against the ledger. */
export function checkLaterFacts(
  material: readonly LaterMaterial[],
  subject: LaterSubject,
  trust: Trust,
  judged: { readonly at: Date; readonly sealedAt: readonly (Date | null)[] },
): { readonly findings: readonly Finding[]; readonly facts: readonly LaterFact[] } {
  const { at, sealedAt } = judged;
  const keys = receiptSignatures(material, trust);
  const finding = (id: Parameters<typeof check>[0], wrong: Wrong): Finding =>
    check(id, wrong === undefined, 'HASH_FAILURE', wrong);
  return {
    findings: [
      finding('later-receipts', wrongReceipt(material, subject)),
      keys.finding,
      checkReceiptTimes(material, trust, at, sealedAt),
      ...checkProofs(material, subject, trust),
      finding('later-entries', wrongEntry(material, subject)),
      finding('later-state', wrongState(material, subject, judged.sealedAt)),
      finding('later-accesses', wrongAccess(material)),
    ],
    facts: factsOf(material, keys.verified),
  };
}

/** By the keys of receipts that the caller trusts; without any, nothing is said. */
function receiptSignatures(
  material: readonly LaterMaterial[],
  { receipt: keys }: Trust,
): { readonly finding: Finding; readonly verified: boolean } {
  const all = material.flatMap(({ receipts }) => receipts);
  if (all.length === 0 || keys.size === 0)
    return { finding: skip('later-receipt-signature'), verified: false };
  for (const { kid, input, signature } of all) {
    const key = keys.get(kid);
    const params = { kid };
    if (!key)
      return {
        finding: fail('later-receipt-signature', 'NO_SIGNING_CERTIFICATE_FOUND', params),
        verified: false,
      };
    if (!verifySignature('ecdsa-p256-sha256', key, input, ecdsaToDer(signature)))
      return {
        finding: fail('later-receipt-signature', 'SIG_CRYPTO_FAILURE', params),
        verified: false,
      };
  }
  return { finding: pass('later-receipt-signature'), verified: true };
}

/** Tokens over receipts, each judged for when its generation was sealed. */
function checkReceiptTimes(
  material: readonly LaterMaterial[],
  trust: Trust,
  at: Date,
  sealedAt: readonly (Date | null)[],
): Finding {
  let stamped = 0;
  for (const [i, it] of material.entries())
    for (const { token, jws, fact } of it.receipts) {
      if (!token) continue;
      stamped++;
      const knownAt = sealedAt[i] ?? at;
      const { findings } = checkTimestamp('timestamp', {
        token,
        data: jws,
        anchors: trust.timestamp,
        at,
        knownAt,
        sunsets: trust.sunsets,
      });
      const worst =
        findings.find(({ status }) => status === 'failed') ??
        findings.find(({ status }) => status === 'indeterminate');
      if (worst)
        return fail('later-receipt-time', worst.subIndication!, {
          generation: String(it.generation.number),
          what: fact.id,
          check: worst.id,
        });
    }
  return stamped === 0 ? skip('later-receipt-time') : pass('later-receipt-time');
}

/** Each entry stands in the tree that a trusted key of the letter's ledger signed. */
function checkProofs(
  material: readonly LaterMaterial[],
  subject: LaterSubject,
  trust: Trust,
): Finding[] {
  const ledgers = trust.ledger.filter((key) => parseVkey(key).use === 'signature');
  const notes = new Map<string, ReturnType<typeof verifyNote>>();
  let unsigned: Finding | undefined;
  let outside: Wrong;
  let proofs = 0;
  for (const it of material)
    for (const { named, proof, checkpoint, leaf } of it.proofs) {
      proofs++;
      const note = notes.get(proof.checkpoint) ?? verifyNote(proof.checkpoint, ledgers);
      notes.set(proof.checkpoint, note);
      const where = { generation: String(it.generation.number), index: String(named) };
      if (note.failed.length > 0)
        unsigned ??= fail('later-checkpoint', 'SIG_CRYPTO_FAILURE', where);
      else if (checkpoint.origin !== subject.ledgerOrigin)
        unsigned ??= fail('later-checkpoint', 'HASH_FAILURE', where);
      else if (!note.signers.includes(checkpoint.origin))
        unsigned ??= fail('later-checkpoint', 'NO_SIGNING_CERTIFICATE_FOUND', where);
      const included =
        named === proof.index &&
        verifyInclusion({
          index: proof.index,
          size: checkpoint.size,
          leaf: leafHash(leaf),
          hashes: proof.hashes,
          root: checkpoint.root,
        });
      if (!included) outside ??= place(it, String(named));
    }
  if (proofs === 0) return [skip('later-checkpoint'), skip('later-proofs')];
  return [
    unsigned ?? pass('later-checkpoint'),
    check('later-proofs', outside === undefined, 'HASH_FAILURE', outside),
  ];
}

type LaterStep = NonNullable<LaterFact['steps']>[number];

/** In the order of the ledger. Each leaf is hashed once: a bundle may hold thousands of receipts and proofs. */
function factsOf(material: readonly LaterMaterial[], verified: boolean): LaterFact[] {
  const proofs = new Map<string, LaterProof>();
  const stepsOf = new Map<string, { digest: string; step: LaterStep }[]>();
  for (const it of material.flatMap(({ proofs: all }) => all)) {
    const { entry, named, leaf } = it;
    const digest = sha256Hex(leaf);
    if (!proofs.has(digest)) proofs.set(digest, it);
    if (entry.kind !== 'redemption') continue;
    const steps = stepsOf.get(entry.fact) ?? [];
    steps.push({ digest, step: { step: entry.step, at: entry.at, index: named } });
    stepsOf.set(entry.fact, steps);
  }
  return material.flatMap(({ generation, receipts }) =>
    receipts.map((receipt): LaterFact => {
      const { fact, factDigest, ledgerEntry, token } = receipt;
      const entry = proofs.get(ledgerEntry);
      const steps = (stepsOf.get(factDigest) ?? []).flatMap(({ digest, step }) =>
        digest === ledgerEntry ? [] : [step],
      );
      return {
        kind: receipt.kind,
        generation: generation.number,
        id: fact.id,
        at: fact.at,
        digest: factDigest,
        fact,
        ...(entry ? { index: entry.named } : {}),
        ...(steps.length > 0 ? { steps } : {}),
        receipt: verified ? 'verified' : 'not-checked',
        ...(token ? { stampedAt: toUtcSeconds(token.info.genTime) } : {}),
      };
    }),
  );
}
