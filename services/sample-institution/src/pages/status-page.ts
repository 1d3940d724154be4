import type { Application, Use } from '../application.js';
import { html, type Html } from './html.js';
import { layout } from './layout.js';
import { refusalWords, wordsOf, type Language } from './words.js';

/** How an application stands; written anew with every webhook. */
export function statusPage(page: {
  readonly language: Language;
  readonly application: Application;
  readonly mandateUrl: string;
}): string {
  const { language, application } = page;
  const words = wordsOf(language);
  const { status } = words;
  const { standing, use, refusal, number } = application;
  const own = `/applications/${number}`;
  const waiting = standing === 'open' || (standing === 'released' && !use && !refusal);
  const head = use?.answer.answered && standing === 'released' ? status.queried : status[standing];
  const button = (act: string, text: string, quiet = false): Html =>
    html`<form method="post" action="${own}/${act}">
      <button type="submit" class="${quiet ? 'quiet' : ''}">${text}</button>
    </form>`;
  return layout({
    language,
    title: head.title,
    step: 3,
    self: own,
    main: html`<h1>${head.title}</h1>
      <p class="lead">${head.text}</p>
      ${refusal !== undefined && html`<p class="notice bad" role="status">${refusalWords(language, refusal)}</p>`}
      <dl>
        ${row(status.number, number)} ${row(status.applicant, application.applicant)}
        ${row(status.amount, `${application.amount.toLocaleString('en')} ${words.apply.yuan}`)}
        ${row(status.letterNumber, application.letterNumber)}
        ${row(status.checkCode, application.checkCode)}
      </dl>
      ${use && useSection(language, use)}
      <div class="acts">
        ${standing === 'open' && html`<a class="button" href="${own}/sign">${status.sign}</a>`}
        ${standing === 'released' && button('queries', use ? status.queryAgain : status.query, Boolean(use))}
        ${(standing === 'withdrawn' || standing === 'held') && button('queries', status.queryAgain, true)}
        ${standing === 'released' && button('withdrawal', status.withdraw, true)}
        ${standing !== 'open' && html`<a class="button quiet" href="/?language=${language}">${words.home}</a>`}
      </div>
      <section>
        <h2>${status.heard}</h2>
        ${
          application.heard.length === 0
            ? html`<p class="hint">${status.nothingHeard}</p>`
            : html`<ol class="heard">
                ${application.heard.map(
                  ({ type, at }) =>
                    html`<li><code>${type}</code> <time datetime="${at}">${clock(at)}</time></li>`,
                )}
              </ol>`
        }
        <p class="hint">${status.heardText}</p>
      </section>
      <p
        hidden
        data-version="${application.heard.length}"
        data-follow="${own}/version"
        data-patience="${waiting ? 'long' : 'short'}"
      ></p>`,
  });
}

const row = (label: string, text: string): Html =>
  html`<div>
    <dt>${label}</dt>
    <dd>${text}</dd>
  </div>`;

function useSection(language: Language, { answer, ...use }: Use): Html {
  const { bureau } = wordsOf(language);
  return html`<section class="card">
    <h2>${bureau.title}</h2>
    <p class="${answer.answered ? 'good' : 'notice bad'}">
      ${answer.answered ? bureau.answered(answer.report) : bureau.refused(answer.reason)}
    </p>
    <p class="hint">${bureau.simulated}</p>
    ${
      answer.answered &&
      html`<ul class="checks">
        ${bureau.checks.map((check) => html`<li>${check}</li>`)}
      </ul>`
    }
    <dl>
      ${row(bureau.use, bureau.useOf(use.number, use.of))} ${row(bureau.left, String(use.usesLeft))}
      ${row(bureau.at, clock(use.at))}
    </dl>
    <details>
      <summary>${bureau.receipt}</summary>
      <p class="hint">${bureau.receiptText}</p>
      <pre>${use.receipt}</pre>
    </details>
  </section>`;
}

/** Beijing time. */
const clock = (at: string): string =>
  new Date(Date.parse(at) + 8 * 3600_000).toISOString().slice(0, 19).replace('T', ' ');
