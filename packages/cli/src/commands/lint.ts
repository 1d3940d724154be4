import { extname } from 'node:path';
import { isDomainError } from '@mandate/core';
import {
  checkTerms,
  CURRENT_RULE_PACK,
  lintTemplate,
  lintTerms,
  lintText,
  parseTemplate,
  type Language,
  type LintFinding,
} from '@mandate/terms';
import { UsageError, type Command, tell } from '../command.js';
import { parseCommandLine } from '../parse-options.js';
import { readTextInput } from '../read-limited.js';
import { lintSummary, lintedFileText } from '../lint-findings-text.js';

/** What one file holds, and what was found in it. */
export interface LintedFile {
  readonly file: string;
  readonly kind: 'template' | 'terms' | 'text';
  readonly text: string;
  readonly findings: readonly LintFinding[];
}

/** `mandate lint`: exit code 0 clean, 1 errors, 2 warnings only, 3 unreadable input or wrong usage. */
export const lintCommand: Command = {
  usage: 'lint FILE… [--language zh|en] [--lang zh|en]',
  summary: 'check a template, terms or a text (--language) against the rules of the letter',

  async run(args, io) {
    const { files, language, words } = readArguments(args);
    const linted = files.map((file) => lintFile(file, language));
    const pack = CURRENT_RULE_PACK.version;
    tell(io, { pack, files: linted.map(({ text: _text, ...file }) => file) }, [
      ...linted.flatMap((file) => lintedFileText(file, words)),
      lintSummary(linted, pack, words),
    ]);
    const severities = linted.flatMap(({ findings }) => findings.map(({ severity }) => severity));
    return severities.includes('error') ? 1 : severities.length > 0 ? 2 : 0;
  },
};

function readArguments(args: readonly string[]) {
  const { values, positionals } = parseCommandLine(args, {
    language: { type: 'string' },
    lang: { type: 'string' },
  });
  if (positionals.length === 0) throw new UsageError('lint takes at least one file');
  return {
    files: positionals,
    language: readLanguage('--language', values.language),
    words: readLanguage('--lang', values.lang) ?? ('en' as const),
  };
}

function readLanguage(name: string, value: string | undefined): Language | undefined {
  if (value === undefined || value === 'zh' || value === 'en') return value;
  throw new UsageError(`${name} is zh or en`);
}

function lintFile(file: string, language: Language | undefined): LintedFile {
  const text = readTextInput(file);
  if (extname(file).toLowerCase() !== '.json') {
    if (!language) throw new UsageError(`${file} is no .json: say its --language`);
    return { file, kind: 'text', text, findings: lintText(text, language) };
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isTerms(value))
      return { file, kind: 'terms', text, findings: lintTerms(checkTerms(value)) };
    return { file, kind: 'template', text, findings: lintTemplate(parseTemplate(value)) };
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${file} is no JSON`);
    if (isDomainError(error)) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}

const isTerms = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'format' in value &&
  value.format === 'mandate-terms/v1';
