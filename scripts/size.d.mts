export interface StartSize {
  gzipKb: number;
  budgetKb: number;
  files: { name: string; bytes: number; gzipBytes: number }[];
}
export const BUDGETS_KB: Readonly<Record<'shell' | 'element', number>>;
export function measureSizes(dist?: string): Record<'shell' | 'element', StartSize>;
export function exceeded(sizes: Record<string, StartSize>): string[];
