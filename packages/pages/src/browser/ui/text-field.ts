import { html, type TemplateResult } from 'lit';

/** One line to fill in, with hint and obstacle told to screen readers. */
export const textField = (field: {
  id: string;
  label: string;
  hint: string;
  obstacle: string;
  value: string;
  input: (value: string) => void;
  autocomplete: string;
  inputmode?: 'tel' | 'text';
  maximum: number;
}): TemplateResult => html`
  <div class="field">
    <label for=${field.id}>${field.label}</label>
    <input
      id=${field.id}
      name=${field.id}
      type="text"
      inputmode=${field.inputmode ?? 'text'}
      autocomplete=${field.autocomplete}
      autocorrect="off"
      spellcheck="false"
      maxlength=${field.maximum}
      required
      .value=${field.value}
      @input=${(event: Event) => field.input((event.target as HTMLInputElement).value)}
      aria-describedby="${field.id}-problem ${field.id}-hint"
      aria-invalid=${field.obstacle !== ''}
    />
    <p id="${field.id}-problem" class="obstacle" role="alert">${field.obstacle}</p>
    <p id="${field.id}-hint" class="soft">${field.hint}</p>
  </div>
`;
