import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { demoOwner, demoPassword, seedDemoInbox } from "../../src/sandbox/demo/inbox.ts";
import {
  checkAccessibility,
  checkColours,
  launchBrowser,
  openWindow,
  takePicture,
} from "../support/browser/desk-browser.ts";
import { frontDesk } from "../support/browser/front-desk.ts";

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const devices: Readonly<Record<string, BrowserContextOptions>> = { desktop: {}, phone };

interface View {
  readonly name: string;
  /** Opens the view, from the list of all threads. */
  readonly show: (page: Page) => Promise<void>;
  /** Whether it is a dialog, which Escape closes. */
  readonly isDialog?: true;
}

const dialog = (name: string): View => ({
  name: name.toLowerCase(),
  show: async (page) => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type(name);
    await page.getByRole("option").getByText(name, { exact: true }).click();
    await page.getByRole("dialog", { name }).waitFor();
  },
  isDialog: true,
});

const views: readonly View[] = [
  { name: "list", show: async (page) => void (await page.getByRole("option").first().waitFor()) },
  {
    name: "thread",
    show: async (page) => {
      await page.getByRole("option").nth(3).click();
      await page.getByRole("textbox", { name: "Your reply" }).waitFor();
      await page.getByRole("region", { name: "Messages" }).getByRole("article").first().waitFor();
    },
  },
  {
    name: "note",
    show: async (page) => {
      await page.getByRole("option").nth(3).click();
      await page.getByRole("button", { name: "Note", exact: true }).click();
      await page.getByRole("textbox", { name: "Your note" }).fill("The key is in the safe.");
    },
  },
  {
    name: "search",
    show: async (page) => {
      await page.getByRole("combobox", { name: "Search" }).fill("room");
      await page.locator("mark").first().waitFor();
    },
  },
  {
    name: "commands",
    show: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog", { name: "Commands" }).waitFor();
    },
    isDialog: true,
  },
  ...["Keyboard", "Settings", "People", "Saved replies", "Properties"].map(dialog),
];

async function signIn(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "E-mail" }).fill(demoOwner().email);
  await page.getByRole("textbox", { name: "Password" }).fill(demoPassword);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("option").first().waitFor();
}

suite("in a real browser", () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  /** Looks at a view in both colour schemes. The second one differs in colours only, so only those are checked again. */
  async function look(page: Page, view: string, device: string): Promise<void> {
    await page.emulateMedia({ colorScheme: "light" });
    await takePicture(page, `${view} ${device} light`);
    await checkAccessibility(page, `${view} ${device} light`);
    const width = await page.evaluate<boolean>("document.documentElement.scrollWidth <= innerWidth");
    assert.ok(width, `${view} is no wider than the ${device}`);
    await page.emulateMedia({ colorScheme: "dark" });
    await takePicture(page, `${view} ${device} dark`);
    // Phones have the same colours, so they are checked once.
    if (device === "desktop") await checkColours(page, `${view} dark`);
  }

  test("every view can be used by everybody, light and dark, on a desktop and on a phone", async (t) => {
    const desk = await frontDesk(t);
    await seedDemoInbox(desk.app);
    for (const [device, options] of Object.entries(devices)) {
      const page = await openWindow(t, browser, desk.url, undefined, { ...options, reducedMotion: "reduce" });
      await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
      await look(page, "sign-in", device);
      await signIn(page);
      for (const { name, show, isDialog } of views) {
        if (!isDialog) await page.goto(`${desk.url}/inbox/all`);
        await page.getByRole("option").first().waitFor();
        await show(page);
        await look(page, name, device);
        if (!isDialog) continue;
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "hidden" });
      }
    }
  });
});
