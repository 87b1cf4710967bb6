export const LONG: Record<string, string[]>;
