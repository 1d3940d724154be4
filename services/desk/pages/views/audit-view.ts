import { html, nothing, type TemplateResult } from 'lit';
import {
  checkRegister,
  findAnomalies,
  ledgerState,
  type Anomalies,
  type Anomaly,
  type LedgerState,
  type RegisterCheck,
} from '../api/audit.js';
import { DeskView } from '../desk-view.js';
import { moment } from '../moments.js';
import { recordTable } from '../ui/record-table.js';
import { en } from '../words/en-register.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-register.js';

/** Ledger, witnesses, the register's integrity, and what the rules find: reads alone. */
class AuditView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    ledger: { state: true },
    register: { state: true },
    anomalies: { state: true },
  };
  declare private ledger: LedgerState;
  declare private register: RegisterCheck;
  declare private anomalies: Anomalies;

  protected override async load(): Promise<void> {
    const { client } = this.desk;
    [this.ledger, this.register, this.anomalies] = await Promise.all([
      ledgerState(client),
      checkRegister(client),
      findAnomalies(client),
    ]);
  }

  protected override content(): TemplateResult {
    const { audit: words } = wordsFor(this.language, zh, en);
    return html`
      <h1 tabindex="-1">${words.title}</h1>
      <p class="lead">${words.lead}</p>
      ${this.#register()} ${this.#anomalies()} ${this.#ledger()}
    `;
  }

  #register(): TemplateResult {
    const { audit: words, problems: named } = wordsFor(this.language, zh, en);
    const { problems, anchors, covered, deskEntries, unanchored, openingsOutside } = this.register;
    // without anchors there is nothing that the register could agree with
    const state =
      problems.length > 0 || openingsOutside > 0 ? 'broken' : anchors === 0 ? 'nothing' : 'whole';
    const tone = { broken: 'bad', nothing: '', whole: 'good' }[state];
    return html`<section aria-labelledby="integrity" data-section="register">
      <h2 id="integrity">${words.register}</h2>
      <div class="callout ${tone}" data-whole=${state === 'whole'} data-state=${state}>
        <p><strong>${state === 'nothing' ? words.noAnchors : words[state]}</strong></p>
        <p>${words.checked(anchors, covered, deskEntries)} ${words.unanchored(unanchored)}</p>
        ${openingsOutside > 0 ? html`<p>${words.outside(openingsOutside)}</p>` : nothing}
        ${
          problems.length > 0
            ? html`<ul>
                ${problems
                  .slice(0, 50)
                  .map(({ code, at }) => html`<li>${named[code] ?? code}: <code>${at}</code></li>`)}
              </ul>`
            : nothing
        }
      </div>
      <p class="soft">${words.doctor}</p>
    </section>`;
  }

  #anomalies(): TemplateResult {
    const {
      audit: words,
      rules,
      thresholds,
      figures,
      exportFile,
    } = wordsFor(this.language, zh, en);
    const { items } = this.anomalies;
    const told = (it: Anomaly): TemplateResult =>
      html`<li data-anomaly=${it.rule}>
        ${it.about ? html`<strong>${it.about.name ?? it.about.id}</strong>` : words.unnamed}:
        ${figures[it.rule](it.figures)}
        ${
          it.about?.id.startsWith('stf_')
            ? html` <a href="/desk/register?person=${it.about.id}">${words.entries}</a>`
            : nothing
        }
        ${
          it.letters.length > 0
            ? html`<details class="disclosure">
                <summary>${words.letters(it.letters.length)}</summary>
                <p class="lines"><code>${it.letters.join('\n')}</code></p>
              </details>`
            : nothing
        }
      </li>`;
    return html`<section aria-labelledby="anomalies" data-section="anomalies">
      <div class="heading">
        <h2 id="anomalies">${words.anomalies}</h2>
        <a
          class="button secondary"
          data-action="export"
          download
          href="/desk/api/audit/anomalies.csv"
          >${exportFile}</a
        >
      </div>
      <p>${words.anomaliesLead}</p>
      ${this.desk.session?.institution ? html`<p>${words.ownStaff}</p>` : nothing}
      ${recordTable<Anomalies['rules'][number]>(
        words.anomalies,
        [
          [words.rule, ({ rule }) => rules[rule]],
          [words.threshold, ({ rule, thresholds: t }) => thresholds[rule](t)],
          [
            words.foundNow,
            ({ rule }) => {
              const found = items.filter((it) => it.rule === rule);
              return found.length === 0
                ? html`<span class="soft">${words.nothing}</span>`
                : html`<ul>
                    ${found.map(told)}
                  </ul>`;
            },
          ],
        ],
        this.anomalies.rules,
        { name: 'anomalies', captionHidden: true },
      )}
    </section>`;
  }

  #ledger(): TemplateResult {
    const { audit: words } = wordsFor(this.language, zh, en);
    const { size, published, waiting, head, stamped, witnesses } = this.ledger;
    const fact = (label: string, text: unknown): TemplateResult =>
      html`<div>
        <dt>${label}</dt>
        <dd>${text}</dd>
      </div>`;
    return html`<section aria-labelledby="ledger" data-section="ledger">
      <h2 id="ledger">${words.ledger}</h2>
      <dl class="card terms">
        ${fact(words.size, `${size} · ${words.published} ${published} · ${words.waiting} ${waiting}`)}
        ${fact(
          words.head,
          head
            ? html`${head.size} · ${moment(head.at)}<br /><code>${head.root}</code>`
            : words.noHead,
        )}
        ${fact(words.stamped, stamped ? `${stamped.size} · ${moment(stamped.at)}` : words.notStamped)}
        ${fact(
          words.witnesses,
          witnesses.length === 0
            ? words.noWitnesses
            : html`<ul>
                ${witnesses.map(
                  (it) =>
                    html`<li>
                      ${it.name}: ${words.behind(Math.max(0, (head?.size ?? 0) - it.size))} ·
                      ${moment(it.at)}
                    </li>`,
                )}
              </ul>`,
        )}
      </dl>
    </section>`;
  }
}
customElements.define('desk-audit', AuditView);
