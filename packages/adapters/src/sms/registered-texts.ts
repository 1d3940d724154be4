import { readFileSync } from 'node:fs';
import { DomainError, type SmsMessage } from '@mandate/core';

/** One text as it was registered with a vendor, under the vendor's id. */
export interface RegisteredText {
  /** Our name of the message, e.g. `signing-code.zh`. */
  readonly template: string;
  /** The signature the vendor puts in front, without its brackets. */
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
  /** True where the vendor takes digits only, up to six, in a variable of a code text. */
  readonly digitsOnly?: boolean;
}

export const ALIBABA_LIMITS: TextLimits = { variable: 35, text: 500 };
/** The console shows an account's own limit; six is what everybody has. */
export const TENCENT_LIMITS: TextLimits = { variable: 6, text: 500 };

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
      if (typeof each[name] !== 'string' || each[name] === '')
        throw fault(`has an entry without ${name}`);
  return list as RegisteredText[];
}

/**
 * The registered text that says exactly what the message says, with its variables in the order of the text. The
 * phone shows the vendor's copy, so a text that differs in one character is none: `template`.
 */
export function matchRegisteredText(
  texts: readonly RegisteredText[],
  message: Pick<SmsMessage, 'templateId' | 'vars' | 'text'>,
  limits: TextLimits,
): { text: RegisteredText; vars: ReadonlyMap<string, string> } | 'template' | 'variable-too-long' {
  const signed = SIGNATURE.exec(message.text);
  const body = signed ? message.text.slice(signed[0].length) : message.text;
  for (const text of texts) {
    if (text.template !== message.templateId || (signed && signed[1] !== text.sign)) continue;
    const vars = new Map<string, string>();
    const filled = text.text.replace(/\{([A-Za-z]{1,20})\}/g, (_, name: string) => {
      vars.set(name, message.vars[name] ?? '');
      return message.vars[name] ?? '';
    });
    if (filled !== body) continue;
    // Signature and its two brackets count.
    const long = [...filled].length + [...text.sign].length + 2 > limits.text;
    return long || [...vars.values()].some((value) => [...value].length > limits.variable)
      ? 'variable-too-long'
      : { text, vars };
  }
  return 'template';
}
