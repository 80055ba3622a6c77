/**
 * A recording prepared to be played: every bind group is there, and all that
 * changes is in one buffer, so that it is sent in one write and a kernel takes
 * the host three calls.
 *
 * @module
 */
import type { Words } from "../buffers/buffer_backend.ts";
import { type Dispatcher, SLOT_BYTES, uniformAt } from "../dispatch.ts";
import type { Recorded, Recording, StateTensor } from "./recording.ts";

/** A kernel with all that it takes to run it. */
interface PreparedKernel {
  name: string;
  pipeline: GPUComputePipeline;
  group: GPUBindGroup;
  hasUniforms: boolean;
  groups: readonly [number, number, number];
}

/** A uniform whose value is computed each time. */
interface DynamicUniform {
  /** Where it goes, in words. */
  at: number;
  isFloat: boolean;
  value: () => number;
}

/** What a playback is made of, besides what was recorded. */
export interface PlaybackOptions {
  dispatcher: Dispatcher;
  /** Where all that changes is sent, if it is large enough. */
  changing?: GPUBuffer | undefined;
  /** Bytes of each input. */
  inputs: readonly number[];
  /** Where the results are left. */
  outputs: readonly GPUBuffer[];
}

/** Recorded work that can be played. */
export class Playback {
  /** Where the results are left. */
  readonly outputs: readonly GPUBuffer[];
  /** Tensors that must be as they were. */
  readonly stateTensors: readonly StateTensor[];
  readonly #device: GPUDevice;
  readonly #dispatcher: Dispatcher;
  /** Each kernel's uniforms, and then each input; others may share it. */
  readonly changing: GPUBuffer;
  /** Bytes of them. */
  readonly #size: number;
  readonly #numbers: object;
  /** Where the inputs are in it, in bytes. */
  readonly #ranges: { offset: number; size: number }[] = [];
  readonly #dynamicUniforms: DynamicUniform[] = [];
  readonly #uniforms: Uint32Array<ArrayBuffer>;
  readonly #floats: Float32Array<ArrayBuffer>;
  readonly #kernels: readonly PreparedKernel[];

  /**
   * @param device Where to play.
   * @param recording What to play.
   * @param options What else it is made of.
   */
  constructor(
    device: GPUDevice,
    recording: Recording,
    { dispatcher, changing, inputs, outputs }: PlaybackOptions,
  ) {
    this.#device = device;
    this.#dispatcher = dispatcher;
    this.outputs = outputs;
    this.stateTensors = recording.stateTensors;
    this.#numbers = recording.numbers;
    const uniforms = new ArrayBuffer(SLOT_BYTES * recording.kernels.length);
    this.#uniforms = new Uint32Array(uniforms);
    this.#floats = new Float32Array(uniforms);
    let end = uniforms.byteLength;
    for (const bytes of inputs) {
      const size = Math.max(1, Math.ceil(bytes / SLOT_BYTES)) * SLOT_BYTES;
      this.#ranges.push({ offset: end, size });
      end += size;
    }
    this.#size = end;
    this.changing = changing && changing.size >= end
      ? changing
      : device.createBuffer({
        label: "what changes in recordings",
        // Others that are a little larger will fit, too.
        size: 2 ** Math.ceil(Math.log2(end)),
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.STORAGE |
          GPUBufferUsage.COPY_DST,
      });
    this.#kernels = recording.kernels.map((recorded, i) =>
      this.#prepare(recorded, SLOT_BYTES * i)
    );
  }

  #prepare(
    { kernel, buffers, roles, uniforms, groups }: Recorded,
    offset: number,
  ): PreparedKernel {
    const { pipeline, uniforms: names } = this.#dispatcher.programOf(kernel);
    names.forEach(([, isFloat], k) => {
      const at = offset / 4 + k;
      const value = uniformAt(uniforms, names, k);
      if (typeof value === "function") {
        this.#dynamicUniforms.push({ at, isFloat, value });
      } else this.#set(at, isFloat, value);
    });
    const resources: GPUBufferBinding[] = buffers.map((buffer, i) => {
      const range = this.#ranges.at(roles[i]);
      return range ? { buffer: this.changing, ...range } : { buffer };
    });
    const hasUniforms = names.length > 0;
    if (hasUniforms) {
      const size = 4 * names.length;
      resources.push({ buffer: this.changing, offset, size });
    }
    const group = this.#dispatcher.bindGroup(kernel, resources);
    const [x, y = 1, z = 1] = groups;
    return {
      name: kernel.name,
      pipeline,
      group,
      hasUniforms,
      groups: [x, y, z],
    };
  }

  #set(at: number, isFloat: boolean, value: number): void {
    (isFloat ? this.#floats : this.#uniforms)[at] = value;
  }

  /**
   * Sends what changes.
   *
   * @param inputs The values of each.
   * @param numbers What uniforms are asked from this time.
   */
  send(inputs: readonly Words[], numbers: object): void {
    Object.assign(this.#numbers, numbers);
    for (const { at, isFloat, value } of this.#dynamicUniforms) {
      this.#set(at, isFloat, value());
    }
    const size = this.#size;
    if (staged.length < size) staged = new Uint8Array(size);
    staged.set(bytesOf(this.#uniforms));
    inputs.forEach((words, i) =>
      staged.set(bytesOf(words), this.#ranges[i].offset)
    );
    this.#device.queue.writeBuffer(this.changing, 0, staged, 0, size);
  }

  /**
   * Adds the kernels to a pass.
   *
   * @param note Told the name of each.
   */
  encode(pass: GPUComputePassEncoder, note: (name: string) => void): void {
    for (
      const { name, pipeline, group, hasUniforms, groups } of this.#kernels
    ) {
      pass.setPipeline(pipeline);
      if (hasUniforms) pass.setBindGroup(0, group, NO_OFFSET, 0, 1);
      else pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(groups[0], groups[1], groups[2]);
      note(name);
    }
  }
}

/** The layouts have an offset, which bind groups of their own don't need. */
const NO_OFFSET = new Uint32Array(1);

/** Where what changes is gathered; all playbacks share it. */
let staged = new Uint8Array();

function bytesOf({ buffer, byteOffset, byteLength }: Words): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
