import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { connected } from "../support/delivery/raw-socket.ts";
import { call, projectFolder, startServer } from "../support/server/process.ts";
import { newDatabase } from "../support/server/server.ts";

for (const command of ["serve", "dev"] as const) {
  test(`${command} goes on after signals that ask for what it does not have, and says so`, async (t) => {
    const { url, child, ended, printed, stderr } = await startServer(t, command, newDatabase(t));
    for (const signal of ["SIGHUP", "SIGUSR1", "SIGUSR2"] as const) {
      child.kill(signal);
      await printed(new RegExp(`${signal}: ignored\\.`));
    }
    child.kill("SIGPIPE");
    assert.equal((await fetch(`${url}/health/ready`)).status, 200);
    assert.equal((await call(url, "configuration/get")).status, command === "dev" ? 200 : 401);
    child.kill("SIGTERM");
    assert.deepEqual(await ended.then(({ exitCode, signal }) => [exitCode, signal]), [0, null]);
    assert.doesNotMatch(stderr(), /debugger/i, "no program on this machine gets a debugger");
  });
}

test("a sandbox ends with the terminal that it was started from", async (t) => {
  const words = [process.execPath, "src/main.ts", "dev", "--bare", "--port", "0", "--database", newDatabase(t)];
  const line = words.map((word) => `'${word}'`).join(" ");
  const terminal = spawn("script", ["--quiet", "--command", `exec ${line}`, "/dev/null"], { cwd: projectFolder });
  t.after(() => void terminal.kill("SIGKILL"));
  let output = "";
  const url = await new Promise<string>((resolve) => {
    terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const [found] = /http:\/\/127\.0\.0\.1:\d+(?=\r?\n)/.exec(output) ?? [];
      if (found) resolve(found);
    });
  });
  const caller = await connected(url);
  caller.resume();
  const closed = once(caller, "close");
  terminal.kill("SIGKILL");
  await closed;
  await assert.rejects(fetch(url));
});
