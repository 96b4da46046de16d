"""A draft's files with what somebody has typed in one of its forms: fields, rows moved, entries begun or taken away."""

from collections.abc import Mapping, Sequence
from typing import Any

from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.plan.rules import yaml_text as write
from quarterdeck.plan.rules.dropping import without_document, without_procedure
from quarterdeck.plan.rules.editing import GONE, edited, rearranged
from quarterdeck.plan.rules.faults import Fault, Path
from quarterdeck.plan.rules.forms.asking import every
from quarterdeck.plan.rules.forms.choices import Known
from quarterdeck.plan.rules.forms.filling import filled, slug
from quarterdeck.plan.rules.forms.layout import Form, at, entry_path, form_of, step_form, together
from quarterdeck.plan.rules.forms.section import Section
from quarterdeck.plan.rules.forms.sections import SECTIONS
from quarterdeck.plan.rules.reading import read

Files = Mapping[str, str]
FILE = "file"
_MOVES = ("up", "down", "drop")


def typed(files: Files, form: Mapping[str, str], known: Known) -> dict[str, str]:
    """`form["part"]` is `file`, or a section's key with `id` and `step`; `do` is `save`, or an operation on rows.

    Raises `NotFound` for a part that is not there, `Invalid` for what a form cannot change at its place.
    """
    if form.get("part") == FILE:
        return _file(files, form)
    section = SECTIONS.get(form.get("part", ""))
    if section is None:
        raise NotFound(f"section {form.get('part', '')[:80]}")
    made = forms_in(read(files).document, section, form.get("id", ""), form.get("step", ""), known)
    texts = edited(files, [change for one in made for change in filled(one.fields, form)])
    return _done(texts, section, made, form)


def forms_in(
    document: Mapping[str, Any],
    section: Section,
    id: str,
    step: str,
    known: Known,
    faults: Sequence[Fault] = (),
) -> tuple[Form, ...]:
    """The forms of a page: one of an entry or a step, all posts together, none of a list. Raises `NotFound`."""
    if section.key == "posts" and not id:
        return together(document, section, ("title", "login"), known, faults)
    if not id and section.shape != "single":
        return ()
    found = step_form(document, id, step, known, faults) if step else form_of(document, section, id, known, faults)
    if found is None:
        raise NotFound(f"{section.one} {step or id}"[:120])
    return (found,)


def _file(files: Files, form: Mapping[str, str]) -> dict[str, str]:
    name, text = form.get("name", ""), form.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
    if form.get("do") == "remove":
        return {one: kept for one, kept in files.items() if one != name}
    if "\r\n" in files.get(name, ""):
        text = text.replace("\n", "\r\n")
    if files.get(name, "").endswith("\n") and not text.endswith("\n"):
        text += "\n"  # a text area drops nothing, but people do
    return {**files, name: text}


def _done(files: dict[str, str], section: Section, made: tuple[Form, ...], form: Mapping[str, str]) -> dict[str, str]:
    do, _, target = form.get("do", "save").partition(":")
    if do == "new":
        return begun(files, section, form.get("new:title", ""), form.get("new:login", ""))
    if do == "remove":
        return removed(files, section, target)
    if do == "step":
        return _new_step(files, form.get("id", ""), form.get("new:step", ""))
    if do in ("add", *_MOVES):
        lists = _lists(files, section, made, form)
        path = next((path for path in lists if target.startswith(".".join(map(str, path)))), None)
        if path is None:
            raise Invalid("The form is not whole. Load the page again.", ("do: names no list of this form",))
        place = target.removeprefix(".".join(map(str, path))).strip(".")
        return _moved(files, path, do, int(place) if place.isdigit() else 0, lists[path])
    return files


def _lists(files: Files, section: Section, made: tuple[Form, ...], form: Mapping[str, str]) -> dict[Path, Any]:
    """The lists that this page can rearrange, with what a new row begins with."""
    rows: dict[Path, Any] = {
        one.path: dict(one.ask.new) for entry in made for one in every(entry.fields) if one.ask.kind == "rows"
    }
    if section.key == "procedures" and form.get("id") and not form.get("step"):
        rows[("procedures", form["id"], "steps")] = {}
    if section.shape == "listed" and not form.get("id"):
        rows[section.path] = {}
    return rows


