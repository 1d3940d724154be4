import type { RulePack } from '../rule.js';
import { pack202611 } from './2026-11/index.js';

/** Every published edition; templates name theirs in their evidence. */
export const RULE_PACKS: readonly RulePack[] = [pack202611];

export const CURRENT_RULE_PACK: RulePack = pack202611;
