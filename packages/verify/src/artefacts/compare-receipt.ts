import { sha256Hex, utf8 } from '@mandate/core';
import type { SubIndication } from '@mandate/pki';
import { checkKeyEnds } from '../checks/key-ends.js';
import { check, fail, pass } from '../finding.js';
import type { Artefact } from './artefact.js';
import { compareToken } from './compare-token.js';
import { valid, worst, isLetter, type Comparison, type ComparisonContext } from './comparison.js';
import { parseSignedJson } from './signed-json.js';
import { statusIn } from './verify-status-list.js';

/** A receipt beside its letter, the proof of its entry, a status list or a timestamp token; null: none of these. */
export function compareReceipt(
  subject: Artefact,
  other: Artefact,
  context: ComparisonContext,
): Comparison | null {
  const { fact, payload, jws } = subject.receipt!;
  if (isLetter(other)) {
    const { letter, terms, termsDigest, authorization } = other.facts;
    if (!letter)
      return { findings: [valid(other), fail('receipt-letter', 'SIGNED_DATA_NOT_FOUND')] };
    const same = (said: string, found: string | undefined): boolean =>
      found === undefined || said === found;
    const belongs =
      fact.letter === letter.digest &&
      same(fact.terms, termsDigest) &&
      same(fact.letterNumber, terms?.letterNumber) &&
      same(payload.institution.creditCode, terms?.institution.creditCode) &&
      same(fact.authorization, authorization?.id);
    return {
      findings: [
        check('receipt-letter', belongs, 'HASH_FAILURE', { letter: letter.digest }),
        valid(other),
      ],
    };
  }
  if (other.proof) {
    const open = worst(other.findings);
    const recorded = sha256Hex(other.proof.leaf) === payload.ledgerEntry;
    const index = { index: String(other.proof.proof.index) };
    const finding = !recorded
      ? fail('receipt-ledgered', 'HASH_FAILURE', index)
      : open
        ? fail('receipt-ledgered', open.subIndication!, { ...index, check: open.id })
        : pass('receipt-ledgered', index);
    return { findings: [finding] };
  }
  if (other.kind === 'proof') {
    const open = worst(other.findings)!;
    return { findings: [fail('receipt-ledgered', open.subIndication!, { check: open.id })] };
  }
  if (other.kind === 'status-list') return compareStatusList(subject, other);
  if (other.kind === 'token') {
    const { findings, facts } = compareToken(utf8(jws), other, context);
    const { trust } = context;
    const key = trust.receipt.get(parseSignedJson(utf8(jws)).keyId);
    // with a token that holds it is as old as that shows, whatever it says itself
    const uses =
      key && facts?.stampedAt ? [{ what: 'receipt', key, at: new Date(facts.stampedAt) }] : [];
    const ended = checkKeyEnds(uses, trust.keyEnds).filter(({ status }) => status === 'failed');
    return { findings: [...findings, ...ended], ...(facts ? { facts } : {}) };
  }
  return null;
}

/** A list that ended says nothing any more, which makes no receipt wrong; a forged one does not belong here. */
function compareStatusList({ receipt }: Artefact, { statusList, findings }: Artefact): Comparison {
  const open = worst(findings);
  if (open) {
    const reason: SubIndication =
      open.subIndication === 'EXPIRED' || open.subIndication === 'NOT_YET_VALID'
        ? 'TRY_LATER'
        : open.subIndication!;
    return { findings: [fail('receipt-status-list', reason, { check: open.id })] };
  }
  const status = statusList && statusIn(statusList, receipt!);
  return status
    ? { findings: [pass('receipt-status-list', { status })], facts: { status } }
    : { findings: [fail('receipt-status-list', 'SIGNED_DATA_NOT_FOUND')] };
}
