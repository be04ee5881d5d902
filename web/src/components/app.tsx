import { useEffect, useState } from "preact/hooks";
import { startTitle } from "../alerts.ts";
import { useCell } from "../cell.ts";
import { startLive } from "../live.ts";
import { openOutbox } from "../outbox.ts";
import { place } from "../place.ts";
import { startPresence } from "../presence.ts";
import { findSession, session } from "../session.ts";
import { startShortcuts } from "../shortcuts.ts";
import { useWords } from "../words.ts";
import { Dialogs } from "./dialogs.tsx";
import { EntryPage } from "./entry-page.tsx";
import { LinkPage } from "./link-page.tsx";
import { ListPane } from "./list-pane.tsx";
import { OtherPerson } from "./other-person.tsx";
import { Sidebar } from "./sidebar.tsx";
import { SignIn } from "./sign-in.tsx";
import { ThreadPane } from "./thread-pane.tsx";
import { Toasts } from "./toasts.tsx";
import { TryAgain } from "./try-again.tsx";

/** The page: the inbox for who is signed in, the way in for who is not. */
export function App() {
  const words = useWords();
  const known = useCell(session);
  const [isLink, setLink] = useState(() => location.pathname === "/inbox/link");
  useEffect(() => {
    if (!isLink) void findSession();
  }, []);
  // Without TLS the browser would not keep the session, unless the server is on the same machine.
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
  const words = useWords();
  const hasThread = useCell(place, ({ threadId }) => threadId !== undefined);
  useEffect(() => {
    const ends = [startLive(), startPresence(), startShortcuts(), startTitle()];
    openOutbox();
    return () => {
      for (const end of ends) end();
    };
  }, []);
  return (
    <div class={`inbox ${hasThread ? "inbox-thread" : ""}`}>
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
