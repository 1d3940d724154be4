import { toUtcSeconds, type DeliveryRecord } from '@mandate/core';
import type { RaDeps } from './challenge.js';
import type { ChallengeRow } from '../ports.js';
import { answeredDigest } from './try-challenge.js';

/** What carriers have said so far of the message with this challenge's code; null when nothing. */
export async function deliveryRecordOf(
  { record }: Pick<RaDeps, 'record'>,
  challenge: Pick<ChallengeRow, 'id' | 'digest' | 'setChallenges'>,
): Promise<DeliveryRecord | null> {
  const rows = await record.deliveries(challenge.id);
  if (rows.length === 0) return null;
  return {
    format: 'mandate-delivery/v1',
    challenge: answeredDigest(challenge),
    sends: rows.map(({ ordinal, gateway, at, receipts }) => ({
      code: ordinal,
      gateway,
      at: toUtcSeconds(at),
      receipts: receipts.map(({ messageId, status, code, receivedAt }) => ({
        message: messageId,
        status,
        carrierCode: code,
        receivedAt: toUtcSeconds(receivedAt),
      })),
    })),
  };
}
