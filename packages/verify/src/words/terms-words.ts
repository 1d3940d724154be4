import type { OwnFindingId } from '../catalogue.js';
import { words, type Words } from './words-of.js';

/** Words of terms, template and choices, and of what the pages say. */
export const TERMS_WORDS = {
  'template-record': words(
    ['模板记录与过程记录所载一致', '模板记录不是过程记录所载的那一份'],
    [
      'The record of the template is the one that the trail names',
      'The record of the template is not the one that the trail names',
    ],
  ),
  'template-version': words(
    ['模板记录对应条款所载的模板版本', '模板记录对应的是其他模板版本'],
    [
      'The record is about the template version of the terms',
      'The record is about another template version',
    ],
  ),
  'template-second-person': words(
    ['模板由起草人以外的人批准，规则豁免亦同', '模板的批准人或者豁免人是起草人本人'],
    [
      'Whoever approved the template, or waived a rule, did not write on it',
      'Somebody approved, or waived a rule for, what they wrote themselves',
    ],
  ),
  'template-published': words(
    ['模板在申请授权之前已经发布', '模板在申请授权之后才发布'],
    [
      'The template was published before the letter was asked for',
      'The template was published after the letter was asked for',
    ],
  ),
  'choices-offered': words(
    ['所作选择均为授权书列出的可选内容', '所作选择超出授权书列出的可选内容'],
    [
      'The choices are among those the letter offers',
      'The choices are not among those the letter offers',
    ],
  ),
  'terms-embedded': words(
    ['授权书内嵌有条款数据', '授权书内没有可读的条款数据'],
    ['The letter carries its terms as data', 'The letter carries no readable terms'],
  ),
  'terms-equal': words(
    ['内嵌的条款与证据包内的条款一致', '内嵌的条款与证据包内的条款不一致'],
    [
      'The embedded terms are those of the bundle',
      'The embedded terms are not those of the bundle',
    ],
  ),
  'terms-on-pages': words(
    ['页面文字与条款逐字一致', '页面文字与条款不一致'],
    ['The pages say what the terms say, word for word', 'The pages do not say what the terms say'],
  ),
  'field-on-pages': words(
    ['签名域只有固定的字样，页面没有其他批注', '签名域的字样有改动，或者页面另有批注'],
    [
      'The signature field shows its fixed words and the pages bear no other annotation',
      'The signature field shows other words, or the pages bear another annotation',
    ],
  ),
} satisfies Partial<Record<OwnFindingId, Words>>;
