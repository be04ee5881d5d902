import { useState } from "preact/hooks";
import { Form } from "../../shared/form.tsx";
import { reopenDesk } from "../desk/desk.ts";
import { useTick } from "../guest/tick.ts";
import { attempt } from "../notices.ts";
import { ask } from "../server/ask.ts";
import { clock, takeClock, worldTime } from "../world.ts";
import { Field } from "./panel.tsx";
import "./clock-panel.css";

const leaps = [
  ["1m", "+ 1 min"],
  ["1h", "+ 1 h"],
  ["75h", "+ 75 h"],
] as const;

/** The world's time: retries, limits, expiry and every CreatedUtc follow it. */
export function ClockPanel() {
  const known = clock.value;
  const [isMoving, setMoving] = useState(false);
  const [typed, setTyped] = useState("");
  useTick();
  if (!known) return <p class="panel-hint">…</p>;
  const now = new Date(worldTime(known)).toISOString();
  const move = async (how: () => Promise<Parameters<typeof takeClock>[0]>) => {
    setMoving(true);
    await attempt(async () => {
      if (takeClock(await how())) reopenDesk();
    });
    setMoving(false);
  };
  return (
    <>
      <p class="big-time">
        <span>{now.slice(0, 10)}</span>
        <strong>{now.slice(11, 19)}</strong>
        <span>UTC</span>
      </p>
      <div class="panel-row">
        <button
          type="button"
          class={`button button-small ${known.isFrozen ? "button-primary" : ""}`}
          onClick={() => void move(() => ask(known.isFrozen ? "clock/unfreeze" : "clock/freeze", {}))}
        >
          {known.isFrozen ? "Let it go on" : "Freeze"}
        </button>
        {leaps.map(([By, label]) => (
          <button
            key={By}
            type="button"
            class="button button-small"
            disabled={isMoving}
            onClick={() => void move(() => ask("clock/advance", { By }))}
          >
            {label}
          </button>
        ))}
      </div>
      <p class="panel-hint" role="status">
        {isMoving
          ? "On the way: everything that is due happens at its time…"
          : "What is due meanwhile happens at its time."}
      </p>
      <Form
        class="panel-row"
        onSubmit={() => {
          if (typed) void move(() => ask("clock/set", { NowUtc: `${typed.length === 16 ? `${typed}:00` : typed}Z` }));
        }}
      >
        <Field label="Or set it, in UTC">
          <input
            type="datetime-local"
            step={1}
            value={typed || now.slice(0, 19)}
            onInput={({ currentTarget: { value } }) => setTyped(value)}
          />
        </Field>
        <button type="submit" class="button button-small">
          Set
        </button>
      </Form>
    </>
  );
}
