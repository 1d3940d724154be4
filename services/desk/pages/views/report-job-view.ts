import { asProblem } from '@mandate/pages/browser/problem';
import { html, nothing, type TemplateResult } from 'lit';
import { grantsOf, type Grant } from '../api/grants.js';
import {
  readJob,
  readReport,
  resumeJob,
  runAgain,
  takeFile,
  takeFiling,
  watchJob,
  type ReportItem,
  type ReportJobDetail,
  type ReportLanguage,
  type RunAgain,
} from '../api/reports.js';
import type { OpenedFile } from '../desk-client.js';
import { DeskView } from '../desk-view.js';
import { moment } from '../moments.js';
import { recordTable } from '../ui/record-table.js';
import { saveFile } from '../ui/save-file.js';
import { whileGood } from '../ui/while-good.js';
import { en } from '../words/en-reports.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-reports.js';
import { ownGrants } from './case-reports.js';
import { comparedReport } from './compared-report.js';
import './opened-copy.js';

/** Reports the desk tells at a time. */
const PAGE = 100;
/** Milliseconds between looks while it runs. */
const LOOK_EVERY = 1500;
const TONES: Readonly<Record<string, string>> = {
  'TOTAL-PASSED': 'good',
  INDETERMINATE: 'warning',
  'TOTAL-FAILED': 'bad',
};

/** What most people want first. */
const inOrder = (files: ReportItem['files']): ReportItem['files'] =>
  [...files].sort(
    (a, b) =>
      Number(b.name.endsWith('.pdf')) - Number(a.name.endsWith('.pdf')) ||
      (a.name < b.name ? 1 : -1),
  );

