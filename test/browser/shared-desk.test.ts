import assert from "node:assert/strict";
import { after, before, suite, type TestContext, test } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { de } from "../../web/inbox/words/de.ts";
import { en } from "../../web/inbox/words/en.ts";
import { checkAccessibility, launchBrowser, openWindow, takePicture } from "../support/browser/desk-browser.ts";
import { type FrontDesk, frontDesk, type Receptionist } from "../support/browser/front-desk.ts";
import { net } from "../support/server/world.ts";

interface Desk {
  readonly desk: FrontDesk;
  readonly alice: Receptionist;
  readonly bob: Receptionist;
  /** Who looks at what became of it, elsewhere. */
  readonly owner: Receptionist;
  /** Of a guest who asks something. */
  readonly threadId: string;
}

/** Two receptionists, an owner who is elsewhere, and a guest who waits. */
async function sharedDesk(t: TestContext): Promise<Desk> {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const bob = await desk.hire("Bob", { [net]: "Agent" });
  const owner = await desk.hire("Olga", "Owner");
  const thread = { OriginalSender: "Jane Guest", Subject: "My stay", EnterpriseId: net };
  const { body } = await desk.call("messageThreads/add", thread);
  const threadId = body.MessageThreads[0]?.Id ?? "";
  await desk.call("messages/add", { Messages: [{ MessageThreadId: threadId, Text: "Is there parking?" }] });
  return { desk, alice, bob, owner, threadId };
}

/** Who of the property wrote what in the thread. */
async function answers({ alice, owner, threadId }: Desk): Promise<readonly string[]> {
  const { Items } = await owner.open(threadId);
  const own = Items.filter(({ Kind, Sender }) => Kind === "NoteAdded" || Sender === "Enterprise");
  return own.map(({ UserId, Text }) => `${UserId === alice.id ? "Alice" : "Bob"}: ${Text}`);
}

const row = (page: Page): Locator => page.getByRole("option", { name: "Jane Guest" });
const messages = (page: Page): Locator => page.getByRole("region", { name: "Messages" });
const composer = (page: Page): Locator => page.getByRole("textbox", { name: "Your reply" });
const email = (page: Page): Locator => page.getByRole("textbox", { name: "E-mail" });
const inbox = (page: Page): Locator => page.getByRole("navigation", { name: "Views" });
const takenOver = (page: Page): Locator => page.getByRole("heading", { name: en.otherPersonTitle });

async function open(page: Page): Promise<void> {
  await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: /^Open/ }).click();
  await row(page).click();
  await messages(page).getByText("Is there parking?").waitFor();
}

async function write(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** Waits until words are with the server, and no longer on their way. */
async function arrives(page: Page, text: string): Promise<void> {
  await messages(page).getByText(text).waitFor();
  await messages(page).locator(".outgoing").waitFor({ state: "detached" });
}

async function signIn(page: Page, name: string): Promise<void> {
  await email(page).fill(`${name}@hotel.example`);
  await page.locator('input[type="password"]').fill("correct horse battery");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await inbox(page).waitFor();
}

async function signOut(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.type("sign out");
  await page.keyboard.press("Enter");
}

/** Lets the browser's cookie be another person's, of which no page hears. */
async function swapCookie(page: Page, { cookie }: Receptionist): Promise<void> {
  const [name = "", value = ""] = cookie.split("=");
  await page.context().addCookies([{ name, value, url: new URL(page.url()).origin }]);
}

/** Everything that pages have left in the browser, and what is on the screen. */
function everythingIn(page: Page): Promise<string> {
  return page.evaluate(`(async () => JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, await indexedDB.databases(), await caches.keys(), history.state,
    document.documentElement.outerHTML, [...document.querySelectorAll("textarea, input")].map(({ value }) => value),
  ]))()`);
}

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

    const { Link } = (await world.owner.ask("users/reset", { UserId: world.bob.id })) as unknown as { Link: string };
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
      // The page that asked is gone, so that nothing takes the answer.
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
    // The server is of no help: nothing that the tab asks for Alice is answered any more.
    await page.route("**/api/staff/v1/**", (route) => {
      const asked = route.request();
      const isForAlice = asked.headers()["innbox-user"] ?? new URL(asked.url()).searchParams.get("user");
      return isForAlice === world.alice.id ? undefined : route.continue();
    });
    await swapCookie(page, world.bob);
    // Another tab has left word, and this one was not woken by it.
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
    // As the page does it in another tab.
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
    // A browser without windows allows none: it makes them, and they are noted here instead of being shown.
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
    // This browser puts none away by itself; the events are those of one that does.
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
