import { useEffect, useState } from "preact/hooks";
import type { StaffSession } from "../../../src/protocol/staff/account.ts";
import { attempt } from "../actions.ts";
import { call } from "../api.ts";
import { now } from "../clock.ts";
import { ago } from "../format.ts";
import { currentWords } from "../words/words.ts";
import { Detail, Line, LineButton } from "./line.tsx";

/** Where the person is signed in, so that they can end what they do not know. */
export function Sessions() {
  const words = currentWords();
  const [sessions, setSessions] = useState<readonly StaffSession[]>([]);
  const load = () => attempt(async () => setSessions((await call("sessions/getAll", {})).Sessions));
  const revoke = (id: string) => attempt(() => call("sessions/revoke", { SessionId: id })).then(load);
  useEffect(() => void load(), []);
  return (
    <section class="settings-group">
      <h3>{words.sessions}</h3>
      <ul class="plain-list">
        {sessions.map(({ Id, IsCurrent, UserAgent, Address, LastUsedUtc }) => (
          <Line
            key={Id}
            title={deviceOf(UserAgent)}
            details={
              <Detail>
                {Address} · {IsCurrent ? words.thisSession : words.lastUsed(ago(LastUsedUtc, now.value))}
              </Detail>
            }
          >
            {!IsCurrent && <LineButton name={words.endSession} onClick={() => revoke(Id)} />}
          </Line>
        ))}
      </ul>
    </section>
  );
}

/** Browser and system, such as Firefox · Windows, as far as the User-Agent says. */
function deviceOf(userAgent: string): string {
  const browser = /Edg|OPR|Firefox|Chrome|Safari/.exec(userAgent)?.[0];
  const system = /Windows|iPhone|iPad|Android|Mac OS X|CrOS|Linux/.exec(userAgent)?.[0];
  const names: Readonly<Record<string, string>> = { Edg: "Edge", OPR: "Opera", "Mac OS X": "macOS", CrOS: "ChromeOS" };
  const known = [browser, system].flatMap((name) => (name ? [names[name] ?? name] : []));
  return known.join(" · ") || userAgent.slice(0, 60) || "?";
}
