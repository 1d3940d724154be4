export { lintTemplate, lintTerms, lintText } from './lint.js';
export { CURRENT_RULE_PACK, RULE_PACKS } from './packs/index.js';
export type { LintFinding, Rule, RulePack, Severity } from './rule.js';
