"""Names of people in histories: marked as the source's, and replaced by pseudonyms where that is asked for. Pure."""

import re
from base64 import b32encode
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from quarterdeck.command.rules.words import line

SOURCE = "source/"
"""Before each name that another system gave: it is no person of ours, whatever it reads."""
LONGEST = 70
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")


class Names:
    """How names are written down. `key` None: as they are; else by a hash that only the key's holder can repeat."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key
        self._known = lru_cache(maxsize=65_536)(self._name)

    @property
    def pseudonymous(self) -> bool:
        return self._key is not None

    def __call__(self, name: str | None) -> str:
        """`source/NAME`; `source/` alone where the source names nobody."""
        return self._known(name) if name else SOURCE

    def _name(self, name: str) -> str:
        plain = " ".join("".join(c if c.isprintable() else " " for c in name).split())
        if not plain:
            return SOURCE
        return SOURCE + (self._hidden(plain) if self._key else line("name", plain[:LONGEST], LONGEST))

    def _hidden(self, name: str) -> str:
        """The same person gives the same pseudonym in every import of this home; 60 bits, so that two seldom meet."""
        digest = blake2b(name.casefold().encode("utf-8", "replace"), key=self._key or b"", digest_size=8).digest()
        return "p-" + b32encode(digest).decode().lower()[:12]

    def text(self, text: str, people: Iterable[str | None] = ()) -> str:
        """Free text; under pseudonyms, without the mail addresses and names (of these people) that stand in it."""
        if not self._key or not text:
            return text
        for name in sorted({one for one in people if one and len(one) > 2}, key=len, reverse=True):
            pseudonym = self(name).removeprefix(SOURCE)
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", pseudonym, text, flags=re.IGNORECASE)
        return _MAIL.sub(lambda found: self(found[0]).removeprefix(SOURCE), text)
