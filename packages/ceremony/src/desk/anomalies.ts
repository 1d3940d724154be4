import type { AuditReads, Conversion, Looks, SharedNumber } from './audit-ports.js';

/**
 * THE table of what the auditor is told of: a rule, its threshold, and how many days it looks back. An anomaly is a
 * question, not an answer: families share a telephone, and who works at intake searches and decides nothing.
 */
export const ANOMALY_RULES = {
  /** One phone number stands in the letters of so many people. */
  'shared-number': { days: 30, people: 3 },
  /** Of so many letters for which a code was made, fewer than this share were confirmed, percent. */
  'few-confirm': { days: 7, challenged: 50, percent: 40 },
  /** Of so many letters for which a code was made, more than this share were confirmed, percent. */
  'all-confirm': { days: 7, challenged: 200, percent: 99 },
  /** So many searches and openings of one person, and more than so many for each of their decisions. */
  'looks-without-deciding': { days: 30, looks: 20, perDecision: 10 },
  /** So many openings were refused to one person. */
  'often-refused': { days: 30, refusals: 5 },
} as const;
export type AnomalyRule = keyof typeof ANOMALY_RULES;

/** `about`: an institution's or a person's id; of a number nothing but the letters it stands in. */
export interface Anomaly {
  readonly rule: AnomalyRule;
  readonly about: string | null;
  readonly figures: Readonly<Record<string, number>>;
  readonly letters: readonly string[];
}

const percentOf = ({ challenged, confirmed }: Conversion): number =>
  challenged === 0 ? 0 : Math.floor((100 * confirmed) / challenged);

export const sharedNumbers = (rows: readonly SharedNumber[]): Anomaly[] =>
  rows
    .filter(({ people }) => people >= ANOMALY_RULES['shared-number'].people)
    .map(({ people, letters, institutions, someLetters }) => ({
      rule: 'shared-number',
      about: null,
      figures: { people, letters, institutions },
      letters: someLetters,
    }));

export const oddConversions = (rows: readonly Conversion[]): Anomaly[] =>
  rows.flatMap((row): Anomaly[] => {
    const percent = percentOf(row);
    const { challenged, confirmed, institutionId: about } = row;
    const [few, all] = [ANOMALY_RULES['few-confirm'], ANOMALY_RULES['all-confirm']];
    const told = { about, figures: { challenged, confirmed, percent }, letters: [] };
    if (challenged >= few.challenged && percent < few.percent)
      return [{ rule: 'few-confirm', ...told }];
    if (challenged >= all.challenged && percent >= all.percent)
      return [{ rule: 'all-confirm', ...told }];
    return [];
  });

export const oddLooks = (rows: readonly Looks[]): Anomaly[] =>
  rows.flatMap(({ staffId: about, searches, openings, refusals, decisions }) => {
    const { looks, perDecision } = ANOMALY_RULES['looks-without-deciding'];
    const looked = searches + openings;
    const told = {
      about,
      figures: { searches, openings, refusals, decisions },
      letters: [],
    };
    return [
      ...(looked >= looks && looked > perDecision * decisions
        ? [{ rule: 'looks-without-deciding' as const, ...told }]
        : []),
      ...(refusals >= ANOMALY_RULES['often-refused'].refusals
        ? [{ rule: 'often-refused' as const, ...told }]
        : []),
    ];
  });

/** What the rules find up to that moment; `institutionId`: of that one alone, null: of all. */
export async function anomalies(
  record: Pick<AuditReads, 'sharedNumbers' | 'conversions' | 'looks'>,
  institutionId: string | null,
  until: Date,
): Promise<Anomaly[]> {
  const span = (rule: AnomalyRule) => ({
    institutionId,
    until,
    from: new Date(until.getTime() - ANOMALY_RULES[rule].days * 86_400_000),
  });
  return [
    ...sharedNumbers(
      await record.sharedNumbers({
        ...span('shared-number'),
        least: ANOMALY_RULES['shared-number'].people,
      }),
    ),
    ...oddConversions(await record.conversions(span('few-confirm'))),
    ...oddLooks(await record.looks(span('looks-without-deciding'))),
  ];
}
