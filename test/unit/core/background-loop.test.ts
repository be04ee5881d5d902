import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { backgroundLoop, type LoopOptions, type StepOutcome } from "../../../src/core/background-loop.ts";

const interval = 250;

/** A loop whose steps end when the test says so, and whose intervals pass when the test says so. */
function heldLoop(t: TestContext, options: Pick<LoopOptions, "pauseAfterFailure"> = {}) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const steps: PromiseWithResolvers<StepOutcome>[] = [];
  const failures: string[] = [];
  let signal: AbortSignal | undefined;
  const loop = backgroundLoop({
    interval,
    ...options,
    step: (given) => {
      signal = given;
      const step = Promise.withResolvers<StepOutcome>();
      steps.push(step);
      return step.promise;
    },
    failed: (error) => failures.push(String(error)),
  });
  /** Has the step end that is under way once the loop is quiet, and lets everything happen that follows by itself. */
  async function end(outcome: StepOutcome | Error): Promise<void> {
    await quiet();
    const step = steps.at(-1);
    if (outcome instanceof Error) step?.reject(outcome);
    else step?.resolve(outcome);
    await quiet();
  }
  t.after(() => {
    for (const step of steps) step.resolve("idle");
    return loop.stop(0);
  });
  return { ...loop, steps, failures, end, isStopping: () => signal?.aborted };
}

async function quiet(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

/** Whether a promise is settled by now. */
async function isDone(promise: Promise<void>): Promise<boolean> {
  let isSettled = false;
  void promise.then(() => {
    isSettled = true;
  });
  await quiet();
  return isSettled;
}

test("a step is taken at the start, when the loop is woken, and at every interval", async (t) => {
  const { steps, end, wake } = heldLoop(t);
  assert.equal(steps.length, 1);
  await end("idle");
  assert.equal(steps.length, 1);
  wake();
  await end("idle");
  assert.equal(steps.length, 2);
  t.mock.timers.tick(interval);
  await end("idle");
  assert.equal(steps.length, 3);
});

test("one step runs at a time, and waking the loop during one brings one more after it", async (t) => {
  const { steps, end, wake } = heldLoop(t);
  wake();
  wake();
  await quiet();
  assert.equal(steps.length, 1);
  await end("idle");
  assert.equal(steps.length, 2);
  await end("idle");
  assert.equal(steps.length, 2);
});

test("a step that leaves more to do is followed by the next one at once", async (t) => {
  const { steps, end } = heldLoop(t);
  await end("more");
  assert.equal(steps.length, 2);
});

test("of failures in a row the first one is told, and the next one after a success", async (t) => {
  const { failures, end, steps, wake } = heldLoop(t, { pauseAfterFailure: 0 });
  const failAgain = async (count: number) => {
    while (steps.length < count) await setImmediate();
    await end(new Error(`of step ${count}`));
  };
  await failAgain(1);
  await failAgain(2);
  while (steps.length < 3) await setImmediate();
  await end("idle");
  wake();
  await failAgain(4);
  assert.deepEqual(failures, ["Error: of step 1", "Error: of step 4"]);
});

test("after a failure neither a wake nor an interval cuts the pause short, but a stop does", async (t) => {
  const { end, steps, wake, stop } = heldLoop(t, { pauseAfterFailure: 600_000 });
  await end(new Error("The database is away."));
  wake();
  t.mock.timers.tick(interval);
  await quiet();
  assert.equal(steps.length, 1);
  const stopped = stop(600_000);
  await quiet();
  assert.equal(steps.length, 2);
  await end("idle");
  await stopped;
});

test("settled waits for a step that began after it was asked, and that left nothing to do", async (t) => {
  const { end, settled } = heldLoop(t);
  const asked = settled();
  await end("idle");
  assert.equal(await isDone(asked), false, "the step had begun before");
  await end("busy");
  assert.equal(await isDone(asked), false, "there is work under way");
  t.mock.timers.tick(interval);
  await end(new Error("The database is away."));
  assert.equal(await isDone(asked), false, "the step failed");
});

test("settled resolves with the step that it asked for, and at once when the loop has ended", async (t) => {
  const { end, settled, stop } = heldLoop(t);
  await end("idle");
  const asked = settled();
  await end("idle");
  assert.equal(await isDone(asked), true);
  const stopped = stop(600_000);
  const askedLate = settled();
  await end("idle");
  await Promise.all([stopped, askedLate, settled()]);
});

test("a loop that stops takes steps until one leaves nothing to do", async (t) => {
  const { end, stop, steps, wake, isStopping } = heldLoop(t);
  const stopped = stop(600_000);
  assert.equal(isStopping(), true);
  await end("more");
  await end("busy");
  assert.equal(await isDone(stopped), false);
  wake();
  await end("idle");
  await stopped;
  const { length } = steps;
  wake();
  t.mock.timers.tick(interval);
  await quiet();
  assert.equal(steps.length, length);
});

test("a loop that stops ends with a step that fails, whose error is not reported", async (t) => {
  const { end, stop, failures } = heldLoop(t);
  const stopped = stop(600_000);
  await end(new Error("The database is closed."));
  await stopped;
  assert.deepEqual(failures, []);
});

test("a stop waits for a step no longer than its patience", async (t) => {
  const { stop } = heldLoop(t);
  await stop(1);
});
