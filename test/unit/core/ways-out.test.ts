import assert from "node:assert/strict";
import { test } from "node:test";
import { invalid, Problem, type ProblemSubject, unknown } from "../../../src/core/problem.ts";
import { withWayOut } from "../../../src/core/ways-out.ts";

test("the command line says where the records are that there are", () => {
  const id = "0195d3a0-1c5e-7000-8000-5c1d6f3a2b15";
  assert.equal(withWayOut(unknown("client", id)), `There is no client ${id}. See innbox client list.`);
  assert.equal(withWayOut(unknown("delivery", id)), `There is no delivery ${id}. See innbox webhook deliveries.`);
  const forgotten = invalid("It has no secret.", { code: "secretForgotten", what: "webhook", id });
  assert.equal(withWayOut(forgotten), `It has no secret. Give it one with innbox webhook rotate-secret ${id}.`);
});

test("what is wrong with a database names the flag that named it", () => {
  const subject: ProblemSubject = { code: "databaseOfOthers" };
  const problem = (side?: "source" | "target") => new Problem("unavailable", "Not ours.", { subject, side });
  assert.equal(withWayOut(problem()), "Not ours. Name another one with --database.");
  assert.equal(withWayOut(problem("source")), "--from: Not ours. Name another one with --from.");
  assert.equal(withWayOut(problem("target")), "--to: Not ours. Name another one with --to.");
});

test("a copy that was interrupted says how to mend it, and then how to go on", () => {
  const by: ProblemSubject = { code: "databaseHost" };
  const interrupted = new Problem("unavailable", "No host.", {
    subject: { code: "copyInterrupted", by },
    side: "target",
  });
  assert.equal(
    withWayOut(interrupted),
    "--to: No host. Correct --to. Run the same innbox copy again: it goes on from here.",
  );
});

test("a problem without a way out is its sentence alone", () => {
  assert.equal(withWayOut(invalid("Name is required.")), "Name is required.");
});
