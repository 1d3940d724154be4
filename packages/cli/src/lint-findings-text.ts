import type { Language, LintFinding, Severity } from '@mandate/terms';
import type { LintedFile } from './commands/lint.js';

const WORDS = {
  zh: {
    severity: { error: '错误', warning: '警告' },
    basis: '依据',
    clean: '未发现问题',
    found: (errors: number, warnings: number) => `${errors} 个错误，${warnings} 个警告`,
    pack: (version: string) => `规则包 ${version}`,
  },
  en: {
    severity: { error: 'error', warning: 'warning' },
    basis: 'see',
    clean: 'nothing found',
    found: (errors: number, warnings: number) => `errors: ${errors}, warnings: ${warnings}`,
    pack: (version: string) => `rule pack ${version}`,
  },
} as const;

/** Three lines per finding: where and which rule, what to do, which article. */
export function lintedFileText(linted: LintedFile, language: Language): string[] {
  const words = WORDS[language];
  return linted.findings.flatMap((finding) => [
    `${linted.file} ${place(linted, finding)}  ${words.severity[finding.severity]}  ${finding.rule}  “${finding.excerpt.replace(/\s+/g, ' ')}”`,
    `    ${finding.message[language]}`,
    `    ${words.basis}: ${finding.article}`,
  ]);
}

export function lintSummary(
  files: readonly LintedFile[],
  version: string,
  language: Language,
): string {
  const words = WORDS[language];
  const count = (severity: Severity) =>
    files.flatMap(({ findings }) => findings).filter((finding) => finding.severity === severity)
      .length;
  const errors = count('error');
  const warnings = count('warning');
  const result = errors + warnings === 0 ? words.clean : words.found(errors, warnings);
  return `${result} (${words.pack(version)})`;
}

/** `12:5`, line and column from 1 in a text; `clauses[2].text.zh:4` and the unit from 1 elsewhere. */
function place({ kind, text }: LintedFile, { path, start }: LintFinding): string {
  if (kind !== 'text') return `${path}:${start + 1}`;
  const before = text.slice(0, start).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
}
