import { expect, test } from '@jest/globals';
import { fitsTwoParts, shortName } from './code-message.js';
import { setCodeCall, setCodeMessage } from './set-message.js';

const party = (name: string) => ({
  name,
  creditCode: '91310000MA1FL5E8XC',
  contact: '400',
  complaints: '400',
});
const names = [
  '禾穗消费金融有限公司',
  // the longest a letter takes: sixty characters, none of which can be left off
  '甲'.repeat(60),
  '甲'.repeat(53) + '股份有限公司',
  'A'.repeat(60),
  'Ünïcödé'.repeat(8),
];

test.each(
  names.flatMap((name) => (['zh', 'en'] as const).map((language) => [language, name] as const)),
)('two message parts at most, %s, %s', (language, name) => {
  const { text, templateId } = setCodeMessage(
    { institution: party(name), language },
    5,
    '90817263',
    'KQ7-MRX',
  );
  expect(fitsTwoParts(text)).toBe(true);
  if (language === 'zh') expect(text.length).toBeLessThanOrEqual(134);
  expect(templateId).toBe(`signing-set.${language}`);
  expect(text).toContain('90817263');
  expect(text).toContain('KQ7-MRX');
  expect(text).toMatch(language === 'zh' ? /5份授权书/ : /\b5 letters\b/);
  expect(text).not.toMatch(/https?:|\/\//);
  if (language === 'zh') expect(text.startsWith(`【${shortName(name)}】验证码90817263`)).toBe(true);
});

test('an ordinary name stands in full, with the whole warning', () => {
  const { text } = setCodeMessage(
    { institution: party(names[0]!), language: 'zh' },
    3,
    '482915',
    'KQ7-MRX',
  );
  expect(text).toBe(
    '【禾穗消费金融】验证码482915,5分钟内有效。用途:一次签署给禾穗消费金融有限公司的3份授权书。核对码KQ7-MRX,应与页面一致。验证码只在签署页面填写,向您索要的都是诈骗;非本人操作请勿填写。',
  );
});

test('a call says the digits one by one, twice, and the number of letters', () => {
  for (const language of ['zh', 'en'] as const) {
    const { text, channel } = setCodeCall(
      { institution: party(names[0]!), language },
      2,
      '482915',
      'KQ7-MRX',
    );
    expect(channel).toBe('voice');
    expect(text.split('4, 8, 2, 9, 1, 5')).toHaveLength(3);
    expect(text).toMatch(language === 'zh' ? /2份授权书/ : /2 letters/);
    expect(text).toContain('KQ7-MRX');
  }
});
