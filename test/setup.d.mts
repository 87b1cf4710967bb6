/** Returns the programs of the tests with real input that this computer lacks. */
export function missingDisplayTools(): string[];
