import { useEffect, useState } from "preact/hooks";
import { openOutbox } from "./composer/outbox.ts";
import { Dialogs } from "./dialogs/dialogs.tsx";
import { ListPane } from "./list/list-pane.tsx";
import { startTitle } from "./live/alerts.ts";
import { startLive } from "./live/live.ts";
import { startPresence } from "./live/presence.ts";
import { Toasts } from "./live/toast-list.tsx";
import { openThreadId } from "./place.ts";
import { EntryPage } from "./session/entry-page.tsx";
import { LinkPage } from "./session/link-page.tsx";
import { OtherPerson } from "./session/other-person.tsx";
import { findSession, session } from "./session/session.ts";
import { SignIn } from "./session/sign-in.tsx";
import { TryAgain } from "./session/try-again.tsx";
import { startShortcuts } from "./shortcuts.ts";
import { Sidebar } from "./sidebar/sidebar.tsx";
import { ThreadPane } from "./thread/thread-pane.tsx";
import { currentWords } from "./words/words.ts";
import "./app.css";

/** The page: the inbox of the person who is signed in, or a page on which a person can sign in. */
export function App() {
  const words = currentWords();
  const known = session.value;
  const [isLink, setLink] = useState(() => location.pathname === "/inbox/link");
  useEffect(() => {
    if (!isLink) void findSession();
  }, []);
  // The browser keeps the session's cookie over TLS only, or if the server is on the same machine.
  if (!window.isSecureContext) return <EntryPage title={words.needsHttps} hint={words.needsHttpsHint} />;
  if (isLink) return <LinkPage onDone={() => setLink(false)} />;
  switch (known.state) {
    case "unknown":
      return null;
    case "unreachable":
      return <TryAgain trouble={words.unreachable} onRetry={() => void findSession()} />;
    case "out":
      return <SignIn farewell={known.farewell} />;
    case "other":
      return <OtherPerson farewell={known.farewell} present={known.present} />;
    case "in":
      return <Inbox key={known.signedIn.User.Id} />;
  }
}

function Inbox() {
  const words = currentWords();
  useEffect(() => {
    const ends = [startLive(), startPresence(), startShortcuts(), startTitle()];
    openOutbox();
    return () => {
      for (const end of ends) end();
    };
  }, []);
  return (
    <div class={`inbox ${openThreadId.value !== undefined ? "inbox-thread" : ""}`}>
      <button type="button" class="skip" onClick={skipToList}>
        {words.skipToList}
      </button>
      <aside class="sidebar-pane">
        <Sidebar />
      </aside>
      <main class="panes">
        <h1 class="visually-hidden alone-title">{words.inbox}</h1>
        <ListPane />
        <ThreadPane />
      </main>
      <Dialogs />
      <Toasts />
    </div>
  );
}

function skipToList(): void {
  document.querySelector<HTMLElement>(".virtual-list")?.focus();
}
