import type { TrafficEntry } from "../../src/protocol/sandbox/traffic.ts";
import "./status.css";

/** The status of an exchange, in a colour, and the fault that was injected. */
export function Status({ entry: { Status: status, Fault, Error: error, Kind } }: { readonly entry: TrafficEntry }) {
  const isOpen = Kind === "Socket" && status === 101;
  const look = status === null ? "broken" : isOpen || status < 300 ? "good" : status < 500 ? "refused" : "broken";
  return (
    <span class="outcome">
      <span class={`status status-${look}`} title={error ?? undefined}>
        {status ?? "—"}
        {status === null && <span class="visually-hidden">no answer</span>}
      </span>
      {Fault !== null && <span class="tag tag-fault">{Fault}</span>}
    </span>
  );
}
