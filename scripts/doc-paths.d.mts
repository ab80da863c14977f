export function deadPaths(root: string, file: string, markdown: string): { line: number; path: string }[];
