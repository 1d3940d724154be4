import { html, type Html } from '@mandate/pages';
import type { SubjectScreens } from '@mandate/report';
import { wordsOf } from '../words/index.js';
import { button, factList, termRows, type Screen } from './pieces.js';

/** Before the gate nothing about the letter is told. */
function whoAsks({ shown, words: { who } }: Screen, inside: boolean): Html {
  const { institution } = shown;
  return html`<section class="card who">
    <h2 class="label">${who.heading}</h2>
    <p class="institution"><strong>${institution.name}</strong></p>
    ${factList([
      [who.creditCode, institution.creditCode],
      [who.contact, institution.contact],
    ])}
    <p class="soft">${who.registered}</p>
    <p><b>${who.trust}</b></p>
    <ul class="checks">
      <li>${who.address} <strong>${shown.host}</strong><br />${who.addressText}</li>
      ${
        inside &&
        html`<li>
            ${who.letterNumber} <strong>${shown.letterNumber}</strong><br />${who.letterNumberText}
          </li>
          <li>
            ${who.checkCode} <strong class="check-code">${shown.checkCode}</strong><br />
            ${who.checkCodeText}
          </li>`
      }
      <li>${who.registry}</li>
      ${who.promises.map((promise) => html`<li>${promise}</li>`)}
    </ul>
  </section>`;
}

export function gateScreen(screen: Screen): Html {
  const { gate } = screen.words;
  return html`<h1>${gate.title}</h1>
    <p class="lead">${gate.lead(screen.shown.institution.name)}</p>
    <p>${gate.text}</p>
    <p>${gate.label} <span class="soft">${gate.hint}</span></p>
    ${button(gate.submit)} ${whoAsks(screen, false)}`;
}

export function termsScreen(screen: Screen): Html {
  const { shown, words } = screen;
  const { terms, who } = words;
  return html`<h1>${terms.title}</h1>
    <p class="lead">${terms.lead}</p>
    ${whoAsks(screen, true)}
    <h2>${terms.heading}</h2>
    ${termRows(shown.keyTerms)}
    <p class="soft">${who.you} <b>${shown.subject.name}</b> ${shown.subject.idNumber}</p>
    ${button(terms.submit)}`;
}

export function letterScreen({ shown, words }: Screen): Html {
  const { letter } = words;
  return html`<h1>${letter.title}</h1>
    <p class="lead">${letter.lead}</p>
    <p class="soft">${letter.text} / ${letter.original}. ${letter.textNote}</p>
    <article class="card letter-text" lang="${wordsOf(shown.letterLanguage).htmlLang}">
      ${shown.letter.map(
        (section, i) =>
          html`<section>
            ${i === 0 ? html`<h2>${section.title}</h2>` : html`<h3>${section.title}</h3>`}
            ${section.blocks.map(letterBlock)}
          </section>`,
      )}
    </article>
    <div class="card digest">
      <p>
        ${letter.checkCode} <strong class="check-code">${shown.checkCode}</strong>
        <span class="soft">${letter.checkCodeText}</span>
      </p>
      <p class="ok">${letter.digestOk}</p>
      <p class="soft">${letter.digest}<br /><code>${shown.letterDigest}</code></p>
    </div>
    ${button(letter.submit)}`;
}

function letterBlock(block: SubjectScreens['letter'][number]['blocks'][number]): Html {
  if (block.kind === 'paragraph') return html`<p>${block.text}</p>`;
  const groups =
    block.kind === 'rows'
      ? [block.rows]
      : block.rows.map((row) => row.map((text, i) => ({ label: block.head[i] ?? '', text })));
  return html`${groups.map(
    (rows) =>
      html`<dl class="letter-rows">
        ${rows.map(
          ({ label, text }) =>
            html`<div>
              <dt>${label}</dt>
              <dd>${text}</dd>
            </div>`,
        )}
      </dl>`,
  )}`;
}

export function doneScreen({ shown, words: { done, who } }: Screen): Html {
  const { name, contact, complaints } = shown.institution;
  return html`<h1>${done.title}</h1>
    <p class="lead">${done.lead(name)}</p>
    <p>${who.letterNumber} <b>${shown.letterNumber}</b></p>
    ${button(done.copy)}
    <p class="soft">${done.copyText}</p>
    <h2>${done.now}</h2>
    ${termRows([
      { label: done.uses, text: `${done.usesText} ${done.mine}` },
      { label: done.withdraw, text: `${done.withdrawText} ${done.withdrawContact} ${contact}` },
      { label: done.complain, text: `${done.complainText} ${done.complainContact} ${complaints}` },
      { label: done.remind, text: done.remindText },
    ])}
    <h2>${done.next}</h2>
    <p>${done.nextText}</p>`;
}
