/** Functions that are called each time something happens. */
export interface Listeners {
  /** @returns what ends it */
  add(listener: () => void): () => void;
  callAll(): void;
}

export function createListeners(): Listeners {
  const listeners = new Set<() => void>();
  return {
    add: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    callAll: () => {
      for (const listener of listeners) listener();
    },
  };
}
