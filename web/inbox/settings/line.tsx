import type { ComponentChildren } from "preact";
import "./line.css";

interface LineProps {
  readonly class?: string;
  readonly before?: ComponentChildren;
  readonly title: ComponentChildren;
  /** Short labels beside the title. */
  readonly tags?: readonly (string | false)[];
  readonly details: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** A line in a list of a dialog: a title with tags, details, and what can be done. */
export function Line({ class: className, before, title, tags = [], details, children }: LineProps) {
  return (
    <li class={`line ${className ?? ""}`}>
      {before}
      <span class="line-main">
        <span class="line-title">
          {title}
          {tags.map(
            (tag) =>
              tag && (
                <span key={tag} class="tag">
                  {tag}
                </span>
              ),
          )}
        </span>
        {details}
      </span>
      {children}
    </li>
  );
}

export function Detail({ children }: { readonly children: ComponentChildren }) {
  return (
    <span class="line-detail" dir="auto">
      {children}
    </span>
  );
}

interface LineButtonProps {
  readonly name: string;
  /** What the button acts on, for screen readers, if many buttons have the same name. */
  readonly label?: string;
  readonly onClick: () => unknown;
}

export function LineButton({ name, label, onClick }: LineButtonProps) {
  return (
    <button
      type="button"
      class="button button-quiet"
      aria-label={label && `${name}: ${label}`}
      onClick={() => void onClick()}
    >
      {name}
    </button>
  );
}
