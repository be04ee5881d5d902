import assert from "node:assert/strict";
import { test } from "node:test";
import { startSandbox } from "../support/server/server.ts";

/** What the first view may weigh over the wire, in bytes. */
const most = 100_000;

/** As sent: `fetch` would unpack it. */
async function weightOf(url: string): Promise<number> {
  const response = await fetch(url, { headers: { "Accept-Encoding": "br" } });
  assert.equal(response.status, 200, url);
  assert.equal(response.headers.get("Content-Encoding"), "br", url);
  return Number(response.headers.get("Content-Length"));
}

test("the first view of the inbox weighs little, and asks no server but its own", async (t) => {
  const { url } = await startSandbox(t);
  const page = await (await fetch(`${url}/inbox`)).text();
  const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = ""]) => address);
  const own = files.filter((address) => address.startsWith("/inbox/assets/"));
  assert.deepEqual(
    files.filter((address) => !own.includes(address) && !address.startsWith("data:")),
    [],
  );
  assert.ok(own.length >= 2, "a script and a style");
  const weights = await Promise.all(["/inbox", ...own].map((address) => weightOf(`${url}${address}`)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  assert.ok(sum > 0 && sum < most, `${sum} bytes`);
});

test("nothing runs in the page but what comes as a file of its own, and files may be kept for ever", async (t) => {
  const { url } = await startSandbox(t);
  const { headers } = await fetch(`${url}/inbox`);
  const policy = headers.get("Content-Security-Policy") ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self'(?:;|$)/);
  assert.doesNotMatch(policy, /unsafe|https?:/);
  assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
  assert.equal(headers.get("Cache-Control"), "no-cache");
  const script = /src="([^"]+\.js)"/.exec(await (await fetch(`${url}/inbox`)).text())?.[1];
  assert.match((await fetch(`${url}${script}`)).headers.get("Cache-Control") ?? "", /immutable/);
});

test("there are the files of the page below /inbox, and no others", async (t) => {
  const { url } = await startSandbox(t);
  for (const path of ["/inbox/assets/../../package.json", "/inbox/assets/%2e%2e/%2e%2e/package.json", "/inbox/x.js"]) {
    assert.equal((await fetch(`${url}${path}`)).status, 404, path);
  }
  for (const path of ["/inbox/link", "/inbox/awaiting", "/inbox/all/8d02142f-31cf-4115-90bf-ae5200c7a1ba"]) {
    assert.equal((await fetch(`${url}${path}`)).status, 200, path);
  }
});
