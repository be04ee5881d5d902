import { Mark } from "../shared/icons.tsx";
import "./brand.css";

export function Brand() {
  return (
    <div class="brand">
      <Mark />
      <span class="brand-name">Innbox</span>
    </div>
  );
}
