import type { ComponentChildren } from "preact";
import { Brand } from "../brand.tsx";
import "./entry-page.css";

interface EntryPageProps {
  readonly title: string;
  readonly hint: string;
  readonly children?: ComponentChildren;
}

/** A page before the inbox, such as the sign-in: a card on an empty page. */
export function EntryPage({ title, hint, children }: EntryPageProps) {
  return (
    <main class="entry">
      <div class="entry-card">
        <Brand />
        <h1>{title}</h1>
        <p class="entry-hint">{hint}</p>
        {children}
      </div>
    </main>
  );
}
