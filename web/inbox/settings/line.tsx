import type { ComponentChildren } from "preact";

interface LineProps {
  readonly class?: string;
  readonly before?: ComponentChildren;
  readonly title: ComponentChildren;
  /** Beside the title, in a few letters. */
  readonly tags?: readonly (string | false)[];
  readonly details: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** One of several things in a list of a dialog: what it is called, what is known of it, and what can be done with it. */
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
  /** Of what, where many buttons have the same name. */
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
