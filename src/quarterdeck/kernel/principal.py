"""Who is acting: the identity that every write is recorded under and every permission is asked of."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Principal:
    """A person, a key or the engine. `id` is what the record stores as actor: `person/…`, `key/…`, `engine`."""

    id: str
    roles: frozenset[str] = field(default_factory=frozenset)
    scopes: frozenset[str] | None = None
    """None: whatever the roles allow. A key may narrow that, never widen it."""

    @property
    def person(self) -> str | None:
        """The person's id if a person is acting."""
        return self.id.removeprefix("person/") if self.id.startswith("person/") else None


HISTORY = "history/"
"""Actors of this family bring in what happened elsewhere and earlier: no reaction follows what they record."""


def history(name: str) -> Principal:
    """Who brings in a history; `name` says which: the import's id."""
    return Principal(id=f"{HISTORY}{name}", roles=frozenset({"engine"}))


ENGINE = Principal(id="engine", roles=frozenset({"engine"}))
NOBODY = Principal(id="nobody")
