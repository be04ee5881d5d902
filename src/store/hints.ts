import { nilIdentifier } from "../core/identifiers.ts";
import type { Db } from "./db.ts";
import type { LogChange } from "./log/property-log.ts";

/**
 * What the processes on one database tell each other, so that waiting is saved. A hint may get lost; what it is about is
 * then found by looking, a little later.
 */
export interface Hints {
  /** Tells this process's listeners what it has committed, and the other processes what clients wait for of it. */
  committed(changes: readonly LogChange[]): void;
  /** Has `listener` told what this process commits, and what others say they have. */
  onCommit(listener: (changes: readonly LogChange[]) => void): void;
  /** Tells the other processes, and not this one, something that is about no commit. */
  broadcast(message: object): void;
  /** Has `listener` told what other processes broadcast, also those of other versions. */
  onBroadcast(listener: (message: object) => void): void;
}

/** How many changes fit into one notification, which may have 8,000 bytes. */
const maxChanges = 50;

export function hints(db: Pick<Db, "notify" | "onNotification">): Hints {
  const commitListeners: ((changes: readonly LogChange[]) => void)[] = [];
  const broadcastListeners: ((message: object) => void)[] = [];
  let isListening = false;

  /** Listens to the database from the first listener on. */
  function listen(): void {
    if (isListening) return;
    isListening = true;
    db.onNotification((text) => {
      const hint = hintIn(text);
      if (hint?.kind === "commit") for (const listener of commitListeners) listener(hint.changes);
      if (hint?.kind === "broadcast") for (const listener of broadcastListeners) listener(hint.message);
    });
  }

  return {
    committed: (changes) => {
      for (const listener of commitListeners) listener(changes);
      const awaited = changes.filter(({ clientId }) => clientId !== nilIdentifier);
      for (let index = 0; index < awaited.length; index += maxChanges) {
        db.notify(JSON.stringify(awaited.slice(index, index + maxChanges)));
      }
    },
    onCommit: (listener) => {
      listen();
      commitListeners.push(listener);
    },
    broadcast: (message) => db.notify(JSON.stringify(message)),
    onBroadcast: (listener) => {
      listen();
      broadcastListeners.push(listener);
    },
  };
}

type Hint =
  | { readonly kind: "commit"; readonly changes: readonly LogChange[] }
  | { readonly kind: "broadcast"; readonly message: object };

/**
 * What a notification says: a JSON array of changes, or the JSON object of a broadcast. `undefined` for anything else,
 * which another program may have sent.
 */
function hintIn(text: string): Hint | undefined {
  const message = jsonIn(text);
  if (Array.isArray(message)) return { kind: "commit", changes: message.filter(isLogChange) };
  return typeof message === "object" && message !== null ? { kind: "broadcast", message } : undefined;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isLogChange(change: unknown): change is LogChange {
  const { enterpriseId, clientId } = (change ?? {}) as Partial<LogChange>;
  return typeof enterpriseId === "string" && typeof clientId === "string";
}
