import { disclosure } from '@mandate/pages/browser/ui/disclosure';
import { html, nothing, type TemplateResult } from 'lit';
import { ended, type CaseDetail } from '../api/cases.js';
import { grantState, type Grant } from '../api/grants.js';
import {
  orderReports,
  REPORT_DEPTHS,
  REPORT_LANGUAGES,
  reportJobs,
  type ReportDepth,
  type ReportJob,
  type ReportLanguage,
} from '../api/reports.js';
import { DeskView, type Desk } from '../desk-view.js';
import { moment } from '../moments.js';
import { choiceField, ticksField } from '../ui/fields.js';
import { recordTable } from '../ui/record-table.js';
import { en } from '../words/en-reports.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-reports.js';

/** One's own grants that are good now, those that also let files be taken first. */
export const ownGrants = (grants: readonly Grant[], { session }: Desk): readonly Grant[] =>
  grants
    .filter((it) => it.requester === session?.staff && grantState(it) === 'good')
    .sort((a, b) => Number(b.rights.includes('download')) - Number(a.rights.includes('download')));

/** Reports of a case: who ordered them and why, how far they are; and new ones. */
class CaseReports extends DeskView {
  static override properties = {
    ...DeskView.properties,
    detail: { attribute: false },
    grants: { attribute: false },
    jobs: { state: true },
    languages: { state: true },
    depth: { state: true },
  };
  declare detail: CaseDetail;
  declare grants: readonly Grant[];
  declare private jobs: readonly ReportJob[];
  declare private languages: readonly ReportLanguage[] | undefined;
  declare private depth: ReportDepth;
  #key: { readonly asked: string; readonly key: string } | undefined;

  constructor() {
    super();
    this.jobs = [];
    this.depth = 'full';
  }

  protected override async load(): Promise<void> {
    ({ items: this.jobs } = await reportJobs(this.desk.client, this.detail.id));
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const officer = !ended(this.detail) && this.desk.session?.roles.includes('officer');
    const [grant] = ownGrants(this.grants, this.desk);
    return html`<section aria-labelledby="reports" data-section="reports">
      <h2 id="reports">${words.title}</h2>
      ${this.jobs.length === 0 ? html`<p>${words.none}</p>` : this.#table()}
      ${
        !officer
          ? nothing
          : grant
            ? disclosure(words.make, this.#form(grant), this.jobs.length === 0)
            : html`<p class="soft">${words.needGrant}</p>`
      }
    </section>`;
  }

  #table(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return recordTable<ReportJob>(
      words.title,
      [
        [
          words.ordered,
          ({ orders }) =>
            orders.map(
              ({ name, at }) =>
                html`<span class="block">${name} · <time>${moment(at)}</time></span>`,
            ),
        ],
        [
          words.reason,
          ({ orders }) => {
            const { legalBasis, reason } = orders.at(-1)!;
            return html`${legalBasis}<br /><span class="soft">${reason}</span>`;
          },
        ],
        [
          words.what,
          ({ languages, depth }) =>
            html`${languages.map((it) => words.languageOf[it]).join(' · ')}<br /><span class="soft"
                >${words.depths[depth]}</span
              >`,
        ],
        [
          words.progress,
          (job) =>
            html`<span
                class="badge ${job.state === 'done' ? 'good' : job.state === 'stopped' ? 'warning' : ''}"
                data-job=${job.state}
                >${words.jobs[job.state]}</span
              >
              <span class="number">${words.count(job.done, job.size, job.refused)}</span><br /><a
                href="/desk/cases/${job.case}/reports/${job.id}"
                data-action="open-job"
                >${words.open}</a
              >`,
        ],
      ],
      this.jobs,
      { name: 'report-jobs', captionHidden: true },
    );
  }

  #form(grant: Grant): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`<form
      class="form"
      data-form="reports"
      @submit=${(event: Event) => this.#order(event, grant)}
    >
      <p>${words.makeText(this.detail.authorizations.length)}</p>
      ${ticksField<ReportLanguage>({
        ...{ id: 'report-languages', label: words.languages, values: this.#chosen },
        options: REPORT_LANGUAGES.map((it) => [it, words.languageOf[it]]),
        choose: (values) => (this.languages = values),
      })}
      ${choiceField<ReportDepth>({
        ...{ id: 'report-depth', label: words.depth, value: this.depth },
        options: REPORT_DEPTHS.map((it) => [it, words.depths[it]] as const),
        choose: (value) => (this.depth = value),
      })}
      <p class="soft">${words.lead}</p>
      <button
        class="button"
        data-action="make-reports"
        ?disabled=${this.busy || this.#chosen.length === 0}
      >
        ${words.submit}
      </button>
    </form>`;
  }

  get #chosen(): readonly ReportLanguage[] {
    return this.languages ?? [this.language];
  }

  #order(event: Event, grant: Grant): void {
    event.preventDefault();
    const order = {
      ...{ grant: grant.id, depth: this.depth },
      languages: REPORT_LANGUAGES.filter((it) => this.#chosen.includes(it)),
    };
    // Pressed again after an answer that was lost, it is the same order: until it is known to have been taken.
    const asked = JSON.stringify(order);
    if (this.#key?.asked !== asked) this.#key = { asked, key: crypto.randomUUID() };
    const { key } = this.#key;
    void this.act(async () => {
      const job = await orderReports(this.desk.client, this.detail.id, order, key);
      this.#key = undefined;
      this.desk.go(`/desk/cases/${this.detail.id}/reports/${job.id}`);
    });
  }
}
customElements.define('desk-case-reports', CaseReports);
