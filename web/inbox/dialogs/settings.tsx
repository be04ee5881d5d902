import { useEffect, useState } from "preact/hooks";
import type { Preferences, StaffSession } from "../../../src/protocol/staff/account.ts";
import { Icon } from "../../shared/icons.tsx";
import { Refusal } from "../../shared/refusal.ts";
import { attempt, refusalText } from "../actions.ts";
import { call } from "../api.ts";
import { now } from "../clock.ts";
import { ago } from "../format.ts";
import { playSound } from "../live/alerts.ts";
import { say } from "../live/toasts.ts";
import { me, prefer } from "../session/session.ts";
import { signOut } from "../session/sign-out.ts";
import { currentWords, languages } from "../words/words.ts";
import { Dialog } from "./dialog.tsx";
import { PasswordField, Select } from "./field.tsx";
import { closeDialog } from "./open-dialog.ts";

/** How the person likes the inbox, their password, and where they are signed in. */
export function Settings() {
  const words = currentWords();
  const { User, Preferences } = me();
  const set = (change: Partial<Preferences>) => void attempt(() => prefer(change));
  const isDenied = "Notification" in window && Notification.permission === "denied";
  const notify = async (isWanted: boolean) => {
    if (isWanted && "Notification" in window) await Notification.requestPermission();
    set({ HasNotifications: isWanted });
  };
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
        <section class="settings-group">
          <h3>{words.appearance}</h3>
          <div class="field-row">
            <Select
              label={words.language}
              value={Preferences.Language}
              options={[
                ["auto", words.languageAuto],
                ...(Object.entries(languages) as [keyof typeof languages, string][]),
              ]}
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
        <section class="settings-group">
          <h3>{words.alerts}</h3>
          <label class="check">
            <input
              type="checkbox"
              checked={Preferences.HasNotifications}
              onChange={(event) => void notify(event.currentTarget.checked)}
            />
            {words.notifications}
          </label>
          {isDenied && Preferences.HasNotifications && <p class="field-hint">{words.notificationsDenied}</p>}
          <label class="check">
            <input
              type="checkbox"
              checked={Preferences.HasSound}
              onChange={(event) => {
                if (event.currentTarget.checked) playSound();
                set({ HasSound: event.currentTarget.checked });
              }}
            />
            {words.sound}
          </label>
        </section>
        <Password />
        <Sessions />
      </div>
    </Dialog>
  );
}

function Password() {
  const words = currentWords();
  const [oldPassword, setOld] = useState("");
  const [newPassword, setNew] = useState("");
  const [failure, setFailure] = useState("");
  const change = async () => {
    try {
      await call("password/change", { OldPassword: oldPassword, NewPassword: newPassword });
      setOld("");
      setNew("");
      setFailure("");
      say(words.passwordChanged);
    } catch (error) {
      const status = error instanceof Refusal ? error.status : undefined;
      const reasons: Readonly<Record<number, string>> = { 400: words.passwordRefused, 403: words.oldPasswordWrong };
      setFailure(reasons[status ?? 0] ?? refusalText(error));
    }
  };
  return (
    <section class="settings-group">
      <h3>{words.password}</h3>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void change();
        }}
      >
        <div class="field-row">
          <PasswordField label={words.oldPassword} value={oldPassword} onInput={setOld} />
          <PasswordField label={words.newPassword} value={newPassword} onInput={setNew} isNew />
        </div>
        {failure && (
          <p class="form-failure" role="alert">
            {failure}
          </p>
        )}
        <button type="submit" class="button" disabled={!oldPassword || !newPassword}>
          {words.changePassword}
        </button>
      </form>
    </section>
  );
}

function Sessions() {
  const words = currentWords();
  const time = now.value;
  const [sessions, setSessions] = useState<readonly StaffSession[]>([]);
  const load = () => attempt(async () => setSessions((await call("sessions/getAll", {})).Sessions));
  useEffect(() => void load(), []);
  return (
    <section class="settings-group">
      <h3>{words.sessions}</h3>
      <ul class="plain-list">
        {sessions.map(({ Id, IsCurrent, UserAgent, Address, LastUsedUtc }) => (
          <li key={Id} class="line">
            <span class="line-main">
              <span class="line-title">{deviceOf(UserAgent)}</span>
              <span class="line-detail">
                {Address} · {IsCurrent ? words.thisSession : words.lastUsed(ago(LastUsedUtc, time))}
              </span>
            </span>
            {!IsCurrent && (
              <button
                type="button"
                class="button button-quiet"
                onClick={() => void attempt(() => call("sessions/revoke", { SessionId: Id })).then(load)}
              >
                {words.endSession}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Firefox · Windows, as far as browsers tell. */
function deviceOf(userAgent: string): string {
  const browser = /Edg|OPR|Firefox|Chrome|Safari/.exec(userAgent)?.[0];
  const system = /Windows|iPhone|iPad|Android|Mac OS X|CrOS|Linux/.exec(userAgent)?.[0];
  const names: Readonly<Record<string, string>> = { Edg: "Edge", OPR: "Opera", "Mac OS X": "macOS", CrOS: "ChromeOS" };
  const known = [browser, system].flatMap((name) => (name ? [names[name] ?? name] : []));
  return known.join(" · ") || userAgent.slice(0, 60) || "?";
}
