import { expect, test } from '@jest/globals';
import { createElement } from 'react';
// @ts-expect-error its declarations are a package of their own, which nothing else here needs
import { renderToString } from 'react-dom/server';
import { MandateSigning } from './react.js';

test('renders on a server: the element with its attributes, handlers left out', () => {
  const html = renderToString(
    createElement(MandateSigning, {
      ticket: 'lnk_x.secret',
      baseUrl: 'https://sign.example',
      mode: 'modal',
      language: 'zh',
      radius: 4,
      largePrint: true,
      onSuccess: () => undefined,
    }),
  );
  expect(html).toBe(
    '<mandate-signing base-url="https://sign.example" mode="modal" language="zh" radius="4" ' +
      'large-print="" ticket="lnk_x.secret"></mandate-signing>',
  );
});

test('what is not asked for is no attribute', () => {
  const html = renderToString(
    createElement(MandateSigning, { ticket: 't', baseUrl: 'https://sign.example' }),
  );
  expect(html).toBe(
    '<mandate-signing base-url="https://sign.example" ticket="t"></mandate-signing>',
  );
});
