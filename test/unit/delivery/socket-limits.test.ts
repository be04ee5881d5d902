import assert from "node:assert/strict";
import { test } from "node:test";
import { socketPlaces } from "../../../src/delivery/sockets/limits.ts";

test("sockets are limited for all tokens together and for each, and their places are given back", () => {
  const refused: string[] = [];
  const places = socketPlaces({ all: 3, token: 2 }, (kind) => refused.push(kind));
  const leave = places.take("one");
  places.take("one");
  assert.throws(() => places.take("one"), { kind: "tooMany" });
  places.take("two");
  assert.throws(() => places.take("three"), { kind: "unavailable" });
  leave();
  places.take("three");
  assert.throws(() => places.take("three"), { kind: "unavailable" });
  assert.deepEqual(refused, ["WebSockets of one access token", "WebSockets", "WebSockets"]);
});
