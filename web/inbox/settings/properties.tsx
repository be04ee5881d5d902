import { useState } from "preact/hooks";
import type { StaffProperty } from "../../../src/protocol/staff/properties.ts";
import { Form } from "../../shared/form.tsx";
import { attempt } from "../actions.ts";
import { call } from "../api.ts";
import { Dialog } from "../dialogs/dialog.tsx";
import { closeDialog } from "../dialogs/open-dialog.ts";
import { Dot } from "../list/avatar.tsx";
import { say } from "../live/toasts.ts";
import { changeSignedIn, managedProperties } from "../session/session.ts";
import { currentWords } from "../words/words.ts";
import { Detail, Line } from "./line.tsx";
import "./properties.css";

/** Sets the minutes within which each property wants to reply. */
export function Properties() {
  const words = currentWords();
  return (
    <Dialog title={words.propertySettings} onClose={closeDialog}>
      <div class="dialog-body">
        <p class="field-hint">{words.replyTargetHint}</p>
        <ul class="plain-list">
          {managedProperties().map((property) => (
            <Property key={property.Id} property={property} />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function Property({ property }: { readonly property: StaffProperty }) {
  const words = currentWords();
  const [minutes, setMinutes] = useState(String(property.ReplyTargetMinutes));
  const save = () =>
    attempt(async () => {
      const ReplyTargetMinutes = Number(minutes);
      const answer = await call("properties/update", { EnterpriseId: property.Id, ReplyTargetMinutes });
      changeSignedIn((known) => ({
        ...known,
        Properties: known.Properties.map((one) => answer.Properties.find(({ Id }) => Id === one.Id) ?? one),
      }));
      say(words.saved);
    });
  return (
    <Line
      title={
        <>
          <Dot id={property.Id} />
          {property.Name}
        </>
      }
      details={<Detail>{property.TimeZoneIdentifier}</Detail>}
    >
      <Form class="minutes" onSubmit={save}>
        <label>
          <span>{words.replyTarget}</span>
          <input
            type="number"
            required
            min={1}
            max={10_080}
            value={minutes}
            onInput={(event) => setMinutes(event.currentTarget.value)}
          />
          <span>{words.minutes}</span>
        </label>
        <button type="submit" class="button" disabled={minutes === String(property.ReplyTargetMinutes)}>
          {words.save}
        </button>
      </Form>
    </Line>
  );
}
