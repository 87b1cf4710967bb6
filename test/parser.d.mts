export function parserScript(): Promise<string>;
