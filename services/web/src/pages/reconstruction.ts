import { html, Html } from '@mandate/pages';
import type { DrawReconstruction, SubjectScreens } from '@mandate/report';
import { beijingMoment } from '@mandate/terms';
import { wordsOf, type Words } from './words/index.js';
import { reconstructionWordsOf, type ReconstructionWords } from './words/reconstruction-words.js';

type Frame = Parameters<DrawReconstruction>[1];

/** What one screen is drawn from. */
interface Screen {
  readonly shown: SubjectScreens;
  readonly words: Words;
  readonly said: ReconstructionWords;
}

/**
 * The screens of the signing page once more, from what a bundle tells, in this build's words and style: what stands in
 * `services/web/pages/steps`, without anything that acts. One file of HTML, no script, nothing fetched. A pure function.
 */
export const drawReconstruction: DrawReconstruction = (shown, frame) => {
  const screen = {
    shown,
    words: wordsOf(shown.language),
    said: reconstructionWordsOf(shown.language),
  };
  const { words, said } = screen;
  // As the page counts them, a gate that the institution stood for included.
  const walk: readonly (readonly [keyof Words['steps'], Html | null])[] = [
    ['gate', shown.gate === 'last-six' ? gateScreen(screen) : null],
    ['terms', termsScreen(screen)],
    ['letter', letterScreen(screen)],
    ['clauses', clausesScreen(screen)],
    [shown.code ? 'code' : 'passkey', codeScreen(screen)],
  ];
  const screens = [
    ...walk.map(([name, content], i) => {
      const position = words.steps.position(i + 1, walk.length);
      return content && framed(screen, position, String(words.steps[name]), content);
    }),
    framed(screen, '', words.done.title, doneScreen(screen)),
  ];
  return (
    '<!doctype html>\n' +
    html`<html lang="${words.htmlLang}" class="${shown.largePrint ? 'large-print' : ''}">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${said.title} ${shown.letterNumber}</title>
        <style>
          ${new Html(`${frame.style}\n${STYLE(shown.viewport.width)}`)}
        </style>
      </head>
      <body>
        <main class="page reconstruction">
          ${head(screen, frame)} ${screens} ${missing(screen)}
        </main>
      </body>
    </html>`.text +
    '\n'
  );
};

/** The build's own style sheet has the screens; these are the frame around them, as wide as the subject's window. */
const STYLE = (width: number): string => `
.reconstruction { max-inline-size: 60rem; }
.reconstruction .told-again { border: 2px solid currentColor; padding: 0.75rem 1rem; font-weight: 700; }
.reconstruction .screen { inline-size: min(100%, ${width}px); margin: 2rem auto; border: 1px solid #767676; padding: 1rem; }
.reconstruction .screen > .again { font-size: 0.8rem; border-block-end: 1px dashed #767676; padding-block-end: 0.5rem; }
.reconstruction .recorded { font-size: 0.85rem; border-inline-start: 3px solid #767676; padding-inline-start: 0.5rem; }
.reconstruction code, .reconstruction dd { overflow-wrap: anywhere; }`;

function head({ shown, said }: Screen, { indication, ...frame }: Frame): Html {
  const { facts } = said;
  const { reading, viewport } = shown;
  const rows: readonly (readonly [string, string])[] = [
    [facts.letterNumber, shown.letterNumber],
    [facts.bundle, frame.bundle],
    [facts.letter, shown.letterDigest],
    [facts.page, frame.page],
    [facts.server, frame.server],
    [facts.commit, frame.commit],
    [facts.language, said.languages[shown.language]],
    [facts.print, said.print[shown.largePrint ? 'large' : 'normal']],
    [facts.viewport, `${viewport.width} × ${viewport.height}`],
    [facts.openedAt, localTime(reading.openedAt)],
    [facts.open, said.seconds(reading.secondsOpen)],
    [facts.form, said.forms[reading.alternative]],
    [facts.end, reading.reachedEnd ? said.yes : said.no],
    [facts.readAloud, reading.readAloud ? said.yes : said.no],
  ];
  return html`<h1>${said.title}</h1>
    <p class="told-again">${said.label}</p>
    <p>${said.lead} ${indication === 'TOTAL-PASSED' ? said.passed : said.undecided}</p>
    <div class="card">${factList(rows)}</div>`;
}

