import { describe, expect, test } from '@jest/globals';
import {
  IDENTITY_POLICIES,
  IDENTITY_POLICY_NAMES,
  measuresFit,
  missingOf,
  sceneIdentity,
} from './identity-policies.js';
import { parseTemplate } from './template.js';
import { creditReportTemplate, SAMPLE_TEMPLATES } from './templates/index.js';

const [police, more] = IDENTITY_POLICIES['cn-credit'].requirements;

describe('cn-credit', () => {
  test.each<[string[], number]>([
    [[], 2],
    [['sms-code'], 1],
    [['sms-code', 'sms-code'], 1],
    [['sms-code', 'police-id'], 1],
    [['sms-code', 'institution'], 1],
    [['sms-code', 'passkey'], 0],
    [['carrier-name', 'bank-card'], 0],
    [['sms-code', 'passkey', 'face'], 0],
  ])('%j leaves %i missing beside the police’s source', (shown, missing) => {
    expect(missingOf(more!, shown)).toBe(missing);
  });
  test('nothing stands in for the police’s source', () => {
    expect(missingOf(police!, ['network-id', 'face', 'bank-card'])).toBe(1);
  });
});

test('a policy is taken by templates that can meet it, and by no others', () => {
  expect(measuresFit('strong', ['sms-code', 'passkey'])).toBe(true);
  expect(measuresFit('strong', ['sms-code'])).toBe(false);
  expect(measuresFit('strong', ['passkey'])).toBe(false);
  for (const measures of [['sms-code'], ['passkey']] as const)
    for (const policy of ['basic', 'cn-credit'] as const)
      expect(measuresFit(policy, measures)).toBe(true);
  const policy = { ...creditReportTemplate.policy, identity: 'strong' };
  expect(() => parseTemplate({ ...creditReportTemplate, policy })).toThrow(
    expect.objectContaining({ code: 'template-invalid' }),
  );
  expect(() =>
    parseTemplate({ ...creditReportTemplate, policy: { ...policy, identity: 'none' } }),
  ).toThrow(expect.objectContaining({ code: 'template-invalid' }));
});

test('basic puts nothing into the scene, and templates that name none are basic', () => {
  expect(sceneIdentity('basic', [])).toBeUndefined();
  for (const { policy } of SAMPLE_TEMPLATES) expect(policy.identity ?? 'basic').toBe('basic');
  for (const name of IDENTITY_POLICY_NAMES)
    for (const { need, of } of IDENTITY_POLICIES[name].requirements) {
      expect(new Set(of).size).toBe(of.length);
      expect(of.length).toBeGreaterThanOrEqual(need);
    }
});