/** One order of reports: how far it is, and what came out: read, taken away, run again; each click one opening. */
class ReportJobView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    job: { state: true },
    since: { state: true },
    grants: { state: true },
    copy: { state: true },
    again: { state: true },
  };
  declare private job: ReportJobDetail;
  /** Number of the last report before the page of them that is shown. */
  declare private since: number;
  declare private grants: readonly Grant[];
  declare private copy: (OpenedFile & { readonly letterNumber: string }) | undefined;
  declare private again: (RunAgain & { readonly letterNumber: string }) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #forget: (() => void) | undefined;
  /** Of an order that was sent and not answered. */
  #key: { readonly asked: string; readonly key: string } | undefined;

  constructor() {
    super();
    this.since = 0;
  }

  protected override async load(): Promise<void> {
    const { client } = this.desk;
    const id = this.params['id']!;
    [this.job, { items: this.grants }] = await Promise.all([
      readJob(client, this.params['job']!, this.since),
      grantsOf(client, id),
    ]);
    this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#forget?.();
  }

  /** What is opened under a grant goes off the screen with it. */
  #until(grant: Grant): void {
    this.#forget?.();
    this.#forget = whileGood(this.desk.client, grant, () => {
      this.copy = this.again = undefined;
      void this.reload();
    });
  }

  /** Looks again while it runs, at the reports that are shown: a thousand of them cost what a hundred do. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.job.state !== 'running') return;
    this.#timer = setTimeout(() => void this.#look(), LOOK_EVERY);
  }

  async #look(): Promise<void> {
    try {
      const { since } = this;
      const seen = await watchJob(this.desk.client, this.job.id, since);
      // Somebody turned the page meanwhile.
      if (since === this.since) this.job = seen;
    } catch {
      // The next look may find it again.
    }
    if (this.isConnected) this.#watch();
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { job, copy, again } = this;
    if (copy)
      return html`<desk-opened-copy
        .language=${this.language}
        .heading=${words.copyOf}
        .file=${copy}
        .letterNumber=${copy.letterNumber}
        @closed=${this.#close}
      ></desk-opened-copy>`;
    if (again) return comparedReport(again, again.letterNumber, this.language, this.#close);
    const [grant] = ownGrants(this.grants, this.desk);
    return html`
      <p class="soft number">${job.caseNumber}</p>
      <h1 tabindex="-1">${words.job.title}</h1>
      ${this.#progress()} ${job.state === 'stopped' ? this.#stopped(grant) : nothing}
      ${
        job.state === 'done' && job.size > 1 && grant?.rights.includes('download')
          ? html`<p>
              <button
                type="button"
                class="button"
                data-action="take-filing"
                ?disabled=${this.busy}
                @click=${() => void this.act(() => this.#takeFiling(grant))}
              >
                ${words.job.filing}</button
              ><br /><span class="soft">${words.job.filingText}</span>
            </p>`
          : nothing
      }
      ${grant && job.done > 0 ? html`<p>${words.job.each}</p>` : nothing} ${this.#table(grant)}
      ${this.#history()}
      <p><a class="button secondary" href="/desk/cases/${job.case}">${words.job.toCase}</a></p>
    `;
  }

  #progress(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { state, done, size, refused } = this.job;
    const tone = state === 'done' ? 'good' : state === 'stopped' ? 'warning' : '';
    return html`<div class="job-progress" role="status">
        <span class="badge ${tone}" data-job=${state}>${words.jobs[state]}</span>
        <span class="number">${words.count(done, size, refused)}</span>
        ${state === 'running' ? html`<span class="soft">${words.job.waits}</span>` : nothing}
      </div>
      ${
        state === 'done'
          ? nothing
          : html`<progress
              max=${size}
              value=${done + refused}
              aria-label=${words.progress}
            ></progress>`
      }`;
  }

  #stopped(grant: Grant | undefined): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const officer = this.desk.session?.roles.includes('officer');
    const list = this.job.why === 'filing-failed';
    return html`<div class="callout warning" data-why=${this.job.why}>
      <p>
        <strong>${list ? words.job.listStopped : words.job.stopped}</strong>
        ${words.why[this.job.why ?? ''] ?? words.why['other']}
      </p>
      ${
        !officer
          ? nothing
          : grant
            ? html`<button
                type="button"
                class="button"
                data-action="resume"
                ?disabled=${this.busy}
                @click=${() => void this.act(() => this.#resume(grant))}
              >
                ${list ? words.job.listAgain : words.job.resume}
              </button>`
            : html`<p>${words.job.needFresh}</p>`
      }
    </div>`;
  }

  #table(grant: Grant | undefined): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`${this.#pages()}
    ${recordTable<ReportItem>(
      words.job.items,
      [
        [words.job.letter, (it) => html`<span class="number">${it.letterNumber}</span>`],
        [
          words.job.verdict,
          (it) =>
            it.verdict
              ? html`<span
                    class="badge ${TONES[it.verdict.indication] ?? ''}"
                    data-verdict=${it.verdict.indication}
                    >${words.verdicts[it.verdict.indication] ?? it.verdict.indication}</span
                  ><br /><span class="soft">${it.madeAt ? moment(it.madeAt) : ''}</span>`
              : html`<span class="badge ${it.state === 'waiting' ? '' : 'warning'}"
                    >${words.states[it.state]}</span
                  >${it.why ? html`<br /><span class="soft">${words.why[it.why] ?? words.why['other']}</span>` : nothing}`,
        ],
        [words.job.acts, (it) => (grant && it.report ? this.#acts(grant, it) : '—')],
      ],
      this.job.items,
      { name: 'reports', captionHidden: true },
    )}`;
  }

  /** Where one is among many reports, and the way to the others. */
  #pages(): TemplateResult | typeof nothing {
    const { size, items } = this.job;
    if (size <= PAGE) return nothing;
    const words = wordsFor(this.language, zh, en).job;
    const turn = (action: string, label: string, after: number) =>
      html`<button
        type="button"
        class="button secondary"
        data-action=${action}
        ?disabled=${this.busy || after < 0 || after >= size}
        @click=${() => void this.act(() => this.#turn(after))}
      >
        ${label}
      </button>`;
    return html`<nav class="pager" aria-label=${words.pages}>
      ${turn('earlier', words.earlier, this.since - PAGE)}
      <span class="number" role="status"
        >${words.shown(this.since + 1, this.since + items.length, size)}</span
      >
      ${turn('later', words.later, this.since + PAGE)}
    </nav>`;
  }

  #acts(grant: Grant, item: ReportItem): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const act = (name: string, label: string, work: () => Promise<void>, main = false) =>
      html`<button
        type="button"
        class="button ${main ? '' : 'secondary'} compact"
        data-action=${name}
        aria-label="${label} ${item.letterNumber}"
        ?disabled=${this.busy}
        @click=${() => void this.act(work)}
      >
        ${label}
      </button>`;
    const may = (right: 'view' | 'download') => grant.rights.includes(right);
    return html`<span class="acts">
      ${
        may('view')
          ? this.job.languages.map((it) =>
              act(
                `read-${it}`,
                words.read(words.languageOf[it]),
                () => this.#read(grant, item, it),
                true,
              ),
            )
          : nothing
      }
      ${
        may('download')
          ? inOrder(item.files).map(({ name }) =>
              act(`take-${name}`, words.files[name] ?? name, () => this.#take(grant, item, name)),
            )
          : nothing
      }
      ${
        may('view')
          ? (['stored', 'today'] as const).map((facts) =>
              act(`run-${facts}`, words.again[facts], () => this.#run(grant, item, facts)),
            )
          : nothing
      }
    </span>`;
  }

  /** Who ordered it and why. */
  #history(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`<dl class="card terms">
      ${this.job.orders.map(
        ({ name, at, legalBasis, reason }) =>
          html`<div>
            <dt>${words.ordered}</dt>
            <dd>${name} · ${moment(at)} · ${legalBasis} · ${reason}</dd>
          </div>`,
      )}
      <div>
        <dt>${words.what}</dt>
        <dd>
          ${this.job.languages.map((it) => words.languageOf[it]).join(' · ')} ·
          ${words.depths[this.job.depth]}
        </dd>
      </div>
    </dl>`;
  }

  #close = (): void => {
    this.#forget?.();
    this.copy = this.again = undefined;
  };

  async #read(grant: Grant, { report, letterNumber }: ReportItem, language: ReportLanguage) {
    const body = { grant: grant.id, language, right: 'view' } as const;
    this.copy = { ...(await readReport(this.desk.client, report!, body)), letterNumber };
    this.#until(grant);
  }

  async #take(grant: Grant, { report, letterNumber }: ReportItem, name: string) {
    const file = await takeFile(this.desk.client, report!, { grant: grant.id, name });
    saveFile(file.bytes, `${letterNumber}-${name}`, 'application/octet-stream');
    this.done = wordsFor(this.language, zh, en).job.saved(file.access);
  }

  async #takeFiling(grant: Grant) {
    const file = await takeFiling(this.desk.client, this.job.id, grant.id);
    saveFile(file.bytes, `${this.job.caseNumber}.zip`, 'application/zip');
    this.done = wordsFor(this.language, zh, en).job.filed;
  }

  async #run(grant: Grant, { report, letterNumber }: ReportItem, facts: RunAgain['facts']) {
    const body = { grant: grant.id, facts };
    this.again = { ...(await runAgain(this.desk.client, report!, body)), letterNumber };
    this.#until(grant);
  }

  async #resume(grant: Grant) {
    // Pressed again after an answer that was lost, it is the same order; one that fits no more is not tried for ever.
    const asked = `${this.job.orders.length}/${grant.id}`;
    if (this.#key?.asked !== asked) this.#key = { asked, key: crypto.randomUUID() };
    const { key } = this.#key;
    try {
      await resumeJob(this.desk.client, this.job.id, grant.id, key);
      this.#key = undefined;
    } catch (thrown) {
      if (asProblem(thrown).code === 'idempotency-key-reused') this.#key = undefined;
      throw thrown;
    }
    await this.load();
    this.done = wordsFor(this.language, zh, en).job.resumed;
  }

  async #turn(after: number) {
    this.job = await readJob(this.desk.client, this.job.id, after);
    this.since = after;
  }
}
customElements.define('desk-report-job', ReportJobView);
