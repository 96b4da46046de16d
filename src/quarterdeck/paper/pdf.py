"""A document as PDF/UA-1: tagged, so that it can be read aloud; with Inter, so that it looks alike everywhere."""

import re
import unicodedata
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from quarterdeck.paper.document import Document, in_order

LARGEST = 8_000_000
"""Bytes of content that are still printed: about two thousand pages."""

# Control characters and the marks that turn the direction of what follows: nothing to see, and PDF/UA refuses some.
_UNSEEN = dict.fromkeys((*range(9), *range(11, 32), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_UNPRINTABLE = re.compile(r'the text `"([^`]+)"` could not be displayed|disallowed codepoint `"([^`]+)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_PAGE = re.compile(rb"/Type\s*/Page\b")
_TRIES = 4


class TooLarge(ValueError):
    """More than can be printed at once."""


def pdf(document: Document, made_at: datetime) -> bytes:
    """The document printed. The same document and instant give the same bytes. Raises `TooLarge`.

    Content enters as data, never as typst source: nothing in a text can become markup. Where Inter has no sign, the
    machine's own fonts are asked; a sign that none of them has is printed by its name: `[fire]`.
    """
    content = _content(document)
    if len(content) > LARGEST:
        raise TooLarge(f"{len(content):,} characters are more than can be printed at once ({LARGEST:,}).")
    import typst  # 84 MB: only whoever prints waits for it

    everywhere = False
    for _ in range(_TRIES):
        try:
            return _printed(content, made_at, everywhere)
        except typst.TypstError as error:
            unprintable = {_unescaped(one or other) for one, other in _UNPRINTABLE.findall(error.diagnostic)}
            if not unprintable:
                raise
            if everywhere:
                for signs in unprintable:
                    content = content.replace(signs, _named(signs))
            everywhere = True
    ascii_only = "".join(sign if sign < "\x7f" else _named(sign) for sign in content)
    return _printed(ascii_only, made_at, everywhere=False)


def pages(content: bytes) -> int:
    """How many sheets a PDF made here has: typst writes each as an object of its own."""
    return len(_PAGE.findall(content))


def _content(document: Document) -> str:
    mended = msgspec.structs.replace(
        document, title=document.title.strip() or "Untitled", blocks=in_order(document.blocks)
    )
    return msgspec.json.encode(_seen(msgspec.to_builtins(mended))).decode()


def _seen(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(_UNSEEN).encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _seen(one) for key, one in value.items()}
    return [_seen(one) for one in value] if isinstance(value, list | tuple) else value


def _named(signs: str) -> str:
    names = (unicodedata.name(sign, f"U+{ord(sign):04X}").lower() for sign in signs if sign.isprintable())
    return "".join(f"[{name}]" for name in names)


def _unescaped(signs: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), signs)


def _printed(content: str, made_at: datetime, everywhere: bool) -> bytes:
    import typst

    made = typst.compile(
        _source(),
        format="pdf",
        font_paths=_fonts(everywhere),
        ignore_system_fonts=not everywhere,
        sys_inputs={"document": content},
        pdf_standards=["ua-1"],
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


@cache
def _source() -> bytes:
    return files("quarterdeck.paper").joinpath("page.typ").read_bytes()


@cache
def _fonts(everywhere: bool) -> Any:
    import fontpkg_inter  # type: ignore[import-untyped]  # it only says where its files are
    import typst

    return typst.Fonts(include_system_fonts=everywhere, font_paths=[str(fontpkg_inter.ROOT)])
