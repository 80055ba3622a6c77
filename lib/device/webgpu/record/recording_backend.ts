/**
 * The GPU device as a recorder (see ../recorder.ts). Most of what a step of a
 * small model takes the host is spent on the way to the kernels: tape, tensors,
 * buffers, bind groups. A recording leaves all that out.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { tensorOf } from "../../define_op.ts";
import type { RecordedWork } from "../../recorder.ts";
import {
  type TensorData,
  tensorUsage,
  type Words,
  wordsOf,
} from "../buffers/buffer_backend.ts";
import { CommandBackend, type Internals } from "../command_backend.ts";
import type { Encoding } from "../dispatch.ts";
import type { Kernel } from "../kernels/kernel.ts";
import { Arena } from "./arena.ts";
import { Playback } from "./playback.ts";
import { Recording } from "./recording.ts";

/** What was recorded of the work of one key and shapes. */
interface WorkHistory {
  /** The last recording of it. */
  recording?: Recording;
  /** How many recordings disagreed with the one before. */
  disagreed: number;
  playback?: Playback;
}

/** Works with a history, and those of them that can be played. */
const MOST_HISTORIES = 1024;
const MOST_PLAYED = 256;
/** Recordings that may disagree before no more are made. */
const MOST_DISAGREED = 3;
/** What the arena may take, by what the largest work does. */
const MOST_SHARE = 3;

/** The tfjs WebGPU backend that records. */
export class RecordingBackend extends CommandBackend {
  readonly #arena: Arena;
  readonly #histories = new Map<string, WorkHistory>();
  #played = 0;
  /** Where all that changes in playbacks is sent; the last is the largest. */
  #changing: GPUBuffer[] = [];
  #recording: Recording | undefined;
  #mostBytes = 0;

