import { Icon, type IconName } from "../../shared/icons.tsx";
import { goToList, markUnread, setResolved } from "../actions.ts";
import { write } from "../composer/composing.ts";
import { type Choice, Chooser } from "../dialogs/chooser.tsx";
import { closeDialog, show } from "../dialogs/open-dialog.ts";
import { Dot } from "../list/avatar.tsx";
import { threadOf } from "../list/threads.ts";
import { place, views } from "../place.ts";
import { isManager, me, prefer } from "../session/session.ts";
import { signOut } from "../session/sign-out.ts";
import { currentWords, languages } from "../words/words.ts";
import { openSearch } from "./search.ts";

const viewHints = {
  Awaiting: "G I",
  Open: "G O",
  Mine: "G M",
  Unassigned: "G U",
  Resolved: "G R",
  All: "G A",
} as const;

/** Everything that can be done, by its name. */
export function Palette() {
  const words = currentWords();
  const signedIn = me();
  const { view, enterpriseId, threadId } = place.value;
  const thread = threadId ? threadOf(threadId) : undefined;
  const { Preferences, Properties } = signedIn;
  const choice = (key: string, icon: IconName, name: string, run: () => void, more: Partial<Choice> = {}): Choice => ({
    key,
    name,
    mark: <Icon name={icon} />,
    run,
    ...more,
  });
  const later = (action: () => void) => () => setTimeout(action);
  const onThread = thread
    ? [
        choice("reply", "reply", words.keyNames.reply, () => write("reply"), { hint: "R" }),
        choice("note", "note", words.keyNames.note, () => write("note"), { hint: "N" }),
        choice(
          "resolve",
          thread.IsResolved ? "undo" : "check",
          thread.IsResolved ? words.reopen : words.resolve,
          () => setResolved(thread, !thread.IsResolved),
          { hint: "E" },
        ),
        choice(
          "assign",
          "person",
          words.assign,
          later(() => show("assign")),
          { hint: "A" },
        ),
        choice("unread", "mail", words.markUnread, () => markUnread(thread), { hint: "U" }),
        choice(
          "print",
          "print",
          words.print,
          later(() => print()),
        ),
      ]
    : [];
  const choices: Choice[] = [
    ...onThread,
    ...views.map((name) =>
      choice(`view-${name}`, "inbox", words.goTo(words.views[name]), () => goToList({ view: name }), {
        hint: viewHints[name],
        isCurrent: view === name,
      }),
    ),
    ...(Properties.length > 1
      ? [
          choice(
            "all",
            "building",
            words.showProperty(words.allProperties),
            () => goToList({ enterpriseId: undefined }),
            {
              isCurrent: enterpriseId === undefined,
            },
          ),
          ...Properties.map(({ Id, Name }) => ({
            key: Id,
            name: words.showProperty(Name),
            mark: <Dot id={Id} />,
            isCurrent: enterpriseId === Id,
            run: () => goToList({ enterpriseId: Id }),
          })),
        ]
      : []),
    choice(
      "search",
      "search",
      words.search,
      later(() => openSearch()),
      { hint: "/" },
    ),
    choice(
      "settings",
      "settings",
      words.settings,
      later(() => show("settings")),
    ),
    ...(isManager(signedIn)
      ? [
          choice(
            "savedReplies",
            "slash",
            words.savedReplies,
            later(() => show("savedReplies")),
          ),
          choice(
            "people",
            "people",
            words.people,
            later(() => show("people")),
          ),
          choice(
            "properties",
            "building",
            words.propertySettings,
            later(() => show("properties")),
          ),
        ]
      : []),
    choice(
      "keys",
      "keyboard",
      words.keys,
      later(() => show("keys")),
      { hint: "?" },
    ),
    ...(["auto", "light", "dark"] as const).map((theme) =>
      choice(`theme-${theme}`, "eye", `${words.theme}: ${words.themes[theme]}`, () => void quietly({ Theme: theme }), {
        isCurrent: Preferences.Theme === theme,
      }),
    ),
    ...Object.entries(languages).map(([code, name]) =>
      choice(
        `language-${code}`,
        "note",
        `${words.language}: ${name}`,
        () => void quietly({ Language: code as keyof typeof languages }),
        { isCurrent: Preferences.Language === code },
      ),
    ),
    choice("signOut", "door", words.signOut, () => void signOut()),
  ];
  return (
    <Chooser
      title={words.paletteTitle}
      placeholder={words.palettePlaceholder}
      nothing={words.paletteNothing}
      choices={choices}
      also={(typed) =>
        choice(
          "find",
          "search",
          words.paletteSearch(typed),
          later(() => openSearch(typed)),
        )
      }
      onClose={closeDialog}
    />
  );
}

/** What the server could not keep is still so on this page. */
async function quietly(change: Parameters<typeof prefer>[0]): Promise<void> {
  await prefer(change).catch(() => undefined);
}
