export function apiMarkdown(root: string): string;
export function declarationsOf(source: string): string[];
