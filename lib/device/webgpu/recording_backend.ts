/**
 * The GPU device as a recorder (see ../recorder.ts). Most of what a step of a
 * small model takes the host is spent on the way to the kernels: tape, tensors,
 * buffers, bind groups. A recording leaves all that out.
 *
 * What recordings compute with is in buffers of an arena that they share: only
 * one is played at a time, and nothing in them outlives it.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { tensorOf } from "../define_op.ts";
import type { RecordedWork } from "../recorder.ts";
import { type TensorData, type Words, wordsOf } from "./buffer_backend.ts";
import { BufferPool } from "./buffers.ts";
import { CommandBackend, type Internals } from "./command_backend.ts";
import type { Encoding } from "./dispatch.ts";
import type { Kernel } from "./kernel.ts";
import { Playback } from "./playback.ts";
import { Recording } from "./recording.ts";

/** What is known of the work of one key and shapes. */
interface Known {
  /** The last recording of it. */
  recording?: Recording;
  /** How many recordings disagreed with the one before. */
  disagreed: number;
  playback?: Playback;
}

/** Works that are known, and those of them that can be played. */
const MOST_KNOWN = 1024;
const MOST_PLAYED = 256;
/** Recordings that may disagree before no more are made. */
const MOST_DISAGREED = 3;

/** The tfjs WebGPU backend that records. */
export class RecordingBackend extends CommandBackend {
  readonly #arena: BufferPool;
  readonly #known = new Map<string, Known>();
  #played = 0;
  #recording: Recording | undefined;

