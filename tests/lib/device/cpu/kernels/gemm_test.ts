/**
 * The CPU's matrix product against sums in float64.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";

const PAGE = 65536;
/** Where nothing is set; no random number is it. */
const GUARD = -1.5;

const module = await WebAssembly.compile(
  await Deno.readFile(
    new URL(
      "../../../../../lib/device/cpu/kernels/kernels.wasm",
      import.meta.url,
    ),
  ),
);

interface Kernels {
  gemm(args: number, slice: number, slices: number, thread: number): void;
  gemmWorkspace(): number;
}

interface Shape {
  M: number;
  N: number;
  K: number;
}

interface Options {
  transposeA?: boolean;
  transposeB?: boolean;
  accumulate?: boolean;
  /** Floats between the rows of each matrix that are none of it. */
  gap?: number;
  /** Rows and columns of the grid of slices. */
  grid?: [number, number];
  /** Pages of memory. */
  pages?: number;
  /** Changes A before the product. */
  edit?: (a: Float32Array) => void;
}

/** Rows one after another, each `stride` long; the last has no gap. */
interface Matrix {
  values: Float32Array;
  stride: number;
}

const SHAPES: Shape[] = [
  [1, 1, 1],
  [1, 40, 37],
  [40, 1, 37],
  [7, 5, 3],
  [6, 8, 256],
  [13, 17, 300],
  [70, 130, 515],
  [100, 520, 9],
].map(([M, N, K]) => ({ M, N, K }));

/**
 * Runs the kernel on matrices of random numbers, slice after slice. Workspace,
 * C, A and B lie in this order and B ends where the memory does, so reading
 * past it fails. Most addresses are multiples of 4 alone.
 */
function multiply({ M, N, K }: Shape, options: Options = {}) {
  const { transposeA = false, transposeB = false, accumulate = false } =
    options;
  const { gap = 0, grid = [1, 1], pages = 128 } = options;
  const slices = grid[0] * grid[1];
  const memory = new WebAssembly.Memory({
    initial: pages,
    maximum: PAGE,
    shared: true,
  });
  const { gemm, gemmWorkspace } = new WebAssembly.Instance(module, {
    env: { memory },
  }).exports as unknown as Kernels;

  let end = pages * PAGE;
  const place = (rows: number, cols: number): Matrix => {
    const stride = cols + gap;
    const count = (rows - 1) * stride + cols;
    end -= 4 * count;
    const values = new Float32Array(memory.buffer, end, count);
    return { values, stride };
  };
  const b = transposeB ? place(N, K) : place(K, N);
  const a = transposeA ? place(K, M) : place(M, K);
  end -= 4; // A guard behind C.
  const c = place(M, N);
  const start = end - 4; // And one before it.
  const workspace = Math.floor(start / 64) * 64 - slices * gemmWorkspace();
  new Float32Array(memory.buffer, start).fill(GUARD);

  const random = generator();
  for (const { values } of [a, b]) {
    values.forEach((_, i) => values[i] = random());
  }
  options.edit?.(a.values);
  const before = new Float32Array(memory.buffer, start).slice();

  new Int32Array(memory.buffer, 0, 16).set([
    a.values.byteOffset,
    a.stride,
    Number(transposeA),
    b.values.byteOffset,
    b.stride,
    Number(transposeB),
    c.values.byteOffset,
    c.stride,
    M,
    N,
    K,
    Number(accumulate),
    workspace,
    gemmWorkspace(),
    ...grid,
  ]);
  for (let slice = 0; slice < slices; slice++) gemm(0, slice, slices, slice);
  return {
    at: (i: number, j: number) => c.values[i * c.stride + j],
    bits: () => new Uint32Array(c.values.slice().buffer),
    expected: (i: number, j: number) => {
      let sum = accumulate ? GUARD : 0;
      let size = Math.abs(sum);
      for (let k = 0; k < K; k++) {
        const term =
          a.values[transposeA ? k * a.stride + i : i * a.stride + k] *
          b.values[transposeB ? j * b.stride + k : k * b.stride + j];
        sum += term;
        size += Math.abs(term);
      }
      return { sum, size };
    },
    /** Elements from C's guard to the memory's end that changed outside C. */
    strayed: () => {
      const after = new Float32Array(memory.buffer, start);
      const inC = (at: number) =>
        at > 0 && at <= c.values.length && (at - 1) % c.stride < N;
      return before.reduce(
        (count, value, at) =>
          count + Number(!inC(at) && !Object.is(after[at], value)),
        0,
      );
    },
    /** Bytes that changed in front of the workspace, the words aside. */
    strayedBelow: () =>
      new Uint8Array(memory.buffer, 64, workspace - 64).filter((byte) => byte)
        .length,
  };
}

