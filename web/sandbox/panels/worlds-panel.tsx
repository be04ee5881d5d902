import { useEffect, useState } from "preact/hooks";
import { Form } from "../../shared/form.tsx";
import { attempt } from "../notices.ts";
import { ask } from "../server/ask.ts";
import type { OutputOf } from "../server/wire.ts";
import { worldAddress, worldName } from "../world.ts";
import { Field } from "./panel.tsx";

type World = OutputOf<"worlds/getAll">["Worlds"][number];

/** Worlds beside this one, with the same tokens and nothing else in common. */
export function WorldsPanel() {
  const [worlds, setWorlds] = useState<readonly World[]>([]);
  const [name, setName] = useState("");
  useEffect(() => {
    void attempt(async () => setWorlds((await ask("worlds/getAll", {})).Worlds));
  }, []);
  return (
    <>
      <p class="panel-hint">
        Each world has the same tokens and nothing else in common. Its name is in the address, or in the header{" "}
        <code>Innbox-World</code>.
      </p>
      <ul class="rows" aria-label="Worlds">
        {worlds.map(({ Name }) => (
          <li key={Name}>
            {Name === worldName ? (
              <span>
                <strong>{Name}</strong> · you are here
              </span>
            ) : (
              <a href={worldAddress(Name)}>{Name}</a>
            )}
          </li>
        ))}
      </ul>
      <Form class="panel-row" onSubmit={() => location.assign(worldAddress(name))}>
        <Field label="Another world">
          <input
            placeholder="my-test"
            pattern="[a-z0-9]([a-z0-9\-]*[a-z0-9])?"
            maxLength={63}
            title="Small letters, digits and hyphens"
            value={name}
            onInput={({ currentTarget: { value } }) => setName(value)}
          />
        </Field>
        <button type="submit" class="button button-small" disabled={name === ""}>
          Go there
        </button>
      </Form>
      {worldName !== "default" && (
        <button
          type="button"
          class="button button-small button-danger"
          onClick={() =>
            void attempt(async () => {
              await ask("worlds/drop", {});
              location.assign(worldAddress("default"));
            })
          }
        >
          Drop this world
        </button>
      )}
    </>
  );
}
