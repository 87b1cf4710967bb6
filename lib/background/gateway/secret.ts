/** A key on its way to the request header. Printing, joining or serialising it by mistake shows no key. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The key itself: for the header, for sealing it, and for masking it in answers. */
  reveal(): string {
    return this.#value;
  }
  /** False for what is no header value: it would throw on the way out and could end up in an error text. */
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