const factList = (rows: readonly (readonly [string, string])[]): Html =>
  html`<dl class="facts">
    ${rows.map(
      ([label, text]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>`;

/** Every screen bears the label: pages of a print-out go astray. */
const framed = ({ said }: Screen, position: string, name: string, content: Html): Html =>
  html`<section class="screen" data-screen>
    <p class="again">${said.label}</p>
    <p>${position ? html`${position} · ` : ''}<strong>${name}</strong></p>
    ${content}
  </section>`;

const button = (text: string): Html => html`<p><span class="button">${text}</span></p>`;
const recorded = (text: string): Html => html`<p class="recorded">${text}</p>`;
const tick = (on: boolean, text: string): Html =>
  html`<p class="option">${on ? '☑' : '☐'} ${text}</p>`;

const termRows = (rows: readonly { readonly label: string; readonly text: string }[]): Html =>
  html`<dl class="card terms key-terms">
    ${rows.map(
      ({ label, text }) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>`;

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

function gateScreen(screen: Screen): Html {
  const { gate } = screen.words;
  return html`<h1>${gate.title}</h1>
    <p class="lead">${gate.lead(screen.shown.institution.name)}</p>
    <p>${gate.text}</p>
    <p>${gate.label} <span class="soft">${gate.hint}</span></p>
    ${button(gate.submit)} ${whoAsks(screen, false)}`;
}

function termsScreen(screen: Screen): Html {
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

function letterScreen({ shown, words }: Screen): Html {
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

function clausesScreen(screen: Screen): Html {
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

function codeScreen({ shown, words, said }: Screen): Html {
  const { code: told, passkey } = words;
  const { code, subject } = shown;
  const warning = html`<section class="callout warning">
    <strong>${told.warningTitle}</strong>
    <p>${told.warning}</p>
  </section>`;
  if (!code)
    return html`<h1>${passkey.title}</h1>
      ${warning}
      <p class="lead">${passkey.lead}</p>
      <p>${passkey.what}</p>
      ${button(passkey.confirm)}
      <p class="soft">${passkey.submitText}</p>`;
  const lead = code.channel === 'voice' ? told.calledLead : told.sentLead;
  return html`<h1>${told.title}</h1>
    ${warning}
    <p class="lead">${told.sendLead(subject.phone)}</p>
    ${button(code.channel === 'voice' ? told.call : told.send)}
    <p class="lead">${lead(subject.phone)}</p>
    <div class="card">
      <p class="soft">${said.message[code.channel]} · ${localTime(code.madeAt)}</p>
      <p>${code.text}</p>
    </div>
    <div class="card">
      <p>${told.compare} <strong class="check-code large">${shown.checkCode}</strong></p>
      <p>
        ${told.label}
        <span class="soft">${told.hint(localTime(code.expiresAt).slice(11, 16))}</span>
      </p>
      ${
        shown.passkey
          ? html`${button(passkey.confirm)}
              <p class="soft">${passkey.submitText}</p>`
          : html`${button(told.submit)}
              <p class="soft">${told.submitText}</p>`
      }
    </div>
    ${recorded(said.answered(localTime(code.checkedAt), code.tries))}`;
}

function doneScreen({ shown, words: { done, who } }: Screen): Html {
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

function missing({ shown, said }: Screen): Html {
  const { notes } = said;
  const list = [
    notes.moments,
    notes.folded,
    notes.reading,
    ...(shown.reading.alternative === 'text' ? [] : [notes.original]),
    ...(shown.code ? [notes.code] : []),
    ...(shown.logo ? [notes.logo(shown.logo)] : []),
    ...(shown.gate === 'institution' ? [notes.gate] : []),
    ...(shown.passkey ? [notes.passkey] : []),
    ...(shown.identity.length > 0 ? [notes.identity(shown.identity.join(', '))] : []),
    ...(shown.letters > 1 ? [notes.set(shown.letters)] : []),
  ];
  return html`<h2>${said.missing}</h2>
    <ul>
      ${list.map((note) => html`<li>${note}</li>`)}
    </ul>
    <p class="told-again">${said.label}</p>`;
}

/** In Beijing. */
const localTime = (at: string): string => beijingMoment(new Date(at));