/** Numbers from -1 to 1, always the same (Lehmer's generator). */
function generator(): () => number {
  let state = 1;
  return () => {
    state = state * 48271 % 2147483647;
    return state / 1073741823.5 - 1;
  };
}

/** Whether every element is as near as float32 allows. */
function assertProduct(shape: Shape, options: Options): void {
  const product = multiply(shape, options);
  for (let i = 0; i < shape.M; i++) {
    for (let j = 0; j < shape.N; j++) {
      const { sum, size } = product.expected(i, j);
      const error = Math.abs(product.at(i, j) - sum);
      assert(
        error <= 1e-6 * size,
        `${JSON.stringify(shape)}: C[${i}, ${j}] is ${product.at(i, j)}, ` +
          `expected ${sum}`,
      );
    }
  }
}

for (const transposeA of [false, true]) {
  for (const transposeB of [false, true]) {
    const name = `A${transposeA ? "ᵀ" : ""} B${transposeB ? "ᵀ" : ""}`;
    const options = { transposeA, transposeB };

    Deno.test(`gemm computes ${name} of any shape`, () => {
      for (const shape of SHAPES) assertProduct(shape, options);
    });

    Deno.test(`gemm computes ${name} with strides wider than rows`, () => {
      for (const shape of SHAPES) assertProduct(shape, { ...options, gap: 3 });
    });

    Deno.test(`gemm writes nothing but C for ${name}`, () => {
      for (const shape of SHAPES) {
        const product = multiply(shape, { ...options, gap: 3, grid: [2, 1] });
        assertEquals(product.strayed(), 0, JSON.stringify(shape));
      }
    });

    Deno.test(`gemm gives ${name} the same bits for any grid of slices`, () => {
      for (const shape of SHAPES) {
        const alone = multiply(shape, options).bits();
        for (const grid of [[2, 1], [1, 3], [3, 2], [2, 5]] as const) {
          const shared = multiply(shape, { ...options, grid: [...grid] });
          assertEquals(
            shared.bits(),
            alone,
            `${JSON.stringify(shape)} / ${grid}`,
          );
        }
      }
    });
  }
}

Deno.test("gemm adds to C if asked to", () => {
  for (const shape of SHAPES) assertProduct(shape, { accumulate: true });
});

Deno.test("gemm stays within its workspace", () => {
  const product = multiply({ M: 100, N: 520, K: 300 }, { grid: [3, 1] });
  assertEquals(product.strayedBelow(), 0);
});

Deno.test("gemm computes at addresses above 2 GiB", () => {
  assertProduct({ M: 13, N: 17, K: 300 }, { pages: 3 * 2 ** 30 / PAGE });
});

Deno.test("gemm keeps what is not finite in its own row", () => {
  const K = 5;
  const product = multiply({ M: 7, N: 9, K }, {
    edit: (a) => a[6 * K] = Infinity,
  });
  const finite = Array.from(
    { length: 7 },
    (_, i) => Number.isFinite(product.at(i, 0)),
  );
  assertEquals(finite, [true, true, true, true, true, true, false]);
});
