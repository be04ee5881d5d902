import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { Browser } from "playwright-core";
import { de } from "../../web/inbox/words/de.ts";
import { en } from "../../web/inbox/words/en.ts";
import { checkAccessibility, launchBrowser, openWindow, takePicture } from "../support/browser/desk-browser.ts";
import {
  answers,
  arrives,
  composer,
  email,
  everythingIn,
  inbox,
  messages,
  open,
  row,
  sharedDesk,
  signIn,
  signOut,
  swapCookie,
  takenOver,
  write,
} from "../support/browser/shared-desk.ts";

suite("two receptionists at one browser", () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  test("a reply that waits is never sent by the next person, and is offered to its writer again", async (t) => {
    const world = await sharedDesk(t);
    const page = await openWindow(t, browser, world.desk.url, world.alice);
    await open(page);
    await page.context().setOffline(true);
    await write(page, "Yes, for ten euros.");
    await messages(page).getByText(en.queued).waitFor();
    await page.getByRole("button", { name: "Note", exact: true }).click();
    await page.getByRole("textbox", { name: "Your note" }).fill("Jane is a little difficult");
    await page.getByRole("button", { name: "Reply", exact: true }).click();
    await composer(page).fill("Shall I keep a place");
    const hers = /ten euros|difficult|keep a place|Jane Guest|Is there parking/;
    const kept = await page.evaluate<string>("JSON.stringify({ ...localStorage, ...sessionStorage })");
    assert.doesNotMatch(kept, hers, "nothing is kept in the clear");

    await world.alice.ask("session/end");
    await page.context().setOffline(false);
    await email(page).waitFor();
    await page.getByText(en.unsentKept(1, "Alice")).waitFor();
    assert.equal(await email(page).inputValue(), "alice@hotel.example");
    assert.doesNotMatch(await everythingIn(page), hers, "nothing of hers is left on the page");
    await checkAccessibility(page, "sign-in after a session");

    await signIn(page, "bob");
    await open(page);
    assert.equal(await composer(page).inputValue(), "");
    assert.doesNotMatch(await everythingIn(page), /ten euros|difficult|keep a place/);
    await signOut(page);
    await email(page).waitFor();
    assert.deepEqual(await answers(world), [], "nothing was sent");

    await signIn(page, "alice");
    await page
      .getByRole("status")
      .filter({ hasText: en.heldSince(1) })
      .getByRole("button", { name: "Open" })
      .click();
    await messages(page).getByText("Yes, for ten euros.").waitFor();
    assert.equal(await composer(page).inputValue(), "Shall I keep a place");
    await takePicture(page, "shared-desk-held");
    await checkAccessibility(page, "a reply that is held");
    assert.deepEqual(await answers(world), [], "it does not go by itself");
    await messages(page).getByRole("button", { name: "Send", exact: true }).click();
    await arrives(page, "Yes, for ten euros.");
    assert.deepEqual(await answers(world), ["Alice: Yes, for ten euros."]);
    await page.getByRole("button", { name: "Note", exact: true }).click();
    assert.equal(await page.getByRole("textbox", { name: "Your note" }).inputValue(), "Jane is a little difficult");
  });

  test("somebody who signs in by a link in a second tab takes the first one over, and it says so", async (t) => {
    const world = await sharedDesk(t);
    const { Preferences } = await world.alice.ask("session/get");
    await world.alice.ask("preferences/set", { Preferences: { ...Preferences, Language: "de" } });
    const page = await openWindow(t, browser, world.desk.url, world.alice);
    await row(page).click();
    await page.route("**/threads/reply", (route) => route.fulfill({ status: 503, json: { Message: "Busy." } }));
    await page.getByRole("textbox", { name: de.replyLabel }).fill("Ja, für zehn Euro.");
    await page.keyboard.press("Enter");
    await page.getByText(de.queued).waitFor();

    const { Link } = await world.owner.ask<{ Link: string }>("users/reset", { UserId: world.bob.id });
    const second = await page.context().newPage();
    await second.goto(Link);
    await second.locator('input[type="password"]').fill("another horse battery");
    await second.keyboard.press("Enter");
    await row(second).waitFor();

    await page.getByRole("heading", { name: de.otherPersonTitle }).waitFor();
    await page.getByText(de.otherPersonHint("Bob")).waitFor();
    await page.getByText(de.unsentKept(1, "Alice")).waitFor();
    await checkAccessibility(page, "taken over");
    await takePicture(page, "shared-desk-taken-over");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: "dark" });
    await checkAccessibility(page, "taken over, dark, on a phone");
    await takePicture(page, "shared-desk-taken-over-phone");
    await page.setViewportSize({ width: 1440, height: 900 });
    assert.doesNotMatch(await everythingIn(page), /zehn Euro|Jane/);
    await page.unroute("**/threads/reply");
    await page.reload();
    await page.getByRole("button", { name: de.continueAs("Bob") }).click();
    await open(page);
    assert.equal(await composer(page).inputValue(), "");
    await row(second).click();
    await write(second, "From Bob.");
    await messages(page).getByText("From Bob.").waitFor();
    assert.deepEqual(await answers(world), ["Bob: From Bob."]);
  });

  test("where the page hears nothing of it, the server refuses, and what was to be sent waits", async (t) => {
    const world = await sharedDesk(t);
    const page = await openWindow(t, browser, world.desk.url, world.alice);
    await open(page);
    await page.route("**/threads/reply", async (route) => {
      await swapCookie(page, world.bob);
      await route.continue();
    });
    const answer = page.waitForResponse((response) => response.url().endsWith("/threads/reply"));
    await write(page, "Yes, for ten euros.");
    assert.equal((await answer).status(), 412);
    await takenOver(page).waitFor();
    await page.getByText(en.otherPersonHint("Bob")).waitFor();
    await page.getByText(en.unsentKept(1, "Alice")).waitFor();
    assert.deepEqual(await answers(world), []);
    assert.equal((await world.bob.open(world.threadId)).Draft, null, "nor is it a draft of the other one");

    await page.unroute("**/threads/reply");
    await page.getByRole("button", { name: en.signInAs("Alice") }).click();
    await signIn(page, "alice");
    await open(page);
    await messages(page).getByRole("button", { name: "Send", exact: true }).click();
    await arrives(page, "Yes, for ten euros.");
    assert.deepEqual(await answers(world), ["Alice: Yes, for ten euros."]);
  });

  test("the stream of somebody else is refused, and the page is left", async (t) => {
    const world = await sharedDesk(t);
    const page = await openWindow(t, browser, world.desk.url, world.alice);
    await row(page).waitFor();
    await page.context().setOffline(true);
    await page.getByText(en.connectionLost).waitFor();
    await swapCookie(page, world.bob);
    await page.context().setOffline(false);
    await takenOver(page).waitFor();
  });

  test("an answer that is under way when the person changes lands nowhere, and what it answered is not done twice", async (t) => {
    const world = await sharedDesk(t);
    const page = await openWindow(t, browser, world.desk.url, world.alice);
    await open(page);
    const [carriedOut, changed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await page.route("**/threads/reply", async (route) => {
      const answer = await route.fetch();
      carriedOut.resolve();
      await changed.promise;
      // The page that sent the request is gone, so the answer can't be delivered.
      await route.fulfill({ response: answer }).catch(() => undefined);
    });
    await write(page, "Yes, for ten euros.");
    await carriedOut.promise;
    const second = await page.context().newPage();
    await second.goto(`${world.desk.url}/inbox`);
    await inbox(second).waitFor();
    await signOut(second);
    await signIn(page, "bob");
    await open(page);
    changed.resolve();
    await write(page, "From Bob.");
    await arrives(page, "From Bob.");
    await page.unroute("**/threads/reply");
    await signOut(page);
    await signIn(page, "alice");
    await page.waitForFunction("!Object.keys(localStorage).some((name) => name.includes('.outbox.'))");
    await open(page);
    await messages(page).getByText("Yes, for ten euros.").waitFor();
    assert.deepEqual(await answers(world), ["Alice: Yes, for ten euros.", "Bob: From Bob."]);
    assert.equal(await page.getByText(en.heldSince(1)).count(), 0);
  });
});
