import assert from "node:assert/strict";
import { test } from "node:test";
import { type BodyOwner, bodyBudget } from "../../../src/http/body/budget.ts";

const stranger = (key: string): BodyOwner => ({ isKnown: false, key });
const caller = (key: string): BodyOwner => ({ isKnown: true, key });

function budget(total = 400, bodyLimit = 50) {
  const refused: string[] = [];
  const made = bodyBudget(total, bodyLimit, { count: (kind) => refused.push(kind), stop: () => undefined });
  return { ...made, refused };
}

test("one network has a quarter, all strangers half, and known callers the rest", () => {
  const { open, underWay, refused } = budget();
  open(stranger("a")).grow(100);
  assert.throws(() => open(stranger("a")).grow(1), { kind: "unavailable" });
  open(stranger("b")).grow(100);
  assert.throws(() => open(stranger("c")).grow(1), { kind: "unavailable" });
  open(caller("x")).grow(100);
  assert.throws(() => open(caller("x")).grow(1), { kind: "unavailable" });
  open(caller("y")).grow(100);
  assert.throws(() => open(caller("z")).grow(1), { kind: "unavailable" });
  assert.equal(underWay(), 400);
  assert.deepEqual(refused, ["bodies of one network", "bodies of unknown callers", "bodies of one caller", "bodies"]);
});

test("a body whose caller turns out to be known makes room for strangers of its network", () => {
  const { open } = budget();
  const share = open(stranger("a"));
  share.grow(100);
  share.handTo(caller("x"));
  open(stranger("a")).grow(100);
  assert.throws(() => share.grow(1), { kind: "unavailable" });
});

test("what is released is there for others, and is released once", () => {
  const { open, underWay } = budget();
  const share = open(stranger("a"));
  share.grow(60);
  share.grow(40);
  share.release();
  share.release();
  assert.equal(underWay(), 0);
  open(stranger("a")).grow(100);
});

test("one body of the largest size always has room", () => {
  const { open } = budget(10, 50);
  open(stranger("a")).grow(50);
  open(caller("x")).grow(50);
});
