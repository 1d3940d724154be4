import { html, type Html } from '@mandate/pages';
import { wordsOf } from '../words/index.js';
import { button, recorded, tick, type Screen } from './pieces.js';

export function clausesScreen(screen: Screen): Html {
  const { shown, words, said } = screen;
  const { clauses } = words;
  const lang = wordsOf(shown.letterLanguage).htmlLang;
  const inSeconds = (milliseconds: number): string => String(Math.round(milliseconds / 1000));
  return html`<h1>${clauses.title}</h1>
    <p class="lead">${clauses.lead}</p>
    <ul class="clauses">
      ${shown.clauses.map(
        (clause, i) =>
          html`<li class="card clause">
            <p class="soft">${clauses.clause(i + 1, shown.clauses.length)}</p>
            <p lang="${lang}">${clause.text}</p>
            <p class="soft">
              ${clauses.explain}
              ${clause.explain ? html`<span lang="${lang}">${clause.explain}</span>` : clauses.toLetter}
            </p>
            ${tick(true, clauses.agree)}
            ${recorded(
              said.clause(
                inSeconds(clause.visibleMilliseconds),
                inSeconds(clause.acknowledgedAfterMilliseconds),
              ),
            )}
          </li>`,
      )}
    </ul>
    ${recipients(screen, lang)} ${items(screen, lang)} ${button(clauses.submit)}`;
}

function recipients({ shown, words: { clauses }, said }: Screen, lang: string): Html | '' {
  if (shown.recipients.length === 0) return '';
  const alone = shown.recipients.every(({ necessary }) => necessary);
  return html`<h2>${clauses.recipients}</h2>
    <p>${alone ? clauses.recipientsAloneText : clauses.recipientsText}</p>
    ${shown.recipients.map(
      ({ name, purpose, necessary, accepted }) =>
        html`<div class="card choice">
          <p><strong>${clauses.recipient(name)}</strong></p>
          <p class="soft">
            ${clauses.recipientPurpose}<br /><span lang="${lang}">${purpose}</span>
          </p>
          ${necessary && html`<p>${clauses.recipientNecessary}</p>`} ${tick(accepted, clauses.yes)}
          ${tick(!accepted, clauses.no)} ${recorded(said.chosen(accepted))}
        </div>`,
    )}`;
}

function items({ shown, words: { clauses }, said }: Screen, lang: string): Html | '' {
  if (shown.items.length === 0) return '';
  return html`<h2>${clauses.items}</h2>
    <p>${clauses.itemsText}</p>
    ${shown.items.map(
      ({ name, sensitive, accepted }) =>
        html`<div class="card choice">
          <p><strong lang="${lang}">${name}</strong></p>
          ${sensitive && html`<p class="soft">${clauses.sensitive}</p>`}
          ${tick(accepted, clauses.yes)} ${tick(!accepted, clauses.no)}
          ${recorded(said.chosen(accepted))}
        </div>`,
    )}`;
}
