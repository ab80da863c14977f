export function buildPackage(options?: { out?: string; models?: boolean }): Promise<string>;
