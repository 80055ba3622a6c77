import { UserError } from "../errors.ts";

/** Arrow counts with 32-bit integers. */
const MOST = 2 ** 31 - 1;

/** What a {@link Growable} may be. */
export type Numbers = Int8Array | Uint8Array | Int32Array;

/** A typed array that grows at its end. */
export class Growable<T extends Numbers> {
  #array: T;
  #length = 0;
  readonly #type: new (length: number) => T;

  /**
   * Makes an array.
   *
   * @param type What it is of.
   * @param start Its first elements; none if absent.
   */
  constructor(type: new (length: number) => T, start: number[] = []) {
    this.#type = type;
    this.#array = new type(1024);
    this.append(start);
  }

  /** How many elements there are. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds elements at the end.
   *
   * @throws {UserError} `too-large` if a table could no longer count them.
   */
  append(values: ArrayLike<number>): void {
    const end = this.#length + values.length;
    if (end > MOST) {
      throw new UserError(
        `Cannot encode the data: it has more than ${MOST} bytes or tokens`,
        { code: "too-large", hint: "--limit takes the first rows only" },
      );
    }
    if (end > this.#array.length) this.#grow(end);
    this.#array.set(values, this.#length);
    this.#length = end;
  }

  /** All elements; shares this array's memory until it next grows. */
  view(): T {
    return this.#array.subarray(0, this.#length) as T;
  }

  #grow(least: number): void {
    const grown = new this.#type(Math.max(least, 2 * this.#length));
    grown.set(this.#array);
    this.#array = grown;
  }
}
