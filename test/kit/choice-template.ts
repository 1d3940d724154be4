import { creditReportTemplate, parseTemplate, type TemplateBody } from '@mandate/terms';

export const OPTIONAL_ITEM = 'query-records';
/** Of a recipient that is not the institution. */
export const THIRD_PARTY = '91330000MA2HTH1R16';

/** The same, with a recipient whose refusal refuses the letter. */
export const necessaryRecipient = (): TemplateBody => ({
  ...choiceTemplate,
  recipients: choiceTemplate.recipients.map((it) => ({ ...it, necessary: true as const })),
});

/** The sample template with one optional item and one third-party recipient to choose. */
export const choiceTemplate = parseTemplate({
  ...creditReportTemplate,
  items: creditReportTemplate.items.map((item) => ({
    ...item,
    necessary: item.code !== OPTIONAL_ITEM,
  })),
  recipients: [
    {
      name: { zh: '示例担保有限公司', en: 'Sample Guarantee Co., Ltd.' },
      creditCode: THIRD_PARTY,
      purpose: { zh: '对本次贷款提供担保', en: 'To guarantee this loan' },
    },
  ],
});
