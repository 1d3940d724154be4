import { html, type TemplateResult } from 'lit';
import type { CaseDetail } from '../api/cases.js';
import type { Grant } from '../api/grants.js';
import type { Desk, Language } from '../desk-view.js';
import './case-life.js';
import './case-reports.js';
import './case-seals.js';

/** What other topics show within a case. */
export interface CaseSlot {
  readonly desk: Desk;
  readonly language: Language;
  readonly detail: CaseDetail;
  readonly grants: readonly Grant[];
  /** Asks the case to load itself again. */
  readonly changed: () => void;
}

/** One section for each, in this order: the life of the authorizations, the reports, a court's seals. */
export const caseSlots = ({ desk, language, detail, grants }: CaseSlot): TemplateResult =>
  html`<desk-case-life .desk=${desk} .language=${language} .detail=${detail}></desk-case-life>
    <desk-case-reports
      .desk=${desk}
      .language=${language}
      .detail=${detail}
      .grants=${grants}
    ></desk-case-reports>
    <desk-case-seals .desk=${desk} .language=${language} .detail=${detail}></desk-case-seals>`;
