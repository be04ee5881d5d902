import { attempt } from "../notices.ts";
import { EntryDetail } from "./entry-detail.tsx";
import { chosen, clearTraffic, entries, filter, noFilter, passes } from "./traffic.ts";
import { WireFilter } from "./wire-filter.tsx";
import { WireList } from "./wire-list.tsx";
import "./wire.css";

/** All requests of partners, and all webhooks and sockets to them. */
export function Wire() {
  const all = entries.value;
  const wanted = filter.value;
  const number = chosen.value;
  const shown = all.filter((entry) => passes(entry, wanted));
  const entry = all.find((one) => one.Number === number);
  return (
    <section class="wire" aria-labelledby="wire-title">
      <header class="pane-header wire-header">
        <h2 id="wire-title">The wire</h2>
        <p class="wire-count">{shown.length === all.length ? all.length : `${shown.length} of ${all.length}`}</p>
        <WireFilter all={all} />
        <button
          type="button"
          class="button button-small"
          disabled={all.length === 0}
          onClick={() => void attempt(clearTraffic)}
        >
          Clear
        </button>
      </header>
      <div class={`wire-body ${entry ? "wire-split" : ""}`}>
        <div class="wire-list">
          {shown.length > 0 && <WireList shown={shown} all={all} />}
          {shown.length === 0 && all.length > 0 && <NothingFits />}
          {all.every(({ Kind }) => Kind === "Socket") && <Quiet />}
        </div>
        {entry && <EntryDetail key={entry.Number} entry={entry} all={all} />}
      </div>
    </section>
  );
}

function NothingFits() {
  return (
    <div class="wire-empty">
      <p>Nothing here fits the filter.</p>
      <button
        type="button"
        class="text-button"
        onClick={() => {
          filter.value = noFilter;
        }}
      >
        Show everything
      </button>
    </div>
  );
}

function Quiet() {
  return (
    <div class="wire-empty">
      <p class="wire-birds" aria-hidden="true">
        <i />
        <i />
        <i />
      </p>
      <p>It is quiet. Say something as the guest, or point your own client at this address:</p>
      <code>{location.origin}</code>
    </div>
  );
}
