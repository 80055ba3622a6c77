/**
 * A recording made ready to be played: every bind group there, all uniforms in
 * one buffer, so that a kernel takes the host three calls.
 *
 * @module
 */
import type { Dispatcher } from "./dispatch.ts";
import type { UniformValue } from "./kernel.ts";
import type { Held, Recorded, Recording } from "./recording.ts";
import type { Uploads } from "./uploads.ts";

/** Bytes from one kernel's uniforms to the next's. */
const SLOT_BYTES = 256;

/** A kernel that is ready to be run. */
interface Ready {
  name: string;
  pipeline: GPUComputePipeline;
  group: GPUBindGroup;
  hasUniforms: boolean;
  groups: readonly [number, number, number];
}

/** A uniform that is asked for each time. */
interface Asked {
  /** Where it goes, in words. */
  at: number;
  isFloat: boolean;
  value: () => number;
}

/** What a playback is made of, besides what was recorded. */
export interface PlaybackParts {
  dispatcher: Dispatcher;
  /** Where the inputs' values are read. */
  inputs: readonly GPUBuffer[];
  /** Where the results are left. */
  outputs: readonly GPUBuffer[];
}

/** Recorded work that can be played. */
export class Playback {
  /** Where the inputs' values are read. */
  readonly inputs: readonly GPUBuffer[];
  /** Where the results are left. */
  readonly outputs: readonly GPUBuffer[];
  /** Tensors that must be as they were. */
  readonly held: readonly Held[];
  readonly #numbers: object;
  readonly #kernels: Ready[] = [];
  readonly #asked: Asked[] = [];
  readonly #uniforms: GPUBuffer;
  readonly #words: Uint32Array<ArrayBuffer>;
  readonly #floats: Float32Array<ArrayBuffer>;

  /**
   * @param device Where to play.
   * @param recording What to play.
   * @param parts What else it is made of.
   */
  constructor(
    device: GPUDevice,
    recording: Recording,
    { dispatcher, inputs, outputs }: PlaybackParts,
  ) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.held = recording.held;
    this.#numbers = recording.numbers;
    const size = SLOT_BYTES * recording.kernels.length;
    const staged = new ArrayBuffer(size);
    this.#words = new Uint32Array(staged);
    this.#floats = new Float32Array(staged);
    this.#uniforms = device.createBuffer({
      label: "uniforms of a recording",
      size,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    recording.kernels.forEach((recorded, i) =>
      this.#kernels.push(
        this.#makeReady(device, recorded, {
          dispatcher,
          offset: SLOT_BYTES * i,
        }),
      )
    );
  }

  #makeReady(
    device: GPUDevice,
    { kernel, buffers, uniforms, groups }: Recorded,
    { dispatcher, offset }: { dispatcher: Dispatcher; offset: number },
  ): Ready {
    const program = dispatcher.programOf(kernel);
    const values: readonly UniformValue[] = uniforms instanceof Array
      ? uniforms
      : program.uniforms.map(([name]) => uniforms[name as never]);
    program.uniforms.forEach(([, isFloat], k) => {
      const at = offset / 4 + k;
      const value = values[k];
      if (typeof value === "function") this.#asked.push({ at, isFloat, value });
      else this.#set(at, isFloat, value);
    });
    const hasUniforms = values.length > 0;
    const resources: GPUBufferBinding[] = buffers.map((buffer) => ({ buffer }));
    if (hasUniforms) {
      const [buffer, size] = [this.#uniforms, 4 * values.length];
      resources.push({ buffer, offset, size });
    }
    const group = device.createBindGroup({
      label: kernel.name,
      layout: program.layout,
      entries: resources.map((resource, binding) => ({ binding, resource })),
    });
    const [x, y = 1, z = 1] = groups;
    const { pipeline } = program;
    return {
      name: kernel.name,
      pipeline,
      group,
      hasUniforms,
      groups: [x, y, z],
    };
  }

  #set(at: number, isFloat: boolean, value: number): void {
    (isFloat ? this.#floats : this.#words)[at] = value;
  }

  /**
   * Sends the kernels' uniforms.
   *
   * @param uploads Takes it to the device.
   * @param numbers What uniforms are asked from this time.
   */
  send(uploads: Uploads, numbers: object): void {
    Object.assign(this.#numbers, numbers);
    for (const { at, isFloat, value } of this.#asked) {
      this.#set(at, isFloat, value());
    }
    uploads.add(this.#uniforms, this.#words);
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

  /** Frees what is its own. */
  dispose(): void {
    this.#uniforms.destroy();
  }
}

/** The layouts have an offset, which bind groups of their own don't need. */
const NO_OFFSET = new Uint32Array(1);
