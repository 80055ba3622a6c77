/**
 * Times kernels on the GPU itself: each runs in a pass of its own, with a
 * timestamp before and after it.
 *
 * WebGPU's timestamps are nanoseconds, but Deno hands on the GPU's own ticks,
 * so that their length is measured first.
 *
 * @module
 */

/** Kernels between two resolves; what a set of queries holds, halved. */
const MOST_KERNELS = 256;
const TICK_BYTES = 8;
/** How long ticks are counted to learn their length, in ms. */
const CALIBRATION = 50;

/** What the GPU spent on the kernels of one name. */
export interface KernelTicks {
  calls: number;
  ticks: number;
}

/** Whether a device can time its kernels. */
export function hasTimestamps(device: GPUDevice): boolean {
  return device.features.has("timestamp-query");
}

/**
 * Learns how long a tick is.
 *
 * @param device A device that has done all that it was told.
 * @return Seconds.
 */
export async function secondsPerTick(device: GPUDevice): Promise<number> {
  const clock = new KernelClock(device);
  try {
    const first = await clock.now();
    const begun = performance.now();
    await new Promise((done) => setTimeout(done, CALIBRATION));
    const last = await clock.now();
    return (performance.now() - begun) / 1000 / (last - first);
  } finally {
    clock.stop();
  }
}

/** Ticks on their way to the host. */
interface Reading {
  names: string[];
  buffer: GPUBuffer;
}

/** Measures the kernels of one device. */
export class KernelClock {
  readonly #device: GPUDevice;
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  #left: number;
  #names: string[] = [];
  readonly #readings: Reading[] = [];

  /**
   * @param device A device that {@link hasTimestamps}.
   * @param most Kernels that are timed; those after them are not.
   */
  constructor(device: GPUDevice, most = Infinity) {
    this.#device = device;
    this.#left = most;
    this.#queries = device.createQuerySet({
      type: "timestamp",
      count: 2 * MOST_KERNELS,
    });
    this.#resolved = device.createBuffer({
      label: "timestamps",
      size: 2 * MOST_KERNELS * TICK_BYTES,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
  }

  /** Where a pass of one kernel puts its timestamps, if it is timed. */
  timestampsOf(kernel: string): GPUComputePassTimestampWrites | undefined {
    if (this.#left-- <= 0) return undefined;
    const first = 2 * this.#names.length;
    this.#names.push(kernel);
    return {
      querySet: this.#queries,
      beginningOfPassWriteIndex: first,
      endOfPassWriteIndex: first + 1,
    };
  }

  /** Whether {@link resolve} must come before the next kernel. */
  get full(): boolean {
    return this.#names.length === MOST_KERNELS;
  }

  /** Has the timestamps so far copied to the host; call it before a submit. */
  resolve(encoder: GPUCommandEncoder): void {
    const names = this.#names;
    if (names.length === 0) return;
    const count = 2 * names.length;
    const buffer = this.#device.createBuffer({
      size: count * TICK_BYTES,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    encoder.resolveQuerySet(this.#queries, 0, count, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, buffer, 0, buffer.size);
    this.#readings.push({ names, buffer });
    this.#names = [];
  }

  /** Waits for the kernels so far; each is told once. */
  async read(): Promise<Map<string, KernelTicks>> {
    const found = new Map<string, KernelTicks>();
    for (const reading of this.#readings.splice(0)) {
      const ticks = await ticksOf(reading);
      reading.names.forEach((name, i) => {
        let own = found.get(name);
        if (!own) found.set(name, own = { calls: 0, ticks: 0 });
        own.calls++;
        own.ticks += Number(ticks[2 * i + 1] - ticks[2 * i]);
      });
    }
    return found;
  }

  /** The tick at which the device has done all that it was told. */
  async now(): Promise<number> {
    const encoder = this.#device.createCommandEncoder();
    const timestampWrites = this.timestampsOf("now");
    encoder.beginComputePass({ timestampWrites: timestampWrites! }).end();
    this.resolve(encoder);
    this.#device.queue.submit([encoder.finish()]);
    const [reading] = this.#readings.splice(0);
    return Number((await ticksOf(reading))[1]);
  }

  /** Frees what it measures with. */
  stop(): void {
    for (const { buffer } of this.#readings) buffer.destroy();
    this.#queries.destroy();
    this.#resolved.destroy();
  }
}

async function ticksOf({ buffer }: Reading): Promise<BigUint64Array> {
  await buffer.mapAsync(GPUMapMode.READ);
  const ticks = new BigUint64Array(buffer.getMappedRange().slice(0));
  buffer.destroy();
  return ticks;
}
