import { formatMoment } from '@mandate/terms';
import { CLAIMS, claimText, statusText, type Status } from '@mandate/verify';
import type { ReportLanguage } from './render-report.js';
import type { LaterRow, Report, ReportFinding } from './report.js';
import { worstStatus } from './sections.js';
import { CHANGE_WORDS, type ChangeWords } from './words/change-words.js';
import { en } from './words/en.js';
import type { ReportWords } from './words/report-words.js';
import { zh } from './words/zh.js';

type Words = ReportWords & { readonly changes: ChangeWords };
const WORDS: Readonly<Record<ReportLanguage, Words>> = {
  zh: { ...zh, changes: CHANGE_WORDS.zh },
  en: { ...en, changes: CHANGE_WORDS.en },
};

/** In the order in which they are told. */
export const REPORT_CHANGES = [
  'vanished',
  'verdict',
  'usable',
  'evidence-level',
  'claim',
  'generation',
  'uses',
  'fact',
  'accesses',
  'finding',
  'anchor',
  'tool',
] as const;

/** One thing that two reports on the same authorization say differently. */
export interface ReportChange {
  readonly what: (typeof REPORT_CHANGES)[number];
  /** Which claim, finding, fact (or, where all of it vanished, `later`), kind of anchor or program. */
  readonly id?: string;
  /** As the report has it; null: it does not say anything about it. */
  readonly before: string | null;
  readonly after: string | null;
  /** RFC 3339: when it happened, where it is something that happened. */
  readonly at?: string;
  readonly text: Readonly<Record<ReportLanguage, string>>;
}

/**
 * What has changed between two reports on the same authorization: verdict, what can still be done with it, uses,
 * withdrawal, disputes, checks that come out otherwise (revocation among them), what it was held against. Their
 * numbers, and the moments at which they were made, are no change. First of all what was told once and is not any more:
 * nothing that was added to a bundle is ever taken away. A pure function.
 */
export function compareReports(before: Report, after: Report): ReportChange[] {
  return [
    ...vanished(before, after),
    ...verdicts(before, after),
    ...claims(before, after),
    ...later(before, after),
    ...findings(before, after),
    ...surroundings(before, after),
  ];
}

/** `say` gets the words of a language and gives the sentence. */
function change(
  fields: Omit<ReportChange, 'text'>,
  say: (words: Words, language: ReportLanguage) => string,
): ReportChange[] {
  if (fields.before === fields.after) return [];
  return [{ ...fields, text: { zh: say(WORDS.zh, 'zh'), en: say(WORDS.en, 'en') } }];
}

function verdicts(before: Report, after: Report): ReportChange[] {
  const full = ({ verdict: { indication, subIndication } }: Report): string =>
    subIndication ? `${indication} · ${subIndication}` : indication;
  const level = (report: Report) => report.evidenceLevel.level;
  const named = (value: string | null) => value ?? '—';
  return [
    ...change(
      { what: 'verdict', before: full(before), after: full(after) },
      ({ changes, verdict }) =>
        changes.verdict(verdict[before.verdict.indication], verdict[after.verdict.indication]),
    ),
    ...change(
      { what: 'usable', before: before.usable.reason, after: after.usable.reason },
      ({ changes, usable }, language) => {
        const told = ({ usable: { reason, at } }: Report) =>
          usable[reason](at ? formatMoment(at, language) : '');
        return changes.usable(told(before), told(after));
      },
    ),
    ...change(
      { what: 'evidence-level', before: level(before), after: level(after) },
      ({ changes }) => changes.level(named(level(before)), named(level(after))),
    ),
  ];
}

const claims = (before: Report, after: Report): ReportChange[] =>
  CLAIMS.flatMap((id) => {
    const [was, is] = [before.claims[id].status, after.claims[id].status];
    return change({ what: 'claim', id, before: was, after: is }, ({ changes }, language) =>
      changes.result(claimText(id, language), statusText(was, language), statusText(is, language)),
    );
  });

/** Facts that the later one does not tell, and generations that it does not have. */
function vanished({ later: was }: Report, { later: is }: Report): ReportChange[] {
  if (!was) return [];
  const left = new Set(is?.facts.map(({ id }) => id));
  const [before, after] = [String(was.generation), is ? String(is.generation) : null];
  return [
    ...((is?.generation ?? 0) < was.generation
      ? change({ what: 'vanished', id: 'later', before, after }, ({ changes }) =>
          changes.cutBack(was.generation, is?.generation ?? 0),
        )
      : []),
    ...was.facts
      .filter(({ id }) => !left.has(id))
      .flatMap((fact) =>
        change(
          { what: 'vanished', id: fact.id, at: fact.at, before: stateOf(fact), after: null },
          (words, language) => words.changes.vanished(factText(words, language, fact)),
        ),
      ),
  ];
}

