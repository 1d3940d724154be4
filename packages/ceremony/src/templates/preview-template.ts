import { addSeconds, toUtcSeconds, type Clock } from '@mandate/core';
import { renderSample } from '@mandate/letter';
import { buildTerms, parseTemplate, type Language, type Uses } from '@mandate/terms';
import type { Institution } from '../ports.js';
import type { TemplateRow } from '../template-ports.js';

/** Nobody: the ID number's check digit is right, its region and birth date belong to no register entry. */
const MADE_UP = {
  zh: '样张甲',
  en: 'Sample Person',
} as const;
const MADE_UP_SUBJECT = {
  idType: 'cn-resident-id',
  idNumber: '110101199001010015',
  phone: '13800000000',
} as const;

/** A letter under this version for a made-up person: marked on every page, not signable, stored nowhere. */
export async function previewTemplate(
  deps: { readonly clock: Clock; readonly publicUrl: string },
  input: { institution: Institution; template: TemplateRow; language: Language },
): Promise<Uint8Array> {
  const { institution, template, language } = input;
  const body = parseTemplate(JSON.parse(template.body));
  const now = deps.clock.now();
  const latest = toUtcSeconds(addSeconds(now, body.limits.maximumDays * 86_400));
  const [kind] = body.limits.uses.kinds;
  const uses: Uses =
    kind === 'recurring' ? { kind, atMost: 1, per: 'month' } : { kind: 'count', count: 1 };
  const { id: _, ...party } = institution;
  const terms = buildTerms({
    template: { id: template.id, version: template.version, digest: template.digest, body },
    institution: party,
    request: {
      template: template.id,
      businessReference: 'SAMPLE',
      language,
      subject: { ...MADE_UP_SUBJECT, name: MADE_UP[language] },
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
      verifyUrl: `${deps.publicUrl}/verify`,
    },
    now,
  });
  return renderSample(terms, body.title[language]);
}
