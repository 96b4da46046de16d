"""Keys: issue one and see its secret once, see when each was last used, revoke."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template

from quarterdeck.governance import actions, views
from quarterdeck.governance.rules import KEY_ROLES, Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record

_OPT = {"may": Permission.ADMINISTER}


class NewKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label: str
    role: str


@get("/keys", opt=_OPT, sync_to_thread=True)
def keys_page(record: NamedDependency[Record]) -> Template:
    return _page(record)


@post("/keys", opt=_OPT, sync_to_thread=True)
def issue_key(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    data: Annotated[NewKey, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Template:
    """Answers with the page itself, no redirect: the secret is on it this once and nowhere else."""
    secret = record.perform(who, lambda tx: actions.issue_key(tx, label=data.label, roles=[data.role]))
    return _page(record, secret=secret, label=data.label)


@post("/keys/{key:str}/revocation", opt=_OPT, sync_to_thread=True)
def revoke_key(record: NamedDependency[Record], who: NamedDependency[Principal], key: FromPath[str]) -> Redirect:
    record.perform(who, lambda tx: actions.revoke_key(tx, key=key))
    return Redirect("/keys", status_code=303)


def _page(record: Record, secret: str | None = None, label: str = "") -> Template:
    with record.read() as conn:
        keys, actors = views.keys(conn), views.actor_names(conn)
    context = {
        "keys": keys,
        "actors": actors,
        "roles": KEY_ROLES,
        "secret": secret,
        "label": label,
    }
    return Template("governance/keys.html", context=context)


ROUTES = [keys_page, issue_key, revoke_key]
