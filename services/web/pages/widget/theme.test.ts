import { expect, test } from '@jest/globals';
import { contrast, readTheme } from './theme.js';

test.each([
  ['nothing', null],
  ['a text', 'dark'],
  ['no scheme', { accent: '#174a84' }],
  ['another scheme', { scheme: 'sepia' }],
  ['style', { scheme: 'dark', css: 'body{display:none}' }],
  ['a font', { scheme: 'dark', font: 'Wingdings' }],
  ['a colour of another kind', { scheme: 'dark', accent: { r: 1 } }],
  ['a long colour', { scheme: 'dark', accent: '#'.repeat(41) }],
  ['a text as radius', { scheme: 'dark', radius: '4px' }],
])('%s is no theme', (_name, value) => {
  expect(readTheme(value)).toBeUndefined();
});

test('the tokens there are', () => {
  const theme = { scheme: 'light', accent: '#174a84', radius: 4 };
  expect(readTheme(theme)).toEqual(theme);
  expect(readTheme({ scheme: 'auto' })).toEqual({ scheme: 'auto' });
});

test('contrast as WCAG 2.2 computes it; what is no colour has none', () => {
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5);
  // the well-known lightest grey that text may have on white
  expect(contrast('#767676', '#ffffff')).toBeGreaterThanOrEqual(4.5);
  expect(contrast('#777777', '#ffffff')).toBeLessThan(4.5);
  expect(contrast('#ffffff', '#fff')).toBe(0);
  expect(contrast('red', '#ffffff')).toBe(0);
  expect(contrast('url(https://x.example)', '#ffffff')).toBe(0);
});
