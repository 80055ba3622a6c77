import { assertEquals } from "@std/assert";
import {
  publicAddress,
  withPublicAddresses,
} from "../../../lib/base/public_address.ts";

for (
  const [address, told] of [
    ["https://me:secret@host/a.zip", "https://host/a.zip"],
    ["https://token@host/a.zip", "https://host/a.zip"],
    ["https://host/a.zip?token=secret&b=1", "https://host/a.zip"],
    ["https://host/a.zip#secret", "https://host/a.zip"],
    ["HTTPS://me:p@ss@host:8080/a?b#c", "HTTPS://host:8080/a"],
    ["http:/me:secret@host/a", "http:/host/a"],
    ["https:me:secret@host/a", "https:host/a"],
    ["https:\\\\me:secret@host\\a", "https:\\\\host\\a"],
    ["ftp://me:secret@host", "ftp://host"],
    ["https://host/@scope/a.zip", "https://host/@scope/a.zip"],
    ["dir/a?b#c@d", "dir/a?b#c@d"],
    ["C:\\models\\a#1", "C:\\models\\a#1"],
    ["fixture:bert.tiny.zip", "fixture:bert.tiny.zip"],
  ] as const
) {
  Deno.test(`the address ${address} is told as ${told}`, () => {
    assertEquals(publicAddress(address), told);
  });
}

Deno.test("addresses in a text lose their secrets, and nothing else is lost", () => {
  assertEquals(
    withPublicAddresses(
      'error for url (https://a:b@host/x?t=1): "http://c@d/e#f", at 12:30',
    ),
    'error for url (https://host/x): "http://d/e", at 12:30',
  );
});
