import type { TrafficEntry } from "../../../src/protocol/sandbox/traffic.ts";
import { type Filter, filter } from "./traffic.ts";
import "./wire-filter.css";

const kinds = [
  ["", "Kind"],
  ["Request", "Requests"],
  ["Webhook", "Webhooks"],
  ["Socket", "Sockets"],
] as const;

const outcomes = [
  ["", "Outcome"],
  ["2", "2xx"],
  ["4", "4xx"],
  ["5", "5xx"],
  ["none", "No answer"],
  ["fault", "Bitten by a fault"],
] as const;

type Option = readonly [value: string, label: string];

/** Chooses what is shown of the wire. */
export function WireFilter({ all }: { readonly all: readonly TrafficEntry[] }) {
  const { kind, client, operation, outcome, text } = filter.value;
  const set = (change: Partial<Filter>) => {
    filter.value = { ...filter.value, ...change };
  };
  const clients = named(all.flatMap(({ Client, ClientName }) => [Client, ClientName]));
  const operations = named(all.map(({ Operation }) => Operation));
  return (
    <search class="wire-filter" aria-label="What is shown of the wire">
      <Choice label="Kind" value={kind} options={kinds} onChange={(value) => set({ kind: value as Filter["kind"] })} />
      <Choice
        label="Client"
        value={client}
        options={[["", "Client"], ...clients]}
        onChange={(value) => set({ client: value })}
      />
      <Choice
        label="Operation"
        value={operation}
        options={[["", "Operation"], ...operations]}
        onChange={(value) => set({ operation: value })}
      />
      <Choice
        label="Outcome"
        value={outcome}
        options={outcomes}
        onChange={(value) => set({ outcome: value as Filter["outcome"] })}
      />
      <input
        type="search"
        aria-label="Words in it"
        placeholder="Words in it…"
        value={text}
        onInput={({ currentTarget: { value } }) => set({ text: value })}
      />
    </search>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      class={value ? "is-set" : ""}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    >
      {options.map(([option, name]) => (
        <option key={option} value={option}>
          {name}
        </option>
      ))}
      {/* No entry may have the chosen value any more. */}
      {!options.some(([option]) => option === value) && <option value={value}>{value}</option>}
    </select>
  );
}

function named(names: readonly (string | null)[]): readonly Option[] {
  const known = new Set(names.filter((name) => name !== null));
  return [...known].sort().map((name) => [name, name]);
}
