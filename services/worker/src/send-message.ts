import { DomainError, type Clock, type CodeMessage, type Sms } from '@mandate/core';
import type { SmsNotes } from '@mandate/ceremony';
import type { Log } from '@mandate/runtime';

export interface SendParts {
  readonly sms: readonly Sms[];
  readonly record: Pick<SmsNotes, 'noteSend'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Sends one message through the first gateway that takes it. `messageFor` makes it for each gateway anew, so that
 * a code is never known to two of them; null: there is nothing to send any more. Also where a gateway may have
 * taken it or not the next one is asked: a second message is better than none, and its code is the only good one.
 * Throws `sms-unavailable` when it is worth trying again.
 */
export async function sendMessage(
  { sms, record, clock, log }: SendParts,
  messageFor: (gateway: string) => Promise<CodeMessage | null>,
): Promise<void> {
  let hope = false;
  for (const gateway of sms) {
    const message = await messageFor(gateway.gateway);
    if (!message) return;
    const outcome = await gateway.send(message);
    const told = { reference: message.reference, gateway: gateway.gateway, outcome };
    // The message is on its way: that its note is missing must not send it again.
    await record
      .noteSend({ ...told, at: clock.now() })
      .catch((err: unknown) => log.error({ ...told, err }, 'a send was not noted'));
    if (outcome.outcome === 'accepted') return;
    log.warn(told, 'a gateway did not take a message');
    hope ||= outcome.outcome !== 'refused';
  }
  if (hope) throw new DomainError('sms-unavailable', 'no gateway took the message');
  log.error({ gateways: sms.length }, 'every gateway refused a message for good');
}

/** The same message whichever way it goes: fetched once, for what is no secret. */
export function sameMessage(
  fetch: () => Promise<CodeMessage | null>,
): (gateway: string) => Promise<CodeMessage | null> {
  let message: Promise<CodeMessage | null> | undefined;
  return () => (message ??= fetch());
}
