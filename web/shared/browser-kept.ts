const prefix = "innbox.";

/**
 * What this browser keeps in the clear, for everybody who uses it: nothing that a person wrote belongs here, `keep` is
 * for that. A browser that keeps nothing, or is full, is as good as an empty one.
 */
export function browserKept<T>(name: string, storage = () => localStorage): T | undefined {
  try {
    const text = storage().getItem(prefix + name);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

/** @param storage  `sessionStorage` for what only this tab keeps */
export function browserKeep(name: string, value: unknown, storage = () => localStorage): void {
  try {
    storage().setItem(prefix + name, JSON.stringify(value));
  } catch {
    // It is kept as long as the page is open.
  }
}

export function browserForget(name: string, storage = () => localStorage): void {
  try {
    storage().removeItem(prefix + name);
  } catch {
    // There is nothing to forget.
  }
}

/** Has `listener` run when another tab changes what this browser keeps under a name. */
export function whenBrowserKeeps(name: string, listener: () => void): void {
  addEventListener("storage", ({ key }) => {
    if (key === null || key === prefix + name) listener();
  });
}

/** The names that begin so. */
export function browserNames(beginning: string): readonly string[] {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(prefix + beginning));
    return names.map((name) => name.slice(prefix.length));
  } catch {
    return [];
  }
}
