/**
 * Values on their way to the device. What tensors get between two submits is
 * gathered on the host, sent in one write and copied to its buffers by the
 * device: a write takes the host as long whether it is of ten numbers or of
 * ten thousand.
 *
 * @module
 */

/** Bytes of values between two submits; what they don't hold is written alone. */
const MOST_BYTES = 2 ** 20;

/** Where gathered values go. */
interface Copy {
  buffer: GPUBuffer;
  /** Where they are among the gathered ones, in bytes. */
  from: number;
  bytes: number;
}

/** Brings values to the buffers of one device. */
export class Uploads {
  readonly #device: GPUDevice;
  readonly #gathered = new Uint8Array(MOST_BYTES);
  readonly #sent: GPUBuffer;
  #copies: Copy[] = [];
  #end = 0;

  /** @param device Where the buffers are. */
  constructor(device: GPUDevice) {
    this.#device = device;
    this.#sent = device.createBuffer({
      label: "uploads",
      size: MOST_BYTES,
      usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
  }

  /**
   * Has a buffer start with values in all that is submitted from now on. It
   * must live until then; the values may change at once.
   *
   * @param buffer Not used by anything that waits to be submitted.
   * @param words Values of 32 bits.
   */
  add(buffer: GPUBuffer, words: ArrayBufferView<ArrayBuffer>): void {
    const bytes = words.byteLength;
    const from = this.#end;
    if (from + bytes > MOST_BYTES) {
      this.#device.queue.writeBuffer(buffer, 0, words);
      return;
    }
    this.#gathered.set(
      new Uint8Array(words.buffer, words.byteOffset, bytes),
      from,
    );
    this.#copies.push({ buffer, from, bytes });
    this.#end += bytes;
  }

  /**
   * Sends what has been gathered.
   *
   * @return What is to be submitted before all that reads it.
   */
  flush(): GPUCommandBuffer[] {
    if (this.#end === 0) return [];
    this.#device.queue.writeBuffer(this.#sent, 0, this.#gathered, 0, this.#end);
    const encoder = this.#device.createCommandEncoder({ label: "uploads" });
    for (const { buffer, from, bytes } of this.#copies) {
      encoder.copyBufferToBuffer(this.#sent, from, buffer, 0, bytes);
    }
    this.#copies = [];
    this.#end = 0;
    return [encoder.finish()];
  }
}
