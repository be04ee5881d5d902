import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import chromium from "@sparticuz/chromium";
import axe from "axe-core";
import {
  type Browser,
  type BrowserContextOptions,
  type BrowserServer,
  type LaunchOptions,
  type Page,
  chromium as playwright,
} from "playwright-core";
import { hangGuard } from "../run/patience.ts";
import { projectFolder } from "../server/process.ts";
import type { Receptionist } from "./front-desk.ts";

/** Where pictures are written for people to look at. Git ignores the folder. */
const pictures = join(projectFolder, "screenshots", "inbox");

/** Options that do not fit: a single process ends with the first of several contexts, and imitating a GPU is slow. */
const unfit = /^--(?:single-process|no-zygote|headless|use-gl|use-angle|enable-unsafe-swiftshader)/;
const args = [...chromium.args.filter((arg) => !unfit.test(arg)), "--disable-gpu"];

async function launchOptions(): Promise<LaunchOptions> {
  return { executablePath: await chromium.executablePath(), args, headless: true };
}

/** The environment variable that tells the processes of a run the address of its browser. */
const variable = "INNBOX_TEST_BROWSER";

/** Starts the one browser of a run, whose address its processes inherit with the environment. */
export async function startSharedBrowser(): Promise<BrowserServer> {
  const server = await playwright.launchServer(await launchOptions());
  process.env[variable] = server.wsEndpoint();
  return server;
}

/** Connects to the browser of the run, or starts one if the file runs alone. */
export async function launchBrowser(): Promise<Browser> {
  const shared = process.env[variable];
  return shared ? playwright.connect(shared) : playwright.launch(await launchOptions());
}

/**
 * Opens a window with its own cookies, signed in as `person` if there is one. An error in the page fails the test, as a
 * request to another origin does.
 */
export async function openWindow(
  t: TestContext,
  browser: Browser,
  url: string,
  person: Pick<Receptionist, "cookie"> | undefined,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1440, height: 900 }, ...options });
  t.after(() => context.close());
  context.setDefaultTimeout(hangGuard);
  if (person) {
    const [name = "", value = ""] = person.cookie.split("=");
    await context.addCookies([{ name, value, url }]);
  }
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== url && !request.url().startsWith("data:")) problems.push(request.url());
  });
  t.after(() => assert.deepEqual(problems, []));
  await page.goto(`${url}/inbox`);
  return page;
}

/** Colours must not be judged in a transition: they are there at once. */
const atRest = `new Promise((resolve) => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets = [still];
  requestAnimationFrame(() => requestAnimationFrame(resolve));
}).then(() => undefined)`;

/** Asserts that axe finds nothing wrong with the page as it is now. */
export function checkAccessibility(page: Page, view: string): Promise<void> {
  return check(page, view, {});
}

/** The same for colours only, for a view that was checked in another colour scheme. */
export function checkColours(page: Page, view: string): Promise<void> {
  return check(page, view, { runOnly: ["color-contrast", "link-in-text-block"] });
}

async function check(page: Page, view: string, rules: axe.RunOptions): Promise<void> {
  await page.evaluate(atRest);
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe.source);
  const options = JSON.stringify({ ...rules, resultTypes: ["violations"] });
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${options})`);
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" ")}`);
  assert.deepEqual(found, [], view);
}

/** Takes a picture if INNBOX_PICTURES is set, since drawing is most of what such a test costs. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (!process.env.INNBOX_PICTURES) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}
