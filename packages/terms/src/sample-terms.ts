import { addSeconds, toUtcSeconds } from '@mandate/core';
import { buildTerms } from './build-terms.js';
import type { Language } from './moments.js';
import type { TemplateBody } from './template.js';
import type { Terms, Uses } from './terms.js';

/** Nobody: the ID number's check digit is right, its region and birth date belong to no register entry. */
const MADE_UP_NAME = { zh: '样张甲', en: 'Sample Person' } as const;
const MADE_UP_SUBJECT = {
  idType: 'cn-resident-id',
  idNumber: '110101199001010015',
  phone: '13800000000',
} as const;

/** Terms under this template for a made-up person: for previews and texts, never for a letter that is signed. */
export function sampleTerms(given: {
  readonly template: Parameters<typeof buildTerms>[0]['template'] & { readonly body: TemplateBody };
  readonly institution: Parameters<typeof buildTerms>[0]['institution'];
  readonly language: Language;
  readonly publicUrl: string;
  readonly now: Date;
}): Terms {
  const { template, institution, language, publicUrl, now } = given;
  const { limits } = template.body;
  const latest = toUtcSeconds(addSeconds(now, limits.maximumDays * 86_400));
  const [kind] = limits.uses.kinds;
  const uses: Uses =
    kind === 'recurring' ? { kind, atMost: 1, per: 'month' } : { kind: 'count', count: 1 };
  return buildTerms({
    template,
    institution,
    request: {
      template: template.id,
      businessReference: 'SAMPLE',
      language,
      subject: { ...MADE_UP_SUBJECT, name: MADE_UP_NAME[language] },
      uses,
      end:
        kind === 'recurring'
          ? { kind: 'event', event: 'loan-settled', latest }
          : { kind: 'date', at: latest },
    },
    // The same for everybody: what is drawn at random belongs to real letters.
    drawn: {
      salt: new Uint8Array(32),
      letterNumber: 'M20000101-22222222',
      lookupCode: '2222-2222-2222-2222',
      verifyUrl: `${publicUrl}/verify`,
    },
    now,
  });
}
