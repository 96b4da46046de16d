"""The key of a home's pseudonyms: made once, readable by its owner alone. Who loses it cannot match names again."""

import os
from pathlib import Path

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.ids import secret

FILE = "pseudonyms.key"


def pseudonym_key(home: Path) -> bytes:
    """The home's key; made if there is none yet. Raises `Invalid` for one that is damaged."""
    path = home / FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_text(encoding="ascii", errors="replace").strip()
        if len(key) < 40:
            problem = f"{path}: too short; restore it from your backup, or remove it and names will not match"
            raise Invalid("The key of the pseudonyms is damaged.", (problem,)) from None
        return key.encode()[:64]
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secret("qdpn")
        file.write(key + "\n")
    return key.encode()[:64]
