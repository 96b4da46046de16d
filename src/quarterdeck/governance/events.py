"""What can be recorded of people, teams, keys and sessions: ids, roles and facts, never a name, address or secret."""

from quarterdeck.kernel.events import Event


class PersonAdded(Event, frozen=True, kw_only=True):
    """A person exists from now on; what the person is called is kept outside the record."""

    person: str
    roles: tuple[str, ...] = ()


class ProfileChanged(Event, frozen=True, kw_only=True):
    """`fields` says what was changed (`name`, `email`, `zone`), not to what."""

    person: str
    fields: tuple[str, ...]


class PasswordSet(Event, frozen=True, kw_only=True):
    person: str


class RoleGranted(Event, frozen=True, kw_only=True):
    person: str
    role: str


class RoleRevoked(Event, frozen=True, kw_only=True):
    person: str
    role: str


class PersonDeactivated(Event, frozen=True, kw_only=True):
    person: str


class PersonReactivated(Event, frozen=True, kw_only=True):
    person: str


class TeamAdded(Event, frozen=True, kw_only=True):
    team: str
    name: str


class TeamRenamed(Event, frozen=True, kw_only=True):
    team: str
    name: str


class MemberAdded(Event, frozen=True, kw_only=True):
    team: str
    person: str


class MemberRemoved(Event, frozen=True, kw_only=True):
    team: str
    person: str


class KeyIssued(Event, frozen=True, kw_only=True):
    """`scopes` None: all that the roles allow; otherwise only these permissions of it."""

    key: str
    label: str
    roles: tuple[str, ...]
    scopes: tuple[str, ...] | None = None


class KeyRevoked(Event, frozen=True, kw_only=True):
    key: str


class SignedIn(Event, frozen=True, kw_only=True):
    session: str
    person: str


class SignedOut(Event, frozen=True, kw_only=True):
    """`reason`: `asked`, `password changed`, `deactivated` or `revoked`. Expiry is not recorded."""

    session: str
    person: str
    reason: str
