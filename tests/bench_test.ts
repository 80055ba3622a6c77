import { assertEquals } from "@std/assert";
import { renderResults } from "../bench/results.ts";

Deno.test("bench/RESULTS.md is the table of the recorded figures", async () => {
  const results = JSON.parse(await Deno.readTextFile("bench/train.json"));
  const page = await Deno.readTextFile("bench/RESULTS.md");
  assertEquals(page, renderResults(results));
});
