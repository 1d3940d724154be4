import type { TemplateBody } from '../template.js';
import { creditReportTemplate } from './credit-report.js';

type Both = TemplateBody['method'];
type Clause = TemplateBody['clauses'][number];

/** How every letter is signed is the same (电子签名法 arts. 3, 13, 14). */
export const electronic: Both = creditReportTemplate.electronic;

/** Against signing under somebody's direction; the same in every letter. */
export const signedByMyself: Clause = creditReportTemplate.clauses.find(
  ({ id }) => id === 'signed-by-myself',
)!;

/**
 * Rights (个人信息保护法 arts. 44–50) with what this kind of data adds to them; `objection` is whole sentences.
 */
export const rightsWith = (objection: Both): Both => ({
  zh:
    '授权人有权向被授权人查询、复制、更正、补充、删除其个人信息，要求解释说明，限制或者拒绝处理；通过本授权书所列联系方式提出，被授权人自收到之日起十五个工作日内答复，不予办理的书面说明理由。' +
    objection.zh +
    '授权人认为合法权益受到侵害的，可以向本授权书所列投诉渠道投诉，可以向履行个人信息保护职责的部门投诉，也可以直接向人民法院起诉。',
  en:
    'The Subject may access, copy, correct, supplement and delete personal information held by the Institution, ask for an explanation, and restrict or object to processing, through the contact listed in this letter; the Institution answers within fifteen working days of receipt and gives written reasons for any refusal. ' +
    objection.en +
    " If lawful rights are infringed, the Subject may use the complaint channel listed in this letter, may complain to the authorities responsible for the protection of personal information, and may sue in a people's court directly.",
});
