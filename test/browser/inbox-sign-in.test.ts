import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchBrowser, openWindow } from "../support/desk-browser.ts";
import { frontDesk } from "../support/front-desk.ts";
import { net } from "../support/world.ts";

suite("in a real browser", () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  test("a manager sees the invitation that nobody has used yet, and revokes it", async (t) => {
    const desk = await frontDesk(t);
    const manager = await desk.hire("Max", { [net]: "Manager" });
    const page = await openWindow(t, browser, desk.url, manager);
    await page.getByRole("button", { name: "People" }).click();
    await page.getByRole("button", { name: "Invite somebody" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Ann");
    await page.getByRole("textbox", { name: "E-mail" }).fill("ann@hotel.example");
    await page.getByRole("button", { name: "Make the invitation" }).click();
    const link = await page.getByRole("textbox", { name: /Give them this link/ }).inputValue();
    const open = page.getByRole("list", { name: "Open links" }).getByRole("listitem").filter({ hasText: "Ann" });
    await open.getByText("made by Max").waitFor();
    await open.getByText(/Good until/).waitFor();
    await open.getByRole("button", { name: "Revoke: Ann" }).click();
    await open.waitFor({ state: "detached" });
    await page.goto(link);
    await page.getByRole("heading", { name: "This link is no longer good" }).waitFor();
    assert.ok(await page.getByText(/used or revoked/).isVisible());
  });
});
