import { readFileSync } from 'node:fs';
import { DomainError, type SmsMessage } from '@mandate/core';

/** One text as it was registered with a vendor, under the vendor's id. */
export interface RegisteredText {
  /** Our name of the message, e.g. `signing-code.zh`. */
  readonly template: string;
  /** The signature the vendor puts in front, without its brackets; empty for what is spoken. */
  readonly sign: string;
  /** With `{name}` where a variable stands; everything else to the letter. */
  readonly text: string;
  readonly id: string;
}

/** What a vendor allows. Sources and dates stand in docs/sms.md. */
export interface TextLimits {
  /** Characters of one variable's value. */
  readonly variable: number;
  /** Characters of the whole text with its values. */
  readonly text: number;
  /** Characters of all values of one message together. */
  readonly variables?: number;
  /** True where the vendor takes digits only, up to six, in a variable of a code text. */
  readonly digitsOnly?: boolean;
}

export const ALIBABA_LIMITS: TextLimits = { variable: 35, text: 500 };
/** The console shows an account's own limit; six is what everybody has. */
export const TENCENT_LIMITS: TextLimits = { variable: 6, text: 500 };
/** Calls: no limit of one variable is published, of all together and of the text there is. */
export const ALIBABA_CALL_LIMITS: TextLimits = { variable: 249, variables: 249, text: 500 };
export const TENCENT_CALL_LIMITS: TextLimits = { variable: 350, text: 350 };

/** How often a call says its text: the text itself says the digits twice. */
export const PLAY_TIMES = 2;

const SIGNATURE = /^【([^】]{1,30})】/;

/** Reads the JSON file with the registered texts, `{"items": […]}`. Throws `config-invalid`. */
export function readRegisteredTexts(path: string): readonly RegisteredText[] {
  const fault = (detail: string, cause?: unknown): DomainError =>
    new DomainError('config-invalid', `the file of registered SMS texts ${detail}`, { cause });
  let list: unknown;
  try {
    list = (JSON.parse(readFileSync(path, 'utf8')) as { items?: unknown } | null)?.items;
  } catch (cause) {
    throw fault('is missing or no JSON', cause);
  }
  if (!Array.isArray(list) || list.length === 0) throw fault('has no list `items`');
  for (const each of list as Record<string, unknown>[])
    for (const name of ['template', 'sign', 'text', 'id'] as const)
      if (
        typeof each[name] !== 'string' ||
        (each[name] === '' && !(name === 'sign' && isCall(each)))
      )
        throw fault(`has an entry without ${name}`);
  return list as RegisteredText[];
}

/** Whoever is called hears no signature. */
const isCall = ({ template }: Record<string, unknown>): boolean =>
  /-call\.[a-z]{2}$/.test(String(template));

/**
 * The registered text that says exactly what the message says, with its variables in the order of the text. The
 * phone shows the vendor's copy, so a text that differs in one character is none: `template`.
 */
export function matchRegisteredText(
  texts: readonly RegisteredText[],
  message: Pick<SmsMessage, 'templateId' | 'vars' | 'text'>,
  limits: TextLimits,
):
  | {
      text: RegisteredText;
      vars: ReadonlyMap<string, string>;
      /** By the places they have in the text: a name that stands twice is there twice. */
      values: readonly string[];
    }
  | 'template'
  | 'variable-too-long' {
  const signed = SIGNATURE.exec(message.text);
  const body = signed ? message.text.slice(signed[0].length) : message.text;
  for (const text of texts) {
    if (text.template !== message.templateId || (signed && signed[1] !== text.sign)) continue;
    const vars = new Map<string, string>();
    const values: string[] = [];
    const filled = text.text.replace(/\{([A-Za-z]{1,20})\}/g, (_, name: string) => {
      const value = message.vars[name] ?? '';
      vars.set(name, value);
      values.push(value);
      return value;
    });
    if (filled !== body) continue;
    const length = (all: readonly string[]): number => [...all.join('')].length;
    // Signature and its two brackets count.
    const whole = length([filled, text.sign]) + (text.sign === '' ? 0 : 2);
    const long =
      whole > limits.text ||
      length(values) > (limits.variables ?? Infinity) ||
      values.some((value) => length([value]) > limits.variable);
    return long ? 'variable-too-long' : { text, vars, values };
  }
  return 'template';
}
