export interface TestCounts {
  passed: number;
  failed: number;
  /** Reasons, one a test. */
  leftOut: string[];
}
export function countUnitTests(report: object): TestCounts;
export function countPageTests(report: object): TestCounts;
export function leftOutLine(reasons: string[]): string | undefined;
