import { useState } from "preact/hooks";
import type { Fault } from "../../../src/protocol/sandbox/faults.ts";
import { Form } from "../../shared/form.tsx";
import { Choices, Field } from "./panel.tsx";

type Kind = Fault["Kind"];

const kinds: Readonly<Record<Fault["On"], readonly (readonly [Kind, string])[]>> = {
  Request: [
    ["Status", "an error instead"],
    ["Delay", "a delay, then the true answer"],
    ["Disconnect", "cut before anything is done"],
    ["Drop", "done, but not answered"],
    ["Half", "half an answer"],
  ],
  Webhook: [
    ["Delay", "a delay"],
    ["Drop", "never sent"],
    ["Duplicate", "sent twice"],
    ["Reorder", "after the next one"],
    ["Late", "minutes late, as in the cloud"],
  ],
};

const targets = [
  ["Request", "Requests"],
  ["Webhook", "Webhooks"],
] as const;

/** What is typed. An empty field is left out of the fault. */
interface Draft {
  readonly On: Fault["On"];
  readonly Kind: Kind;
  readonly Status: string;
  readonly RetryAfterSeconds: string;
  readonly Delay: string;
  readonly percent: string;
  readonly Times: string;
  readonly Client: string;
  readonly Operation: string;
}

const first: Draft = {
  On: "Request",
  Kind: "Status",
  Status: "500",
  RetryAfterSeconds: "",
  Delay: "2s",
  percent: "100",
  Times: "",
  Client: "",
  Operation: "",
};

/** A form for one fault. */
export function FaultEditor({ onAdd }: { readonly onAdd: (fault: Fault) => void }) {
  const [draft, setDraft] = useState(first);
  const field = (name: keyof Draft, placeholder = "any", isNumber = false) => (
    <input
      inputMode={isNumber ? "decimal" : "text"}
      placeholder={placeholder}
      value={draft[name]}
      onInput={({ currentTarget: { value } }) => setDraft({ ...draft, [name]: value })}
    />
  );
  return (
    <Form class="fault-editor" onSubmit={() => onAdd(faultOf(draft))}>
      <Choices
        legend="What it bites"
        name="on"
        value={draft.On}
        choices={targets}
        onChange={(On) => setDraft({ ...draft, On, Kind: kinds[On][0]?.[0] ?? "Delay" })}
      />
      <Field label="What happens">
        <select
          value={draft.Kind}
          onChange={({ currentTarget: { value } }) => setDraft({ ...draft, Kind: value as Kind })}
        >
          {kinds[draft.On].map(([kind, label]) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
        </select>
      </Field>
      <div class="panel-row">
        {draft.Kind === "Status" && (
          <>
            <Field label="Status">
              <select
                value={draft.Status}
                onChange={({ currentTarget: { value } }) => setDraft({ ...draft, Status: value })}
              >
                {["408", "429", "500", "503"].map((status) => (
                  <option key={status}>{status}</option>
                ))}
              </select>
            </Field>
            <Field label="Retry, s">{field("RetryAfterSeconds", "1", true)}</Field>
          </>
        )}
        {draft.Kind === "Delay" && <Field label="How long">{field("Delay", "1s")}</Field>}
        <Field label="Share, %">{field("percent", "100", true)}</Field>
        <Field label="Times">{field("Times", "no end", true)}</Field>
      </div>
      <div class="panel-row">
        <Field label="Client">{field("Client")}</Field>
        {draft.On === "Request" && <Field label="Operation">{field("Operation", "messages/add")}</Field>}
      </div>
      <button type="submit" class="button button-small button-primary">
        Add this fault
      </button>
    </Form>
  );
}

function faultOf({ On, Kind, Status, RetryAfterSeconds, Delay, percent, Times, Client, Operation }: Draft): Fault {
  const waits = Kind === "Status" && (Status === "429" || Status === "503") && RetryAfterSeconds;
  return {
    On,
    Kind,
    ...(Kind === "Status" && { Status: Number(Status) }),
    ...(waits && { RetryAfterSeconds: Number(RetryAfterSeconds) }),
    ...(Kind === "Delay" && Delay.trim() && { Delay: Delay.trim() }),
    ...(percent && percent !== "100" && { Share: Number(percent) / 100 }),
    ...(Times && { Times: Number(Times) }),
    ...(Client.trim() && { Client: Client.trim() }),
    ...(On === "Request" && Operation.trim() && { Operation: Operation.trim() }),
  };
}
