/**
 * Dispatches of kernels: pipelines and bind groups are made once and found
 * again, and all uniforms between two submits go to the device in one write.
 *
 * @module
 */
import {
  type Groups,
  type Kernel,
  type UniformValue,
  wgslOf,
} from "./kernels/kernel.ts";

/** Bytes from one dispatch's uniforms to the next's, as bindings need it. */
export const SLOT_BYTES = 256;
/** The most dispatches between two submits. */
const SLOTS = 256;
/** Bind groups kept of one kernel: a few steps' worth. */
const MOST_GROUPS = 1024;

/** A compiled kernel. */
export interface Program {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
  /** Names of the bindings, in order. */
  tensors: string[];
  /** Names of the uniforms, in order, and whether they are floats. */
  uniforms: [name: string, isFloat: boolean][];
}

/** A compiled kernel with its bind groups. */
interface Pipeline extends Program {
  /** In the order in which they were needed first. */
  bound: Bound[];
  /** Which of them was needed last. */
  last: number;
}

/** A bind group with what it binds. */
interface Bound {
  buffers: readonly GPUBuffer[];
  group: GPUBindGroup;
}

/** One dispatch, its tensors already on the device. */
export interface Encoding {
  /** In the order of the bindings. */
  buffers: readonly GPUBuffer[];
  /** By name, or in the order of the kernel's. */
  uniforms: Readonly<Record<string, UniformValue>> | readonly UniformValue[];
  groups: Groups;
}

/** What a compiled kernel is made with. */
export interface DispatcherOptions {
  /** Told of each kernel that is compiled, before and after. */
  compile<T>(kernel: Kernel, work: () => T): T;
}

/** Encodes dispatches into the compute passes of one device. */
export class Dispatcher {
  readonly #device: GPUDevice;
  readonly #options: DispatcherOptions;
  readonly #pipelines = new Map<Kernel, Pipeline>();
  readonly #uniforms: GPUBuffer;
  readonly #staged = new ArrayBuffer(SLOTS * SLOT_BYTES);
  readonly #floats = new Float32Array(this.#staged);
  readonly #ints = new Uint32Array(this.#staged);
  readonly #offset = new Uint32Array(1);
  #slots = 0;

  /** @param device Where to compute. @param options Its surroundings. */
  constructor(device: GPUDevice, options: DispatcherOptions) {
    this.#device = device;
    this.#options = options;
    this.#uniforms = device.createBuffer({
      label: "uniforms",
      size: SLOTS * SLOT_BYTES,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  /** Kernels compiled so far. */
  get kernels(): number {
    return this.#pipelines.size;
  }

  /** Binds a kernel's tensors in order, and then its uniforms. */
  bindGroup(
    kernel: Kernel,
    resources: readonly GPUBufferBinding[],
  ): GPUBindGroup {
    return this.#device.createBindGroup({
      label: kernel.name,
      layout: this.#pipelineOf(kernel).layout,
      entries: resources.map((resource, binding) => ({ binding, resource })),
    });
  }

  /** A kernel as it was compiled. */
  programOf(kernel: Kernel): Program {
    return this.#pipelineOf(kernel);
  }

  /** Adds a dispatch to a compute pass. */
  encode(
    pass: GPUComputePassEncoder,
    kernel: Kernel,
    { buffers, uniforms, groups }: Encoding,
  ): void {
    const pipeline = this.#pipelineOf(kernel);
    pass.setPipeline(pipeline.pipeline);
    const bound = this.#bind(kernel, pipeline, buffers);
    if (pipeline.uniforms.length === 0) pass.setBindGroup(0, bound);
    else {
      this.#offset[0] = this.#stage(pipeline, uniforms);
      pass.setBindGroup(0, bound, this.#offset, 0, 1);
    }
    const [x, y = 1, z = 1] = groups;
    pass.dispatchWorkgroups(x, y, z);
  }

  /** Sends the uniforms of what was encoded; call it before each submit. */
  flush(): void {
    if (this.#slots === 0) return;
    const bytes = this.#slots * SLOT_BYTES;
    this.#device.queue.writeBuffer(this.#uniforms, 0, this.#staged, 0, bytes);
    this.#slots = 0;
  }

  #stage(
    { uniforms }: Pipeline,
    values: Encoding["uniforms"],
  ): number {
    if (this.#slots === SLOTS) throw new Error(`${SLOTS} dispatches wait`);
    const offset = SLOT_BYTES * this.#slots++;
    for (let i = 0; i < uniforms.length; i++) {
      const value = uniformAt(values, uniforms, i);
      const words = uniforms[i][1] ? this.#floats : this.#ints;
      words[offset / 4 + i] = typeof value === "function" ? value() : value;
    }
    return offset;
  }

  #bind(
    kernel: Kernel,
    pipeline: Pipeline,
    buffers: readonly GPUBuffer[],
  ): GPUBindGroup {
    const { bound, uniforms } = pipeline;
    // Steps need the same ones in the same order: look at the next one first.
    for (let n = 1; n <= bound.length; n++) {
      const i = (pipeline.last + n) % bound.length;
      if (areSame(bound[i].buffers, buffers)) {
        pipeline.last = i;
        return bound[i].group;
      }
    }
    const resources: GPUBufferBinding[] = buffers.map((buffer) => ({ buffer }));
    if (uniforms.length > 0) {
      resources.push({ buffer: this.#uniforms, size: 4 * uniforms.length });
    }
    const group = this.bindGroup(kernel, resources);
    if (bound.length === MOST_GROUPS) bound.length = 0;
    pipeline.last = bound.length;
    bound.push({ buffers, group });
    return group;
  }

  #pipelineOf(kernel: Kernel): Pipeline {
    let pipeline = this.#pipelines.get(kernel);
    if (!pipeline) {
      pipeline = this.#options.compile(kernel, () => this.#compile(kernel));
      this.#pipelines.set(kernel, pipeline);
    }
    return pipeline;
  }

  #compile(kernel: Kernel): Pipeline {
    const label = kernel.name;
    const reads = Object.keys(kernel.reads);
    const writes = Object.keys(kernel.writes);
    const uniforms = Object.entries(kernel.uniforms);
    const types: GPUBufferBindingType[] = [
      ...reads.map(() => "read-only-storage" as const),
      ...writes.map(() => "storage" as const),
      ...(uniforms.length > 0 ? ["uniform" as const] : []),
    ];
    const layout = this.#device.createBindGroupLayout({
      label,
      entries: types.map((type, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type, hasDynamicOffset: type === "uniform" },
      })),
    });
    const module = this.#device.createShaderModule({
      label,
      code: wgslOf(kernel),
    });
    const pipeline = this.#device.createComputePipeline({
      label,
      layout: this.#device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: "main" },
    });
    return {
      pipeline,
      layout,
      tensors: [...reads, ...writes],
      uniforms: uniforms.map(([name, type]) => [name, type === "f32"]),
      bound: [],
      last: 0,
    };
  }
}

/** A uniform's value, whether they are given by name or in order. */
export function uniformAt(
  values: Encoding["uniforms"],
  uniforms: Program["uniforms"],
  i: number,
): UniformValue {
  return values instanceof Array
    ? values[i]
    : (values as Readonly<Record<string, UniformValue>>)[uniforms[i][0]];
}

function areSame(a: readonly GPUBuffer[], b: readonly GPUBuffer[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