def _moved(files: Files, path: Path, do: str, place: int, new: Mapping[str, Any]) -> dict[str, str]:
    items = at(read(files).document, path)
    count = len(items) if isinstance(items, list) else 0
    order: list[Any] = list(range(count))
    if do == "add":
        if not count:
            return edited(files, [(path, [dict(new)])])
        order.append(_unlike(dict(new), items))
    elif place >= count:
        return dict(files)
    elif do == "drop":
        order.pop(place)
        if not order:
            return edited(files, [(path, GONE)])
    else:
        other = place - 1 if do == "up" else place + 1
        if not 0 <= other < count:
            return dict(files)
        order[place], order[other] = order[other], order[place]
    return rearranged(files, path, order)


def _unlike(new: dict[str, Any], items: list[Any]) -> dict[str, Any]:
    """A new row whose id no other row has."""
    taken = [str(one.get("id")) for one in items if isinstance(one, dict)]
    return {**new, "id": slug(str(new["id"]), taken)} if "id" in new else new


def begun(files: Files, section: Section, title: str, login: str = "") -> dict[str, str]:
    """The files with another entry of a section, of which only its name is known so far."""
    title = " ".join(title.split())
    if not title:
        raise Invalid("Give it a name.", ("new:title: is empty",))
    document = read(files).document
    here = at(document, section.path)
    if section.shape == "listed":
        names = [str(one.get(section.key_field)) for one in here or [] if isinstance(one, dict)]
        entry = {section.key_field: slug(title, names), **({} if section.naming == "name" else {"title": title})}
        entry |= _known_so_far(document, section)
        order: list[Any] = list(range(len(names)))
        # Before the last route: that one usually takes all signals, so nothing below it is ever reached.
        at_place = max(len(order) - 1, 0) if section.key == "routing" else len(order)
        order.insert(at_place, entry)
        return rearranged(files, section.path, order) if names else edited(files, [(section.path, [entry])])
    id = slug(title, here if isinstance(here, dict) else ())
    entry = {section.naming: title, **_known_so_far(document, section), **({"login": login} if login else {})}
    if section.folder and section.key != "procedures":
        return {**files, f"{section.key}/{id}.md": f"---\n{write.block(entry, 0)}\n---\n\n# {title}\n"}
    return edited(files, [((*section.path, id), entry)])


def _known_so_far(document: Mapping[str, Any], section: Section) -> dict[str, Any]:
    commander = document.get("commander", "incident-commander")
    known: dict[str, Any] = dict(section.new)
    for ask in section.asks:
        if ask.must and ask.name == "owner":
            known["owner"] = document.get("owner", "")
        if ask.must and ask.name == "by":
            known["by"] = commander
        if ask.must and ask.name == "final":
            known["final"] = document.get("approver", "")
    if section.key == "procedures":
        known["steps"] = [{"id": "look", "title": "See what does not work and for whom", "role": commander}]
    if section.key == "guidelines":
        known["procedure"] = next(iter(document.get("procedures") or {}), "")
    return known


def removed(files: Files, section: Section, id: str) -> dict[str, str]:
    """The files without an entry. What still names it is a fault from then on; with a procedure its types go too."""
    path = entry_path(read(files).document, section, id)
    if path is None:
        raise NotFound(f"{section.one} {id}"[:120])
    if section.key == "procedures":
        return without_procedure(files, id)
    if section.folder:
        return without_document(files, section.key, id)
    if section.shape == "listed":
        return _moved(files, section.path, "drop", int(path[-1]), {})
    return edited(files, [(path, GONE)])


def _new_step(files: Files, procedure: str, title: str) -> dict[str, str]:
    title = " ".join(title.split())
    if not title:
        raise Invalid("Say what is done.", ("new:step: is empty",))
    document = read(files).document
    path: Path = ("procedures", procedure, "steps")
    steps = at(document, path)
    items = steps if isinstance(steps, list) else []
    taken = [str(one.get("id")) for one in items if isinstance(one, dict)]
    step = {"id": slug(title, taken), "title": title, "role": document.get("commander", "incident-commander")}
    return rearranged(files, path, [*range(len(items)), step]) if items else edited(files, [(path, [step])])
