import { useEffect, useState } from "preact/hooks";
import type { Role, StaffUser } from "../../../src/protocol/staff/people.ts";
import { Icon } from "../../shared/icons.tsx";
import { attempt, refusalText } from "../actions.ts";
import { call } from "../api.ts";
import { Avatar } from "../list/avatar.tsx";
import { isManager, me } from "../session/session.ts";
import type { Words } from "../words/en.ts";
import { currentWords } from "../words/words.ts";
import { Dialog } from "./dialog.tsx";
import { CopyLink, Select, TextField } from "./field.tsx";
import { closeDialog } from "./open-dialog.ts";
import { OpenLinks } from "./open-links.tsx";

type RoleChoice = Role | "none";

/** Who works here, and as what. */
export function People() {
  const words = currentWords();
  const [users, setUsers] = useState<readonly StaffUser[]>();
  const [isInviting, setInviting] = useState(false);
  /** The open links are read again whenever there may be other ones. */
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
  const { Id, Name, Email, IsOwner, IsEnabled, HasPassword, Memberships } = user;
  const isSelf = Id === signedIn.User.Id;
  const managed = signedIn.Properties.filter((property) => isManager(signedIn, property.Id));
  const setRole = (enterpriseId: string, role: RoleChoice) =>
    void attempt(async () => {
      const Role = role === "none" ? null : role;
      onChange((await call("memberships/set", { UserId: Id, EnterpriseId: enterpriseId, Role })).User);
    });
  const reset = () =>
    attempt(async () => {
      setLink((await call("users/reset", { UserId: Id })).Link);
      onLink();
    });
  const update = (change: { readonly IsEnabled?: boolean; readonly IsOwner?: boolean }) =>
    void attempt(async () => onChange((await call("users/update", { UserId: Id, ...change })).User));
  return (
    <li class={`line person ${IsEnabled ? "" : "person-disabled"}`}>
      <Avatar id={Id} name={Name} />
      <span class="line-main">
        <span class="line-title">
          {Name}
          {isSelf && <span class="tag">{words.you}</span>}
          {IsOwner && <span class="tag">{words.roles.Owner}</span>}
          {!HasPassword && <span class="tag">{words.invited}</span>}
          {!IsEnabled && <span class="tag">{words.disabled}</span>}
        </span>
        <span class="line-detail">{Email}</span>
        {link && <CopyLink link={link} hint={words.resetLinkHint} />}
      </span>
      {!IsOwner && (
        <div class="person-roles">
          {managed.map((property) => (
            <div key={property.Id}>
              <span aria-hidden="true">{property.Name}</span>
              <Select
                label={`${Name}: ${words.roleAt(property.Name)}`}
                isBare
                value={Memberships.find(({ EnterpriseId }) => EnterpriseId === property.Id)?.Role ?? "none"}
                options={roleOptions(words)}
                onChange={(role) => setRole(property.Id, role)}
              />
            </div>
          ))}
        </div>
      )}
      {!isSelf && (
        <span class="line-actions">
          <button type="button" class="button button-quiet" onClick={() => void reset()}>
            {words.resetLink}
          </button>
          {signedIn.User.IsOwner && (
            <button type="button" class="button button-quiet" onClick={() => update({ IsEnabled: !IsEnabled })}>
              {IsEnabled ? words.disable : words.enable}
            </button>
          )}
        </span>
      )}
    </li>
  );
}

function roleOptions(words: Words): readonly (readonly [RoleChoice, string])[] {
  return [
    ["none", words.noRole],
    ["Agent", words.roles.Agent],
    ["Manager", words.roles.Manager],
  ];
}

interface InviteProps {
  readonly onInvited: (user: StaffUser) => void;
  readonly onDone: () => void;
}

function Invite({ onInvited, onDone }: InviteProps) {
  const words = currentWords();
  const signedIn = me();
  const managed = signedIn.Properties.filter((property) => isManager(signedIn, property.Id));
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [isOwner, setOwner] = useState(false);
  const [roles, setRoles] = useState<Readonly<Record<string, RoleChoice>>>(() =>
    managed.length === 1 && managed[0] ? { [managed[0].Id]: "Agent" } : {},
  );
  const [failure, setFailure] = useState("");
  const [link, setLink] = useState<string | null>();
  const invite = async () => {
    const memberships = Object.entries(roles).flatMap(([EnterpriseId, role]) =>
      role === "none" ? [] : [{ EnterpriseId, Role: role }],
    );
    try {
      const { User, Link } = await call("users/invite", {
        Name: name,
        Email: email,
        Memberships: isOwner ? [] : memberships,
        ...(isOwner && { IsOwner: true }),
      });
      setFailure("");
      setLink(Link);
      onInvited(User);
    } catch (error) {
      setFailure(refusalText(error));
    }
  };
  if (link !== undefined) {
    return (
      <div class="invite">
        {link === null ? (
          <p role="status">{words.inviteKnown}</p>
        ) : (
          <CopyLink link={link} hint={words.inviteLinkHint} />
        )}
        <button type="button" class="button" onClick={onDone}>
          {words.close}
        </button>
      </div>
    );
  }
  return (
    <form
      class="invite"
      onSubmit={(event) => {
        event.preventDefault();
        void invite();
      }}
    >
      <div class="field-row">
        <TextField label={words.name} value={name} onInput={setName} maxLength={100} />
        <TextField label={words.email} type="email" value={email} onInput={setEmail} maxLength={254} />
      </div>
      {signedIn.User.IsOwner && (
        <label class="check">
          <input type="checkbox" checked={isOwner} onChange={(event) => setOwner(event.currentTarget.checked)} />
          {words.makeOwner}
        </label>
      )}
      {!isOwner && (
        <div class="field-row">
          {managed.map((property) => (
            <Select
              key={property.Id}
              label={words.roleAt(property.Name)}
              value={roles[property.Id] ?? "none"}
              options={roleOptions(words)}
              onChange={(role) => setRoles({ ...roles, [property.Id]: role })}
            />
          ))}
        </div>
      )}
      {failure && (
        <p class="form-failure" role="alert">
          {failure}
        </p>
      )}
      <div class="form-actions">
        <button type="submit" class="button button-primary">
          {words.inviteButton}
        </button>
        <button type="button" class="button" onClick={onDone}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}
