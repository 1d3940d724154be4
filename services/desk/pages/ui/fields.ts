import { html, nothing, type TemplateResult } from 'lit';

interface Field {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
}

const hint = ({ id, hint }: Field): TemplateResult | typeof nothing =>
  hint === undefined ? nothing : html`<p id="${id}-hint" class="soft">${hint}</p>`;
const described = ({ id, hint }: Field) => (hint === undefined ? nothing : `${id}-hint`);

/** One of several, in a list. */
export const choiceField = <Value extends string>(
  field: Field & {
    readonly options: readonly (readonly [Value, string])[];
    readonly value: Value;
    readonly choose: (value: Value) => void;
    /** The empty value is no answer. */
    readonly required?: boolean;
  },
): TemplateResult =>
  html`<div class="field">
    <label for=${field.id}>${field.label}</label>
    <select
      ?required=${field.required ?? false}
      id=${field.id}
      name=${field.id}
      aria-describedby=${described(field)}
      .value=${field.value}
      @change=${(event: Event) => field.choose((event.target as HTMLSelectElement).value as Value)}
    >
      ${field.options.map(
        ([value, text]) =>
          html`<option value=${value} ?selected=${value === field.value}>${text}</option>`,
      )}
    </select>
    ${hint(field)}
  </div>`;

/** Several lines. */
export const longField = (
  field: Field & {
    readonly value: string;
    readonly maximum: number;
    readonly required?: boolean;
    readonly input: (value: string) => void;
  },
): TemplateResult =>
  html`<div class="field">
    <label for=${field.id}>${field.label}</label>
    <textarea
      id=${field.id}
      name=${field.id}
      rows="3"
      maxlength=${field.maximum}
      ?required=${field.required ?? false}
      aria-describedby=${described(field)}
      .value=${field.value}
      @input=${(event: Event) => field.input((event.target as HTMLTextAreaElement).value)}
    ></textarea>
    ${hint(field)}
  </div>`;

/** Any number of a few. */
export const ticksField = <Value extends string>(
  field: Field & {
    readonly options: readonly (readonly [Value, string])[];
    readonly values: readonly Value[];
    readonly choose: (values: readonly Value[]) => void;
  },
): TemplateResult =>
  html`<fieldset class="ticks">
    <legend>${field.label}</legend>
    ${field.options.map(
      ([value, text]) =>
        html`<label class="option">
          <input
            type="checkbox"
            name=${field.id}
            value=${value}
            .checked=${field.values.includes(value)}
            @change=${(event: Event) =>
              field.choose(
                (event.target as HTMLInputElement).checked
                  ? [...field.values, value]
                  : field.values.filter((it) => it !== value),
              )}
          />
          <span>${text}</span>
        </label>`,
    )}
    ${hint(field)}
  </fieldset>`;
