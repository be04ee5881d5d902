import { signal } from "@preact/signals";
import type { TrafficEntry } from "../../../src/protocol/sandbox/traffic.ts";
import { loadTraffic, takeEntry } from "../traffic/traffic.ts";

/** Milliseconds until a stream that broke is asked for again. */
const pause = 1000;

/** Whether the stream of the sandbox is open. */
export const isLive = signal(true);

export interface LiveListener {
  /** The clock, the faults, the autopilot or a run has changed; also when the page may have missed that. */
  readonly changed: () => void;
  /** The world has been made anew. */
  readonly renewed: () => void;
}

/** Follows the stream of a world. A hidden page closes it, since a browser opens only few connections to one server. */
export function startLive({ changed, renewed }: LiveListener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The last entry that is on the page; undefined when all must be read anew. */
  let last: number | undefined;

  async function connect(): Promise<void> {
    clearTimeout(timer);
    source?.close();
    source = undefined;
    if (document.hidden) return;
    try {
      last ??= await loadTraffic();
    } catch {
      again();
      return;
    }
    const stream = new EventSource(`/sandbox/v1/live?after=${last}`);
    source = stream;
    stream.addEventListener("open", () => {
      isLive.value = true;
      changed();
    });
    stream.addEventListener("traffic", ({ data }) => {
      const entry = JSON.parse(data) as TrafficEntry;
      last = entry.Number;
      takeEntry(entry);
    });
    stream.addEventListener("state", changed);
    stream.addEventListener("over", () => {
      last = undefined;
      renewed();
      void connect();
    });
    stream.addEventListener("error", () => {
      if (source === stream) again();
    });
  }

  function again(): void {
    source?.close();
    isLive.value = false;
    // Another sandbox may answer by then, whose entries are numbered from 1 again.
    last = undefined;
    clearTimeout(timer);
    timer = setTimeout(() => void connect(), pause);
  }

  const look = () => void connect();
  document.addEventListener("visibilitychange", look);
  void connect();
  return () => {
    document.removeEventListener("visibilitychange", look);
    clearTimeout(timer);
    source?.close();
  };
}
