import { initials } from "../../shared/plain-text.ts";
import { Glyph } from "../glyph.tsx";
import { attempt } from "../notices.ts";
import { covers, isAnswering, setAnswering } from "../panels/helpfulness.ts";
import { properties } from "../server/demo.ts";
import { autopilot, clock, worldTime } from "../world.ts";
import { ChatStart } from "./chat-start.tsx";
import { Conversation } from "./conversation.tsx";
import { chat, startOver } from "./guest.ts";
import { PhoneComposer } from "./phone-composer.tsx";
import { timeAt } from "./property-time.ts";
import { RunLine } from "./run-line.tsx";
import { useTick } from "./tick.ts";
import "./phone.css";

/** The guest's chat: an application that knows the property through the Connector API alone. */
export function Phone() {
  const { threadId, runId, bubbles } = chat.value;
  const isNew = !threadId && !runId && bubbles.length === 0;
  return (
    <section class="guest" aria-labelledby="guest-title">
      <header class="pane-header">
        <h2 id="guest-title">The guest</h2>
        <p>a partner’s app, over the API</p>
      </header>
      <div class="phone">
        <PhoneTime />
        <PhoneHeader isNew={isNew} />
        {isNew ? <ChatStart /> : <Conversation />}
        {runId && <RunLine runId={runId} />}
        <PhoneComposer />
        <AnswersSwitch />
      </div>
    </section>
  );
}

/** The time of the world's clock at the property. */
function PhoneTime() {
  const known = clock.value;
  useTick();
  return (
    <p class="phone-time" aria-hidden="true">
      {known ? timeAt(worldTime(known), chat.value.propertyId) : "\u00a0"}
    </p>
  );
}

function PhoneHeader({ isNew }: { readonly isNew: boolean }) {
  const { guest, propertyId } = chat.value;
  const property = properties.find(({ id }) => id === propertyId)?.name ?? "";
  return (
    <div class="phone-header">
      <span class="avatar hue-0" aria-hidden="true">
        {initials(isNew ? property : guest)}
      </span>
      {isNew ? <WhoAndWhere /> : <p class="phone-title" dir="auto">{`${guest} → ${property}`}</p>}
      {!isNew && (
        <button type="button" class="icon-button" aria-label="New chat" title="New chat" onClick={startOver}>
          <Glyph name="plus" size={18} />
        </button>
      )}
    </div>
  );
}

function WhoAndWhere() {
  const { guest, propertyId } = chat.value;
  return (
    <div class="phone-who">
      <input
        aria-label="The guest’s name"
        maxLength={100}
        value={guest}
        onInput={({ currentTarget: { value } }) => {
          chat.value = { ...chat.value, guest: value };
        }}
        onBlur={() => guest.trim() === "" && startOver()}
      />
      <label>
        <span>at</span>
        <select
          aria-label="The property"
          value={propertyId}
          onChange={({ currentTarget: { value } }) => {
            chat.value = { ...chat.value, propertyId: value };
          }}
        >
          {properties.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** Turns the autopilot on or off for this chat. */
function AnswersSwitch() {
  const wanted = isAnswering.value;
  const set = autopilot.value;
  const { threadId } = chat.value;
  const isOn = threadId ? covers(set, threadId) : wanted || set.Mode !== "Off";
  return (
    <label class="switch phone-switch">
      <input
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        checked={isOn}
        onChange={({ currentTarget: { checked } }) => void attempt(() => setAnswering(checked, threadId))}
      />
      <span>The staff answer by themselves</span>
    </label>
  );
}
