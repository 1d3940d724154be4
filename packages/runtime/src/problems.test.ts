import { expect, test } from '@jest/globals';
import { DomainError, ERROR_CODES } from '@mandate/core';
import { errorOfProblem, problemOf, PROBLEMS } from './problems.js';

test('every code has its line, every line a code, every status is an error', () => {
  expect(Object.keys(PROBLEMS).toSorted()).toEqual([...ERROR_CODES].toSorted());
  for (const { status } of Object.values(PROBLEMS)) expect(status).toBeGreaterThanOrEqual(400);
});

test('an unknown error becomes internal and says nothing', () => {
  const secrets = [
    new Error('password=hunter2'),
    'hunter2',
    null,
    new DomainError('internal', 'hunter2'),
  ];
  for (const error of secrets) {
    const problem = problemOf(error, 'req_1');
    expect(problem).toMatchObject({ status: 500, code: 'internal', instance: 'req_1' });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  }
});

test('extensions are public members and never replace the standard ones', () => {
  const error = new DomainError('code-wrong', 'try again', {
    extensions: { triesLeft: 3, status: 200, code: 'x' },
  });
  expect(problemOf(error)).toEqual({
    triesLeft: 3,
    type: '/problems/code-wrong',
    title: PROBLEMS['code-wrong'].title,
    status: 403,
    code: 'code-wrong',
    detail: 'try again',
  });
});

test('a problem survives the way between processes', () => {
  const error = new DomainError('resend-too-soon', 'wait', {
    extensions: { retryAfterSeconds: 9 },
  });
  const rebuilt = errorOfProblem(JSON.parse(JSON.stringify(problemOf(error, 'req_1'))));
  expect(rebuilt).toMatchObject({
    code: 'resend-too-soon',
    detail: 'wait',
    extensions: { retryAfterSeconds: 9 },
  });
});

test.each([null, 'x', {}, { code: 'nonsense' }, { code: 'toString' }, []])(
  '%j is none of our problems',
  (value) => {
    expect(errorOfProblem(value)).toBeNull();
  },
);
