import { DomainError } from '@mandate/core';
import { formatMoment, type Language } from './moments.js';
import type { Terms, Uses } from './terms.js';
import { characterCount } from './text.js';

export const KEY_TERM_IDS = [
  'who',
  'purpose',
  'data',
  'sources',
  'until',
  'uses',
  'refuse',
  'withdraw',
] as const;
export interface KeyTerm {
  readonly id: (typeof KEY_TERM_IDS)[number];
  readonly label: string;
  /** One plain sentence to the subject, in the language of the terms. */
  readonly text: string;
}

const PERIODS = {
  zh: { month: '每月', quarter: '每季度', year: '每年' },
  en: { month: 'month', quarter: 'quarter', year: 'year' },
} as const;

/** `1次`, `每月至多1次`; `once`, `3 times`, `at most 1 time per month`. */
export function describeUses(uses: Uses, language: Language): string {
  const times = (n: number): string => (n === 1 ? '1 time' : `${n} times`);
  if (uses.kind === 'count') {
    if (language === 'zh') return `${uses.count}次`;
    return uses.count === 1 ? 'once' : times(uses.count);
  }
  return language === 'zh'
    ? `${PERIODS.zh[uses.per]}至多${uses.atMost}次`
    : `at most ${times(uses.atMost)} per ${PERIODS.en[uses.per]}`;
}

/** When the grant ends at the latest, and by which event before. */
export function describeEnd(end: Terms['end'], language: Language): string {
  if (end.kind === 'date') return formatMoment(end.at, language);
  const latest = formatMoment(end.latest, language);
  return language === 'zh'
    ? `贷款结清之日，最迟至${latest}`
    : `the day the loan is settled, ${latest} at the latest`;
}

/** What the page shows first: at most 200 Chinese characters in all, no word that needs a lawyer. */
export function keyTerms(terms: Terms): KeyTerm[] {
  const { institution, plain, language } = terms;
  const reports = terms.act === 'report';
  const others = (reports ? terms.recipients : terms.sources).map(({ name }) => name);
  const end = describeEnd(terms.end, language);
  const uses = describeUses(terms.uses, language);
  const recurring = terms.uses.kind === 'recurring';
  if (language === 'zh') {
    const act = reports ? '报送' : '查询';
    return [
      { id: 'who', label: '谁', text: `您将允许${institution.name}${act}。` },
      { id: 'purpose', label: '做什么', text: `只用于${plain.purpose}。` },
      { id: 'data', label: reports ? '报什么' : '查什么', text: `您的${plain.data}。` },
      { id: 'sources', label: reports ? '报给谁' : '向谁查', text: `${others.join('、')}。` },
      { id: 'until', label: '到何时', text: `${end}到期，自动失效。` },
      {
        id: 'uses',
        label: '几次',
        text: recurring ? `${uses}，多了不能${act}。` : `只能${act}${uses}，用完即止。`,
      },
      { id: 'refuse', label: '不同意', text: `您可以不同意：${plain.refusal}。` },
      { id: 'withdraw', label: '撤回', text: `您可以随时撤回；撤回前已完成的${act}不受影响。` },
    ];
  }
  const acts = reports ? 'reports' : 'queries';
  return [
    {
      id: 'who',
      label: 'Who',
      text: `You allow ${institution.name} to make ${reports ? 'these reports' : 'this query'}.`,
    },
    { id: 'purpose', label: 'What for', text: `Only for ${plain.purpose}.` },
    { id: 'data', label: 'Which data', text: `Your ${plain.data}.` },
    { id: 'sources', label: reports ? 'To whom' : 'From whom', text: `${others.join('; ')}.` },
    { id: 'until', label: 'Until', text: `It ends by itself: ${end}.` },
    {
      id: 'uses',
      label: 'How often',
      text: recurring
        ? `${uses[0]!.toUpperCase()}${uses.slice(1)}; no more than that.`
        : `Only ${uses}; then it is used up.`,
    },
    { id: 'refuse', label: 'If you refuse', text: `You may refuse: ${plain.refusal}.` },
    {
      id: 'withdraw',
      label: 'Withdraw',
      text: `You may withdraw at any time; ${acts} already made are not affected.`,
    },
  ];
}

const MAXIMUM_CHARACTERS = 200;

/** Throws `terms-invalid` when a Chinese reader would get more than 200 characters of key terms. */
export function checkKeyTermsLength(terms: Terms): void {
  if (terms.language !== 'zh') return;
  const total = keyTerms(terms).reduce((sum, term) => sum + characterCount(term.text), 0);
  if (total > MAXIMUM_CHARACTERS)
    throw new DomainError('terms-invalid', `key terms have ${total} characters, 200 are allowed`);
}
