import { html, nothing, type TemplateResult } from 'lit';
import type { CaseDetail, Standing } from '../api/cases.js';
import { moment } from '../moments.js';
import { recordTable } from '../ui/record-table.js';
import type { CaseWords } from '../words/zh-cases.js';

/** Each authorization of the case: its state, and why and since when it is frozen or withdrawn. */
export function standings(
  { authorizations }: CaseDetail,
  shown: number,
  words: CaseWords,
  more: () => void,
): TemplateResult {
  const rest = authorizations.length - shown;
  return html`<section aria-labelledby="standing">
    <h2 id="standing">${words.view.standing}</h2>
    ${recordTable<Standing>(
      words.view.standing,
      [
        [words.view.letter, (it) => html`<span class="number">${it.letterNumber}</span>`],
        [
          words.view.state,
          (it) =>
            html`<span class="badge ${isStill(it) ? 'warning' : ''}" data-state=${it.state}
              >${nowOf(it, words)}</span
            >`,
        ],
        [words.view.why, (it) => whyOf(it, words)],
      ],
      authorizations.slice(0, shown),
      { name: 'standings', captionHidden: true },
    )}
    ${
      rest > 0
        ? html`<button type="button" class="button secondary" data-action="more" @click=${more}>
            ${words.view.more(Math.min(rest, 100))}
          </button>`
        : nothing
    }
  </section>`;
}

/** In one word: what stops it, else its state. */
function nowOf(
  { state, withdrawn, hold, restricted, erasedAt }: Standing,
  words: CaseWords,
): string {
  if (erasedAt) return words.now.erased;
  if (withdrawn) return words.now.withdrawn;
  if (hold && !hold.resolvedAt) return words.now.frozen;
  return restricted ? words.now.restricted : (words.states[state] ?? state);
}

const isStill = ({ withdrawn, hold, restricted, erasedAt }: Standing): boolean =>
  Boolean(withdrawn || restricted || erasedAt || (hold && !hold.resolvedAt));

function whyOf({ withdrawn, hold, restricted, erasedAt }: Standing, words: CaseWords): unknown {
  const lines = [
    withdrawn && words.withdrawn(moment(withdrawn.at)),
    // an outcome is there as soon as it is proposed; the hold lasts until somebody agreed
    hold &&
      !hold.resolvedAt &&
      words.frozen(words.reasons[hold.reason] ?? hold.reason, moment(hold.openedAt)),
    hold?.outcome &&
      hold.resolvedAt &&
      words.holdOver(words.outcomes[hold.outcome] ?? hold.outcome, moment(hold.resolvedAt)),
    restricted && words.restricted(moment(restricted.at)),
    erasedAt && words.erased(moment(erasedAt)),
  ].filter((line): line is string => typeof line === 'string');
  return lines.length > 0
    ? html`<ul>
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ul>`
    : words.view.fine;
}
