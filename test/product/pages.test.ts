import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser } from "../support/browser/browser.ts";
import { startSandbox } from "../support/server/server.ts";

test("the reference sends its filled-in example to this very server and shows the answer", async (t) => {
  const { url, call } = await startSandbox(t);
  const page = await openBrowser(t);
  const failures: string[] = [];
  page.on("pageerror", (error) => failures.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") failures.push(message.text());
  });

  await page.goto(`${url}/docs`);
  const operation = page.locator("#operations-messageThreads-messageThreads_add");
  await operation.click();
  await operation.getByRole("button", { name: "Execute" }).click();
  const answer = operation.locator(".live-responses-table .response");
  await answer.getByText("200", { exact: true }).waitFor();
  assert.match(await answer.innerText(), /"OriginalSender": "John Doe"/);

  assert.deepEqual(failures, []);
  const now = Date.now();
  const interval = {
    StartUtc: new Date(now - 3_600_000).toISOString(),
    EndUtc: new Date(now + 3_600_000).toISOString(),
  };
  const { body } = await call("messageThreads/getAll", { CreatedUtc: interval });
  assert.equal(body.MessageThreads.length, 1, "the thread that the page opened is stored");
});
