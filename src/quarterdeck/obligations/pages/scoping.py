"""The scope: every regime that there is, whether it applies and why; and regimes of the organisation's own."""

from typing import Annotated, Any

from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template

from quarterdeck.governance.rules import Permission, may
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.principal import Principal
from quarterdeck.obligations import actions, views
from quarterdeck.obligations.events import Clock
from quarterdeck.obligations.pages.forms import Form, Typed, only, said, status
from quarterdeck.obligations.rules.loading import LARGEST
from quarterdeck.obligations.rules.periods import AT_ONCE
from quarterdeck.obligations.rules.scoping import LEVELS, WORST
from quarterdeck.obligations.sources import shipped
from quarterdeck.record import Record, Tx

READ: dict[str, Any] = {"may": Permission.READ}
PLAN: dict[str, Any] = {"may": Permission.PLAN}
Sent = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]


@get("/obligations/scope", opt=READ, sync_to_thread=True)
def scope_page(record: NamedDependency[Record], who: NamedDependency[Principal]) -> Template:
    """Every regime; those that nobody has declared come first."""
    return _scope(record, who, "")


@post("/obligations/scope", opt=PLAN, sync_to_thread=True)
def add_form(record: NamedDependency[Record], who: NamedDependency[Principal], data: Sent) -> Template | Redirect:
    """A regime of the organisation's own, from a pack file or pasted. What is wrong is told with its place."""
    if unknown := sorted(set(data) - {"file", "text"}):
        raise Invalid("The form has no such field.", tuple(f"{name[:60]}: unknown" for name in unknown[:20]))
    name, text = "regime.yaml", ""
    try:
        name, text = _given(data)
        id = record.perform(who, lambda tx: actions.add_regime(tx, text=text, shipped=shipped(), name=name))
    except (Invalid, Refused) as error:
        return _scope(record, who, text, error)
    return Redirect(f"/obligations/regimes/{id}", status_code=303)


@post("/obligations/scope/elsewhere", opt=PLAN, sync_to_thread=True)
def elsewhere_form(record: NamedDependency[Record], who: NamedDependency[Principal], data: Form) -> Template | Redirect:
    """Several regimes at once that do not apply, for one reason: laws of other countries, say."""
    form = only(data, "reason", prefixes=("regime-",))
    chosen = {name.removeprefix("regime-") for name, value in form.items() if name != "reason" and value == "yes"}
    with record.read() as conn:
        rows = [row for row in views.regimes(conn, shipped(), record.clock.now().date()) if row.id in chosen]

    def declare(tx: Tx) -> None:
        for row in rows:
            actions.declare_scope(tx, regime=row.regime, applies=False, reason=form["reason"])

    try:
        if not rows:
            raise Invalid("Which of them?", ("regime: choose at least one",))
        record.perform(who, declare)
    except (Invalid, Refused) as error:
        return _scope(record, who, "", error)
    return Redirect("/obligations/scope", status_code=303)


def _given(data: dict[str, Any]) -> tuple[str, str]:
    file, typed = data.get("file"), data.get("text")
    if isinstance(file, UploadFile) and file.filename:
        content = file.file.read(LARGEST + 1)
        try:
            return "regime.yaml", content.decode("utf-8")
        except UnicodeDecodeError:
            raise Invalid("The file is no text.", ("file: write it in UTF-8",)) from None
    if isinstance(typed, str) and typed.strip():
        return "regime.yaml", typed
    raise Invalid("There is no file.", ("file: choose one, or paste its text",))


@get("/obligations/regimes/{id:str}", opt=READ, sync_to_thread=True)
def regime_page(record: NamedDependency[Record], who: NamedDependency[Principal], id: FromPath[str]) -> Template:
    """What the regime asks, and the form that declares whether it applies."""
    return _regime(record, who, id, {})


@post("/obligations/regimes/{id:str}/scope", opt=PLAN, sync_to_thread=True)
def scope_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], id: FromPath[str], data: Form
) -> Template | Redirect:
    """Whether it applies, and why. A refusal shows the form as it was typed."""
    form = only(data, "applies", "reason", "post", prefixes=("option-", "severity-"))
    try:
        if form["applies"] not in ("yes", "no"):
            raise Invalid("Does it apply?", ("applies: yes or no",))
        with record.read() as conn:
            regime = views.regime_row(conn, shipped(), id, record.clock.now().date()).regime
        applies = form["applies"] == "yes"
        options = {id: form.get(f"option-{id}") == "yes" for id in regime.options} if applies else {}
        severities = [level for level in LEVELS if form.get(f"severity-{level}") == "yes"]
        record.perform(
            who,
            lambda tx: actions.declare_scope(
                tx,
                regime=regime,
                applies=applies,
                reason=form["reason"],
                options=options,
                severities=severities,
                post=form["post"] or None,
            ),
        )
    except (Invalid, Refused) as error:
        return _regime(record, who, id, form, error)
    return Redirect(f"/obligations/regimes/{id}", status_code=303)


def _scope(record: Record, who: Principal, typed: str, error: Invalid | Refused | None = None) -> Template:
    with record.read() as conn:
        rows = views.regimes(conn, shipped(), record.clock.now().date())
    context = {
        "rows": rows,
        "gaps": [row for row in rows if row.gap],
        "typed": typed,
        "may_plan": may(who, Permission.PLAN),
        "kilobytes": LARGEST // 1000,
        **said(error),
    }
    return Template("obligations/scope.html", context=context, status_code=status(error))


def _regime(
    record: Record, who: Principal, id: str, typed: dict[str, str], error: Invalid | Refused | None = None
) -> Template:
    with record.read() as conn:
        row = views.regime_row(conn, shipped(), id, record.clock.now().date())
        posts, text = views.post_titles(conn), views.pack_text(conn, id)
    declared = row.declared
    chosen = set(declared.severities if declared and declared.severities else WORST)
    if typed:
        chosen = {level for level in LEVELS if typed.get(f"severity-{level}") == "yes"}
    context = {
        "row": row,
        "regime": row.regime,
        "typed": Typed(typed),
        "chosen": chosen,
        "levels": LEVELS,
        "posts": [("", f"The plan's owner ({posts['']})" if "" in posts else "The plan's owner")]
        + [(id, title) for id, title in posts.items() if id],
        "text": text,
        "periods": {id: _periods(clock) for id, clock in row.regime.clocks.items()},
        "may_plan": may(who, Permission.PLAN),
        **said(error),
    }
    return Template("obligations/regime.html", context=context, status_code=status(error))


def _periods(clock: Clock) -> str:
    """`4 h or 24 h`: what the limbs of a clock give, each once."""
    found = ("without undue delay" if limb.within in (AT_ONCE, "0") else limb.within for limb in clock.due)
    return " or ".join(dict.fromkeys(found))


ROUTES = [scope_page, add_form, elsewhere_form, regime_page, scope_form]
