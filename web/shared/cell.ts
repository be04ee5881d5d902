import { useLayoutEffect, useState } from "preact/hooks";

/** A value that says when it changes. */
export interface Cell<T> {
  get(): T;
  set(value: T): void;
  update(change: (value: T) => T): void;
  /** @returns what ends it */
  subscribe(listener: () => void): () => void;
}

/** Makes a cell. Setting the value that it has already tells nobody. */
export function cell<T>(initial: T): Cell<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  const set = (next: T) => {
    if (Object.is(next, value)) return;
    value = next;
    for (const listener of [...listeners]) listener();
  };
  return {
    get: () => value,
    set,
    update: (change) => set(change(value)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The cell's value, or a part of it, drawn anew when it changes. Parts are compared by identity. */
export function useCell<T>(source: Cell<T>): T;
export function useCell<T, Part>(source: Cell<T>, select: (value: T) => Part): Part;
export function useCell<T, Part>(source: Cell<T>, select?: (value: T) => Part): T | Part {
  const read = () => (select ? select(source.get()) : source.get());
  const [, redraw] = useState({});
  const shown = read();
  useLayoutEffect(() => {
    let last = shown;
    const check = () => {
      const next = read();
      if (Object.is(next, last)) return;
      last = next;
      redraw({});
    };
    check();
    return source.subscribe(check);
  });
  return shown;
}
