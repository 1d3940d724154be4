import { Problem } from '@mandate/pages/browser/problem';
import { html, nothing, type TemplateResult } from 'lit';
import {
  abandonReconciliation,
  FINDING_KINDS,
  findingsFile,
  listFindings,
  readReconciliation,
  sendLog,
  watchReconciliation,
  type Finding,
  type FindingKind,
  type ReconciliationDetail,
} from '../api/reconciliations.js';
import { DeskView } from '../desk-view.js';
import { day, lastDay, moment } from '../moments.js';
import { choiceField } from '../ui/fields.js';
import { recordTable } from '../ui/record-table.js';
import { en } from '../words/en-reconciliation.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-reconciliation.js';

const LOOK_EVERY = 1000;

/** One reconciliation: its log sent in, how far the work is, what came of it. */
class ReconciliationView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    run: { state: true },
    findings: { state: true },
    next: { state: true },
    kind: { state: true },
    sending: { state: true },
  };
  declare private run: ReconciliationDetail;
  declare private findings: readonly Finding[];
  declare private next: string | null;
  declare private kind: FindingKind | '';
  declare private sending: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #file: File | undefined;

  constructor() {
    super();
    this.findings = [];
    this.next = null;
    this.kind = '';
    this.sending = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  protected override async load(): Promise<void> {
    await this.#look();
    if (this.run.state === 'done') await this.#list('');
    else this.#watch();
  }

  async #look(): Promise<void> {
    this.run = await readReconciliation(this.desk.client, this.params['id']!);
  }

  /** While something goes on, the page looks again by itself. */
  #watch(): void {
    clearTimeout(this.#timer);
    const going =
      this.isConnected &&
      (this.sending || this.run.state === 'matching' || this.run.state === 'searching');
    if (!going) return;
    this.#timer = setTimeout(() => {
      void (async () => {
        try {
          this.run = await watchReconciliation(this.desk.client, this.run.id);
        } catch {
          // the next look may find it again
        }
        if (this.run.state === 'done') await this.act(() => this.#list(''));
        else this.#watch();
      })();
    }, LOOK_EVERY);
  }

  async #list(kind: FindingKind | '', after?: string): Promise<void> {
    const asked = { kind: kind === '' ? undefined : kind, after };
    const page = await listFindings(this.desk.client, this.run.id, asked);
    this.findings = after ? [...this.findings, ...page.items] : page.items;
    this.next = page.next;
    this.kind = kind;
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { run } = this;
    return html`
      <p><a href="/desk/reconciliations">${words.back}</a></p>
      <h1 tabindex="-1">${words.title} · ${day(run.from)} – ${lastDay(run.to)}</h1>
      <p>
        <span class="badge" data-state=${run.state}>${words.states[run.state]}</span>
        ${words.source}: <code>${run.source}</code>
      </p>
      ${
        run.state !== 'receiving'
          ? nothing
          : run.own
            ? this.#upload()
            : html`<p class="callout" data-others>${words.others}</p>`
      }
      ${run.state === 'refused' ? this.#refused() : nothing}
      ${
        run.state === 'matching' || run.state === 'searching'
          ? html`<p class="callout" role="status">${words.matching}</p>`
          : nothing
      }
      ${
        run.state === 'failed' || run.state === 'abandoned'
          ? html`<p class="callout bad" data-ended=${run.state}>${words[run.state]}</p>`
          : nothing
      }
      ${
        run.endedAt || !run.own
          ? nothing
          : html`<button
              type="button"
              class="button secondary"
              data-action="abandon"
              ?disabled=${this.busy || this.sending}
              @click=${() =>
                this.act(async () => {
                  await abandonReconciliation(this.desk.client, run.id);
                  await this.#look();
                })}
            >
              ${words.abandon}
            </button>`
      }
      ${run.digest ? this.#counts() : nothing}
      ${
        run.sweptAt
          ? html`<p class="callout" data-swept>${words.swept(day(run.sweptAt))}</p>`
          : run.state === 'done'
            ? this.#findings()
            : nothing
      }
      <p class="soft">${words.time}</p>
    `;
  }

  #upload(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`<form class="card" novalidate @submit=${this.#send} aria-labelledby="log">
        <h2 id="log">${words.logTitle}</h2>
        <div class="field">
          <label for="file">${words.file}</label>
          <input
            id="file"
            type="file"
            accept=".csv,text/csv"
            ?disabled=${this.sending}
            aria-describedby="file-hint"
            @change=${(event: Event) => {
              this.#file = (event.target as HTMLInputElement).files?.[0];
            }}
          />
          <p id="file-hint" class="soft">${words.logHint}</p>
        </div>
        <p role="status">${this.sending ? words.sending(this.run.received) : ''}</p>
        <button class="button" data-action="send" ?disabled=${this.sending}>
          ${this.run.received > 0 ? words.sendAgain(this.run.received) : words.send}
        </button>
      </form>
      <details class="card">
        <summary>${words.columns}</summary>
        <ul>
          ${words.columnLines.map((line) => html`<li>${line}</li>`)}
        </ul>
      </details>`;
  }

  #send = (event: Event): void => {
    event.preventDefault();
    const file = this.#file;
    if (!file || this.sending) return;
    this.sending = true;
    this.#watch();
    void this.#sendOn(file).finally(() => {
      this.sending = false;
      this.#watch();
    });
  };

  /** Broken off by a limit of time, it goes on as long as something new arrives. */
  async #sendOn(file: File): Promise<void> {
    for (;;) {
      const before = this.run.received;
      try {
        await sendLog(this.desk.client, this.run.id, file);
        break;
      } catch (thrown) {
        await this.#look().catch(() => undefined);
        const broken = thrown instanceof Problem && ['timeout', 'offline'].includes(thrown.code);
        if (broken && this.run.state === 'receiving' && this.run.received > before) continue;
        await this.act(async () => {
          if (this.run.faults.length === 0) throw thrown;
        });
        return;
      }
    }
    await this.act(async () => {
      await this.#look();
      if (this.run.state === 'done') await this.#list('');
    });
  }

  #refused(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`<div class="callout bad" role="alert" data-refused>
      <p>${words.refused}</p>
      ${
        this.run.faults.length > 0
          ? html`<p><strong>${words.refusedLines}</strong></p>
              <ul>
                ${this.run.faults.map(
                  ({ line, fault }) =>
                    html`<li data-fault=${fault}>
                      ${words.line(line)}: ${words.lineFaults[fault] ?? fault}
                    </li>`,
                )}
              </ul>`
          : nothing
      }
    </div>`;
  }

  #counts(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { counts, digest } = this.run;
    const present = FINDING_KINDS.filter((kind) => counts[kind]);
    return html`<section aria-labelledby="counts">
      <h2 id="counts">${words.counts}</h2>
      ${recordTable<FindingKind>(
        words.counts,
        [
          [
            words.kind,
            (kind) =>
              html`<span class="badge ${kind === 'matched' ? 'good' : 'warning'}" data-kind=${kind}
                >${words.kinds[kind]}</span
              >`,
          ],
          [words.count, (kind) => html`<strong class="number">${counts[kind]}</strong>`],
          [words.meaning, (kind) => html`<span class="soft">${words.meanings[kind]}</span>`],
        ],
        present,
        { name: 'counts', captionHidden: true },
      )}
      <p class="soft">${words.digest}: <code class="digest">${digest}</code></p>
    </section>`;
  }

  #findings(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { counts } = this.run;
    const wrong = FINDING_KINDS.filter((kind) => kind !== 'matched' && counts[kind]);
    const kinds = FINDING_KINDS.filter((kind) => counts[kind]);
    return html`<section aria-labelledby="findings">
      <div class="heading">
        <h2 id="findings">${words.findings}</h2>
        <a class="button secondary" href=${findingsFile(this.run.id)} download data-action="export"
          >${words.export}</a
        >
      </div>
      ${wrong.length === 0 ? html`<p class="callout good">${words.allMatched}</p>` : nothing}
      <p class="soft">${words.findingsHint}</p>
      ${choiceField<FindingKind | ''>({
        ...{ id: 'kind', label: words.show, value: this.kind },
        options: [['', words.all], ...kinds.map((kind) => [kind, words.kinds[kind]] as const)],
        choose: (kind) => void this.act(() => this.#list(kind)),
      })}
      ${
        this.findings.length === 0
          ? nothing
          : recordTable<Finding>(
              words.findings,
              [
                [words.kind, (it) => words.kinds[it.kind]],
                [words.lineColumn, (it) => it.line ?? '–'],
                [words.query, (it) => html`<code>${it.query ?? '–'}</code>`],
                [words.at, (it) => html`<time class="number">${moment(it.at)}</time>`],
                [
                  words.authorization,
                  (it) => html`<code class="id">${it.authorization ?? '–'}</code>`,
                ],
                [words.use, (it) => html`<code class="id">${it.redemption ?? '–'}</code>`],
              ],
              this.findings,
              { name: 'findings', captionHidden: true },
            )
      }
      ${
        this.next
          ? html`<button
              type="button"
              class="button secondary"
              ?disabled=${this.busy}
              @click=${() => this.act(() => this.#list(this.kind, this.next!))}
            >
              ${words.more}
            </button>`
          : nothing
      }
    </section>`;
  }
}
customElements.define('desk-reconciliation', ReconciliationView);
