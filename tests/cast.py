"""The cast: who acts in the tests. `tests.people` adds their profiles to a house that needs them."""

from quarterdeck.kernel.principal import Principal

ADMIN = Principal("person/admin", roles=frozenset({"administrator"}))
ALICE = Principal("person/alice", roles=frozenset({"manager"}))
"""Commands."""
BOB = Principal("person/bob", roles=frozenset({"responder"}))
"""Is on call."""
CAROL = Principal("person/carol", roles=frozenset({"manager"}))
"""Reviews."""
CHARLIE = Principal("person/charlie")
"""May see nothing."""
DANA = Principal("person/dana", roles=frozenset({"viewer"}))
"""The senior manager."""
EVERYBODY = (ADMIN, ALICE, BOB, CAROL, CHARLIE, DANA)
BY_NAME = {who.id.removeprefix("person/"): who for who in EVERYBODY}
