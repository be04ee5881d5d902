import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { Browser } from "playwright-core";
import { cs } from "../../web/inbox/words/cs.ts";
import { de } from "../../web/inbox/words/de.ts";
import { en } from "../../web/inbox/words/en.ts";
import { es } from "../../web/inbox/words/es.ts";
import { fr } from "../../web/inbox/words/fr.ts";
import { launchBrowser, openWindow } from "../support/browser/desk-browser.ts";
import { frontDesk } from "../support/browser/front-desk.ts";
import { net } from "../support/server/world.ts";

suite("in a real browser", () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  for (const [locale, { needsHttps, needsHttpsHint }] of Object.entries({ "en-GB": en, de, fr, es, cs })) {
    test(`over plain http at a network address, the way in says in ${locale} that it needs https`, async (t) => {
      const desk = await frontDesk(t);
      const context = await browser.newContext({ locale });
      t.after(() => context.close());
      const elsewhere = "http://innbox.lan";
      // No such host exists, so its requests are answered by the test's server.
      await context.route(`${elsewhere}/**`, async (route) => {
        const url = route.request().url().replace(elsewhere, desk.url);
        await route.fulfill({ response: await route.fetch({ url }) });
      });
      const page = await context.newPage();
      for (const path of ["/inbox", "/inbox/link#guess"]) {
        await page.goto(`${elsewhere}${path}`);
        await page.getByRole("heading", { name: needsHttps }).waitFor();
        await page.getByText(needsHttpsHint).waitFor();
        assert.equal(await page.getByRole("textbox").count(), 0);
      }
    });
  }

  test("a refused password, and a wrong old one, are said in the person's language", async (t) => {
    const desk = await frontDesk(t);
    const alice = await desk.hire("Alice", { [net]: "Agent" });
    const page = await openWindow(t, browser, desk.url, alice, { locale: "de" });
    await page.getByRole("button", { name: de.settings }).click();
    const change = async (oldPassword: string, newPassword: string) => {
      await page.getByLabel(de.oldPassword).fill(oldPassword);
      await page.getByLabel(de.newPassword).fill(newPassword);
      await page.getByRole("button", { name: de.changePassword }).click();
    };
    await change("correct horse battery", "password123");
    await page
      .getByRole("alert")
      .filter({ hasText: `${de.notAccepted}: NewPassword` })
      .waitFor();
    await change("wrong", "staple battery horse");
    await page.getByRole("alert").filter({ hasText: de.oldPasswordWrong }).waitFor();
    await change("correct horse battery", "staple battery horse");
    await page.getByText(de.passwordChanged).waitFor();
  });

  test("behind a proxy that hides TLS, a sign-in that is refused for it does not look like a wrong password", async (t) => {
    const desk = await frontDesk(t);
    const page = await openWindow(t, browser, desk.url, undefined);
    await page.route("**/session/start", async (route) => {
      const headers = { ...route.request().headers(), origin: "http://innbox.lan" };
      await route.fulfill({ response: await route.fetch({ headers }) });
    });
    await page.goto(`${desk.url}/inbox`);
    await page.getByRole("textbox", { name: en.email }).fill("alice@hotel.example");
    await page.getByLabel(en.password, { exact: true }).fill("correct horse battery");
    await page.getByRole("button", { name: en.signIn }).click();
    await page.getByRole("alert").filter({ hasText: "needs https" }).waitFor();
  });

  test("a link that can't be looked at without a connection is tried again, and is good then", async (t) => {
    const desk = await frontDesk(t);
    const manager = await desk.hire("Max", { [net]: "Manager" });
    const Memberships = [{ EnterpriseId: net, Role: "Agent" }];
    const { text } = await manager.call("users/invite", { Email: "ann@hotel.example", Name: "Ann", Memberships });
    const { Link } = JSON.parse(text) as { readonly Link: string };
    const page = await openWindow(t, browser, desk.url, undefined);
    await page.route("**/links/get", (route) => route.abort(), { times: 1 });
    await page.goto(Link);
    await page.getByRole("heading", { name: en.unreachable }).waitFor();
    await page.getByRole("button", { name: en.retry }).click();
    await page.getByRole("heading", { name: en.linkTitles.Invitation }).waitFor();
  });

  test("a manager sees the invitation that is not used yet, and revokes it", async (t) => {
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
