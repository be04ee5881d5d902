import type { ComponentChildren } from "preact";
import { Mark } from "../../shared/icons.tsx";

interface EntryPageProps {
  readonly title: string;
  readonly hint: string;
  readonly children?: ComponentChildren;
}

/** What stands before the inbox: a card in a quiet room. */
export function EntryPage({ title, hint, children }: EntryPageProps) {
  return (
    <main class="entry">
      <div class="entry-card">
        <div class="brand">
          <Mark />
          <span class="brand-name">Innbox</span>
        </div>
        <h1>{title}</h1>
        <p class="entry-hint">{hint}</p>
        {children}
      </div>
    </main>
  );
}
