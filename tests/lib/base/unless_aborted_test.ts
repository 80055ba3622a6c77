import { assertEquals, assertRejects } from "@std/assert";
import {
  unlessAborted,
  untilAborted,
} from "../../../lib/base/unless_aborted.ts";

const STOPPED = new Error("stopped");

Deno.test("work that is done before a signal gives what it gives", async () => {
  const { signal } = new AbortController();
  assertEquals(await unlessAborted(Promise.resolve(3), signal), 3);
});

Deno.test("work that never ends is waited for until a signal", async () => {
  const stop = new AbortController();
  const waiting = unlessAborted(new Promise(() => {}), stop.signal);
  stop.abort(STOPPED);
  assertEquals(await assertRejects(() => waiting), STOPPED);
});

Deno.test("work that fails after a signal is nobody's unhandled error", async () => {
  const signal = AbortSignal.abort(STOPPED);
  const { promise, reject } = Promise.withResolvers<never>();
  const error = await assertRejects(() => unlessAborted(promise, signal));
  reject(new Error("the terminal is gone"));
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(error, STOPPED);
});

Deno.test("a stream is read until a signal, even between two blocks", async () => {
  const stop = new AbortController();
  const stream = new ReadableStream<number>({
    start: (controller) => controller.enqueue(1),
  });
  const blocks: number[] = [];
  const reading = (async () => {
    for await (const block of untilAborted(stream, stop.signal)) {
      blocks.push(block);
      setTimeout(() => stop.abort(STOPPED));
    }
  })();
  assertEquals(await assertRejects(() => reading), STOPPED);
  assertEquals(blocks, [1]);
});
