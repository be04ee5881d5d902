import { useEffect, useState } from "preact/hooks";
import type { StaffLink } from "../../../src/protocol/staff/links.ts";
import { attempt } from "../actions.ts";
import { call } from "../api.ts";
import { fullTime } from "../format.ts";
import { currentWords } from "../words/words.ts";

/** The open invitations and resets that the person may revoke. */
export function OpenLinks() {
  const words = currentWords();
  const [links, setLinks] = useState<readonly StaffLink[]>([]);
  const load = () => attempt(async () => setLinks((await call("links/getAll", {})).Links));
  useEffect(() => void load(), []);
  if (links.length === 0) return null;
  return (
    <section class="settings-group">
      <h3>{words.openLinks}</h3>
      <ul class="plain-list" aria-label={words.openLinks}>
        {links.map((link) => (
          <li key={link.Id} class="line">
            <span class="line-main">
              <span class="line-title">
                {link.UserName}
                <span class="tag">{words.linkPurposes[link.Purpose]}</span>
              </span>
              <span class="line-detail">
                {link.UserEmail} · {link.MakerName === null ? words.linkByOperator : words.linkMadeBy(link.MakerName)}
              </span>
              <span class="line-detail">
                {link.IsGood ? words.linkUntil(fullTime(link.ExpiresUtc)) : words.linkWithoutRight}
              </span>
            </span>
            <button
              type="button"
              class="button button-quiet"
              aria-label={`${words.revokeLink}: ${link.UserName}`}
              onClick={() => void attempt(() => call("links/revoke", { LinkId: link.Id })).then(load)}
            >
              {words.revokeLink}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
