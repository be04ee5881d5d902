import type { Fault } from "../../../src/protocol/sandbox/faults.ts";
import { Glyph } from "../glyph.tsx";
import { attempt } from "../notices.ts";
import { faults, setFaults } from "../world.ts";
import { FaultEditor } from "./fault-editor.tsx";
import { faultSaid } from "./fault-said.ts";

/** Common faults, to be set with one click. */
const presets: readonly (readonly [label: string, fault: Fault])[] = [
  ["20 % answer 503", { On: "Request", Kind: "Status", Status: 503, Share: 0.2 }],
  ["429, wait 5 s", { On: "Request", Kind: "Status", Status: 429, RetryAfterSeconds: 5 }],
  ["Slow: 2 s", { On: "Request", Kind: "Delay", Delay: "2s" }],
  ["20 % broken", { On: "Request", Kind: "Drop", Share: 0.2 }],
  ["Half an answer", { On: "Request", Kind: "Half", Times: 1 }],
  ["Webhooks minutes late", { On: "Webhook", Kind: "Late" }],
  ["Webhooks twice", { On: "Webhook", Kind: "Duplicate" }],
  ["Webhooks lost", { On: "Webhook", Kind: "Drop", Share: 0.5 }],
];

/** The faults that are set, and those that can be. They hold from the next call on. */
export function FaultsPanel() {
  const states = faults.value;
  const set = states.map(({ Fault }) => Fault);
  const change = (wanted: readonly Fault[]) => void attempt(() => setFaults(wanted));
  return (
    <>
      {states.length === 0 && <p class="panel-hint">Nothing goes wrong. What you set bites from the next call on.</p>}
      {states.length > 0 && (
        <ul class="fault-list" aria-label="Faults that are set">
          {states.map(({ Fault, Seen, Bitten }, index) => (
            <li key={`${index} ${faultSaid(Fault)}`}>
              <span>{faultSaid(Fault)}</span>
              <span class="fault-count">
                {Bitten} of {Seen}
              </span>
              <button
                type="button"
                class="icon-button"
                aria-label={`Take away: ${faultSaid(Fault)}`}
                onClick={() => change(set.filter((_, other) => other !== index))}
              >
                <Glyph name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <ul class="presets" aria-label="Faults to add">
        {presets.map(([label, fault]) => (
          <li key={label}>
            <button type="button" class="preset" onClick={() => change([...set, fault])}>
              {label}
            </button>
          </li>
        ))}
      </ul>
      <details class="panel-more">
        <summary>One of your own</summary>
        <FaultEditor onAdd={(fault) => change([...set, fault])} />
      </details>
      {states.length > 0 && (
        <button type="button" class="button button-small" onClick={() => change([])}>
          Take all away
        </button>
      )}
    </>
  );
}
