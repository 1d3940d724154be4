import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  ALIBABA_CALL_LIMITS,
  ALIBABA_LIMITS,
  matchRegisteredText,
  TENCENT_CALL_LIMITS,
  TENCENT_LIMITS,
} from '@mandate/adapters';
import {
  buildTerms,
  codeCall,
  codeMessage,
  holdMessage,
  ownCodeMessage,
  passkeyMessage,
  registrableCalls,
  registrableTexts,
  SAMPLE_TEMPLATES,
  setCodeCall,
  setCodeMessage,
  templateDigest,
  useMessage,
  type TemplateBody,
  type Terms,
} from '@mandate/terms';

const termsOf = (body: TemplateBody, language: 'zh' | 'en'): Terms =>
  buildTerms({
    template: { id: 'tpl_1', version: 1, digest: templateDigest(body), body },
    institution: {
      name: '禾穗消费金融有限公司',
      creditCode: '91310000MA1FL5E8XC',
      contact: '400-800-1234',
      complaints: '400-800-1235',
    },
    request: {
      template: body.name,
      businessReference: 'LN-1',
      language,
      subject: {
        name: '王小明',
        idType: 'cn-resident-id',
        idNumber: '310101199003072313',
        phone: '13800138000',
      },
      ...(body.limits.uses.kinds[0] === 'recurring'
        ? {
            uses: { kind: 'recurring' as const, atMost: 1, per: 'month' as const },
            end: {
              kind: 'event' as const,
              event: 'loan-settled' as const,
              latest: '2029-11-21T15:59:59Z',
            },
          }
        : { end: { kind: 'date' as const, at: '2026-12-19T15:59:59Z' } }),
    },
    drawn: {
      salt: new Uint8Array(32),
      letterNumber: 'M20261121-7F3K9Q2M',
      lookupCode: 'ABCD-EFGH-JKLM-NPQR',
      verifyUrl: 'https://sign.example/verify',
    },
    now: new Date('2026-11-21T09:30:00Z'),
  });

/** Every written message about a letter, with values as they come. */
const messagesOf = (terms: Terms) => [
  codeMessage(terms, '482913', 'KQ7-MRX'),
  setCodeMessage(terms, 3, '482913', 'KQ7-MRX'),
  ownCodeMessage(terms.language, '482913'),
  useMessage(terms, {
    at: new Date('2026-12-01T00:00:00Z'),
    source: terms.sources[0]!.creditCode,
    number: 12,
    of: 36,
  }),
  passkeyMessage(terms, new Date('2026-12-01T00:00:00Z')),
  ...([null, 'upheld', 'rejected', 'retracted'] as const).map((outcome) =>
    holdMessage(terms, { at: new Date('2026-12-01T00:00:00Z'), by: 'institution', outcome }),
  ),
];

const cases = SAMPLE_TEMPLATES.flatMap((body) =>
  (['zh', 'en'] as const).map((language) => [body.name, language, body] as const),
);

describe.each(cases)('%s in %s', (_name, language, body) => {
  const terms = termsOf(body, language);
  const texts = registrableTexts(terms);
  const registered = texts.map(({ template, sign, text }, i) => ({
    template,
    text,
    sign: sign ?? '禾穗消费金融',
    id: `SMS_${i}`,
  }));

  test('every message is one of the registered texts, within what Alibaba Cloud takes', () => {
    for (const message of messagesOf(terms)) {
      const match = matchRegisteredText(registered, message, ALIBABA_LIMITS);
      expect([message.templateId, match]).toEqual([
        message.templateId,
        { text: expect.anything(), vars: expect.any(Map), values: expect.any(Array) },
      ]);
    }
  });

  test('Tencent Cloud: six characters for a variable are enough for what carries a code alone', () => {
    const fit = (variable: number) =>
      messagesOf(terms)
        .filter(
          (m) =>
            typeof matchRegisteredText(registered, m, { ...TENCENT_LIMITS, variable }) !== 'string',
        )
        .map(({ templateId }) => templateId);
    expect(fit(6)).toEqual([`own-code.${language}`]);
    expect(fit(18)).toHaveLength(9);
  });

  test('as vendors want texts: variables apart and few, no brackets, no link, no number to call', () => {
    for (const { text, longest } of texts) {
      expect(text).not.toMatch(/\}\{/);
      expect(text).not.toMatch(/^\{[^}]*\}$/);
      expect(text).not.toMatch(/[【】¥★]/);
      expect(text).not.toMatch(/https?:|www\.|1\d{10}|400-/);
      expect(Object.keys(longest).length).toBeLessThanOrEqual(4);
      for (const name of Object.keys(longest)) expect(text.split(`{${name}}`)).toHaveLength(2);
      for (const length of Object.values(longest)) expect(length).toBeLessThanOrEqual(18);
    }
  });

  test('every call is one of the registered ones, within what both vendors take; its digits come one by one', () => {
    const calls = registrableCalls(terms);
    const spoken = calls.map(({ template, text }, i) => ({
      ...{ template, text, sign: '' },
      id: `TTS_${i}`,
    }));
    for (const call of [
      codeCall(terms, '482913', 'KQ7-MRX'),
      setCodeCall(terms, 3, '482913', 'KQ7-MRX'),
    ])
      for (const limits of [ALIBABA_CALL_LIMITS, TENCENT_CALL_LIMITS]) {
        const match = matchRegisteredText(spoken, call, limits);
        if (typeof match === 'string') throw new Error(`${call.templateId}: ${match}`);
        expect(match.values.filter((value) => value === '4, 8, 2, 9, 1, 3')).toHaveLength(2);
        expect(match.text.text).not.toMatch(/\}\{|[【】]/);
      }
    expect(calls.map(({ longest }) => longest['digits'])).toEqual([16, 16]);
  });

  test('the code comes first, in two parts at most; so do Chinese notices', () => {
    for (const message of messagesOf(terms)) {
      const narrow = /^[ -Za-z]*$/.test(message.text);
      // A Chinese name in an English text makes it UCS-2; a code never needs a third part.
      const notice = language === 'en' && !message.templateId.includes('code');
      expect(message.text.length).toBeLessThanOrEqual(narrow ? 306 : notice ? 201 : 134);
      if (!/code|set/.test(message.templateId)) continue;
      expect(message.text).toMatch(
        language === 'zh' ? /^【[^】]+】验证码482913,/ : /^Code 482913[ ,]/,
      );
    }
  });
});

test('docs/sms.md has the texts of the credit-report letter, to the letter', () => {
  const docs = readFileSync(new URL('../../docs/sms.md', import.meta.url), 'utf8');
  const body = SAMPLE_TEMPLATES.find(({ name }) => name.includes('credit-report'))!;
  for (const language of ['zh', 'en'] as const)
    for (const { template, text } of [
      ...registrableTexts(termsOf(body, language)),
      ...registrableCalls(termsOf(body, language)),
    ]) {
      expect(docs).toContain(`\`${template}\``);
      expect(docs).toContain(text);
    }
});
