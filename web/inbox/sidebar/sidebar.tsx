import type { View } from "../../../src/protocol/staff/inbox.ts";
import { Icon, type IconName } from "../../shared/icons.tsx";
import { goToList } from "../actions.ts";
import { Brand } from "../brand.tsx";
import { show } from "../dialogs/open-dialog.ts";
import { compactNumber, number } from "../format.ts";
import { Avatar, Dot } from "../list/avatar.tsx";
import { place, views } from "../place.ts";
import { isManager, me } from "../session/session.ts";
import { currentWords } from "../words/words.ts";
import { countOf, counts } from "./counts.ts";
import "./sidebar.css";

const viewIcons: Readonly<Record<View, IconName>> = {
  Awaiting: "clock",
  Open: "inbox",
  Mine: "person",
  Unassigned: "dashed",
  Resolved: "check",
  All: "stack",
};

/** The views, the properties, and the person's settings. */
export function Sidebar() {
  const words = currentWords();
  const signedIn = me();
  const here = place.value;
  const known = counts.value;
  const { Properties, User } = signedIn;
  return (
    <div class="sidebar">
      <Brand />
      <nav class="views" aria-label={words.viewsLabel}>
        {views.map((view) => (
          <button
            type="button"
            key={view}
            class="nav-item"
            aria-current={here.view === view ? "page" : undefined}
            onClick={() => goToList({ view })}
          >
            <Icon name={viewIcons[view]} />
            <span class="nav-name">{words.views[view]}</span>
            <Count value={countOf(known, view, here.enterpriseId)} isStrong={view === "Awaiting"} />
          </button>
        ))}
      </nav>
      {Properties.length > 1 && (
        <nav class="properties" aria-labelledby="properties-label">
          <h2 id="properties-label" class="nav-label">
            {words.propertiesLabel}
          </h2>
          <button
            type="button"
            class="nav-item"
            aria-current={here.enterpriseId === undefined ? "true" : undefined}
            onClick={() => goToList({ enterpriseId: undefined })}
          >
            <Icon name="building" />
            <span class="nav-name">{words.allProperties}</span>
          </button>
          {Properties.map(({ Id, Name }) => (
            <button
              type="button"
              key={Id}
              class="nav-item"
              aria-current={here.enterpriseId === Id ? "true" : undefined}
              onClick={() => goToList({ enterpriseId: Id })}
            >
              <Dot id={Id} />
              <span class="nav-name">{Name}</span>
              <Count value={countOf(known, "Awaiting", Id)} isStrong />
            </button>
          ))}
        </nav>
      )}
      <nav class="own" aria-label={words.settings}>
        {isManager(signedIn) && (
          <>
            <OwnItem icon="slash" name={words.savedReplies} onClick={() => show("savedReplies")} />
            <OwnItem icon="people" name={words.people} onClick={() => show("people")} />
            <OwnItem icon="building" name={words.propertySettings} onClick={() => show("properties")} />
          </>
        )}
        <OwnItem icon="keyboard" name={words.keys} onClick={() => show("keys")} />
        <button type="button" class="nav-item nav-person" onClick={() => show("settings")}>
          <Avatar id={User.Id} name={User.Name} small />
          <span class="nav-name">{User.Name}</span>
          <Icon name="settings" />
          <span class="visually-hidden">{words.settings}</span>
        </button>
      </nav>
    </div>
  );
}

function OwnItem({
  icon,
  name,
  onClick,
}: {
  readonly icon: IconName;
  readonly name: string;
  readonly onClick: () => void;
}) {
  return (
    <button type="button" class="nav-item" onClick={onClick}>
      <Icon name={icon} />
      <span class="nav-name">{name}</span>
    </button>
  );
}

function Count({ value, isStrong }: { readonly value: number | undefined; readonly isStrong: boolean }) {
  if (!value) return null;
  return (
    <span class={`count ${isStrong ? "count-strong" : ""}`} title={number(value)}>
      {compactNumber(value)}
    </span>
  );
}
