import { useState } from "preact/hooks";
import { Form } from "../../shared/form.tsx";
import { attempt, copy, tell } from "../notices.ts";
import { ask } from "../server/ask.ts";
import { tokens } from "../server/demo.ts";
import type { InputOf } from "../server/wire.ts";
import { Field } from "./panel.tsx";

type EventName = NonNullable<InputOf<"webhooks/set">["Events"]>[number];

const eventNames: readonly (readonly [EventName, string])[] = [
  ["MessageAdded", "messages"],
  ["MessageThreadUpdated", "resolved and reopened threads"],
];

/** Registers the webhook of Client 1, the client whose tokens the guest's chat uses. */
export function WebhookPanel() {
  const [url, setUrl] = useState("http://localhost:3000/");
  const [events, setEvents] = useState<readonly EventName[]>(["MessageAdded"]);
  const [secret, setSecret] = useState<string>();
  const register = () =>
    attempt(async () => {
      const { ClientToken } = tokens;
      const { Secret } = await ask("webhooks/set", { ClientToken, Url: url.trim(), Events: [...events] });
      setSecret(Secret);
      tell("It hears of every message from now on.");
    });
  return (
    <>
      <Form class="panel-form" onSubmit={register}>
        <div class="panel-row">
          <Field label="Client 1 is told at">
            <input type="url" required value={url} onInput={({ currentTarget: { value } }) => setUrl(value)} />
          </Field>
          <button type="submit" class="button button-small button-primary" disabled={events.length === 0}>
            Register
          </button>
        </div>
        <fieldset class="checks">
          <legend>of</legend>
          {eventNames.map(([name, label]) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={events.includes(name)}
                onChange={({ currentTarget: { checked } }) =>
                  setEvents(checked ? [...events, name] : events.filter((other) => other !== name))
                }
              />
              {label}
            </label>
          ))}
        </fieldset>
      </Form>
      {secret ? (
        <p class="panel-hint secret">
          Signed with <code>{secret}</code>{" "}
          <button type="button" class="text-button" onClick={() => void copy(secret, "the secret")}>
            Copy
          </button>
        </p>
      ) : (
        <p class="panel-hint">
          Nobody listens there yet? The attempts are on the wire all the same, and go on for 75 hours.
        </p>
      )}
    </>
  );
}
