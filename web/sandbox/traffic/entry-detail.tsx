import type { TrafficEntry } from "../../../src/protocol/sandbox/traffic.ts";
import { Glyph } from "../glyph.tsx";
import { attempt, copy, tell } from "../notices.ts";
import { ask } from "../server/ask.ts";
import { Status } from "../status.tsx";
import { Body } from "./body.tsx";
import { asCurl, asTypeScript } from "./copy-as.ts";
import { attemptsOf, chosen } from "./traffic.ts";
import "./entry-detail.css";

interface EntryDetailProps {
  readonly entry: TrafficEntry;
  readonly all: readonly TrafficEntry[];
}

/** One exchange with its headers, bodies and attempts. */
export function EntryDetail({ entry, all }: EntryDetailProps) {
  const attempts = attemptsOf(entry, all);
  return (
    <article class="detail" aria-label={`Entry ${entry.Number}`}>
      <header class="detail-header">
        <div class="detail-title">
          <p class="detail-address">
            <strong>{entry.Method}</strong> {entry.Address}
          </p>
          <p class="detail-facts">
            <Status entry={entry} />
            <span>{entry.Milliseconds.toFixed(1)} ms</span>
            <span>{entry.StartedUtc.replace("T", " ")}</span>
            {entry.ClientName && <span>{entry.ClientName}</span>}
            {entry.Client && <span>{entry.Client}</span>}
          </p>
        </div>
        <DetailButtons entry={entry} />
      </header>
      {entry.Error && <p class="detail-error">{entry.Error}</p>}
      {attempts.length > 0 && <Attempts attempts={attempts} current={entry.Number} />}
      <div class="detail-halves">
        <Half title="Request" headers={entry.RequestHeaders} body={entry.RequestBody} />
        <Half title="Answer" headers={entry.ResponseHeaders} body={entry.ResponseBody} />
      </div>
    </article>
  );
}

function DetailButtons({ entry }: { readonly entry: TrafficEntry }) {
  const { origin } = location;
  const resend = () =>
    attempt(async () => {
      const { Status: status } = await ask("traffic/resend", { Number: entry.Number });
      tell(status === null ? "It is sent again." : `Sent again: ${status}.`);
    });
  return (
    <div class="detail-buttons">
      <button type="button" class="button button-small" onClick={() => void copy(asCurl(entry, origin), "it as curl")}>
        <Glyph name="copy" size={14} /> Copy as curl
      </button>
      <button
        type="button"
        class="button button-small"
        onClick={() => void copy(asTypeScript(entry, origin), "it as TypeScript")}
      >
        <Glyph name="copy" size={14} /> Copy as TypeScript
      </button>
      {entry.Kind !== "Socket" && (
        <button type="button" class="button button-small" onClick={() => void resend()}>
          <Glyph name="again" size={14} /> Resend
        </button>
      )}
      <button
        type="button"
        class="icon-button"
        aria-label="Close"
        onClick={() => {
          chosen.value = undefined;
        }}
      >
        <Glyph name="close" />
      </button>
    </div>
  );
}

interface AttemptsProps {
  readonly attempts: readonly TrafficEntry[];
  readonly current: number;
}

/** All attempts of one delivery, which have the same webhook-id. */
function Attempts({ attempts, current }: AttemptsProps) {
  return (
    <ol class="attempts" aria-label="Attempts of this delivery">
      {attempts.map((one) => (
        <li key={one.Number}>
          <button
            type="button"
            class="attempt"
            aria-current={one.Number === current ? "true" : undefined}
            onClick={() => {
              chosen.value = one.Number;
            }}
          >
            <span>{one.StartedUtc.slice(11, 19)}</span>
            <Status entry={one} />
          </button>
        </li>
      ))}
    </ol>
  );
}

interface HalfProps {
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

function Half({ title, headers, body }: HalfProps) {
  const names = Object.keys(headers);
  return (
    <section class="half" aria-label={title}>
      <h3>{title}</h3>
      {names.length > 0 && (
        <details>
          <summary>
            {names.length} {names.length === 1 ? "header" : "headers"}
          </summary>
          <dl class="headers">
            {names.map((name) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{headers[name]}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {body ? <Body text={body} /> : <p class="half-empty">No body.</p>}
    </section>
  );
}
