import { useEffect, useState } from "preact/hooks";
import type { StaffLink } from "../../../src/protocol/staff/links.ts";
import { attempt } from "../actions.ts";
import { call } from "../api.ts";
import { fullTime } from "../format.ts";
import { currentWords } from "../words/words.ts";
import { Detail, Line, LineButton } from "./line.tsx";

/** The open invitations and resets that the person may revoke. */
export function OpenLinks() {
  const words = currentWords();
  const [links, setLinks] = useState<readonly StaffLink[]>([]);
  const load = () => attempt(async () => setLinks((await call("links/getAll", {})).Links));
  const revoke = ({ Id }: StaffLink) => attempt(() => call("links/revoke", { LinkId: Id })).then(load);
  useEffect(() => void load(), []);
  if (links.length === 0) return null;
  return (
    <section class="settings-group">
      <h3>{words.openLinks}</h3>
      <ul class="plain-list" aria-label={words.openLinks}>
        {links.map((link) => (
          <Line
            key={link.Id}
            title={link.UserName}
            tags={[words.linkPurposes[link.Purpose]]}
            details={
              <>
                <Detail>
                  {link.UserEmail} · {link.MakerName === null ? words.linkByOperator : words.linkMadeBy(link.MakerName)}
                </Detail>
                <Detail>{link.IsGood ? words.linkUntil(fullTime(link.ExpiresUtc)) : words.linkWithoutRight}</Detail>
              </>
            }
          >
            <LineButton name={words.revokeLink} label={link.UserName} onClick={() => revoke(link)} />
          </Line>
        ))}
      </ul>
    </section>
  );
}
