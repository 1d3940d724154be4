import type { ReportLanguage } from '../render-report.js';

/** Sentences about what two reports say differently. */
export interface ChangeWords {
  readonly vanished: (fact: string) => string;
  readonly cutBack: (before: number, after: number) => string;
  readonly verdict: (before: string, after: string) => string;
  readonly usable: (before: string, after: string) => string;
  readonly level: (before: string, after: string) => string;
  readonly result: (question: string, before: string, after: string) => string;
  readonly generation: (asOf: string) => string;
  readonly uses: (before: number, after: number) => string;
  readonly fact: (what: string, at: string, who: string) => string;
  readonly accesses: (before: number, after: number) => string;
  readonly gone: (anchor: string) => string;
  readonly came: (anchor: string) => string;
  readonly tool: (name: string, before: string, after: string) => string;
}

const zh: ChangeWords = {
  vanished: (fact) => `原报告所载事项现已不见，证据记录可能缺失：${fact}`,
  cutBack: (before, after) => `证据包的续写少了：当时${before}次，现在${after}次，证据可能缺失。`,
  verdict: (before, after) => `结论：当时为“${before}”，现在为“${after}”。`,
  usable: (before, after) => `能否使用：当时“${before}”，现在“${after}”。`,
  level: (before, after) => `证据等级：当时${before}，现在${after}。`,
  result: (question, before, after) => `${question.replace(/[。？]$/, '')}：${before} → ${after}。`,
  generation: (asOf) => `证据包已续写，其中所述情况截至${asOf}。`,
  uses: (before, after) => `已计使用次数：当时${before}次，现在${after}次。`,
  fact: (what, at, who) => `${at}：${what}${who ? `（${who}）` : ''}。`,
  accesses: (before, after) => `调阅记录：当时${before}条，现在${after}条。`,
  gone: (anchor) => `不再作为比对依据：${anchor}。`,
  came: (anchor) => `新增比对依据：${anchor}。`,
  tool: (name, before, after) => `验证程序 ${name}：${before} → ${after}。`,
};

const en: ChangeWords = {
  vanished: (fact) => `Told then and not any more, evidence may be missing: ${fact}`,
  cutBack: (before, after) =>
    `The bundle had been added to ${before} times and has ${after} additions now: evidence may be missing.`,
  verdict: (before, after) => `The verdict was “${before}” and is “${after}” now.`,
  usable: (before, after) => `Still usable? Then: ${before}. Now: ${after}.`,
  level: (before, after) => `The evidence level was ${before} and is ${after} now.`,
  result: (question, before, after) => `${question.replace(/[.?]$/, '')}: ${before} → ${after}.`,
  generation: (asOf) => `The bundle has grown; what it tells now is as of ${asOf}.`,
  uses: (before, after) => `Uses counted: ${before} then, ${after} now.`,
  fact: (what, at, who) => `${at}: ${what}${who ? ` (${who})` : ''}.`,
  accesses: (before, after) => `Entries of the access register: ${before} then, ${after} now.`,
  gone: (anchor) => `No longer held against: ${anchor}.`,
  came: (anchor) => `Now also held against: ${anchor}.`,
  tool: (name, before, after) => `Program ${name}: ${before} → ${after}.`,
};

export const CHANGE_WORDS: Readonly<Record<ReportLanguage, ChangeWords>> = { zh, en };
