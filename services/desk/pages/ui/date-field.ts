import { html, nothing, type TemplateResult } from 'lit';

/** A day, by the browser's own means; empty: none. */
export const dateField = (field: {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  /** Days `2026-11-22`, both included. */
  readonly from?: string;
  readonly to?: string;
  readonly input: (value: string) => void;
}): TemplateResult =>
  html`<div class="field">
    <label for=${field.id}>${field.label}</label>
    <input
      id=${field.id}
      name=${field.id}
      type="date"
      min=${field.from ?? nothing}
      max=${field.to ?? nothing}
      aria-describedby=${field.hint === undefined ? nothing : `${field.id}-hint`}
      .value=${field.value}
      @input=${(event: Event) => field.input((event.target as HTMLInputElement).value)}
    />
    ${field.hint === undefined ? nothing : html`<p id="${field.id}-hint" class="soft">${field.hint}</p>`}
  </div>`;
