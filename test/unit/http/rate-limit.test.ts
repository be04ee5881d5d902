import assert from "node:assert/strict";
import { test } from "node:test";
import { requestCounter } from "../../../src/http/rate-limit.ts";

test("where there are too many keys, the one that has been quiet for longest is forgotten", () => {
  const count = requestCounter({ requests: 1, seconds: 60 }, () => 1, 2);
  count("a");
  count("b");
  assert.throws(() => count("a"), { kind: "tooMany" });
  count("c");
  assert.throws(() => count("a"), { kind: "tooMany" });
  count("b");
});
