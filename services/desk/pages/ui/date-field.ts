import { html, type TemplateResult } from 'lit';

/** A day, by the browser's own means; empty: none. */
export const dateField = (field: {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly input: (value: string) => void;
}): TemplateResult =>
  html`<div class="field">
    <label for=${field.id}>${field.label}</label>
    <input
      id=${field.id}
      name=${field.id}
      type="date"
      .value=${field.value}
      @input=${(event: Event) => field.input((event.target as HTMLInputElement).value)}
    />
  </div>`;
