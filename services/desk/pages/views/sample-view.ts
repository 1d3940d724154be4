import { html, nothing, type TemplateResult } from 'lit';
import {
  drawSample,
  noteFinding,
  readSample,
  SAMPLE_FINDINGS,
  sampleFile,
  verifySample,
  watchSeed,
  type SampleDetail,
  type SampleFinding,
  type SampleItem,
} from '../api/samples.js';
import { DeskView } from '../desk-view.js';
import { day, lastDay, moment } from '../moments.js';
import { choiceField } from '../ui/fields.js';
import { lineField } from '../ui/line-field.js';
import { en } from '../words/en-samples.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-samples.js';

/** Milliseconds between looks for the ledger's head. */
const LOOK_EVERY = 1000;

/** What is being recorded of one item. */
interface Chosen {
  readonly finding: SampleFinding;
  readonly note: string;
}

/** One sample: how its seed came about, the drawing, and a finding for each item. */
class SampleView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    sample: { state: true },
    verified: { state: true },
    waited: { state: true },
  };
  declare private sample: SampleDetail;
  declare private verified: boolean | undefined;
  /** Seconds in which the page has looked for the seed. */
  declare private waited: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #chosen = new Map<number, Chosen>();

  override get typed(): ReadonlyMap<number, Chosen> | undefined {
    return this.#chosen.size === 0 ? undefined : new Map(this.#chosen);
  }
  protected override putBack(typed: ReadonlyMap<number, Chosen>): boolean {
    this.#chosen = new Map(typed);
    this.requestUpdate();
    return true;
  }

  protected override async load(): Promise<void> {
    this.sample = await readSample(this.desk.client, this.params['id']!);
    this.waited = 0;
    this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  get #waits(): boolean {
    return this.sample.definition !== null && this.sample.settled === null;
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#waits) this.#timer = setTimeout(() => void this.#look(), LOOK_EVERY);
  }

  async #look(): Promise<void> {
    try {
      const { settled } = await watchSeed(this.desk.client, this.sample.id);
      this.sample = { ...this.sample, settled };
    } catch {
      // The next look may find it.
    }
    this.waited += 1;
    if (this.isConnected) this.#watch();
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { sample } = this;
    return html`
      <p><a href="/desk/samples">${words.back}</a></p>
      <h1 tabindex="-1">${words.one(words.kinds[sample.kind], sample.wanted)}</h1>
      <p>${words.period}: ${day(sample.from)} – ${lastDay(sample.to)}</p>
      <section class="card" aria-labelledby="seed">
        <h2 id="seed">${words.seed}</h2>
        ${this.#seed()}
        ${
          sample.drawnAt
            ? html`<p>
                  ${words.population(
                    sample.population!,
                    Math.min(sample.population!, sample.wanted),
                  )}
                </p>
                <p class="soft">
                  ${words.populationDigest}:
                  <code class="digest">${sample.populationDigest}</code>
                </p>
                <details>
                  <summary>${words.howTitle}</summary>
                  <p>${words.how}</p>
                </details>
                ${
                  sample.sweptAt
                    ? nothing
                    : html`<div class="acts">
                        <button
                          type="button"
                          class="button secondary"
                          data-action="verify"
                          ?disabled=${this.busy}
                          @click=${this.#verify}
                        >
                          ${words.verify}
                        </button>
                        <a class="button secondary" href=${sampleFile(sample.id)} download
                          >${words.export}</a
                        >
                      </div>`
                }
                ${
                  this.verified === undefined
                    ? nothing
                    : html`<p
                        class="callout ${this.verified ? 'good' : 'bad'}"
                        role="status"
                        data-verified=${this.verified}
                      >
                        ${this.verified ? words.same : words.differs}
                      </p>`
                }`
            : this.#waits
              ? nothing
              : html`<p class="soft">${words.drawHint}</p>
                  <button
                    type="button"
                    class="button"
                    data-action="draw"
                    ?disabled=${this.busy}
                    @click=${this.#draw}
                  >
                    ${words.draw}
                  </button>`
        }
      </section>
      ${
        sample.sweptAt
          ? html`<p class="callout" data-swept>${words.swept(day(sample.sweptAt))}</p>`
          : sample.drawnAt
            ? this.#items()
            : nothing
      }
      <p class="soft">${words.time}</p>
    `;
  }

  #seed(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { definition, seed, settled, madeAt } = this.sample;
    const fixed = html`<time class="number">${moment(madeAt)}</time>`;
    if (definition === null)
      return html`<p><code class="digest" data-seed>${seed}</code></p>
        <p class="soft">${words.seedOld} ${fixed}</p>`;
    return html`
      <p class="soft">
        ${words.definition} (${words.fixed} ${fixed}):
        <code class="digest">${definition}</code>
      </p>
      <div role="status">
        ${
          settled
            ? html`<p><code class="digest" data-seed>${settled.seed}</code></p>
                <p class="soft">${words.seedHint(settled.entry, settled.size)}</p>`
            : html`<p class="callout" data-waiting>
                <span class="spinner" aria-hidden="true"></span> <span>${words.waiting}</span>
                <span class="number" aria-hidden="true">${words.seconds(this.waited)}</span>
              </p>`
        }
      </div>
      ${
        settled
          ? html`<details>
              <summary>${words.headTitle}</summary>
              <pre class="digest">${settled.note}</pre>
            </details>`
          : nothing
      }
    `;
  }

  #items(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { items } = this.sample;
    const done = items.filter(({ findings }) => findings.length > 0).length;
    return html`<section aria-labelledby="items">
      <h2 id="items">${words.items}</h2>
      <p>${words.progress(done, items.length)}</p>
      <ol class="sampled">
        ${items.map((item) => html`<li class="card" data-item=${item.ordinal}>${this.#item(item)}</li>`)}
      </ol>
    </section>`;
  }

  #item(item: SampleItem): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const chosen = this.#chosen.get(item.ordinal) ?? { finding: 'in-order', note: '' };
    const choose = (change: Partial<typeof chosen>): void =>
      void this.#chosen.set(item.ordinal, {
        ...(this.#chosen.get(item.ordinal) ?? chosen),
        ...change,
      });
    return html`
      <p>
        <code class="id">${item.id}</code><br /><span class="soft"
          >${words.authorization}: <code class="id">${item.authorization}</code></span
        >
      </p>
      ${
        item.findings.length === 0
          ? html`<p class="soft">${words.open}</p>`
          : html`<ul>
              ${item.findings.map(
                ({ finding, note, at }) =>
                  html`<li>
                    <span class="badge ${finding === 'in-order' ? 'good' : 'warning'}"
                      >${words.findings[finding]}</span
                    >
                    ${note} <time class="number soft">${moment(at)}</time>
                  </li>`,
              )}
            </ul>`
      }
      <form
        class="side-by-side"
        novalidate
        aria-label=${words.recordFor(item.ordinal)}
        @submit=${(event: Event) => this.#note(event, item.ordinal)}
      >
        ${choiceField<SampleFinding>({
          ...{ id: `finding-${item.ordinal}`, label: words.finding, value: chosen.finding },
          options: SAMPLE_FINDINGS.map((it) => [it, words.findings[it]] as const),
          choose: (finding) => choose({ finding }),
        })}
        ${lineField({
          ...{ id: `note-${item.ordinal}`, label: words.note, hint: words.noteHint },
          ...{ maximum: 200, value: chosen.note },
          input: (note) => choose({ note }),
        })}
        <div class="acts">
          <button class="button secondary" data-action="record" ?disabled=${this.busy}>
            ${words.record}
          </button>
        </div>
      </form>
    `;
  }

  #draw = (): Promise<void> =>
    this.act(async () => {
      this.sample = await drawSample(this.desk.client, this.sample.id);
    });

  #verify = (): Promise<void> =>
    this.act(async () => {
      const same = await verifySample(this.desk.client, this.sample.id);
      this.verified = same.sameItems && same.samePopulation && same.sameSeed !== false;
    });

  #note(event: Event, ordinal: number): void {
    event.preventDefault();
    const { finding, note } = this.#chosen.get(ordinal) ?? { finding: 'in-order', note: '' };
    void this.act(async () => {
      const found = { ordinal, finding, note: note.trim() };
      this.sample = await noteFinding(this.desk.client, this.sample.id, found);
      this.#chosen.delete(ordinal);
      this.done = wordsFor(this.language, zh, en).recorded;
    });
  }
}
customElements.define('desk-sample', SampleView);
