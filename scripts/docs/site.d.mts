import type { Plugin } from 'vite';

export function docsFiles(root: string): { path: string; content: string | Buffer }[];
export function slugOf(heading: string): string;
export function docsSite(): Plugin;
