import { Icon, type IconName } from "../../shared/icons.tsx";
import "./empty.css";

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly hint?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Says why there is nothing to show. */
export function Empty({ icon, title, hint, action }: EmptyProps) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={icon} size={30} />
      </span>
      <p class="empty-title">{title}</p>
      {hint && <p class="empty-hint">{hint}</p>}
      {action && (
        <button type="button" class="button" onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}
