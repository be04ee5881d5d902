import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../../shared/icons.tsx";
import { currentWords } from "../words/words.ts";
import "./dialog.css";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly class?: string;
  /** Whether it has no heading, as a list to choose from. */
  readonly isBare?: boolean;
}

/** A modal window. When it closes, the focus goes back to where it was. */
export function Dialog({ title, onClose, children, class: className, isBare = false }: DialogProps) {
  const words = currentWords();
  const frame = useRef<HTMLDialogElement>(null);
  // In a layout effect, so that a key that is pressed right after opening goes into the window.
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
      // A click on the backdrop has the dialog itself as its target.
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
