const prefix = "innbox.";

/** What this browser keeps. A browser that keeps nothing, or is full, is as good as an empty one. */
export function kept<T>(name: string): T | undefined {
  try {
    const text = localStorage.getItem(prefix + name);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + name, JSON.stringify(value));
  } catch {
    // It is kept as long as the page is open.
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(prefix + name);
  } catch {
    // There is nothing to forget.
  }
}

/** The names that begin so. */
export function keptNames(beginning: string): readonly string[] {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(prefix + beginning));
    return names.map((name) => name.slice(prefix.length));
  } catch {
    return [];
  }
}
