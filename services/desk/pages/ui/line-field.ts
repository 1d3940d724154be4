import { html, nothing, type TemplateResult } from 'lit';

/** One line that may stay empty. */
export const lineField = (field: {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly maximum: number;
  readonly input: (value: string) => void;
}): TemplateResult =>
  html`<div class="field">
    <label for=${field.id}>${field.label}</label>
    <input
      id=${field.id}
      name=${field.id}
      type="text"
      autocomplete="off"
      autocorrect="off"
      spellcheck="false"
      maxlength=${field.maximum}
      aria-describedby=${field.hint === undefined ? nothing : `${field.id}-hint`}
      .value=${field.value}
      @input=${(event: Event) => field.input((event.target as HTMLInputElement).value)}
    />
    ${field.hint === undefined ? nothing : html`<p id="${field.id}-hint" class="soft">${field.hint}</p>`}
  </div>`;
