import { backgroundLoop } from "../core/background-loop.ts";
import { within } from "../core/deadline.ts";
import { type LogPosition, logEnds } from "../store/log/log-events.ts";
import type { Scope } from "../store/scope.ts";
import type { Store } from "../store/store.ts";
import type { LogFollower } from "./log-follower.ts";

/** How often to look for commits that no hint came of, such as those of other processes, in milliseconds. */
const pollInterval = 250;

/** How long such a look may take, in milliseconds. */
const pollLimit = 3000;

/** Wakes the followers of a process when something is new at one of their properties. */
export interface LogWatch {
  /** Has a follower woken for what this scope sees. @returns what ends that */
  add(scope: Scope, follower: LogFollower): () => void;
  stop(): void;
}

interface Watcher {
  readonly scope: Scope;
  readonly follower: LogFollower;
}

/** A commit at a property; of any client when the client is not known. */
interface Change {
  readonly enterpriseId: string;
  readonly clientId?: string;
}

export function logWatch(store: Store, failed: (error: unknown) => void): LogWatch {
  /** By property. */
  const watchers = new Map<string, Set<Watcher>>();
  /** The ends of the watched logs at the last look. */
  let ends: LogPosition = new Map();

  /** Wakes each follower once for all changes together, so that the entries of one commit come in its order. */
  function wake(changes: readonly Change[]): void {
    const news = new Map<LogFollower, string[]>();
    for (const { enterpriseId, clientId } of changes) {
      for (const { scope, follower } of watchers.get(enterpriseId) ?? []) {
        if (clientId !== undefined && scope.clientId !== null && scope.clientId !== clientId) continue;
        const others = news.get(follower);
        if (others) others.push(enterpriseId);
        else news.set(follower, [enterpriseId]);
      }
    }
    for (const [follower, enterpriseIds] of news) follower.wake(enterpriseIds);
  }

  async function lookForCommits(): Promise<"idle"> {
    if (watchers.size === 0) return "idle";
    const current = await logEnds(store.db.until(within(pollLimit)), [...watchers.keys()]);
    const changed = [...current].filter(([id, end]) => end !== ends.get(id));
    ends = current;
    wake(changed.map(([enterpriseId]) => ({ enterpriseId })));
    return "idle";
  }

  store.onCommit(wake);
  const polling = backgroundLoop({ step: lookForCommits, failed, interval: pollInterval });
  return {
    add: (scope, follower) => {
      const watcher: Watcher = { scope, follower };
      for (const id of scope.enterpriseIds) {
        const others = watchers.get(id);
        if (others) others.add(watcher);
        else watchers.set(id, new Set([watcher]));
      }
      return () => {
        for (const id of scope.enterpriseIds) {
          const others = watchers.get(id);
          others?.delete(watcher);
          if (others?.size === 0) watchers.delete(id);
        }
      };
    },
    stop: () => void polling.stop(),
  };
}
