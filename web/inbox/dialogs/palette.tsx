import type { InboxThread } from "../../../src/protocol/staff/inbox.ts";
import { Icon, type IconName } from "../../shared/icons.tsx";
import { goToList, markUnread, setResolved } from "../actions.ts";
import { write } from "../composer/composing.ts";
import { Dot } from "../list/avatar.tsx";
import { threadOf } from "../list/threads.ts";
import { openThreadId, place, views } from "../place.ts";
import { openSearch } from "../search/search.ts";
import { isManager, me, prefer } from "../session/session.ts";
import { signOut } from "../session/sign-out.ts";
import { currentWords, languageCodes, languages } from "../words/words.ts";
import { type Choice, Chooser } from "./chooser.tsx";
import { closeDialog, type DialogName, show } from "./open-dialog.ts";

const viewHints = {
  Awaiting: "G I",
  Open: "G O",
  Mine: "G M",
  Unassigned: "G U",
  Resolved: "G R",
  All: "G A",
} as const;

/** A list of all commands, to be found by their names. */
export function Palette() {
  const words = currentWords();
  const thread = threadOf(openThreadId.value ?? "");
  const choices = [...(thread ? threadChoices(thread) : []), ...placeChoices(), ...dialogChoices(), ...lookChoices()];
  return (
    <Chooser
      title={words.paletteTitle}
      placeholder={words.palettePlaceholder}
      nothing={words.paletteNothing}
      choices={[...choices, choice("signOut", "door", words.signOut, () => void signOut())]}
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

function choice(key: string, icon: IconName, name: string, run: () => void, more: Partial<Choice> = {}): Choice {
  return { key, name, mark: <Icon name={icon} />, run, ...more };
}

/** Runs an action after the palette is closed, since closing it moves the focus back. */
function later(action: () => void): () => void {
  return () => setTimeout(action);
}

function threadChoices(thread: InboxThread): readonly Choice[] {
  const words = currentWords();
  const { IsResolved } = thread;
  const resolve = () => setResolved(thread, !IsResolved);
  const [icon, name] = IsResolved ? (["undo", words.reopen] as const) : (["check", words.resolve] as const);
  return [
    choice("reply", "reply", words.keyNames.reply, () => write("reply"), { hint: "R" }),
    choice("note", "note", words.keyNames.note, () => write("note"), { hint: "N" }),
    choice("resolve", icon, name, resolve, { hint: "E" }),
    dialogChoice("assign", "person", words.assign, "A"),
    choice("unread", "mail", words.markUnread, () => markUnread(thread), { hint: "U" }),
    choice("print", "print", words.print, later(print)),
  ];
}

function placeChoices(): readonly Choice[] {
  const words = currentWords();
  const { view, enterpriseId } = place.value;
  const { Properties } = me();
  const toViews = views.map((name) => {
    const more = { hint: viewHints[name], isCurrent: view === name };
    return choice(`view-${name}`, "inbox", words.goTo(words.views[name]), () => goToList({ view: name }), more);
  });
  if (Properties.length <= 1) return toViews;
  const toProperties = [{ Id: undefined, Name: words.allProperties }, ...Properties].map(({ Id, Name }) =>
    choice(Id ?? "all", "building", words.showProperty(Name), () => goToList({ enterpriseId: Id }), {
      isCurrent: enterpriseId === Id,
      ...(Id && { mark: <Dot id={Id} /> }),
    }),
  );
  return [...toViews, ...toProperties];
}

function dialogChoice(name: DialogName, icon: IconName, label: string, hint?: string): Choice {
  return choice(
    name,
    icon,
    label,
    later(() => show(name)),
    { hint },
  );
}

function dialogChoices(): readonly Choice[] {
  const words = currentWords();
  const ofManagers = [
    dialogChoice("savedReplies", "slash", words.savedReplies),
    dialogChoice("people", "people", words.people),
    dialogChoice("properties", "building", words.propertySettings),
  ];
  return [
    choice("search", "search", words.search, later(openSearch), { hint: "/" }),
    dialogChoice("settings", "settings", words.settings),
    ...(isManager(me()) ? ofManagers : []),
    dialogChoice("keys", "keyboard", words.keys, "?"),
  ];
}

function lookChoices(): readonly Choice[] {
  const words = currentWords();
  const { Theme, Language } = me().Preferences;
  return [
    ...(["auto", "light", "dark"] as const).map((theme) =>
      choice(`theme-${theme}`, "eye", `${words.theme}: ${words.themes[theme]}`, () => preferQuietly({ Theme: theme }), {
        isCurrent: Theme === theme,
      }),
    ),
    ...languageCodes.map((code) =>
      choice(
        `language-${code}`,
        "note",
        `${words.language}: ${languages[code]}`,
        () => preferQuietly({ Language: code }),
        { isCurrent: Language === code },
      ),
    ),
  ];
}

/** Changes a preference on this page also when the server could not keep it. */
function preferQuietly(change: Parameters<typeof prefer>[0]): void {
  prefer(change).catch(() => undefined);
}
