import { UserError } from "./errors.ts";

/** Arrow counts with 32-bit integers. */
const MOST = 2 ** 31 - 1;

/** What a {@link Growable} may be. */
export type Numbers =
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>;

/** A typed array that grows at its end. */
export class Growable<T extends Numbers> {
  #array: T;
  #length = 0;
  readonly #type: new (length: number) => T;

  /**
   * Makes an array.
   *
   * @param type The class of its arrays.
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
   * Adds an element at the end.
   *
   * @throws {UserError} `too-large` if a table could no longer count them.
   */
  push(value: number): void {
    this.#reserve(1);
    this.#array[this.#length++] = value;
  }

  /**
   * Adds elements at the end.
   *
   * @throws {UserError} `too-large` if a table could no longer count them.
   */
  append(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#array.set(values, this.#length);
    this.#length += values.length;
  }

  /**
   * Adds what is written into free space at the end.
   *
   * @param most Elements of free space that are needed.
   * @param write Writes into it from its start, and tells how many elements.
   * @throws {UserError} `too-large` if a table could no longer count them.
   */
  appendWith(most: number, write: (space: T) => number): void {
    this.#reserve(most);
    this.#length += write(this.#array.subarray(this.#length) as T);
  }

  /** All elements; shares this array's memory until it next grows. */
  view(): T {
    return this.#array.subarray(0, this.#length) as T;
  }

  #reserve(count: number): void {
    const end = this.#length + count;
    if (end <= this.#array.length) return;
    if (end > MOST) {
      throw new UserError(
        `Cannot encode the data: it has more than ${MOST} bytes or tokens`,
        { code: "too-large", hint: "--limit takes the first rows only" },
      );
    }
    const grown = new this.#type(Math.max(end, Math.ceil(1.5 * this.#length)));
    grown.set(this.view());
    this.#array = grown;
  }
}
