import type { Clock } from '@mandate/core';
import { CURRENT_RULE_PACK, lintTemplate, parseTemplate, type RulePack } from '@mandate/terms';
import type { LintError, RelintRecord } from '../ports/template.js';

/** Versions linted in one sweep. */
const AT_ONCE = 100;

/** What a version that can no longer be read says of itself: it cannot be used either. */
const UNREADABLE: LintError = { rule: 'unreadable', path: '' };

/**
 * Lints what was published under an earlier rule pack with the one that runs now, once for each version. What it
 * finds is written down and told to the institution; nothing is unpublished by it. Returns how many were linted.
 */
export async function relintTemplates(
  { record, clock }: { readonly record: RelintRecord; readonly clock: Clock },
  pack: RulePack = CURRENT_RULE_PACK,
): Promise<number> {
  const versions = await record.unlinted(pack.version, AT_ONCE);
  for (const { id, version, body } of versions)
    await record.addLint({
      id,
      version,
      pack: pack.version,
      errors: errorsOf(body, pack),
      at: clock.now(),
    });
  return versions.length;
}

function errorsOf(text: string, pack: RulePack): LintError[] {
  let body;
  try {
    body = parseTemplate(JSON.parse(text));
  } catch {
    return [UNREADABLE];
  }
  const errors = lintTemplate(body, pack).filter(({ severity }) => severity === 'error');
  const places = new Map(errors.map(({ rule, path }) => [`${rule} ${path}`, { rule, path }]));
  return [...places.values()];
}
