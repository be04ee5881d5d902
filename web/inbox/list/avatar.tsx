import type { JSX } from "preact";
import { bucketOf, initials } from "../../shared/plain-text.ts";
import { me } from "../session/session.ts";

/** The initials of a colleague, in a colour that their id decides. */
export function Avatar({ id, name, small }: { readonly id: string; readonly name: string; readonly small?: boolean }) {
  return (
    <span class={`avatar hue-${bucketOf(id, 6)} ${small ? "avatar-small" : ""}`} title={name} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/** The colour of a property. Neighbours in the list of properties have different ones. */
export function Dot({ id }: { readonly id: string }): JSX.Element {
  const at = me().Properties.findIndex((property) => property.Id === id);
  return <span class={`dot hue-${Math.max(0, at) % 6}`} aria-hidden="true" />;
}
