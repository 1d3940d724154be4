import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { LIFE_LANES, type Life, type LifeLane } from '../api/searches.js';
import { moment } from '../moments.js';
import type { SearchWords } from '../words/zh-search.js';
import { actorName } from './actor-name.js';

/** Pixels from lane to lane, and the whole rail. */
const LANE = 22;
const RAIL = LANE * LIFE_LANES.length;
/** What lasts lies over the lane it concerns. */
const SPAN_LANES: Readonly<Record<string, LifeLane>> = { certificate: 'signature', frozen: 'use' };

type Row = Life['rows'][number];

/**
 * A life from top to bottom: each row of the list draws its own piece of the picture beside it, so that the picture is
 * as long as the words are, on every screen and on paper. What the picture says the list says in words.
 */
export const lifePicture = (
  { rows, spans, whole }: Life,
  words: SearchWords,
  label: string,
): TemplateResult =>
  rows.length === 0
    ? html``
    : html`<div class="life">
        <p class="life-lanes" aria-hidden="true">
          ${LIFE_LANES.map((lane) => html`<span data-lane=${lane}>${words.lanes[lane]}</span>`)}
        </p>
        <ol aria-label=${label}>
          ${rows.map(
            (row, i) =>
              html`<li data-what=${row.what} data-lane=${row.lane}>
                ${piece(row, i, rows.length, spans)}
                <div class="life-words">
                  <time class="number" datetime=${row.at}>${exact(row.at)}</time>
                  <span
                    ><strong>${row.label}</strong
                    ><span class="visually-hidden"> (${words.lanes[row.lane]})</span>${
                      row.by === 'timestamp' ? html` · ${words.proven}` : nothing
                    }</span
                  >
                  ${row.gap ? html`<span class="life-gap">${row.gap}</span>` : nothing}
                  ${told(row, words)}
                  ${spans
                    .filter(({ fromRow }) => Math.ceil(fromRow) === i)
                    .map(
                      (span) =>
                        html`<span class="soft"
                          >${span.label}: ${moment(span.from)} –
                          ${span.until ? moment(span.until) : '…'}</span
                        >`,
                    )}
                </div>
              </li>`,
          )}
        </ol>
        ${whole ? nothing : html`<p class="callout warning" data-whole="false">${words.lifePart}</p>`}
        <p class="soft">${words.lifeNote}</p>
      </div>`;

/** The lanes beside one row, with its dot, and what lasts at that time. */
const piece = (row: Row, i: number, count: number, spans: Life['spans']): TemplateResult =>
  html`<svg class="life-rail" width=${RAIL} aria-hidden="true">
    ${LIFE_LANES.map((lane) => line(lane, i, count))} ${spans.map((span) => band(span, i))}
    <circle
      class="life-dot ${row.by === 'timestamp' ? 'proven' : ''}"
      data-lane=${row.lane}
      cx=${middle(row.lane)}
      cy="50%"
      r="6"
    ></circle>
  </svg>`;

const line = (lane: LifeLane, i: number, count: number): SVGTemplateResult =>
  svg`<line class="life-line" x1=${middle(lane)} x2=${middle(lane)}
    y1=${i === 0 ? '50%' : '0'} y2=${i === count - 1 ? '50%' : '100%'}></line>`;

/** A row reaches half a row up and down from its own place. */
function band(
  { what, fromRow, untilRow }: Life['spans'][number],
  i: number,
): SVGTemplateResult | typeof nothing {
  const [from, until] = [Math.max(fromRow, i - 0.5), Math.min(untilRow, i + 0.5)];
  if (until <= from) return nothing;
  const percent = (place: number): string => `${((place - i + 0.5) * 100).toFixed(1)}%`;
  return svg`<rect class="life-span" data-span=${what} x=${middle(SPAN_LANES[what] ?? 'use') - 8}
    width="16" y=${percent(from)} height=${`${((until - from) * 100).toFixed(1)}%`}></rect>`;
}

const middle = (lane: LifeLane): number => LIFE_LANES.indexOf(lane) * LANE + LANE / 2;

function told({ use, access }: Row, words: SearchWords): TemplateResult | typeof nothing {
  if (use)
    return html`<span class="soft"
      >${use.recipient.name} ← ${use.source.name} · ${words.usePurposes[use.purpose] ?? use.purpose}
      · ${words.useStates[use.state]}</span
    >`;
  if (access)
    return html`<span class="soft"
      >${actorName(access.by, words)} ·
      ${words.accessPurposes[access.purpose] ?? access.purpose}</span
    >`;
  return nothing;
}

/** With seconds: steps of a signature lie seconds apart. */
const exact = (at: string): string =>
  `${moment(at)}:${String(new Date(at).getUTCSeconds()).padStart(2, '0')}`;
