import { outbox } from "../composer/outbox.ts";
import { currentWords } from "../words/words.ts";
import { connection } from "./live.ts";
import "./connection-line.css";

/** Says that the connection is lost, and how many messages wait for it. */
export function ConnectionLine() {
  const words = currentWords();
  const waiting = outbox.value.filter(({ state }) => state === "queued").length;
  return (
    <div class="connection" role="status">
      {connection.value === "lost" && (
        <p class="connection-lost">
          <span class="connection-dot" aria-hidden="true" />
          {waiting > 0 ? words.connectionLostQueued(waiting) : words.connectionLost}
        </p>
      )}
    </div>
  );
}
