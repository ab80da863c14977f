export function figuresOf(markdown: string): Map<string, number>;
export function figureTable(readPage: (page: string) => string | undefined): string;
export function withFigures(readme: string, table: string): string;
