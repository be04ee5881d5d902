import { useCell } from "../../shared/cell.ts";
import { outbox } from "../composer/outbox.ts";
import { useWords } from "../words/words.ts";
import { connection } from "./live.ts";

/** Says quietly that the connection is lost, and what waits for it. */
export function ConnectionLine() {
  const words = useWords();
  const state = useCell(connection);
  const waiting = useCell(outbox, (all) => all.filter((one) => one.state === "queued").length);
  return (
    <div class="connection" role="status">
      {state === "lost" && (
        <p class="connection-lost">
          <span class="connection-dot" aria-hidden="true" />
          {waiting > 0 ? words.connectionLostQueued(waiting) : words.connectionLost}
        </p>
      )}
    </div>
  );
}