/** What happened after signing: facts that are new, and uses that have since been confirmed or given back. */
function later(before: Report, after: Report): ReportChange[] {
  const was = before.later;
  const is = after.later;
  if (!is) return [];
  const known = new Map((was?.facts ?? []).map((fact) => [fact.id, fact]));
  return [
    ...change(
      {
        what: 'generation',
        before: was ? String(was.generation) : null,
        after: String(is.generation),
      },
      ({ changes }, language) => changes.generation(formatMoment(is.asOf, language)),
    ),
    ...change(
      { what: 'uses', before: String(was?.uses.counted ?? 0), after: String(is.uses.counted) },
      ({ changes }) => changes.uses(was?.uses.counted ?? 0, is.uses.counted),
    ),
    ...is.facts.flatMap((fact) => {
      const old = known.get(fact.id);
      const fields = {
        ...({ what: 'fact', id: fact.id, at: fact.at } as const),
        ...{ before: old ? stateOf(old) : null, after: stateOf(fact) },
      };
      return change(fields, (words, language) => factText(words, language, fact));
    }),
    ...change(
      {
        what: 'accesses',
        before: String(was?.accesses.length ?? 0),
        after: String(is.accesses.length),
      },
      ({ changes }) => changes.accesses(was?.accesses.length ?? 0, is.accesses.length),
    ),
  ];
}

/** The fact's kind and, where it has one, its state. */
const stateOf = ({ kind, outcome, counts, reserved }: LaterRow): string =>
  [kind, outcome, reserved ? 'reserved' : counts === false ? 'given-back' : undefined]
    .filter((part) => part !== undefined)
    .join('/');

function factText(words: Words, language: ReportLanguage, fact: LaterRow): string {
  const { kinds, outcomes, reserved, givenBack, by } = words.later;
  const { kind, who, outcome } = fact;
  const state = fact.reserved ? reserved : fact.counts === false ? givenBack : '';
  const ended = outcome ? (outcomes[outcome] ?? outcome) : '';
  const person = who === 'subject' || who === 'institution' ? by[who] : who;
  return words.changes.fact(
    `${kinds[kind]}${state}`,
    formatMoment(fact.at, language),
    [person, ended].filter(Boolean).join(language === 'zh' ? '，' : ', '),
  );
}

/**
 * A check that is made several times is told once, by the worst that came of it; checks of what was added since are told
 * where they found something wrong.
 */
function findings(before: Report, after: Report): ReportChange[] {
  const [was, is] = [byId(before), byId(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((id) => {
    const [old, now] = [was.get(id), is.get(id)];
    if (!old && (now!.status === 'passed' || now!.status === 'not-checked')) return [];
    const fields = { what: 'finding', id, before: old?.status ?? null, after: now?.status ?? null };
    return change(fields as Omit<ReportChange, 'text'>, ({ changes }, language) => {
      const word = (status: Status | undefined) => (status ? statusText(status, language) : '—');
      return changes.result(
        (now ?? old)!.worst.text[language],
        word(old?.status),
        word(now?.status),
      );
    });
  });
}

function byId({ sections }: Report) {
  const found = new Map<string, { status: Status; worst: ReportFinding }>();
  for (const { findings: list } of sections)
    for (const finding of list) {
      const seen = found.get(finding.id);
      const status = worstStatus(seen ? [seen.worst, finding] : [finding]);
      const worst = seen && seen.status === status ? seen.worst : finding;
      found.set(finding.id, { status, worst });
    }
  return found;
}

/** Roots and keys it was held against, and the programs that judged. */
function surroundings(before: Report, after: Report): ReportChange[] {
  const anchors = ({ materials }: Report) =>
    new Map(materials.filter(({ id }) => id.startsWith('anchor-')).map((it) => [it.digest, it.id]));
  const [was, is] = [anchors(before), anchors(after)];
  const gone = [...was].filter(([digest]) => !is.has(digest));
  const came = [...is].filter(([digest]) => !was.has(digest));
  const names = [...new Set([...Object.keys(before.tools), ...Object.keys(after.tools)])].sort();
  return [
    ...gone.flatMap(([digest, id]) =>
      change({ what: 'anchor', id, before: digest, after: null }, ({ changes, application }) =>
        changes.gone(application.materials[id]),
      ),
    ),
    ...came.flatMap(([digest, id]) =>
      change({ what: 'anchor', id, before: null, after: digest }, ({ changes, application }) =>
        changes.came(application.materials[id]),
      ),
    ),
    ...names.flatMap((id) => {
      const [old, now] = [before.tools[id] ?? null, after.tools[id] ?? null];
      return change({ what: 'tool', id, before: old, after: now }, ({ changes }) =>
        changes.tool(id, old ?? '—', now ?? '—'),
      );
    }),
  ];
}
