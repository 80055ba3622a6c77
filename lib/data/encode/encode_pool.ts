/**
 * Workers that encode text, each on a thread of its own.
 *
 * @module
 */
import type {
  EncodedPiece,
  EncoderFailure,
  EncoderSetup,
  PieceJob,
} from "./encode_piece.ts";
import source from "./encode_worker.bundle.js" with { type: "text" };

/** A worker, and who waits for its answers, which come in order. */
interface Member {
  worker: Worker;
  waiting: PromiseWithResolvers<EncodedPiece>[];
}

/**
 * A pool of encoding workers. Each answer depends on its piece alone, so any
 * number of workers gives the same tokens.
 */
export class EncodePool implements Disposable {
  readonly #members: Member[];
  readonly #url: string;
  #next = 0;
  #failure: Error | undefined;

  /**
   * Starts the workers.
   *
   * @param setup Vocabulary, tokenizer and truncation.
   * @param size Number of workers, at least 1.
   */
  constructor(setup: EncoderSetup, size: number) {
    this.#url = URL.createObjectURL(
      new Blob([source], { type: "text/javascript" }),
    );
    this.#members = Array.from({ length: size }, () => this.#start(setup));
  }

  /** How many workers there are. */
  get size(): number {
    return this.#members.length;
  }

  /**
   * Encodes a piece on the worker whose turn it is.
   *
   * @param job The piece; its bytes move to the worker.
   * @return Its tokens; rejected if any worker fails or the pool is closed.
   */
  encode(job: PieceJob): Promise<EncodedPiece> {
    if (this.#failure) return Promise.reject(this.#failure);
    const { worker, waiting } = this.#members[this.#next];
    this.#next = (this.#next + 1) % this.size;
    const answer = Promise.withResolvers<EncodedPiece>();
    waiting.push(answer);
    worker.postMessage(job, [job.bytes.buffer]);
    return answer.promise;
  }

  /** Ends the workers; what they still had to do is rejected. */
  [Symbol.dispose](): void {
    this.#end(new Error("the encoding workers have ended"));
    URL.revokeObjectURL(this.#url);
  }

  #start(setup: EncoderSetup): Member {
    const worker = new Worker(this.#url, { type: "module" });
    const waiting: Member["waiting"] = [];
    worker.onmessage = (
      { data }: MessageEvent<EncodedPiece | EncoderFailure>,
    ) => {
      if ("failure" in data) this.#fail(data.failure.message, data.failure);
      else waiting.shift()?.resolve(data);
    };
    worker.onerror = (event) => {
      // Otherwise it would end the process as an uncaught error.
      event.preventDefault();
      this.#fail(event.message);
    };
    worker.postMessage(setup);
    return { worker, waiting };
  }

  #fail(why: string, cause?: Error): void {
    this.#end(new Error(`An encoding worker failed: ${why}`, { cause }));
  }

  #end(reason: Error): void {
    this.#failure ??= reason;
    for (const { worker, waiting } of this.#members) {
      worker.terminate();
      for (const answer of waiting.splice(0)) answer.reject(reason);
    }
  }
}
