import { expect, test } from 'vitest';
import { countPageTests, countUnitTests, leftOutLine } from './count-tests.mjs';

test('unit tests: only a skipped test with a reason is left out; other skips and files that do not load are failures', () => {
  const testResults = [
    {
      status: 'passed',
      assertionResults: [
        { status: 'passed', meta: {} },
        { status: 'skipped', meta: { leftOut: 'no data' } },
        { status: 'skipped', meta: {} },
        { status: 'todo', meta: {} },
        { status: 'passed', meta: { leftOut: 'not skipped after all' } },
      ],
    },
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{ status: 'failed', meta: {} }] },
  ];
  expect(countUnitTests({ testResults })).toEqual({ passed: 2, failed: 4, leftOut: ['no data'] });
});

test('tests of the page: only a skip with such a note is left out; flaky and unexplained ones are failures', () => {
  const skip = (description?: string) => ({ status: 'skipped', annotations: [{ type: 'skip', description }] });
  const specs = [
    { tests: [{ status: 'expected', annotations: [] }] },
    { tests: [skip('left out: no data'), skip('not today'), skip(), { status: 'skipped', annotations: [] }] },
    { tests: [{ status: 'flaky', annotations: [] }] },
  ];
  const suites = [{ suites: [{ specs }], specs: [{ tests: [{ status: 'unexpected', annotations: [] }] }] }];
  expect(countPageTests({ suites })).toEqual({ passed: 1, failed: 5, leftOut: ['no data'] });
});

test('the line groups reasons', () => {
  expect(leftOutLine([])).toBeUndefined();
  expect(leftOutLine(['a', 'a'])).toBe('left out: 2, because a');
  expect(leftOutLine(['a', 'b', 'b'])).toBe('left out: 3, because b (2); a (1)');
});
