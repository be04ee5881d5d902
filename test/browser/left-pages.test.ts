import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { Browser } from "playwright-core";
import { en } from "../../web/inbox/words/en.ts";
import { launchBrowser, openWindow } from "../support/browser/desk-browser.ts";
import type { Receptionist } from "../support/browser/front-desk.ts";
import {
  answers,
  arrives,
  composer,
  email,
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

suite("a page that its person leaves", () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  test("who signs in again after a session has ended goes on where they were, and what waits goes out once", async (t) => {
    const world = await sharedDesk(t);
    const page = await openWindow(t, browser, world.desk.url, world.alice);
    await open(page);
    const address = page.url();
    await page.context().setOffline(true);
    await write(page, "Yes, for ten euros.");
    await messages(page).getByText(en.queued).waitFor();
    await composer(page).fill("Shall I keep a place");
    await world.alice.ask("session/end");
    await page.context().setOffline(false);
    await email(page).waitFor();
    await signIn(page, "alice");
    await arrives(page, "Yes, for ten euros.");
    assert.equal(page.url(), address);
    assert.equal(await composer(page).inputValue(), "Shall I keep a place");
    assert.deepEqual(await answers(world), ["Alice: Yes, for ten euros."]);
  });

  test("a password that was changed elsewhere ends the page, and keeps what was written", async (t) => {
    const world = await sharedDesk(t);
    const page = await openWindow(t, browser, world.desk.url, world.alice);
    await open(page);
    await composer(page).fill("Shall I keep a place");
    const phone = await openWindow(t, browser, world.desk.url, undefined);
    await signIn(phone, "alice");
    const [session] = await phone.context().cookies();
    const changed = await fetch(`${world.desk.url}/api/staff/v1/password/change`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Cookie: `${session?.name}=${session?.value}` },
      body: JSON.stringify({ OldPassword: "correct horse battery", NewPassword: "battery horse correct" }),
    });
    assert.equal(changed.status, 200);
    await email(page).waitFor();
    await page.getByText(en.sessionEnded).waitFor();
    await page.locator('input[type="password"]').fill("battery horse correct");
    await page.keyboard.press("Enter");
    await messages(page).getByText("Is there parking?").waitFor();
    assert.equal(await composer(page).inputValue(), "Shall I keep a place");
  });

  test("signing out without a connection says so; with it, what waits is said, and other tabs end too", async (t) => {
    const world = await sharedDesk(t);
    const page = await openWindow(t, browser, world.desk.url, world.alice);
    await open(page);
    const second = await page.context().newPage();
    await second.goto(`${world.desk.url}/inbox`);
    await row(second).waitFor();
    await page.route("**/threads/reply", (route) => route.fulfill({ status: 503, json: { Message: "Busy." } }));
    await write(page, "Yes, for ten euros.");
    await messages(page).getByText(en.queued).waitFor();
    await composer(page).blur();
    await page.context().setOffline(true);
    await signOut(page);
    await page.getByText(en.unreachable).waitFor();
    await messages(page).getByText("Yes, for ten euros.").waitFor();

    await page.context().setOffline(false);
    await signOut(page);
    await page.getByText(en.unsentKept(1, "Alice")).waitFor();
    assert.equal(await email(page).inputValue(), "");
    await second.getByText(en.sessionEnded).waitFor();
    assert.equal((await world.alice.call("session/get")).status, 401);
    assert.deepEqual(await answers(world), []);
  });

  test("what an earlier version kept in the clear is its writer's again, and sealed", async (t) => {
    const world = await sharedDesk(t);
    const page = await openWindow(t, browser, world.desk.url, undefined);
    await email(page).waitFor();
    const place = (person: Receptionist) => `innbox.draft.${person.id}.${world.threadId}`;
    await page.evaluate(
      ([hers, his]) => {
        localStorage.setItem(hers, '"Shall I keep a place"');
        localStorage.setItem(his, '"Of the other one"');
      },
      [place(world.alice), place(world.bob)] as const,
    );
    await signIn(page, "alice");
    await open(page);
    assert.equal(await composer(page).inputValue(), "Shall I keep a place");
    const kept = await page.evaluate<string>("JSON.stringify({ ...localStorage })");
    assert.doesNotMatch(kept, /keep a place/);
    assert.match(kept, /Of the other one/);
  });

  test("a tab that was frozen when somebody else signed in says so as soon as it is shown", async (t) => {
    const world = await sharedDesk(t);
    const page = await openWindow(t, browser, world.desk.url, world.alice);
    await open(page);
    // The tab can't learn it from the server either: its requests for Alice get no answer any more.
    await page.route("**/api/staff/v1/**", (route) => {
      const asked = route.request();
      const isForAlice = asked.headers()["innbox-user"] ?? new URL(asked.url()).searchParams.get("user");
      return isForAlice === world.alice.id ? undefined : route.continue();
    });
    await swapCookie(page, world.bob);
    // Another tab has kept its person's name, and this frozen tab got no event of it.
    await page.evaluate((id) => localStorage.setItem("innbox.lastPerson", JSON.stringify(id)), world.bob.id);
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    await takenOver(page).waitFor();
  });

  test("a second sign-in of the same person leaves the first tab where it is", async (t) => {
    const world = await sharedDesk(t);
    const page = await openWindow(t, browser, world.desk.url, world.alice);
    await open(page);
    await composer(page).fill("Shall I keep a place");
    await page.evaluate("window.isTheSamePage = true");
    const again = page.waitForRequest(/staff[/]v1[/]live/);
    const start = { Email: "alice@hotel.example", Password: "correct horse battery" };
    // What the page does in another tab.
    const signedIn = await page.context().request.post(`${world.desk.url}/api/staff/v1/session/start`, { data: start });
    assert.equal(signedIn.status(), 200);
    await again;
    await write(page, "Yes, for ten euros.");
    await arrives(page, "Yes, for ten euros.");
    assert.deepEqual(await answers(world), ["Alice: Yes, for ten euros."]);
    assert.equal(await page.evaluate("window.isTheSamePage"), true);
  });

  test("notifications of one person are gone before the next one can read them", async (t) => {
    const world = await sharedDesk(t);
    const { Preferences } = await world.alice.ask("session/get");
    await world.alice.ask("preferences/set", { Preferences: { ...Preferences, HasNotifications: true } });
    const page = await openWindow(t, browser, world.desk.url, world.alice);
    // A headless browser shows no notifications, so this class records them instead.
    await page.addInitScript(`
      document.hasFocus = () => false;
      window.Notification = class extends Notification {
        static get permission() { return "granted"; }
        constructor(title, options) { super(title, options); sessionStorage.shown = options.body; }
        close() { sessionStorage.removeItem("shown"); super.close(); }
      };`);
    await page.reload();
    await open(page);
    await world.desk.call("messages/add", { Messages: [{ MessageThreadId: world.threadId, Text: "My card is 4242" }] });
    await messages(page).getByText("My card is 4242").waitFor();
    assert.match(await page.evaluate<string>("sessionStorage.shown"), /4242/);
    await signOut(page);
    await email(page).waitFor();
    assert.equal(await page.evaluate("sessionStorage.shown"), undefined);
  });

  test("a page that the browser puts away is empty, and is loaded anew when it comes back", async (t) => {
    const world = await sharedDesk(t);
    const page = await openWindow(t, browser, world.desk.url, world.alice);
    await open(page);
    // The test's browser keeps no left pages in memory, so the test sends the events of one that does.
    const happens = (event: string) => `dispatchEvent(new PageTransitionEvent("${event}", { persisted: true }))`;
    await page.evaluate(happens("pagehide"));
    assert.doesNotMatch(await page.locator("body").innerHTML(), /Jane/);
    await swapCookie(page, world.bob);
    const loaded = page.waitForEvent("load");
    await page.evaluate(happens("pageshow"));
    await loaded;
    await page.getByRole("navigation", { name: "Settings" }).getByText("Bob").waitFor();
  });
});
