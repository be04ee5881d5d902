import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Mark } from "../../shared/icons.tsx";
import { Glyph, type GlyphName } from "../glyph.tsx";
import { useTick } from "../guest/tick.ts";
import { autopilot, clock, faults, worldName, worldTime } from "../world.ts";
import { AutopilotPanel } from "./autopilot-panel.tsx";
import { ClockPanel } from "./clock-panel.tsx";
import { FaultsPanel } from "./faults-panel.tsx";
import { StatePanel } from "./state-panel.tsx";
import { WebhookPanel } from "./webhook-panel.tsx";
import { WorldsPanel } from "./worlds-panel.tsx";
import "./controls.css";

type PanelName = "autopilot" | "faults" | "clock" | "webhook" | "state" | "worlds";

/** The sandbox's controls, each a button with a panel. */
export function Controls() {
  const pilot = autopilot.value;
  const set = faults.value;
  const [open, setOpen] = useState<PanelName>();
  const close = () => setOpen(undefined);
  const control = (name: PanelName) => ({
    isOpen: open === name,
    onToggle: () => setOpen(open === name ? undefined : name),
    onClose: close,
  });
  return (
    <header class="controls">
      <h1 class="brand">
        <Mark />
        <span class="brand-name">Innbox</span> <span class="brand-kind">sandbox</span>
      </h1>
      <nav class="control-row" aria-label="Controls">
        <Control
          {...control("autopilot")}
          icon="robot"
          label="Autopilot"
          value={pilot.Mode}
          isOn={pilot.Mode !== "Off"}
        >
          <AutopilotPanel />
        </Control>
        <Control
          {...control("faults")}
          icon="bolt"
          label="Faults"
          value={set.length === 0 ? "none" : String(set.length)}
          isOn={set.length > 0}
          isWarning
        >
          <FaultsPanel />
        </Control>
        <ClockControl {...control("clock")} />
        <Control {...control("webhook")} icon="hook" label="Webhook">
          <WebhookPanel />
        </Control>
        <Control {...control("state")} icon="box" label="State">
          <StatePanel />
        </Control>
        <Control {...control("worlds")} icon="globe" label="World" value={worldName} isOn={worldName !== "default"}>
          <WorldsPanel />
        </Control>
      </nav>
      <nav class="control-links" aria-label="Elsewhere">
        <a href="/docs">API reference</a>
      </nav>
    </header>
  );
}

interface ToggleProps {
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly onClose: () => void;
}

function ClockControl(toggle: ToggleProps) {
  const known = clock.value;
  useTick();
  const time = known ? new Date(worldTime(known)).toISOString().slice(11, 19) : "--:--:--";
  return (
    <Control {...toggle} icon="clock" label="Clock" value={time} isOn={known?.isFrozen ?? false}>
      <ClockPanel />
    </Control>
  );
}

interface ControlProps extends ToggleProps {
  readonly icon: GlyphName;
  readonly label: string;
  readonly value?: string;
  /** Whether the value is not the usual one, so that the button stands out. */
  readonly isOn?: boolean;
  readonly isWarning?: boolean;
  readonly children: ComponentChildren;
}

/** A button that shows a value, and the panel that changes it. */
function Control({
  icon,
  label,
  value,
  isOn = false,
  isWarning = false,
  isOpen,
  onToggle,
  onClose,
  children,
}: ControlProps) {
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    panel.current?.focus();
    const outside = ({ target }: Event) => {
      if (target instanceof Node && !frame.current?.contains(target)) onClose();
    };
    // A click into the inbox's frame is no event of this document. It takes the focus away from the window.
    const away = () => document.activeElement instanceof HTMLIFrameElement && onClose();
    const byKey = ({ key }: KeyboardEvent) => {
      if (key !== "Escape") return;
      onClose();
      button.current?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("keydown", byKey);
    addEventListener("blur", away);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("keydown", byKey);
      removeEventListener("blur", away);
    };
  }, [isOpen]);
  const id = `panel-${label.toLowerCase()}`;
  const state = isOn ? (isWarning ? "control-warning" : "control-on") : "";
  return (
    <div class="control" ref={frame}>
      <button
        ref={button}
        type="button"
        class={`control-button ${state}`}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={onToggle}
      >
        <Glyph name={icon} />
        <span>{label}</span>
        {value !== undefined && <span class="control-value">{value}</span>}
      </button>
      {isOpen && (
        <div id={id} ref={panel} class="panel" role="dialog" aria-label={label} tabIndex={-1}>
          {children}
        </div>
      )}
    </div>
  );
}