  /** @param device The device. @param info What the adapter says it is. */
  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info);
    // Less than from one to another of the usual widths, H, 2 H, 3 H and 4 H.
    const mostSurplus = 1 / 4;
    this.#arena = new BufferPool(device, { keepsAll: true, mostSurplus });
  }

  /** Buffers on the device, in use or free. */
  override get buffers(): number {
    return super.buffers + this.#arena.getNumUsedBuffers() +
      this.#arena.getNumFreeBuffers();
  }

  /** What tensors take, and what is kept for more. */
  override memory(): ReturnType<CommandBackend["memory"]> {
    const memory = super.memory();
    memory.numBytesInGPU += this.#arena.numBytesUsed;
    memory.numBytesAllocatedInGPU += this.#arena.numBytesAllocated;
    return memory;
  }

  /** Works that are played, not done. */
  get recordings(): number {
    return this.#played;
  }

  /** Does work, or plays it again: see {@link RecordedWork}. */
  play<Numbers extends object>(
    work: RecordedWork<Numbers>,
    run: (numbers: Numbers) => tf.Scalar[],
  ): tf.Scalar[] {
    const { key, inputs, numbers } = work;
    const name = inputs.reduce((name, { shape }) => `${name} ${shape}`, key);
    const tidied = (own: Numbers) =>
      tf.tidy(() => run(own) as unknown as tf.TensorContainer) as tf.Scalar[];
    if (this.isTimed) return tidied(numbers);
    if (this.#known.size > MOST_KNOWN || this.#played > MOST_PLAYED) {
      this.forget();
    }
    const known = this.#known.get(name) ?? { disagreed: 0 };
    this.#known.set(name, known);
    if (known.disagreed > MOST_DISAGREED) return tidied(numbers);
    return known.playback && this.#holds(known.playback)
      ? this.#playAgain(known.playback, work)
      : this.#record(known, work, tidied);
  }

  /** Frees all that was recorded. */
  forget(): void {
    for (const { playback } of this.#known.values()) {
      if (playback) this.#free(playback);
    }
    this.#known.clear();
    this.#arena.dispose();
  }

  #free(playback: Playback): void {
    for (const buffer of playback.inputs) this.#arena.releaseBuffer(buffer);
    playback.dispose();
    this.#played--;
  }

  /** Whether what it works on is still where it was. */
  #holds({ held }: Playback): boolean {
    return held.every(({ dataId, buffer }) =>
      this.tensorMap.has(dataId) && this.#dataOf(dataId).resource === buffer
    );
  }

  #dataOf(dataId: object): TensorData {
    return this.tensorMap.get(dataId) as TensorData;
  }

  #playAgain<Numbers extends object>(
    playback: Playback,
    { inputs, numbers }: RecordedWork<Numbers>,
  ): tf.Scalar[] {
    inputs.forEach(({ dataId }, i) =>
      this.uploads.add(playback.inputs[i], this.#wordsOf(dataId))
    );
    playback.send(this.uploads, numbers);
    for (const { dataId, written } of playback.held) {
      // A copy on the host would be read in place of what is written now.
      if (written) this.#dataOf(dataId).values = null;
    }
    this.ensureCommandEncoderReady();
    const internals = this as unknown as Internals;
    const pass = internals.computePassEncoder ??= internals.commandEncoder
      .beginComputePass();
    playback.encode(pass, (name) => this.noteKernel(name));
    return this.#copyOut(playback.outputs);
  }

  /** Copies results out of the arena, and submits. */
  #copyOut(buffers: readonly GPUBuffer[]): tf.Scalar[] {
    this.ensureCommandEncoderReady();
    this.endComputePassEncoder();
    const { commandEncoder } = this as unknown as Internals;
    const results = buffers.map((buffer) => {
      const info = this.output([]);
      const own = this.bufferOf(info.dataId);
      commandEncoder.copyBufferToBuffer(buffer, 0, own, 0, 4);
      return tensorOf(info) as tf.Scalar;
    });
    this.submit();
    return results;
  }

  #record<Numbers extends object>(
    known: Known,
    { inputs, numbers }: RecordedWork<Numbers>,
    run: (numbers: Numbers) => tf.Scalar[],
  ): tf.Scalar[] {
    if (known.playback) this.#free(known.playback);
    delete known.playback;
    const own = { ...numbers };
    const ids = inputs.map(({ dataId }) => dataId);
    const recording = new Recording(ids, own);
    const buffers = ids.map((dataId) => this.#placeInput(dataId));
    let outputs: tf.Scalar[];
    this.#recording = recording;
    try {
      outputs = run(own);
    } finally {
      this.#recording = undefined;
      // They are the recording's from now on.
      for (const dataId of ids) delete this.#dataOf(dataId).resource;
    }
    const left = outputs.map(({ dataId }) => this.bufferOf(dataId));
    const results = this.#copyOut(left);
    tf.dispose(outputs);
    if (known.recording?.agrees(recording)) {
      const { dispatcher } = this;
      const parts = { dispatcher, inputs: buffers, outputs: left };
      known.playback = new Playback(this.device, recording, parts);
      delete known.recording;
      this.#played++;
    } else {
      for (const buffer of buffers) this.#arena.releaseBuffer(buffer);
      if (known.recording) known.disagreed++;
      known.recording = recording;
    }
    return results;
  }

  /** Gives an input a buffer with its values. */
  #placeInput(dataId: object): GPUBuffer {
    const data = this.#dataOf(dataId);
    const buffer = this.acquire(this.#arena, data.shape);
    this.uploads.add(buffer, this.#wordsOf(dataId));
    return data.resource = buffer;
  }

  #wordsOf(dataId: object): Words {
    const data = this.#dataOf(dataId);
    if (!data.values) throw new Error("an input has no values on the host");
    return wordsOf(data);
  }

  /** Makes a tensor. */
  override write(...args: Parameters<WebGPUBackend["write"]>): object {
    const dataId = super.write(...args);
    this.#recording?.make(dataId);
    return dataId;
  }

  protected override poolFor(dataId: object): BufferPool {
    return this.#recording?.made(dataId) ? this.#arena : super.poolFor(dataId);
  }

  protected override send(
    buffer: GPUBuffer,
    words: Words,
    dataId: object,
  ): void {
    super.send(buffer, words, dataId);
    // These values are no input's, and would not be sent again.
    this.#recording?.fail();
  }

  protected override encoded(
    kernel: Kernel,
    encoding: Encoding,
    tensors: readonly tf.TensorInfo[],
  ): void {
    super.encoded(kernel, encoding, tensors);
    this.#recording?.add(kernel, encoding, tensors);
  }

  /** Runs a stock kernel. */
  override runWebGPUProgram(
    ...args: Parameters<CommandBackend["runWebGPUProgram"]>
  ): ReturnType<CommandBackend["runWebGPUProgram"]> {
    this.#recording?.fail();
    return super.runWebGPUProgram(...args);
  }
}
