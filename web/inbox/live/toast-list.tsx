import { announcement, dismiss, toasts } from "./toasts.ts";
import "./toast-list.css";

/** The toasts, and announcements for screen readers alone. */
export function Toasts() {
  const shown = toasts.value;
  const said = announcement.value;
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
