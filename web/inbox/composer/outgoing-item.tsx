import { Icon } from "../../shared/icons.tsx";
import { MessageText } from "../thread/text.tsx";
import { currentWords } from "../words/words.ts";
import { discard, sendAgain, takeBack } from "./outbox.ts";
import type { Outgoing } from "./outgoing.ts";
import "./outgoing-item.css";

/** A reply or note that the server does not have yet, or that it refused. */
export function OutgoingItem({ one }: { readonly one: Outgoing }) {
  const words = currentWords();
  const { Id, Kind, Text, state, message } = one;
  return (
    <article class={`item message ${Kind === "note" ? "item-note" : "item-own"} outgoing outgoing-${state}`}>
      <header class="message-header">
        <span class="message-name">{Kind === "note" ? words.noteBy(words.you) : words.you}</span>
      </header>
      <div class="bubble">
        <MessageText text={Text} />
      </div>
      <div class="outgoing-state" role={state === "failed" ? "alert" : "status"}>
        {state === "sending" && <span class="outgoing-sending">{words.sending}</span>}
        {state === "queued" && (
          <>
            <Icon name="clock" size={14} />
            <span>{words.queued}</span>
            <button type="button" class="text-button" onClick={() => sendAgain(Id)}>
              {words.retry}
            </button>
          </>
        )}
        {state === "held" && (
          <>
            <Icon name="clock" size={14} />
            <span>{words.held}</span>
            <UnsentActions id={Id} send={Kind === "note" ? words.addNote : words.send} />
          </>
        )}
        {state === "failed" && (
          <>
            <Icon name="warning" size={14} />
            <span>
              {words.notSent}
              {message && `: ${message}`}
            </span>
            <UnsentActions id={Id} send={words.sendAgain} />
          </>
        )}
      </div>
    </article>
  );
}

/** What the writer can do with a message that is not sent by itself. */
function UnsentActions({ id, send }: { readonly id: Outgoing["Id"]; readonly send: string }) {
  const words = currentWords();
  return (
    <>
      <button type="button" class="text-button" onClick={() => sendAgain(id)}>
        {send}
      </button>
      <button type="button" class="text-button" onClick={() => takeBack(id)}>
        {words.edit}
      </button>
      <button type="button" class="text-button" onClick={() => discard(id)}>
        {words.discard}
      </button>
    </>
  );
}
