import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, suite, type TestContext, test } from "node:test";
import { promisify } from "node:util";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { asCurl, asTypeScript } from "../../web/sandbox/traffic/copy-as.ts";
import { checkAccessibility, launchBrowser, takePicture } from "../support/browser/desk-browser.ts";
import { startReceiver } from "../support/delivery/receiver.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";

/** What the first view may weigh over the wire, in bytes. */
const most = 60_000;

/** Ends a wait that hangs, in milliseconds. */
const patience = 20_000;

/** The page of a world. Whatever goes wrong in it fails the test, and so does a request to another origin. */
async function openPage(t: TestContext, browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({
    locale: "en-GB",
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
  });
  t.after(() => context.close());
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== url && !request.url().startsWith("data:")) problems.push(request.url());
  });
  t.after(() => assert.deepEqual(problems, []));
  await page.goto(url);
  await inbox(page).getByRole("heading", { name: "Open" }).waitFor();
  return page;
}

const inbox = (page: Page): FrameLocator => page.frameLocator("iframe");
const chat = (page: Page): Locator => page.getByRole("log", { name: "The guest’s chat" });
const wire = (page: Page): Locator => page.getByRole("region", { name: "The wire" });
const row = (page: Page, text: string): Locator => wire(page).getByRole("row", { name: text }).first();
const control = (page: Page, name: string): Locator =>
  page.getByRole("navigation", { name: "Controls" }).getByRole("button", { name: new RegExp(`^${name}`) });

/** Opens a control's panel, does something in it, and closes it. */
async function inPanel(page: Page, name: string, work: (panel: Locator) => Promise<void>): Promise<void> {
  await control(page, name).click();
  await work(page.getByRole("dialog", { name }));
  await page.keyboard.press("Escape");
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: "Write as the guest" }).fill(text);
  await page.keyboard.press("Enter");
}

suite("the sandbox's page in a real browser", () => {
  let browser: Browser;
  let port: string;
  const ends: (() => unknown)[] = [];
  before(async () => {
    const later = { after: (end: () => unknown) => void ends.push(end) } as Pick<TestContext, "after">;
    const server = await startTestSandbox(later, {}, { isLively: true, hasPages: true });
    port = new URL(server.url).port;
    browser = await launchBrowser();
    ends.push(() => browser.close());
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  /** Each test has a world of its own. */
  const openWorld = (t: TestContext, name: string) => openPage(t, browser, `http://${name}.localhost:${port}`);

  test("a guest's words go over the wire to the inbox and back, and a webhook tells of them once more", async (t) => {
    const receiver = await startReceiver(t);
    const page = await openWorld(t, "words");
    await page.getByRole("switch", { name: "The staff answer by themselves" }).uncheck();
    await inPanel(page, "Webhook", async (panel) => {
      await panel.getByRole("textbox", { name: "Client 1 is told at" }).fill(receiver.url);
      await panel.getByRole("button", { name: "Register" }).click();
      await panel.getByText("Signed with whsec_").waitFor();
    });

    await say(page, "Is there vegan breakfast?");
    await row(page, "messages/add Innbox guest chat 1.0.0 200").waitFor();
    await inbox(page).getByRole("region", { name: "Messages" }).getByText("Is there vegan breakfast?").waitFor();
    await inbox(page).getByRole("textbox", { name: "Your reply" }).fill("Every day, from 7.");
    await inbox(page).getByRole("textbox", { name: "Your reply" }).press("Enter");
    await chat(page).getByText("Every day, from 7.").waitFor();

    const [told] = await receiver.requests(1);
    const id = told?.headers["webhook-id"];
    await wire(page).getByRole("combobox", { name: "Kind" }).selectOption("Webhook");
    await wire(page).getByRole("row", { name: "Webhook" }).last().getByRole("button").click();
    await wire(page).getByRole("button", { name: "Resend" }).click();
    await receiver.until((received) => received.filter(({ headers }) => headers["webhook-id"] === id).length === 2);
    await wire(page).getByRole("list", { name: "Attempts of this delivery" }).getByRole("button").nth(1).waitFor();
  });

  test("a fault that is set on the page bites the next call, and no more when it is taken away", async (t) => {
    const page = await openWorld(t, "faults");
    await page.getByRole("switch", { name: "The staff answer by themselves" }).uncheck();
    await inPanel(page, "Faults", (panel) => panel.getByRole("button", { name: "429, wait 5 s" }).click());
    await control(page, "Faults 1").waitFor();

    await say(page, "Hello?");
    await row(page, "messageThreads/add Innbox guest chat 1.0.0 429").waitFor();
    await chat(page).getByText("429").waitFor();

    await inPanel(page, "Faults", (panel) => panel.getByRole("button", { name: "Take all away" }).click());
    await control(page, "Faults none").waitFor();
    await chat(page).getByRole("button", { name: "Send again" }).click();
    await inbox(page).getByRole("region", { name: "Messages" }).getByText("Hello?").waitFor();
  });

  test("an opener is answered by itself, and everybody can use every part of the page, light and dark", async (t) => {
    const page = await openWorld(t, "looks");
    await page.getByRole("list", { name: "or watch a whole conversation" }).getByRole("button").first().waitFor();
    const look = async (view: string) => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await takePicture(page, `sandbox ${view} ${colorScheme}`);
        await checkAccessibility(page, `${view} ${colorScheme}`);
      }
    };
    await look("start");
    await page.getByRole("button", { name: "Is there vegan breakfast?" }).click();
    await chat(page).locator(".said-property").waitFor();
    await control(page, "Autopilot Persona").waitFor();
    await row(page, "messages/add").getByRole("button").click();
    await look("entry");
    for (const name of ["Autopilot", "Faults", "Clock", "Webhook", "State", "World"]) {
      await control(page, name).click();
      const panel = page.getByRole("dialog", { name });
      await panel.getByRole("button").first().or(panel.getByRole("radio").first()).first().waitFor();
      await page.emulateMedia({ colorScheme: "light" });
      await checkAccessibility(page, name);
    }
  });
});

