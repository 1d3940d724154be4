import { html, Html } from '@mandate/pages';
import type { DrawReconstruction } from '@mandate/report';
import { clausesScreen } from './reconstruction/clauses-screen.js';
import { codeScreen } from './reconstruction/code-screen.js';
import { factList, localTime, type Screen } from './reconstruction/pieces.js';
import { doneScreen, gateScreen, letterScreen, termsScreen } from './reconstruction/screens.js';
import { wordsOf, type Words } from './words/index.js';
import { reconstructionWordsOf } from './words/reconstruction-words.js';

type Frame = Parameters<DrawReconstruction>[1];

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

/** Every screen bears the label: pages of a print-out go astray. */
const framed = ({ said }: Screen, position: string, name: string, content: Html): Html =>
  html`<section class="screen" data-screen>
    <p class="again">${said.label}</p>
    <p>${position ? html`${position} · ` : ''}<strong>${name}</strong></p>
    ${content}
  </section>`;

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
