import { html, type TemplateResult } from 'lit';
import type { Language } from '../../src/pages/words/index.js';
import { ownWordsOf, type OwnWords } from '../../src/pages/words/own-words.js';
import { disclosure } from '@mandate/pages/browser/ui/disclosure';
import { dayTime } from './moments.js';
import type { IdImageSide, OwnDetail, OwnIdImage } from './own-view.js';

export interface IdImageActions {
  give(side: IdImageSide, file: File): void;
  destroy(image: OwnIdImage): void;
}

/** Pictures of the identity document: what is kept until when, what became of the others; giving one, folded away. */
export function idImageList(
  language: Language,
  { id, idImages, may }: OwnDetail,
  actions: IdImageActions,
): TemplateResult | '' {
  const { images: words } = ownWordsOf(language);
  if (idImages.length === 0 && !may.keepIdImage) return '';
  return html`<section aria-labelledby="images-title" data-id-images>
    <h2 id="images-title">${words.heading}</h2>
    ${
      idImages.length === 0
        ? ''
        : html`<p class="soft">${words.lead}</p>
            <ul class="own-list">
              ${[...idImages].reverse().map(
                (it) =>
                  html`<li
                    class="card own-passkey"
                    data-id-image=${it.id}
                    data-destroyed=${it.destroyed !== null}
                  >
                    <strong id="name-${it.id}">${words.sides[it.side]}</strong>
                    <span>
                      ${it.reason === 'provided' ? '' : `${words.by[it.by]} · `}${words.reasons[it.reason]}
                    </span>
                    ${it.destroyed ? ended(language, words, it.destroyed) : kept(language, it)}
                    ${it.destroyed || !may.openIdImages ? '' : buttons(words, id, it, actions)}
                  </li>`,
              )}
            </ul>`
    }
    ${may.keepIdImage ? disclosure(words.give, form(words, actions)) : ''}
  </section>`;
}

const kept = (language: Language, { keptAt, keepUntil }: OwnIdImage): TemplateResult =>
  html`<span class="soft">
    ${ownWordsOf(language).images.kept(dayTime(keptAt, language), dayTime(keepUntil, language))}
  </span>`;

const ended = (
  language: Language,
  words: OwnWords['images'],
  { at, why }: NonNullable<OwnIdImage['destroyed']>,
): TemplateResult =>
  html`<span class="soft">${words.destroyed(dayTime(at, language))} · ${words.why[why]}</span>
    <span class="badge">${words.gone}</span>`;

const buttons = (
  words: OwnWords['images'],
  authorization: string,
  image: OwnIdImage,
  { destroy }: IdImageActions,
): TemplateResult => html`
  <div class="onward">
    <a
      class="button secondary"
      href="/v1/own/${authorization}/id-images/${image.id}"
      download="${image.id}.jpg"
      aria-describedby="name-${image.id}"
    >
      ${words.look}
    </a>
    <button
      type="button"
      class="button secondary"
      data-action="destroy-id-image"
      aria-describedby="name-${image.id}"
      @click=${() => destroy(image)}
    >
      ${words.destroy}
    </button>
  </div>
`;

const SIDES = ['front', 'back'] as const;

const form = (words: OwnWords['images'], { give }: IdImageActions): TemplateResult => html`
  <p>${words.giveLead}</p>
  <div class="onward">
    ${SIDES.map(
      (side) =>
        html`<input
            id="image-${side}"
            class="visually-hidden"
            type="file"
            accept="image/jpeg,image/png"
            @change=${(event: Event) => {
              const input = event.currentTarget as HTMLInputElement;
              const [file] = input.files ?? [];
              if (file) give(side, file);
              // so that choosing the same file again sends it again
              input.value = '';
            }}
          />
          <label class="button secondary" for="image-${side}">${words.giveSide[side]}</label>`,
    )}
  </div>
`;
