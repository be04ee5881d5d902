import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../../shared/icons.tsx";
import { currentWords } from "../words/words.ts";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly class?: string;
  /** Without a heading of its own: a list to choose from. */
  readonly isBare?: boolean;
}

/** A window before the page; what is behind it rests. Focus goes back where it was. */
export function Dialog({ title, onClose, children, class: className, isBare = false }: DialogProps) {
  const words = currentWords();
  const frame = useRef<HTMLDialogElement>(null);
  // Before the next key: whoever types on at once means what is in the window.
  useLayoutEffect(() => {
    const element = frame.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={frame}
      class={`dialog ${className ?? ""}`}
      aria-label={title}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      // A click beside the window is one on the dialog itself.
      onMouseDown={(event) => event.target === event.currentTarget && onClose()}
    >
      <div class="dialog-inside">
        {!isBare && (
          <header class="dialog-header">
            <h2>{title}</h2>
            <button type="button" class="icon-button" aria-label={words.close} onClick={onClose}>
              <Icon name="close" />
            </button>
          </header>
        )}
        {children}
      </div>
    </dialog>
  );
}
