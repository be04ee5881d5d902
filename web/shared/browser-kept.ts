const prefix = "innbox.";

/**
 * Reads a value from this browser's storage, which is not sealed and which all users of the browser share. What a person
 * wrote must be kept by `keep` of session/kept.ts instead. Without storage, nothing is found.
 * @param storage  `sessionStorage` for what only this tab keeps
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
    // The storage is full or forbidden. The page goes on with what it has in memory.
  }
}

export function browserForget(name: string, storage = () => localStorage): void {
  try {
    storage().removeItem(prefix + name);
  } catch {
    // The storage is forbidden, so it holds nothing.
  }
}

/** Has `listener` run when another tab changes what this browser keeps under a name. */
export function whenBrowserKeeps(name: string, listener: () => void): void {
  addEventListener("storage", ({ key }) => {
    if (key === null || key === prefix + name) listener();
  });
}

/** The names in this browser's storage that begin with `beginning`. */
export function browserNames(beginning: string): readonly string[] {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(prefix + beginning));
    return names.map((name) => name.slice(prefix.length));
  } catch {
    return [];
  }
}
