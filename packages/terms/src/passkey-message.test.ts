import { expect, test } from '@jest/globals';
import { fitsTwoParts } from './code-message.js';
import { passkeyMessage } from './passkey-message.js';
import type { Terms } from './terms.js';

const message = (name: string, language: 'zh' | 'en', host = 'sign.example.cn') =>
  passkeyMessage(
    {
      language,
      verifyUrl: `https://${host}/verify`,
      institution: { name },
      subject: { name: '张三', phone: '13800138000', idNumber: '11010519491231002X' },
    } as unknown as Terms,
    new Date('2026-11-21T20:00:00Z'),
  );

test.each(['zh', 'en'] as const)(
  'says when (Beijing), where to remove it and whom to ask: %s',
  (language) => {
    const { text, templateId } = message('禾穗消费金融有限公司', language);
    expect(templateId).toBe(`passkey-registered.${language}`);
    for (const part of [
      'sign.example.cn/my',
      '2026-11-22',
      ...(language === 'zh' ? ['禾穗消费金融'] : []),
    ])
      expect(text).toContain(part);
    expect(text).not.toMatch(/张三|138|1101|https?:/);
  },
);

test.each(['zh', 'en'] as const)('long names give way before the address does: %s', (language) => {
  const { text } = message(
    `${'某某市'.repeat(9)}小额贷款有限公司`,
    language,
    'authorizations.example.com.cn',
  );
  expect(fitsTwoParts(text)).toBe(true);
  expect(text).toContain('authorizations.example.com.cn/my');
});
