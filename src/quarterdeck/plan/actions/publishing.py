"""A text becomes the plan in force: adopted at the host, or published once approved."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import people_who_may, person_by_login
from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan import rules
from quarterdeck.plan.actions.upkeeping import keep_documents
from quarterdeck.plan.events import DraftPublished, Reason
from quarterdeck.plan.rules import DRAFT
from quarterdeck.plan.rules.checking import Checked, check
from quarterdeck.plan.rules.comparing import told
from quarterdeck.plan.rules.differences import differences
from quarterdeck.plan.rules.drafting import ready_to_publish
from quarterdeck.plan.rules.people_named import strangers
from quarterdeck.plan.rules.reasons import check_reasons
from quarterdeck.plan.state import KEY, in_force, revision
from quarterdeck.record import Tx


@permitted(Permission.PLAN)
def adopt(
    tx: Tx,
    *,
    files: Mapping[str, str] | None = None,
    document: Mapping[str, Any] | None = None,
    reason: str,
    reasons: Sequence[Reason] = (),
    approved_by: str | None = None,
    based_on: int | None = None,
) -> int:
    """Bring a plan into force without a draft: at the installation, and by the operator at the host. Not for the web.

    Files (name → text), or one document. `approved_by`: the login of another person with the permission for the plan,
    who approved it elsewhere; without, the record says that nobody did. `based_on`: the revision that the author
    started from; refused if another is in force by now. Without `reasons` it cites its own adoption.
    Returns the revision's number. Raises `Invalid` with every fault and its place, `Refused` if nothing changed.
    """
    if (files is None) == (document is None):
        raise Invalid("Give the plan either as files or as one document.")
    texts = dict(files) if files is not None else {"plan.yaml": _as_yaml(document or {})}
    return _publish(
        tx,
        texts,
        reason=reason,
        reasons=reasons or (Reason(kind="adoption", text=reason),),
        authors=(tx.by.id,),
        approved_by=_approved_elsewhere(tx, approved_by) if approved_by else None,
        based_on=based_on,
    )


@permitted(Permission.PLAN)
def publish_draft(tx: Tx, *, draft: int) -> int:
    """Bring an approved draft into force; returns its revision number.

    Raises `Refused`: `NotApproved`, or `PlanMovedOn` with what changed meanwhile if another revision than the one it is
    based on is in force; the text stays in the draft.
    """
    found = tx.existing(DRAFT, draft)
    ready_to_publish(found)
    number = _publish(
        tx,
        found.files,
        reason=found.title,
        reasons=found.reasons,
        authors=found.authors,
        approved_by=found.approved_by,
        based_on=found.based_on or 0,
        draft=draft,
    )
    tx.append(DRAFT, draft, [DraftPublished(at=tx.now, by=tx.by.id, revision=number)])
    return number


def _publish(
    tx: Tx,
    texts: Mapping[str, str],
    *,
    reason: str,
    reasons: Sequence[Reason],
    authors: Sequence[str],
    approved_by: str | None,
    based_on: int | None,
    draft: int | None = None,
) -> int:
    checked = sound(tx, texts)
    plan, before = checked.sound(), in_force(tx)
    changes = differences(before.plan if before else None, plan)
    meanwhile = ""
    if based_on and before and based_on != before.revision:
        then = revision(tx, based_on).plan
        meanwhile = told([change.sentence for change in differences(then, before.plan)])
    written, published = rules.publish(
        tx.load(rules.PLAN, KEY),
        files=texts,
        document=checked.document(),
        reason=reason,
        by=tx.by.id,
        now=tx.now,
        based_on=based_on,
        meanwhile=meanwhile,
        reasons=reasons if draft else check_reasons(reasons, changes if before else None),
        authors=authors,
        approved_by=approved_by,
        draft=draft,
    )
    tx.append_many([(rules.REVISION, written.revision, [written]), (rules.PLAN, KEY, [published])])
    keep_documents(tx, plan, published, before.plan if before else None, changes)
    return published.revision


def sound(tx: Tx, texts: Mapping[str, str]) -> Checked:
    """The text checked, its people included. Raises `Invalid` with every fault."""
    checked = check(texts)
    checked.sound()
    _demand_people(tx, checked)
    return checked


def _approved_elsewhere(tx: Tx, login: str) -> str:
    able = people_who_may(tx, Permission.PLAN)
    found = next((one for one in able if one.login == login), None)
    if found is None or f"person/{found.id}" == tx.by.id:
        others = ", ".join(one.login for one in able if f"person/{one.id}" != tx.by.id) or "there is nobody else"
        problem = "is no active person who may" if found is None else "is the one who publishes"
        raise Invalid(
            "Whoever approves is another active person with the permission `plan`.",
            (f"approved_by: {login!r} {problem}; use one of: {others}",),
        )
    return f"person/{found.id}"


def _demand_people(tx: Tx, checked: Checked) -> None:
    """Every post is held, and every `person:` target is, by somebody who exists and is active."""

    def problem(login: str) -> str | None:
        found = person_by_login(tx, login)
        return None if found and found.active else ("is deactivated" if found else "does not exist")

    if faults := strangers(checked, problem):
        raise Invalid("The plan names people who cannot act, and was not published.", tuple(map(str, faults)))


def _as_yaml(document: Mapping[str, Any]) -> str:
    stream = io.StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # typed as None by ruamel
    writer.representer.ignore_aliases = lambda *_: True
    writer.dump(dict(document), stream)
    return stream.getvalue()
