import type { TemplateBody } from '../template.js';
import { creditReportTemplate } from './credit-report.js';
import { creditReportingTemplate } from './credit-reporting.js';
import { incomeTaxTemplate } from './income-tax.js';
import { postLoanTemplate } from './post-loan.js';
import { telecomCheckTemplate } from './telecom-check.js';
import { thirdPartyDataTemplate } from './third-party-data.js';

export {
  creditReportTemplate,
  creditReportingTemplate,
  incomeTaxTemplate,
  postLoanTemplate,
  telecomCheckTemplate,
  thirdPartyDataTemplate,
};

/** Templates to start from; each institution makes its own version of them with its own counsel. */
export const SAMPLE_TEMPLATES: readonly TemplateBody[] = [
  creditReportTemplate,
  postLoanTemplate,
  creditReportingTemplate,
  incomeTaxTemplate,
  telecomCheckTemplate,
  thirdPartyDataTemplate,
];
