import { expect, test } from '@jest/globals';
import { isDomainError, kindDigestHex } from '@mandate/core';
import type { TemplateRow } from '../ports/template.js';
import { templateEvidence } from './template-evidence.js';

const at = new Date('2026-11-21T10:00:00Z');
const body = { name: 'a-template' };
const published: TemplateRow = {
  ...{ id: 'tpl_1', name: 'a-template', version: 1, status: 'published', createdAt: at },
  ...{ body: JSON.stringify(body), digest: kindDigestHex('template', body), authors: ['author'] },
  ...{ approver: 'approver', assessment: 'PIA-1', lintPack: '2026-11', waivers: [] },
  ...{ laterWaivers: [], lint: null, personSalt: '00'.repeat(32) },
  ...{ submittedAt: at, publishedAt: at, retiredAt: null },
};
const codeOf = (row: TemplateRow): string => {
  try {
    templateEvidence(row);
    return 'none';
  } catch (error) {
    return isDomainError(error) ? error.code : 'another error';
  }
};

test('no letter is made from a text that its digest does not name, nor from what was not published', () => {
  expect(codeOf({ ...published, body: '{"name":"another-template"}' })).toBe('internal');
  expect(codeOf({ ...published, digest: '0'.repeat(64) })).toBe('internal');
  expect(codeOf({ ...published, approver: null })).toBe('template-state');
  expect(codeOf(published)).toBe('none');
});
