import type { TrafficEntry } from "../../../src/protocol/sandbox/traffic.ts";
import { Glyph, type GlyphName } from "../glyph.tsx";
import { Status } from "../status.tsx";
import { attemptsOf, chosen, firstFresh, titleOf } from "./traffic.ts";
import "./wire-list.css";

const arrows: Readonly<Record<TrafficEntry["Kind"], GlyphName>> = { Request: "in", Webhook: "out", Socket: "socket" };

interface WireListProps {
  readonly shown: readonly TrafficEntry[];
  readonly all: readonly TrafficEntry[];
}

/** The entries, newest first. Tab reaches one row, and the arrow keys lead from there to the others. */
export function WireList({ shown, all }: WireListProps) {
  const number = chosen.value;
  const fresh = firstFresh.value;
  const reached = shown.some((entry) => entry.Number === number) ? number : shown[0]?.Number;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">UTC</th>
          <th scope="col">What</th>
          <th scope="col">Client</th>
          <th scope="col">Answer</th>
          <th scope="col" class="wire-ms">
            ms
          </th>
        </tr>
      </thead>
      <tbody onKeyDown={goByArrows}>
        {shown.map((entry) => (
          <Row
            key={entry.Number}
            entry={entry}
            isChosen={entry.Number === number}
            isReached={entry.Number === reached}
            isFresh={entry.Number >= fresh}
            attempt={attemptNumber(entry, all)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly entry: TrafficEntry;
  readonly isChosen: boolean;
  readonly isReached: boolean;
  readonly isFresh: boolean;
  /** The number of the attempt, if the delivery has several. */
  readonly attempt: number | undefined;
}

function Row({ entry, isChosen, isReached, isFresh, attempt }: RowProps) {
  const { Number: number, Kind, StartedUtc, Client, ClientName, Milliseconds } = entry;
  const choose = () => {
    chosen.value = isChosen ? undefined : number;
  };
  return (
    <tr
      class={`wire-row ${isChosen ? "wire-chosen" : ""} ${isFresh ? "wire-fresh" : ""}`}
      data-number={number}
      onClick={choose}
    >
      <td class="wire-time">
        {StartedUtc.slice(11, 19)}
        <span>{StartedUtc.slice(19, 23)}</span>
      </td>
      <td>
        <div class="wire-what">
          <span class={`wire-arrow wire-${Kind.toLowerCase()}`} title={Kind}>
            <Glyph name={arrows[Kind]} size={14} />
          </span>
          <button
            type="button"
            tabIndex={isReached ? 0 : -1}
            aria-pressed={isChosen}
            onClick={(event) => {
              event.stopPropagation();
              choose();
            }}
          >
            <span class="visually-hidden">{Kind} </span>
            {titleOf(entry)}
          </button>
          {attempt !== undefined && <span class="tag">attempt {attempt}</span>}
        </div>
      </td>
      <td class="wire-client">{ClientName ?? Client ?? "nobody known"}</td>
      <td>
        <Status entry={entry} />
      </td>
      <td class="wire-ms">{Milliseconds < 10 ? Milliseconds.toFixed(1) : Math.round(Milliseconds)}</td>
    </tr>
  );
}

function attemptNumber(entry: TrafficEntry, all: readonly TrafficEntry[]): number | undefined {
  const attempts = attemptsOf(entry, all);
  return attempts.length > 1 ? attempts.indexOf(entry) + 1 : undefined;
}

function goByArrows(event: KeyboardEvent): void {
  const row = (event.target as Element).closest("tr");
  const next = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
  if (event.key === "Escape") chosen.value = undefined;
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const button = next?.querySelector("button");
  if (!(next instanceof HTMLElement) || !button) return;
  button.focus();
  if (chosen.value !== undefined) chosen.value = Number(next.dataset.number);
}
