import { me } from "../session/session.ts";
import { currentWords } from "../words/words.ts";
import { Dialog } from "./dialog.tsx";
import { closeDialog } from "./open-dialog.ts";
import "./keys.css";

/** A list of all keys. */
export function Keys() {
  const words = currentWords();
  const { Preferences } = me();
  const { keyNames, keyGroups, views } = words;
  const isEnter = Preferences.SendKey === "Enter";
  const groups: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    [
      keyGroups.move,
      [
        ["J ↓", keyNames.next],
        ["K ↑", keyNames.previous],
        ["Enter O", keyNames.open],
        ["Esc", keyNames.back],
        ["Tab", keyNames.nextPane],
        ["/", keyNames.search],
        ["Ctrl+K", keyNames.palette],
        ["?", keyNames.help],
      ],
    ],
    [
      keyGroups.act,
      [
        ["R", keyNames.reply],
        ["N", keyNames.note],
        ["E", keyNames.resolve],
        ["A", keyNames.assign],
        ["U", keyNames.unread],
      ],
    ],
    [
      keyGroups.write,
      [
        [isEnter ? "Enter" : "Ctrl+Enter", keyNames.send],
        ["Ctrl+Shift+Enter", keyNames.sendResolve],
        [isEnter ? "Shift+Enter" : "Enter", keyNames.newLine],
        ["/", keyNames.saved],
      ],
    ],
    [
      keyGroups.go,
      [
        ["G I", views.Awaiting],
        ["G O", views.Open],
        ["G M", views.Mine],
        ["G U", views.Unassigned],
        ["G R", views.Resolved],
        ["G A", views.All],
      ],
    ],
  ];
  return (
    <Dialog title={words.keys} onClose={closeDialog} class="dialog-wide">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard. */}
      <div class="key-groups" tabIndex={0}>
        {groups.map(([name, keys]) => (
          <section key={name}>
            <h3>{name}</h3>
            <dl>
              {keys.map(([key, meaning]) => (
                <div key={key}>
                  <dt>{meaning}</dt>
                  <dd>
                    {key.split(" ").map((one) => (
                      <kbd key={one}>{one}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
