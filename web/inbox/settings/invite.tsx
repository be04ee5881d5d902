import { useState } from "preact/hooks";
import type { Role, StaffUser } from "../../../src/protocol/staff/people.ts";
import { Form } from "../../shared/form.tsx";
import { refusalText } from "../actions.ts";
import { call } from "../api.ts";
import { CopyLink } from "../forms/copy-link.tsx";
import { Select, TextField } from "../forms/field.tsx";
import { Failure, FormActions } from "../forms/form.tsx";
import { managedProperties, me } from "../session/session.ts";
import type { Words } from "../words/en.ts";
import { currentWords } from "../words/words.ts";

export type RoleChoice = Role | "none";

/** By property. */
type Roles = Readonly<Record<string, RoleChoice>>;

export function roleOptions(words: Words): readonly (readonly [RoleChoice, string])[] {
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

/** Asks who is to be invited, and gives the link that lets them in. */
export function Invite({ onInvited, onDone }: InviteProps) {
  const words = currentWords();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [isOwner, setOwner] = useState(false);
  const [roles, setRoles] = useState<Roles>(() => {
    const [first, ...others] = managedProperties();
    return first && others.length === 0 ? { [first.Id]: "Agent" } : {};
  });
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
  if (link !== undefined) return <Invited link={link} onDone={onDone} />;
  return (
    <Form class="invite" onSubmit={invite}>
      <div class="field-row">
        <TextField label={words.name} value={name} onInput={setName} maxLength={100} />
        <TextField label={words.email} type="email" value={email} onInput={setEmail} maxLength={254} />
      </div>
      {me().User.IsOwner && (
        <label class="check">
          <input type="checkbox" checked={isOwner} onChange={(event) => setOwner(event.currentTarget.checked)} />
          {words.makeOwner}
        </label>
      )}
      {!isOwner && <RolesToBe roles={roles} onChange={setRoles} />}
      <Failure text={failure} />
      <FormActions name={words.inviteButton} onCancel={onDone} />
    </Form>
  );
}

interface RolesToBeProps {
  readonly roles: Roles;
  readonly onChange: (roles: Roles) => void;
}

function RolesToBe({ roles, onChange }: RolesToBeProps) {
  const words = currentWords();
  return (
    <div class="field-row">
      {managedProperties().map(({ Id, Name }) => (
        <Select
          key={Id}
          label={words.roleAt(Name)}
          value={roles[Id] ?? "none"}
          options={roleOptions(words)}
          onChange={(role) => onChange({ ...roles, [Id]: role })}
        />
      ))}
    </div>
  );
}

interface InvitedProps {
  /** Null for somebody who has a password already. */
  readonly link: string | null;
  readonly onDone: () => void;
}

function Invited({ link, onDone }: InvitedProps) {
  const words = currentWords();
  return (
    <div class="invite">
      {link === null ? <p role="status">{words.inviteKnown}</p> : <CopyLink link={link} hint={words.inviteLinkHint} />}
      <button type="button" class="button" onClick={onDone}>
        {words.close}
      </button>
    </div>
  );
}
