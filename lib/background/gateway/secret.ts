/** A key, not revealed by accidental printing, joining or serialising. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** For the header, sealing and masking answers. */
  reveal(): string {
    return this.#value;
  }
  /** False for text that `fetch` rejects with an error containing the key. */
  isHeaderValue(): boolean {
    return /^[\x21-\x7e]+$/.test(this.#value);
  }
  toString(): string {
    return "[secret]";
  }
  toJSON(): string {
    return "[secret]";
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}
