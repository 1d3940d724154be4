import { expect, test } from '@jest/globals';
import { isDomainError } from '@mandate/core';
import { parseCertificate } from '@mandate/pki';
import { verifyPdf, type PdfVerdict } from '@mandate/verify';
import { corpusBytes, corpusJson, whenPresent } from './corpus.js';

/** One signed PDF with what its authors say about it. */
interface PdfCase {
  readonly file: string;
  readonly scope: 'core' | 'optional';
  readonly expected: Answer;
  readonly accept: readonly Answer[];
  readonly sub_indication: string | null;
  /** What cryptography and structure alone must say. */
  readonly integrity?: 'valid' | 'invalid' | null;
  readonly peer_disagreement?: boolean;
  readonly runs?: readonly { validation_time: string; trust_anchors: readonly string[] }[];
}
type Answer = 'valid' | 'indeterminate' | 'invalid';

interface Outcome {
  readonly answer: Answer;
  readonly subIndication: string | undefined;
  readonly integrity: 'sound' | 'broken';
  /** Flagged because of what later revisions did. */
  readonly modified: boolean;
  readonly milliseconds: number;
}

/** Files that come without runs are judged for this day and without anchors. */
const CLOCK = '2026-11-21T00:00:00Z';
const ANSWERS = {
  'TOTAL-PASSED': 'valid',
  INDETERMINATE: 'indeterminate',
  'TOTAL-FAILED': 'invalid',
} as const;
const SEVERITY: Readonly<Record<Answer, number>> = { valid: 0, indeterminate: 1, invalid: 2 };

/** A file the reader refuses is answered like any other; everything else thrown is a bug. */
function judge(bytes: Uint8Array, at: string, anchorFiles: readonly string[]): Outcome {
  const anchors = anchorFiles.map((file) => parseCertificate(corpusBytes(file), 'foreign'));
  // Time of the processor, not of the clock: the limit is the verifier's, whatever else runs here.
  const start = process.cpuUsage();
  let verdict: PdfVerdict | undefined;
  let refused: string | undefined;
  try {
    verdict = verifyPdf(bytes, {
      trust: { signature: anchors, timestamp: anchors },
      at: new Date(at),
    });
  } catch (error) {
    if (!isDomainError(error)) throw error;
    refused = error.code;
  }
  const { user, system } = process.cpuUsage(start);
  const milliseconds = (user + system) / 1000;
  if (!verdict)
    return {
      answer: refused === 'format-pdf' ? 'invalid' : 'indeterminate',
      subIndication: refused === 'format-pdf' ? 'FORMAT_FAILURE' : undefined,
      integrity: 'broken',
      modified: true,
      milliseconds,
    };
  return {
    answer: ANSWERS[verdict.indication],
    subIndication: verdict.subIndication,
    integrity: verdict.integrity,
    modified: verdict.signatures.some(({ faults }) => faults.some(({ id }) => id === 'changes')),
    milliseconds,
  };
}

/** The worst answer of a case's runs; integrity must hold in all of them. */
function judgeCase({ file, runs }: PdfCase): Outcome {
  const bytes = corpusBytes(file);
  const outcomes = (runs?.length ? runs : [{ validation_time: CLOCK, trust_anchors: [] }]).map(
    (run) => judge(bytes, run.validation_time.replace(' ', 'T'), run.trust_anchors),
  );
  return outcomes.reduce((worst, it) => ({
    ...(SEVERITY[it.answer] > SEVERITY[worst.answer] ? it : worst),
    milliseconds: Math.max(worst.milliseconds, it.milliseconds),
  }));
}

whenPresent('PDF corpus', 'index.json', () => {
  const cases = (corpusJson('index.json') as PdfCase[]).filter(({ scope }) => scope === 'core');
  const judged = new Map<PdfCase, Outcome>();
  const filesWhere = (holds: (it: PdfCase, outcome: Outcome) => boolean): string[] =>
    [...judged].filter(([it, outcome]) => holds(it, outcome)).map(([{ file }]) => file);
  const share = (part: number, whole: number): string =>
    `${part}/${whole} (${((100 * part) / whole).toFixed(1)} %)`;

  test('PDF corpus: every core file is answered, within two seconds of processor time', () => {
    for (const it of cases) {
      const outcome = judgeCase(it);
      // processor time grows when others share the core: what was slow is asked once more
      judged.set(it, outcome.milliseconds > 2000 ? judgeCase(it) : outcome);
    }
    expect(judged.size).toBe(cases.length);
    const [[slowest, { milliseconds: most }]] = [...judged].toSorted(
      ([, a], [, b]) => b.milliseconds - a.milliseconds,
    ) as [[PdfCase, Outcome]];
    console.log(`PDF corpus: slowest ${slowest.file}, ${Math.round(most)} ms of processor time`);
    expect(filesWhere((_, { milliseconds }) => milliseconds > 2000)).toEqual([]);
  }, 300_000);

  test('PDF corpus: no invalid file is passed or called sound', () => {
    const invalid = ({ expected }: PdfCase): boolean => expected === 'invalid';
    expect(filesWhere((it, { answer }) => invalid(it) && answer === 'valid')).toEqual([]);
    expect(filesWhere((it, { integrity }) => invalid(it) && integrity === 'sound')).toEqual([]);
  });

  test('PDF corpus: the verdict is an accepted one for at least 98 %', () => {
    const missed = filesWhere(({ accept }, { answer }) => !accept.includes(answer));
    console.log(
      `PDF corpus: verdict accepted ${share(cases.length - missed.length, cases.length)}`,
    );
    expect({ missed, few: missed.length <= 0.02 * cases.length }).toMatchObject({ few: true });
  });

  test('PDF corpus: the sub-indication is right for at least 90 % of those stated', () => {
    const stated = cases.filter(({ sub_indication }) => sub_indication !== null);
    const missed = filesWhere(
      ({ sub_indication }, { subIndication }) =>
        sub_indication !== null && sub_indication !== subIndication,
    );
    console.log(
      `PDF corpus: sub-indication ${share(stated.length - missed.length, stated.length)}`,
    );
    expect({ missed, few: missed.length <= 0.1 * stated.length }).toMatchObject({ few: true });
  });

  test('PDF corpus: of the files other validators disagree about, at most three are flagged', () => {
    const flagged = filesWhere(
      ({ peer_disagreement }, { modified }) => (peer_disagreement ?? false) && modified,
    );
    console.log(`PDF corpus: flagged among the disputed: ${flagged.length}`);
    expect({ flagged, few: flagged.length <= 3 }).toMatchObject({ few: true });
  });

  test('PDF corpus: what is sound is called sound', () => {
    const missed = filesWhere(
      ({ integrity, expected, accept }, outcome) =>
        integrity === 'valid' &&
        expected !== 'invalid' &&
        !accept.includes('invalid') &&
        outcome.integrity !== 'sound',
    );
    expect(missed).toEqual([]);
  });
});
