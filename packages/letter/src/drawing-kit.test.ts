import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { creditReportTemplate, LETTER_WORDS } from '@mandate/terms';
import { readGray } from './gray-map.fixture.js';
import {
  A4,
  breakLines,
  Canvas,
  FontUse,
  loadFontFace,
  PageFlow,
  qrModules,
  requireGlyphs,
  writeDocument,
} from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'kit-'));
const measure = (text: string): number => [...text].length;

test('closing marks never begin a line, opening marks never end one', () => {
  expect(breakLines('依照电子签名法，可靠', 7, measure)).toEqual(['依照电子签名', '法，可靠']);
  expect(breakLines('依照《电子签名法》', 3, measure)).toEqual(['依照', '《电子', '签名', '法》']);
  expect(breakLines('依照《法》。', 4, measure)).toEqual(['依照', '《法》。']);
});

test('words stay whole, spaces vanish at a break, a word wider than the line is cut', () => {
  expect(breakLines('one two three', 7, measure)).toEqual(['one two', 'three']);
  expect(breakLines('编号 LN-1 已收到', 6, measure)).toEqual(['编号', 'LN-1 已', '收到']);
  expect(breakLines('abcdefghij', 4, measure)).toEqual(['abcd', 'efgh', 'ij']);
  expect(breakLines('', 4, measure)).toEqual(['']);
});

test('no text is lost by breaking', () => {
  const texts = [creditReportTemplate.rights.zh, creditReportTemplate.rights.en];
  for (const text of texts)
    for (let width = 1; width < 40; width++) {
      const lines = breakLines(text, width, measure)!;
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      for (const line of lines) expect(measure(line)).toBeLessThanOrEqual(width);
    }
});

test('a column narrower than a character is an overflow', async () => {
  expect(breakLines('字', 0.5, measure)).toBeNull();
  const flow = new PageFlow(new FontUse(await loadFontFace()), { justify: true });
  expect(() => flow.layOut('字', 2, { size: 10 })).toThrow(
    expect.objectContaining({ code: 'text-overflow' }),
  );
  expect(() => flow.page.text('字'.repeat(70), 10, 10, { size: 10 })).toThrow(
    expect.objectContaining({ code: 'text-overflow' }),
  );
  expect(() => flow.need(A4.height)).toThrow(expect.objectContaining({ code: 'text-overflow' }));
});

test('coverage is asked before drawing', async () => {
  const face = await loadFontFace();
  expect(() => requireGlyphs(face, '䶮㛃⾦·Ångström')).not.toThrow();
  expect(() => requireGlyphs(face, 'a\u{20bb7}')).toThrow(
    expect.objectContaining({ code: 'glyph-missing' }),
  );
});

test('every character of the sample letters is drawn as itself, not as an empty box', async () => {
  const text = JSON.stringify([creditReportTemplate, LETTER_WORDS]) + '张䶮㛃·0123456789';
  const characters = [...new Set(text)].filter((c) => c.trim() !== '').sort();
  const use = new FontUse(await loadFontFace());
  const cell = 24;
  const columns = 24;
  const page = new Canvas(use, columns * cell, Math.ceil(characters.length / columns) * cell);
  const place = (i: number): [x: number, top: number] => [
    (i % columns) * cell,
    Math.floor(i / columns) * cell,
  ];
  characters.forEach((character, i) => {
    const [x, top] = place(i);
    page.text(character, x + 2, page.height - top - 18, { size: 16 });
  });
  const bytes = await writeDocument([page], {
    title: 'glyphs',
    language: 'zh',
    renderer: 'test',
    at: '2026-11-21T09:30:00Z',
    seed: '',
  });
  const path = join(folder, 'glyphs.pdf');
  writeFileSync(path, bytes);
  execFileSync('pdftoppm', ['-r', '72', '-gray', path, join(folder, 'glyphs')]);
  const image = readGray(readFileSync(join(folder, 'glyphs-1.pgm')));
  const seen = new Map<string, string>();
  characters.forEach((character, i) => {
    const [x, top] = place(i);
    const rows = Array.from({ length: cell }, (_, y) =>
      Array.from({ length: cell }, (_, dx) => image.gray(x + dx, top + y)),
    );
    const picture = rows.flat().join(',');
    expect({ character, ink: rows.flat().some((gray) => gray < 200) }).toEqual({
      character,
      ink: true,
    });
    // Were two drawn as the same box, their pictures would be equal.
    expect({ character, twin: seen.get(picture) }).toEqual({ character, twin: undefined });
    seen.set(picture, character);
  });
});

test('QR codes have a fixed size and refuse what does not fit', () => {
  expect(qrModules('https://m.example/v#ABCD')).toHaveLength(37);
  expect(qrModules('x'.repeat(85))).toHaveLength(53);
  expect(qrModules('a'.repeat(84))).toEqual(qrModules('a'.repeat(84)));
  expect(() => qrModules('x'.repeat(181))).toThrow(
    expect.objectContaining({ code: 'text-overflow' }),
  );
});
