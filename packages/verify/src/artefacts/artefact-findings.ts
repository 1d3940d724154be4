import type { Place } from '../catalogue.js';

/** Checks of what is neither letter nor bundle: receipts, status lists, checkpoints, proofs, reports. */
export const ARTEFACT_FINDINGS = {
  'receipt-readable': { block: 'format', claim: 'integrity' },
  'receipt-algorithm': { block: 'cryptography', claim: 'integrity' },
  'receipt-type': { block: 'format', claim: 'integrity' },
  'receipt-key': { block: 'signing-certificate', claim: 'identity' },
  'receipt-signature': { block: 'cryptography', claim: 'integrity' },
  'receipt-fact': { block: 'cryptography', claim: 'integrity' },
  'receipt-entry': { block: 'cryptography', claim: 'integrity' },
  'receipt-time': { block: 'time', claim: 'time' },
  'receipt-letter': { block: 'scope', claim: 'scope' },
  'receipt-ledgered': { block: 'ledger', claim: 'ledger' },
  'receipt-status-list': { block: 'acceptance', claim: 'scope' },
  'status-list-content': { block: 'format', claim: 'integrity' },
  'status-list-current': { block: 'time', claim: 'time' },
  'checkpoint-readable': { block: 'format', claim: 'integrity' },
  'entry-readable': { block: 'format', claim: 'integrity' },
  'proof-about': { block: 'scope', claim: 'scope' },
  'report-readable': { block: 'format', claim: 'integrity' },
  'report-purpose': { block: 'signing-certificate', claim: 'identity' },
  'report-time': { block: 'time', claim: 'time' },
  'report-sealed': { block: 'signing-certificate', claim: 'identity' },
  'report-input': { block: 'scope', claim: 'scope' },
  'report-ledgered': { block: 'ledger', claim: 'ledger' },
  'report-recomputed': { block: 'scope', claim: 'scope' },
  'beside-recognised': { block: 'format', claim: 'scope' },
  'beside-verified': { block: 'scope', claim: 'scope' },
} as const satisfies Record<string, Place>;
export type ArtefactFindingId = keyof typeof ARTEFACT_FINDINGS;
