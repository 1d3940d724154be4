import { describe, expect, test } from '@jest/globals';
import { lifeOf, lifeWords, type LifeFacts } from './life.js';
import { timelineModel } from './timeline-model.js';

const at = (minute: number, ms = 0): string =>
  new Date(Date.UTC(2026, 0, 1, 0, minute, 0, ms)).toISOString();
const nothing: LifeFacts = { trail: [], uses: [], accesses: [], archives: [], frozen: [] };

describe('a picture of moments', () => {
  test('nothing is no picture, and a span without rows is not drawn', () => {
    expect(timelineModel([], [{ what: 'x', from: at(0) }])).toEqual({ rows: [], spans: [] });
  });

  test('moments come in their order, those of one millisecond as they were given', () => {
    const { rows } = timelineModel([
      { at: at(2), n: 1 },
      { at: at(1), n: 2 },
      { at: at(1), n: 3 },
    ]);
    expect(rows.map(({ n, gap }) => [n, gap])).toEqual([
      [2, null],
      [3, 0],
      [1, 60_000],
    ]);
  });

  test('a span lies between rows by time, beyond the ends a little outside, and one that ends before it begins nowhere', () => {
    const moments = [{ at: at(0) }, { at: at(10) }];
    const place = (from: string, until?: string) =>
      timelineModel(moments, [{ what: 'x', from, until }]).spans.map(({ fromRow, untilRow }) => [
        fromRow,
        untilRow,
      ]);
    expect(place(at(5), at(20))).toEqual([[0.5, 1.4]]);
    expect(place(at(-5), at(5))).toEqual([[-0.4, 0.5]]);
    expect(place(at(5))).toEqual([[0.5, 1.4]]);
    expect(place(at(5), at(4))).toEqual([]);
    expect(place(at(10))).toEqual([[1, 1.4]]);
  });
});

describe('the life of an authorization', () => {
  const facts: LifeFacts = {
    ...nothing,
    trail: [
      { type: 'requested', at: at(0) },
      { type: 'confirmed', at: at(2) },
      { type: 'signed', at: at(3) },
      { type: 'redeemed', at: at(5) },
      { type: 'withdrawn', at: at(9) },
    ],
    uses: [{ at: at(5), state: 'confirmed', source: 'S', recipient: 'R', purpose: 'p', items: [] }],
    accesses: [
      { at: at(0), purpose: 'request', actor: 'web/institution:ins_1' },
      { at: at(7), purpose: 'case', actor: 'staff:stf_1' },
    ],
  };

  test('each moment once, in its lane: uses from their register, openings only where somebody asked for them', () => {
    expect(lifeOf(facts).rows.map(({ what, lane }) => [what, lane])).toEqual([
      ['requested', 'consent'],
      ['confirmed', 'consent'],
      ['signed', 'signature'],
      ['redeemed', 'use'],
      ['opened', 'access'],
      ['withdrawn', 'use'],
    ]);
  });

  test('an opened report brings tokens and certificate, and its steps are not told twice', () => {
    const opened = {
      timeline: [
        { what: 'requested', at: at(0), by: 'operator' },
        { what: 'signature-stamped', at: at(3, 500), by: 'timestamp' },
      ],
      certificate: { notBefore: at(2), notAfter: at(4) },
    } as const;
    const { rows, spans } = lifeOf({ ...facts, opened });
    expect(rows.filter(({ what }) => what === 'requested')).toHaveLength(1);
    expect(rows.filter(({ by }) => by === 'timestamp').map(({ what }) => what)).toEqual([
      'signature-stamped',
    ]);
    expect(spans.map(({ what }) => what)).toEqual(['certificate']);
  });

  test('frozen without an end reaches beyond the last row', () => {
    const { rows, spans } = lifeOf({ ...facts, frozen: [{ from: at(8) }] });
    expect(spans[0]!.untilRow).toBeGreaterThan(rows.length - 1);
  });

  test.each(['zh', 'en'] as const)('every moment has a word in %s', (language) => {
    const { what } = lifeWords(language);
    for (const row of lifeOf(facts).rows) expect(what(row.what)).not.toBe(row.what);
  });
});
