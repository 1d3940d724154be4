import type { SubIndication } from '@mandate/pki';
import type { Context, NotCheckedId, OwnFindingId } from './catalogue.js';
import type { Claim, Finding, Indication, Status, Verification } from './verification.js';
import { ARTEFACT_CLAIM_WORDS } from './words/artefact-words.js';
import { CHECK_WORDS, CONTEXT_WORDS } from './words/check-words.js';
import {
  CLAIM_WORDS,
  INDICATION_WORDS,
  NOT_CHECKED_WORDS,
  STATUS_WORDS,
  SUB_INDICATION_WORDS,
} from './words/frame-words.js';
import { OWN_WORDS } from './words/own-words.js';
import type { Words } from './words/words-of.js';

export type WordLanguage = 'zh' | 'en';

/**
 * One finding as a sentence: what holds, or what does not. An indeterminate or unchecked finding
 * states the proposition it is about; its status and sub-indication say that it is open.
 */
export function findingText(finding: Finding, language: WordLanguage): string {
  const [context, check] = finding.id.split('/') as [string, string | undefined];
  const words: Words | undefined =
    check === undefined ? OWN_WORDS[context as OwnFindingId] : CHECK_WORDS[check];
  const [holds, fails] = words?.[language] ?? [check ?? context, check ?? context];
  const text = finding.status === 'passed' || finding.status === 'not-checked' ? holds : fails;
  if (check === undefined) return text;
  return `${CONTEXT_WORDS[context as Context][language]}${language === 'zh' ? '：' : ': '}${text}`;
}

export const indicationText = (indication: Indication, language: WordLanguage): string =>
  INDICATION_WORDS[indication][language];

export const statusText = (status: Status, language: WordLanguage): string =>
  STATUS_WORDS[status][language];

/** Of a letter or a bundle; `input` says when it is neither. */
export const claimText = (
  claim: Claim,
  language: WordLanguage,
  input?: Verification['input'],
): string =>
  ((input && !isOfLetter(input) && ARTEFACT_CLAIM_WORDS[claim]) || CLAIM_WORDS[claim])[language];

/** Letters, bundles and other people's signed documents: the seven claims are about such. */
const isOfLetter = ({ kind, profile }: Verification['input']): boolean =>
  kind === 'bundle' || kind === 'unknown' || (kind === 'pdf' && profile !== 'report');

export const subIndicationText = (sub: SubIndication, language: WordLanguage): string =>
  SUB_INDICATION_WORDS[sub][language];

export const notCheckedText = (id: NotCheckedId, language: WordLanguage): string =>
  NOT_CHECKED_WORDS[id][language];
