export const ROOMS: Record<string, readonly string[]>;
export const WRAPPED: Record<string, string>;
export function importsOf(path: string, code: string): { source: string; line: number; typeOnly: boolean }[];
export function violations(src: string): string[];
export function commandLineViolations(cli: string): string[];
