import type { Preferences } from "../../../src/protocol/staff/account.ts";
import { Icon } from "../../shared/icons.tsx";
import { attempt } from "../actions.ts";
import { Dialog } from "../dialogs/dialog.tsx";
import { closeDialog } from "../dialogs/open-dialog.ts";
import { Select } from "../forms/field.tsx";
import { playSound } from "../live/alerts.ts";
import { me, prefer } from "../session/session.ts";
import { signOut } from "../session/sign-out.ts";
import { currentWords, languageCodes, languages } from "../words/words.ts";
import { Password } from "./password.tsx";
import { Sessions } from "./sessions.tsx";
import "./settings.css";

/** The person's preferences, password and sessions. */
export function Settings() {
  const words = currentWords();
  const { User } = me();
  return (
    <Dialog title={words.settings} onClose={closeDialog}>
      <div class="dialog-body">
        <section class="settings-group">
          <p class="settings-person">
            <strong>{User.Name}</strong> <span>{User.Email}</span>
          </p>
          <button type="button" class="button" onClick={() => void signOut()}>
            <Icon name="door" />
            {words.signOut}
          </button>
        </section>
        <Appearance />
        <Alerts />
        <Password />
        <Sessions />
      </div>
    </Dialog>
  );
}

function set(change: Partial<Preferences>): void {
  void attempt(() => prefer(change));
}

function Appearance() {
  const words = currentWords();
  const { Preferences } = me();
  return (
    <section class="settings-group">
      <h3>{words.appearance}</h3>
      <div class="field-row">
        <Select
          label={words.language}
          value={Preferences.Language}
          options={[["auto", words.languageAuto], ...languageCodes.map((code) => [code, languages[code]] as const)]}
          onChange={(Language) => set({ Language })}
        />
        <Select
          label={words.theme}
          value={Preferences.Theme}
          options={(["auto", "light", "dark"] as const).map((theme) => [theme, words.themes[theme]])}
          onChange={(Theme) => set({ Theme })}
        />
        <Select
          label={words.sendKey}
          value={Preferences.SendKey}
          options={(["Enter", "CtrlEnter"] as const).map((key) => [key, words.sendKeys[key]])}
          onChange={(SendKey) => set({ SendKey })}
        />
      </div>
    </section>
  );
}

function Alerts() {
  const words = currentWords();
  const { HasNotifications, HasSound } = me().Preferences;
  const isDenied = "Notification" in window && Notification.permission === "denied";
  const notify = async (isWanted: boolean) => {
    if (isWanted && "Notification" in window) await Notification.requestPermission();
    set({ HasNotifications: isWanted });
  };
  return (
    <section class="settings-group">
      <h3>{words.alerts}</h3>
      <label class="check">
        <input
          type="checkbox"
          checked={HasNotifications}
          onChange={(event) => void notify(event.currentTarget.checked)}
        />
        {words.notifications}
      </label>
      {isDenied && HasNotifications && <p class="field-hint">{words.notificationsDenied}</p>}
      <label class="check">
        <input
          type="checkbox"
          checked={HasSound}
          onChange={(event) => {
            if (event.currentTarget.checked) playSound();
            set({ HasSound: event.currentTarget.checked });
          }}
        />
        {words.sound}
      </label>
    </section>
  );
}