test("the first view of the page weighs little, and nothing runs in it but what comes as a file of its own", async (t) => {
  const { url } = await startTestSandbox(t, {}, { hasPages: true });
  const page = await fetch(url);
  const policy = page.headers.get("Content-Security-Policy") ?? "";
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
  assert.doesNotMatch(policy, /unsafe|https?:/);
  const text = await page.text();
  const files = [...text.matchAll(/(?:src|href)="(\/sandbox\/assets\/[^"]+)"/g)].map(([, address = ""]) => address);
  assert.ok(files.length >= 2, "a script and a style");
  const weights = await Promise.all(
    ["/", ...files].map(async (address) => {
      const { status, headers } = await fetch(url + address, { headers: { "Accept-Encoding": "br" } });
      assert.equal(status, 200, address);
      return Number(headers.get("Content-Length"));
    }),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  assert.ok(sum > 0 && sum < most, `${sum} bytes`);
  assert.equal((await fetch(`${url}/sandbox/assets/none.js`)).status, 404);
});

test("what is copied as curl or TypeScript asks the same once more, whatever was said", async (t) => {
  const { url, call, sandbox } = await startTestSandbox(t);
  const Text = `It's "late" at $HOME \\ 23:40\n\`now\` 🧳`;
  const MessageThreadId = "8d02142f-31cf-4115-90bf-ae5200c7a1ba";
  await call("messages/add", { Messages: [{ MessageThreadId, Text }] });
  const [entry] = (await sandbox("traffic/getAll", { Count: 1 })).body.Traffic;
  assert.ok(entry);
  const run = promisify(execFile);
  await run("sh", ["-c", asCurl(entry, url)]);
  const code = asTypeScript(entry, url);
  assert.match(code, /connector\.messages\.add\(\{\n {2}Messages: /);
  await run(process.execPath, ["--input-type=module-typescript", "--eval", code]);
  const asFetch = asTypeScript({ ...entry, Operation: null }, url);
  await run(process.execPath, ["--input-type=module-typescript", "--eval", asFetch]);
  const { body } = await call("messages/getAll", { MessageThreadIds: [MessageThreadId], Limitation: { Count: 4 } });
  assert.deepEqual(
    body.Messages.map((message) => message.Text),
    [Text, Text, Text, Text],
  );
});
