import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemRandom, type Sms, type SmsMessage, type SmsOutcome } from '@mandate/core';

export interface SmsUnderTest {
  readonly sms: Sms;
  /** What would reach the phone, in order. */
  delivered(): Promise<readonly { phone: string; text: string }[]>;
  /** From now on the gateway is out of order. */
  breakDown(): void | Promise<void>;
  close(): Promise<void>;
}

export type Accepted = Extract<SmsOutcome, { outcome: 'accepted' }>;

export const clock = { now: () => new Date('2026-11-21T09:30:00Z') };
export const given = { clock, random: systemRandom, timeoutMs: 5000 };

export const sampleMessage: SmsMessage = {
  phone: '13800138000',
  templateId: 'signing-code.zh',
  vars: { code: '482913', checkCode: 'KQ7-MRX' },
  text:
    '【禾穗消费金融】验证码482913,5分钟内有效。用途:授权禾穗消费金融有限公司查询您的个人信用报告1次,用于本次贷款审批。' +
    '核对码KQ7-MRX,应与页面一致。验证码只在签署页面填写,向您索要的都是诈骗;非本人操作请勿填写。',
  channel: 'sms',
  reference: 'chl_0192f0c1-0000-7000-8000-000000000001.1',
};

/** What every SMS gateway promises. `once`: it sends a repeated reference once; `voice`: it can call. */
export function smsContract(
  adapter: string,
  traits: { readonly once: boolean; readonly voice: boolean },
  start: () => Promise<SmsUnderTest>,
): void {
  describe(`sms: ${adapter}`, () => {
    let peer: SmsUnderTest;
    beforeEach(async () => {
      peer = await start();
    });
    afterEach(async () => {
      await peer.sms.close();
      await peer.close();
    });

    test('a message accepted is a message delivered, to the letter, with its ids', async () => {
      expect(peer.sms.gateway).toMatch(/^[a-z0-9-]+$/);
      const outcome = await peer.sms.send(sampleMessage);
      expect(outcome).toEqual({ outcome: 'accepted', messageIds: expect.any(Array) });
      const { messageIds } = outcome as Accepted;
      expect(messageIds.length).toBeGreaterThan(0);
      for (const id of messageIds) expect(id).toMatch(/^[\x21-\x7e]{1,128}$/);
      const { phone, text } = sampleMessage;
      expect(await peer.delivered()).toEqual([{ phone, text }]);
    });

    test(`the same reference again is delivered ${traits.once ? 'once' : 'twice'}, another one again`, async () => {
      await peer.sms.send(sampleMessage);
      expect(await peer.sms.send(sampleMessage)).toMatchObject({ outcome: 'accepted' });
      await peer.sms.send({
        ...sampleMessage,
        reference: sampleMessage.reference.replace(/1$/, '2'),
      });
      expect(await peer.delivered()).toHaveLength(traits.once ? 2 : 3);
    });

    test('a call is made or refused, never sent as a text', async () => {
      const call = { ...sampleMessage, channel: 'voice' as const };
      const outcome = await peer.sms.send(call);
      if (traits.voice) return expect(outcome).toMatchObject({ outcome: 'accepted' });
      expect(outcome).toEqual({ outcome: 'refused', fault: 'voice' });
      expect(await peer.delivered()).toEqual([]);
    });

    test('a gateway out of order is worth another try, and says nothing about the subject', async () => {
      await peer.breakDown();
      const outcome = await peer.sms.send(sampleMessage);
      expect(['try-again', 'unknown']).toContain(outcome.outcome);
      expect(JSON.stringify(outcome)).not.toMatch(/138|482913|secret|禾穗/);
      expect(await peer.delivered()).toHaveLength(0);
    });
  });
}
