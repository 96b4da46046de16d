"""Contact tests for people: start one, and see who answered."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect, Template

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.readiness import actions, views
from quarterdeck.readiness.pages.forms import READ, REVIEW, Form, fields
from quarterdeck.record import Record


@post("/contact-tests", opt=REVIEW, sync_to_thread=True)
def start_form(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Form]) -> Redirect:
    """Ask those picked for an answer."""
    form = fields(data, "who", "sample", "within", "each_channel", "waking_hours")
    now = record.clock.now()
    sample, within = _whole("sample", form["sample"]), _whole("within", form["within"])
    seed = now.toordinal()
    with record.read() as conn:
        chosen, words = views.selected(conn, form["who"].replace(",", " ").split(), sample, seed, now)
    number = record.perform(
        who,
        lambda tx: actions.start_contact_test(
            tx,
            people=chosen,
            selection=words,
            seed=seed if sample else None,
            within=within or 15,
            each_channel=bool(form["each_channel"]),
            waking_hours=bool(form["waking_hours"]),
        ),
    )
    return Redirect(f"/contact-tests/{number}", status_code=303)


def _whole(field: str, value: str) -> int | None:
    if not value:
        return None
    if not value.isdecimal() or not 1 <= int(value[:9]) <= 10_080 or len(value) > 9:
        raise Invalid("A number is not right.", (f"{field}: a whole number from 1 to 10,080",))
    return int(value)


@get("/contact-tests/{number:int}", opt=READ, sync_to_thread=True)
def test_page(record: NamedDependency[Record], number: FromPath[int]) -> Template:
    """Who answered, by which channel, how soon."""
    with record.read() as conn:
        row = views.contact_test_of(conn, number)
    return Template(template_name="readiness/contact_test.html", context={"row": row})


ROUTES = [start_form, test_page]
