import { html, nothing, type TemplateResult } from 'lit';
import type { NewWayIn } from '../api/agreements-own.js';
import type { Language } from '../desk-view.js';
import { moment } from '../moments.js';
import { en } from '../words/en-standing.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-standing.js';

const AT_ONCE = 5;

/** Passkeys set up, sign-ins linked and resets, told to everybody: who notices one that nobody made, says so. */
export function waysIn(
  items: readonly NewWayIn[],
  language: Language,
): TemplateResult | typeof nothing {
  if (items.length === 0) return nothing;
  const { ways: words } = wordsFor(language, zh, en);
  return html`<section class="card" aria-labelledby="ways-in" data-list="ways-in">
    <h2 id="ways-in">${words.title}</h2>
    <p class="soft">${words.lead}</p>
    ${listed(items.slice(0, AT_ONCE), language)}
    ${
      items.length > AT_ONCE
        ? html`<details>
            <summary>${words.more(items.length - AT_ONCE)}</summary>
            ${listed(items.slice(AT_ONCE), language)}
          </details>`
        : nothing
    }
  </section>`;
}

function listed(items: readonly NewWayIn[], language: Language): TemplateResult {
  const { ways: words } = wordsFor(language, zh, en);
  return html`<ul class="apart">
    ${items.map(
      (it) =>
        html`<li data-way=${it.act}>
          <time class="number">${moment(it.at)}</time> · <strong>${it.name}</strong> ·
          ${words.ways[it.act]} ${it.byWayOf ? html` · ${words.byWayOf[it.byWayOf]}` : nothing}
          ${it.approver ? html` · ${words.both(it.by, it.approver)}` : nothing}
          ${
            it.passkey
              ? html` · ${words.passkey}
                  <code title=${it.passkey}>${it.passkey.slice(0, 16)}</code>`
              : nothing
          }
        </li>`,
    )}
  </ul>`;
}
