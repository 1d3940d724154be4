import type { Sms, SmsMessage, SmsOutcome } from '@mandate/core';

/** A gateway that keeps what it is given; what it answers a test decides. */
export const recordingSms = (
  messages: SmsMessage[],
  gateway = 'test',
  answer: (message: SmsMessage) => SmsOutcome = ({ reference }) => ({
    outcome: 'accepted',
    messageIds: [`${gateway}-${reference}`],
  }),
): Sms => ({
  gateway,
  send: async (message) => {
    messages.push(message);
    return answer(message);
  },
  close: async () => {},
});