  /** @param device The device. @param info What the adapter says it is. */
  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info);
    this.#arena = new Arena(device, tensorUsage());
  }

  /** Buffers on the device, in use or free. */
  override get buffers(): number {
    return super.buffers + this.#arena.buffers + this.#changing.length;
  }

  /** What tensors take, and what is kept for more. */
  override memory(): ReturnType<CommandBackend["memory"]> {
    const memory = super.memory();
    memory.numBytesInGPU += this.#arena.bytesUsed;
    memory.numBytesAllocatedInGPU += this.#arena.bytes;
    return memory;
  }

  /** Bytes that all this took at once, at most. */
  get mostBytes(): number {
    return this.#mostBytes;
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
    const runInTidy = (own: Numbers) =>
      tf.tidy(() => run(own) as unknown as tf.TensorContainer) as tf.Scalar[];
    if (this.isTimed) return runInTidy(numbers);
    if (
      this.#histories.size > MOST_HISTORIES || this.#played > MOST_PLAYED ||
      this.#arena.bytes > MOST_SHARE * this.#arena.mostBytesUsed
    ) this.forget();
    const history = this.#histories.get(name) ?? { disagreed: 0 };
    this.#histories.set(name, history);
    if (history.disagreed > MOST_DISAGREED) return runInTidy(numbers);
    return history.playback && this.#matches(history.playback, work.state)
      ? this.#playAgain(history.playback, work)
      : this.#record(history, work, runInTidy);
  }

  /** Frees all that was recorded. */
  forget(): void {
    this.#histories.clear();
    this.#played = 0;
    this.#arena.dispose();
    for (const buffer of this.#changing) buffer.destroy();
    this.#changing = [];
  }

  /** Whether what it works on is what it is to work on now. */
  #matches({ stateTensors }: Playback, state: readonly tf.Tensor[]): boolean {
    return stateTensors.every(({ dataId, index, buffer }) =>
      (index < 0 || state.at(index)?.dataId === dataId) &&
      this.tensorMap.has(dataId) && this.#dataOf(dataId).resource === buffer
    );
  }

  #dataOf(dataId: object): TensorData {
    return this.tensorMap.get(dataId) as TensorData;
  }

  #wordsOf({ dataId }: tf.Tensor): Words {
    const data = this.#dataOf(dataId);
    if (!data.values) throw new Error("an input has no values on the host");
    return wordsOf(data);
  }

  #playAgain<Numbers extends object>(
    playback: Playback,
    { inputs, numbers }: RecordedWork<Numbers>,
  ): tf.Scalar[] {
    playback.send(inputs.map((input) => this.#wordsOf(input)), numbers);
    for (const { dataId, written } of playback.stateTensors) {
      // A copy on the host would be read instead of what is written now.
      if (written) this.#dataOf(dataId).values = null;
    }
    this.ensureCommandEncoderReady();
    const internals = this as unknown as Internals;
    const pass = internals.computePassEncoder ??= internals.commandEncoder
      .beginComputePass();
    playback.encode(pass, (name) => this.noteKernel(name));
    return this.#copyOut(playback.outputs);
  }

  /**
   * Copies results out of the arena, and submits: what the next work sends is
   * there before all that waits.
   */
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
    history: WorkHistory,
    { inputs, state, numbers }: RecordedWork<Numbers>,
    run: (numbers: Numbers) => tf.Scalar[],
  ): tf.Scalar[] {
    if (history.playback) this.#played--;
    delete history.playback;
    const own = { ...numbers };
    const bytes = inputs.map((input) => this.#wordsOf(input).byteLength);
    const recording = new Recording({
      inputs: inputs.map(({ dataId }) => dataId),
      state: state.map(({ dataId }) => dataId),
      numbers: own,
    });
    let outputs: tf.Scalar[];
    this.#recording = recording;
    try {
      outputs = run(own);
    } finally {
      this.#recording = undefined;
    }
    const left = outputs.map(({ dataId }) => this.bufferOf(dataId));
    const results = this.#copyOut(left);
    tf.dispose(outputs);
    if (history.recording?.agrees(recording)) {
      history.playback = new Playback(this.device, recording, {
        dispatcher: this.dispatcher,
        changing: this.#changing.at(-1),
        inputs: bytes,
        outputs: left,
      });
      const { changing } = history.playback;
      if (changing !== this.#changing.at(-1)) this.#changing.push(changing);
      delete history.recording;
      this.#played++;
    } else {
      if (history.recording) history.disagreed++;
      history.recording = recording;
    }
    return results;
  }

  /** Makes a tensor. */
  override write(...args: Parameters<WebGPUBackend["write"]>): object {
    const dataId = super.write(...args);
    this.#recording?.noteCreated(dataId);
    return dataId;
  }

  /** A tensor [length] of zeros, which are kept and always the same. */
  override zeros(length: number): tf.TensorInfo {
    const recording = this.#recording;
    this.#recording = undefined;
    try {
      const zeros = super.zeros(length);
      recording?.noteOwn(zeros.dataId);
      return zeros;
    } finally {
      this.#recording = recording;
    }
  }

  protected override acquire(size: number, dataId: object): GPUBuffer {
    return this.#recording?.wasCreated(dataId)
      ? this.#arena.acquire(size)
      : super.acquire(size, dataId);
  }

  protected override sent(dataId: object): void {
    const recording = this.#recording;
    // What is neither kept nor an input would not be sent again.
    if (recording?.wasCreated(dataId) && !recording.isInput(dataId)) {
      recording.fail();
    }
  }

  protected override encoded(
    kernel: Kernel,
    encoding: Encoding,
    tensors: readonly tf.TensorInfo[],
  ): void {
    super.encoded(kernel, encoding, tensors);
    this.#recording?.add(kernel, encoding, tensors);
  }

  /** Gives the device what there is to do. */
  override submitQueue(): void {
    const { numBytesAllocated } = this.pool;
    const bytes = numBytesAllocated + this.#arena.bytes;
    this.#mostBytes = Math.max(this.#mostBytes, bytes);
    super.submitQueue();
  }

  /** Runs a stock kernel. */
  override runWebGPUProgram(
    ...args: Parameters<CommandBackend["runWebGPUProgram"]>
  ): ReturnType<CommandBackend["runWebGPUProgram"]> {
    this.#recording?.fail();
    return super.runWebGPUProgram(...args);
  }
}
