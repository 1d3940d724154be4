import { html, type TemplateResult } from 'lit';

/** A field for a few large characters, with its problem and hint told to screen readers. */
export function codeInput(field: {
  id: string;
  label: string;
  hint: string;
  problem: string;
  value: string;
  input: (value: string) => void;
  maximum: number;
  /** `one-time-code` fills itself in from the message; digits get the number keyboard. */
  kind: 'one-time-code' | 'id-number' | 'letter-number';
}): TemplateResult {
  const digits = field.kind === 'one-time-code';
  return html`
    <label for=${field.id}>${field.label}</label>
    <input
      id=${field.id}
      name=${field.id}
      class="code ${field.kind}"
      type="text"
      inputmode=${digits ? 'numeric' : 'text'}
      autocomplete=${digits ? 'one-time-code' : 'off'}
      autocapitalize="characters"
      autocorrect="off"
      spellcheck="false"
      maxlength=${field.maximum}
      required
      .value=${field.value}
      @input=${(event: Event) => field.input((event.target as HTMLInputElement).value)}
      aria-describedby="${field.id}-problem ${field.id}-hint"
      aria-invalid=${field.problem !== ''}
    />
    <p id="${field.id}-problem" class="obstacle" role="alert">${field.problem}</p>
    <p id="${field.id}-hint" class="soft">${field.hint}</p>
  `;
}
