import { useCell } from "../../shared/cell.ts";
import { announcement, dismiss, toasts } from "./toasts.ts";

/** What is said for some seconds, and what is said to screen readers alone. */
export function Toasts() {
  const shown = useCell(toasts);
  const said = useCell(announcement);
  return (
    <>
      <div class="visually-hidden" role="status" aria-live="polite">
        {said}
      </div>
      <div class="toasts" role="status" aria-live="polite">
        {shown.map(({ key, text, action }) => (
          <div key={key} class="toast">
            <span>{text}</span>
            {action && (
              <button
                type="button"
                onClick={() => {
                  dismiss(key);
                  action.run();
                }}
              >
                {action.label}
              </button>
            )}
          </div>
        ))}
      </div>
    </>
  );
}
