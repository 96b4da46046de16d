"""A browser without a screen: only links and buttons that stand on the page in hand can be followed or pressed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin

HTML = {"accept": "text/html"}
UNREAD = ("script", "style", "kbd")
"""The keys on buttons are for the eye alone."""


@dataclass
class Form:
    """What would be posted, and under which words its buttons do it."""

    action: str
    id: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Page:
    """One page as it was answered."""

    path: str
    text: str = ""
    links: dict[str, str] = field(default_factory=dict)
    """href → its words."""
    ids: set[str] = field(default_factory=set)
    forms: list[Form] = field(default_factory=list)


class Walker:
    """Somebody signed in who walks the console; `page` is the one in hand."""

    def __init__(self, client: Any, path: str = "/") -> None:
        self.client = client
        self.page = Page("")
        self.open(path)

    def open(self, path: str) -> Page:
        """An address typed in; its place on the page has to be there."""
        address, place = urldefrag(urljoin(self.page.path, path))
        return self._take(self.client.get(address, headers=HTML), address, place)

    def follow(self, href: str) -> Page:
        """A link that stands on this page; `href` whole, or its beginning if only one begins so."""
        links = self.page.links
        found = [href] if href in links else [one for one in links if one.startswith(href)]
        assert len(found) == 1, f"{self.page.path} has {found or 'no link'} for {href}; it has {sorted(links)}"
        return self.open(found[0])

    def press(self, words: str, **typed: str) -> Page:
        """A button of this page, with what was typed into its form; every field has to be there."""
        found = [form for form in self.page.forms if words in form.buttons]
        assert found, f"{self.page.path} has no button {words!r}: {[list(form.buttons) for form in self.page.forms]}"
        form = next((one for one in found if set(typed) <= set(one.fields)), found[0])
        assert set(typed) <= set(form.fields), f"{words!r} on {self.page.path} asks for {sorted(form.fields)}"
        data = form.fields | form.buttons[words] | typed
        action = urljoin(self.page.path, form.action)
        answer = self.client.post(action, data=data, headers=HTML)
        return self._take(answer, str(answer.url.path), answer.url.fragment)

    def _take(self, answer: Any, path: str, place: str) -> Page:
        assert answer.status_code == 200, (path, answer.status_code, answer.text[-3_000:])
        self.page = read(path, answer.text)
        assert not place or place in self.page.ids, f"{path} has no place #{place}"
        return self.page


def read(path: str, text: str) -> Page:
    """The links, places and forms of a page."""
    reader = _Reader(Page(path))
    reader.feed(text)
    page = reader.page
    page.text = " ".join("".join(reader.words).split())
    named = {form.id: form for form in page.forms if form.id}
    for owner, name, value in reader.apart:
        named[owner].fields[name] = value
    return page


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.words: list[str] = []
        self.apart: list[tuple[str, str, str]] = []
        """Fields that name the form which they belong to."""
        self._form: Form | None = None
        self._said: list[str] | None = None
        self._link = ""
        self._button: dict[str, str] | None = None
        self._area: tuple[str | None, str] | None = None
        self._select = ""
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if "id" in has:
            self.page.ids.add(has["id"])
        if tag in UNREAD:
            self._unread += 1
        elif tag == "a" and "href" in has:
            self._link, self._said = has["href"], []
        elif tag == "form":
            self._form = Form(has.get("action", ""), has.get("id", ""))
            self.page.forms.append(self._form)
        elif tag == "input" and "name" in has and (has.get("type") != "checkbox" or "checked" in has):
            self._put(has.get("form"), has["name"], has.get("value", "on"))
        elif tag == "textarea" and "name" in has:
            self._area, self._said = (has.get("form"), has["name"]), []
        elif tag == "select":
            self._select = has.get("name", "")
        elif tag == "option" and self._select:
            first = self._form is not None and self._select not in self._form.fields
            if first or "selected" in has:
                self._put(None, self._select, has.get("value", ""))
        elif tag == "button":
            self._button, self._said = {has["name"]: has.get("value", "")} if "name" in has else {}, []

    def handle_endtag(self, tag: str) -> None:
        said = "".join(self._said or ())
        if tag in UNREAD:
            self._unread -= 1
        elif tag == "a" and self._link:
            self.page.links.setdefault(self._link, " ".join(said.split()))
            self._link = ""
        elif tag == "form":
            self._form = None
        elif tag == "textarea" and self._area:
            self._put(self._area[0], self._area[1], said.removeprefix("\n"))
            self._area = None
        elif tag == "select":
            self._select = ""
        elif tag == "button" and self._button is not None:
            if self._form:
                self._form.buttons[" ".join(said.split())] = self._button
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._unread:
            return
        self.words.append(data)
        if self._said is not None:
            self._said.append(data)

    def _put(self, owner: str | None, name: str, value: str) -> None:
        if owner:
            self.apart.append((owner, name, value))
        elif self._form:
            self._form.fields[name] = value
