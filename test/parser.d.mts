export function parserScript(): Promise<string>;
export function scriptOf(file: string, name: string): Promise<string>;
