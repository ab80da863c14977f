// Counts the tests of a run from the JSON reports of Vitest and Playwright. A skipped test counts as failed, unless it says what
// it was left out for: see src/base/testing/left-out.ts.

const NOTE = 'left out: ';

/** Vitest's report. A file that cannot be loaded has no tests and counts as one failure. */
export function countUnitTests({ testResults }) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const unloadable = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0).length;
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const leftOut = tests.flatMap(({ status, meta }) => (status === 'skipped' && meta?.leftOut ? [meta.leftOut] : []));
  return { passed, failed: tests.length - passed - leftOut.length + unloadable, leftOut };
}

/** Playwright's report. A test that passed on a second try counts as failed. */
export function countPageTests({ suites }) {
  const tests = suites.flatMap(testsOfSuite);
  const passed = tests.filter(({ status }) => status === 'expected').length;
  const leftOut = tests.flatMap(({ status, annotations }) => {
    const note = annotations.find(({ type, description }) => type === 'skip' && description?.startsWith(NOTE));
    return status === 'skipped' && note ? [note.description.slice(NOTE.length)] : [];
  });
  return { passed, failed: tests.length - passed - leftOut.length, leftOut };
}

const testsOfSuite = ({ suites = [], specs = [] }) => [...suites.flatMap(testsOfSuite), ...specs.flatMap(({ tests }) => tests)];

/** @param {string[]} reasons one a test @returns `left out: N, because …`, most frequent reason first; undefined without reasons */
export function leftOutLine(reasons) {
  const counts = new Map();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  if (sorted.length === 0) return undefined;
  const parts = sorted.length === 1 ? [sorted[0][0]] : sorted.map(([reason, count]) => `${reason} (${count})`);
  return `left out: ${reasons.length}, because ${parts.join('; ')}`;
}
