import { useEffect, useState } from "preact/hooks";
import type { StaffUser } from "../../../src/protocol/staff/people.ts";
import { Icon } from "../../shared/icons.tsx";
import { attempt } from "../actions.ts";
import { call } from "../api.ts";
import { Dialog } from "../dialogs/dialog.tsx";
import { closeDialog } from "../dialogs/open-dialog.ts";
import { CopyLink } from "../forms/copy-link.tsx";
import { Select } from "../forms/field.tsx";
import { Avatar } from "../list/avatar.tsx";
import { managedProperties, me } from "../session/session.ts";
import { currentWords } from "../words/words.ts";
import { Invite, type RoleChoice, roleOptions } from "./invite.tsx";
import { Detail, Line, LineButton } from "./line.tsx";
import { OpenLinks } from "./open-links.tsx";
import "./people.css";

/** The people of the properties with their roles, and those who are invited. */
export function People() {
  const words = currentWords();
  const [users, setUsers] = useState<readonly StaffUser[]>();
  const [isInviting, setInviting] = useState(false);
  /** Counts changes of links, so that the open links are fetched again. */
  const [linksMade, setLinksMade] = useState(0);
  const linkMade = () => setLinksMade((count) => count + 1);
  useEffect(() => void attempt(async () => setUsers((await call("users/getAll", {})).Users)), []);
  const put = (user: StaffUser) => {
    linkMade();
    setUsers((known = []) =>
      known.some(({ Id }) => Id === user.Id)
        ? known.map((other) => (other.Id === user.Id ? user : other))
        : [...known, user],
    );
  };
  return (
    <Dialog title={words.people} onClose={closeDialog} class="dialog-wide">
      <div class="dialog-body">
        {isInviting ? (
          <Invite onInvited={put} onDone={() => setInviting(false)} />
        ) : (
          <button type="button" class="button button-primary" onClick={() => setInviting(true)}>
            <Icon name="people" />
            {words.invite}
          </button>
        )}
        {users === undefined && <p>{words.loading}…</p>}
        <ul class="plain-list">
          {users?.map((user) => (
            <Person key={user.Id} user={user} onChange={put} onLink={linkMade} />
          ))}
        </ul>
        <OpenLinks key={linksMade} />
      </div>
    </Dialog>
  );
}

interface PersonProps {
  readonly user: StaffUser;
  readonly onChange: (user: StaffUser) => void;
  readonly onLink: () => void;
}

function Person({ user, onChange, onLink }: PersonProps) {
  const words = currentWords();
  const signedIn = me();
  const [link, setLink] = useState<string>();
  const { Id, Name, Email, IsOwner, IsEnabled, HasPassword } = user;
  const isSelf = Id === signedIn.User.Id;
  const reset = () =>
    attempt(async () => {
      setLink((await call("users/reset", { UserId: Id })).Link);
      onLink();
    });
  const update = (change: { readonly IsEnabled: boolean }) =>
    attempt(async () => onChange((await call("users/update", { UserId: Id, ...change })).User));
  return (
    <Line
      class={`person ${IsEnabled ? "" : "person-disabled"}`}
      before={<Avatar id={Id} name={Name} />}
      title={Name}
      tags={[
        isSelf && words.you,
        IsOwner && words.roles.Owner,
        !HasPassword && words.invited,
        !IsEnabled && words.disabled,
      ]}
      details={
        <>
          <Detail>{Email}</Detail>
          {link && <CopyLink link={link} hint={words.resetLinkHint} />}
        </>
      }
    >
      {!IsOwner && <Roles user={user} onChange={onChange} />}
      {!isSelf && (
        <span class="line-actions">
          <LineButton name={words.resetLink} onClick={reset} />
          {signedIn.User.IsOwner && (
            <LineButton
              name={IsEnabled ? words.disable : words.enable}
              onClick={() => update({ IsEnabled: !IsEnabled })}
            />
          )}
        </span>
      )}
    </Line>
  );
}

/** What the person may do at each property that the reader manages. */
function Roles({ user: { Id, Name, Memberships }, onChange }: Omit<PersonProps, "onLink">) {
  const words = currentWords();
  const setRole = (EnterpriseId: string, role: RoleChoice) =>
    attempt(async () => {
      const Role = role === "none" ? null : role;
      onChange((await call("memberships/set", { UserId: Id, EnterpriseId, Role })).User);
    });
  return (
    <div class="person-roles">
      {managedProperties().map((property) => (
        <div key={property.Id}>
          <span aria-hidden="true">{property.Name}</span>
          <Select
            label={`${Name}: ${words.roleAt(property.Name)}`}
            isBare
            value={Memberships.find(({ EnterpriseId }) => EnterpriseId === property.Id)?.Role ?? "none"}
            options={roleOptions(words)}
            onChange={(role) => void setRole(property.Id, role)}
          />
        </div>
      ))}
    </div>
  );
}
