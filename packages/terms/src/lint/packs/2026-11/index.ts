import type { RulePack } from '../../rule.js';
import { consentRules } from './consent-rules.js';
import { itemRules } from './item-rules.js';
import { memberRules } from './member-rules.js';
import { partyRules } from './party-rules.js';
import { protectionRules } from './protection-rules.js';
import { scopeRules } from './scope-rules.js';
import { termRules } from './term-rules.js';

export const pack202611: RulePack = {
  version: '2026-11',
  denial: {
    // Not a bare 不 or 无: 不动产, 不限, 无论 deny nothing. 但 and 并 begin a part of their own.
    zh: '(?:不得|不会|不予|不再|不应当?|不可|不能|不是|不属于|不构成|不等于|不等同于|不意味着|并非|禁止|严禁|杜绝|无权|拒绝|没有|无须|无需|未经[^,。;\\n]{0,12}(?:同意|授权)|不(?:向|将|把|对|与|委托|包括|包含|含有?|采集|收集|查询|处理|提供|使用|用于|作|做|公开|要求|需|涉及|存在|设|适用|接受|允许|因|以))[^,。;\\n但并]{0,40}|不',
    en: '\\b(?:not(?! only| limited)|never|no|neither|nor|without|cannot|prohibited|forbidden|refuses|excludes|excluding|except)\\b(?:(?! but | and (?:may|will|shall|can) )[^.;,\\n]){0,80}',
  },
  rules: [
    ...scopeRules,
    ...partyRules,
    ...termRules,
    ...consentRules,
    ...protectionRules,
    ...itemRules,
    ...memberRules,
  ],
};
