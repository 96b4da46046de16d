"""What every form about a draft needs: its fields, and who may send it."""

from typing import Annotated, Any

from litestar.enums import RequestEncodingType
from litestar.params import Body

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid

READ: dict[str, Any] = {"may": Permission.READ}
PLAN: dict[str, Any] = {"may": Permission.PLAN}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


def fields(form: dict[str, str], *allowed: str) -> dict[str, str | None]:
    """The posted fields, empty ones as None. Raises `Invalid` for a field that the form does not have."""
    if unknown := sorted(set(form) - set(allowed)):
        raise Invalid("The form has no such field.", tuple(f"{name[:80]}: unknown" for name in unknown[:20]))
    return {name: form.get(name, "").strip() or None for name in allowed}


def number_in(form: dict[str, str], name: str) -> int:
    """A whole number of the form: the version that the reader saw, for example."""
    text = form.get(name, "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Invalid("The form is not whole. Load the page again.", (f"{name}: is no number",))
    return int(text)
