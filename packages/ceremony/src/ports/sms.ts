import type { SmsOutcome, SmsReceipt } from '@mandate/core';

/** Role ra: which gateway a code goes through, and what carriers said of it. */
export interface CodeDeliveries {
  /**
   * Binds a living code to the gateway it goes through; `fresh` replaces it. False when another was faster: it is
   * no longer the `ordinal`-th, or dead. One conditional UPDATE.
   */
  routeCode(route: {
    readonly kind: 'signing' | 'own';
    readonly id: string;
    readonly ordinal: number;
    readonly gateway: string;
    readonly fresh?: { readonly codeMac: Uint8Array; readonly sealedCode: Uint8Array };
  }): Promise<boolean>;
  /** Messages about `id` that a gateway took and a carrier has said something of, oldest first. */
  deliveries(id: string): Promise<readonly DeliveryRow[]>;
}

export interface DeliveryRow {
  /** The how-manieth code it carried. */
  readonly ordinal: number;
  readonly gateway: string;
  readonly at: Date;
  readonly receipts: readonly {
    readonly messageId: string;
    readonly status: SmsReceipt['status'];
    readonly code: string;
    readonly receivedAt: Date;
  }[];
}

/** What the worker keeps of a send. */
export interface SmsSend {
  /** The message's reference. */
  readonly reference: string;
  readonly gateway: string;
  readonly outcome: SmsOutcome;
  readonly at: Date;
}

/** Role worker: what gateways answered, and where codes have stopped. */
export interface SmsNotes extends SmsReceiptNotes {
  noteSend(send: SmsSend): Promise<void>;
  /** Codes held back by the breaker since then, by what it was for. */
  heldBackCodes(since: Date): Promise<readonly { readonly key: string; readonly count: number }[]>;
}

export interface SmsReceiptNotes {
  /** What is there already stays as it was heard first. */
  noteReceipts(receipts: readonly SmsReceipt[], at: Date): Promise<void>;
}

/** A message's reference: what it is about, and the how-manieth code it carries. */
export const smsReference = (about: string, ordinal: number): string => `${about}.${ordinal}`;

export function parseSmsReference(reference: string): { about: string; ordinal: number } {
  const [about = '', ordinal = '1'] = reference.split('.');
  return { about, ordinal: Number(ordinal) };
}
