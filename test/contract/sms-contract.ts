import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Sms, SmsMessage } from '@mandate/core';

export interface SmsUnderTest {
  readonly sms: Sms;
  /** What would reach the phone: repeated references once. */
  delivered(): Promise<readonly { phone: string; text: string; reference: string }[]>;
  /** From now on the gateway is out of order. */
  breakDown(): void | Promise<void>;
  close(): Promise<void>;
}

export const sampleMessage: SmsMessage = {
  phone: '13800138000',
  templateId: 'mandate-code-v1',
  vars: { code: '482913', check: 'KQ7-MRX' },
  text: '【示例银行】您正在签署个人征信查询授权书,校验码KQ7-MRX,验证码482913。如非本人操作请勿提供。',
  channel: 'sms' as const,
  reference: 'chl_0192f0c1',
};

/** What every SMS gateway promises. */
export function smsContract(adapter: string, start: () => Promise<SmsUnderTest>): void {
  describe(`sms: ${adapter}`, () => {
    let peer: SmsUnderTest;
    beforeEach(async () => {
      peer = await start();
    });
    afterEach(() => peer.close());

    test('a message accepted is a message delivered, to the letter, with a receipt', async () => {
      const { gateway, receipt } = await peer.sms.send(sampleMessage);
      expect(gateway).not.toBe('');
      expect(receipt).not.toBe('');
      const { phone, text, reference } = sampleMessage;
      expect(await peer.delivered()).toMatchObject([{ phone, text, reference }]);
    });

    test('the same reference again is delivered once, another one again', async () => {
      const first = await peer.sms.send(sampleMessage);
      expect(await peer.sms.send(sampleMessage)).toEqual(first);
      await peer.sms.send({ ...sampleMessage, reference: 'chl_other' });
      expect(await peer.delivered()).toHaveLength(2);
    });

    test('a gateway out of order is sms-unavailable, and says nothing about the subject', async () => {
      await peer.breakDown();
      const failure = peer.sms.send(sampleMessage);
      await expect(failure).rejects.toMatchObject({ code: 'sms-unavailable' });
      await failure.catch((error: Error) => {
        expect(error.message).not.toMatch(/138|482913/);
      });
      expect(await peer.delivered()).toHaveLength(0);
    });
  });
}
