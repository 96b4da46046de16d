"""What can be done: ask for a delivery or withdraw it, keep contact methods, answer the page behind a link."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest

from sqlalchemy import delete, func, select, update

from quarterdeck.governance.rules import Permission, may, unguarded
from quarterdeck.governance.state import person as person_of
from quarterdeck.kernel.errors import Forbidden, NotFound, Refused
from quarterdeck.kernel.ids import new_id, secret
from quarterdeck.kernel.time import from_micros, micros
from quarterdeck.notify.events import ReplyReceived
from quarterdeck.notify.kept import contact_address, contact_code, delivery_pending, digest, page_link
from quarterdeck.notify.rules import CONTACTS, DELIVERY, contact
from quarterdeck.notify.rules import delivery as life
from quarterdeck.notify.state import address as address_of
from quarterdeck.notify.state import methods as methods_of
from quarterdeck.record import Tx

# -- deliveries --------------------------------------------------------------------------------


@unguarded("a mechanism: the action of the room that asks has its own permission")
def request(
    tx: Tx,
    *,
    person: str,
    about: str,
    purpose: str,
    urgency: int,
    subject: str,
    text: str,
    url_path: str = "",
    title: str = "",
    methods: Sequence[str] | None = None,
    attachment: str = "",
    drill: bool = False,
) -> str:
    """Ask that `person` be told; returns the delivery's id. Sent by the engine, never in this transaction.

    `methods`: by these of the person's verified methods alone; None: by all, in order.

    `urgency` 0 (SEV1) to 4. `title` is the part of `text` that is shortened first where only 160 characters fit.
    `attachment`: a stream whose document goes along where the way can carry one (`reactions/attaching.py`).
    `url_path` is where the link of an update leads; a page's link is minted when it is sent. `drill`: of an exercise.
    """
    whom = person_of(tx, person)
    verified = [method.id for method in methods_of(tx, person) if method.verified]
    chosen = verified if methods is None else [one for one in verified if one in methods]
    active = whom is None or whom.active
    return _request(
        tx, person, about, purpose, urgency, subject, text, url_path, title, chosen, active, attachment, drill
    )


def _request(
    tx: Tx,
    person: str,
    about: str,
    purpose: str,
    urgency: int,
    subject: str,
    text: str,
    url_path: str,
    title: str,
    methods: Sequence[str],
    active: bool,
    attachment: str = "",
    drill: bool = False,
) -> str:
    id = new_id(tx.now)
    events = life.request(
        id, person, about, purpose, urgency, subject, text, url_path, title, methods, active, tx.now, attachment, drill
    )
    tx.append_many([(DELIVERY, id, events)], fresh=True)
    if len(events) == 1:
        row = {"delivery": id, "about": about, "person": person, "purpose": purpose, "urgency": urgency}
        tx.connection.execute(delivery_pending.insert().values(row))
    return id


@unguarded("a mechanism: the action of the room that asks has its own permission")
def withdraw(tx: Tx, *, about: str, purposes: Sequence[str] = ("page",), reason: str = "no longer needed") -> int:
    """Withdraw what is pending about `about`; returns how many. What a channel has been given already may arrive."""
    tx.lock()
    pending = delivery_pending
    mine = (pending.c.about == about) & pending.c.purpose.in_(list(purposes))
    ids = tx.connection.execute(select(pending.c.delivery).where(mine)).scalars().all()
    if not ids:
        return 0
    states = tx.load_many(DELIVERY, ids)
    appends = [(DELIVERY, id, life.withdraw(state, reason, tx.now)) for id, state in states.items()]
    tx.append_many(appends)
    tx.connection.execute(delete(pending).where(mine))
    tx.connection.execute(update(pending).where(pending.c.leader.in_(ids)).values(leader=None))
    return sum(1 for _, _, events in appends if events)


# -- contact methods ---------------------------------------------------------------------------


def _own(tx: Tx, person: str) -> None:
    """A person's methods are the person's own, and the administrators'."""
    if tx.by.person != person and not may(tx.by, Permission.ADMINISTER):
        raise Forbidden(Permission.ADMINISTER.value)


@unguarded("one's own methods, or an administrator's right: checked on the person, in the action")
def add_method(tx: Tx, *, person: str, kind: str, address: str, assume_verified: bool = False) -> str:
    """Add a way to reach `person`, last in order; returns its id. It gets no pages until verified.

    `assume_verified` (administrators only) is for the first address of a new house.
    """
    _own(tx, person)
    if assume_verified and not may(tx.by, Permission.ADMINISTER):
        raise Forbidden(Permission.ADMINISTER.value)
    if person_of(tx, person) is None:
        raise NotFound(f"person {person}")
    address = address.strip()
    contact.check_address(kind, address)
    tx.lock()
    same = select(contact_address.c.method).where(
        contact_address.c.person == person, contact_address.c.kind == kind, contact_address.c.address == address
    )
    if tx.connection.execute(same).first():
        raise Refused("MethodExists", "This contact method is there already.")
    method = new_id(tx.now)
    contacts = tx.append(CONTACTS, person, contact.add(tx.load(CONTACTS, person), person, method, kind, tx.now))
    signing = _signing_secret() if kind == "webhook" else ""
    row = {"method": method, "person": person, "kind": kind, "address": address, "secret": signing}
    tx.connection.execute(contact_address.insert().values(row))
    if assume_verified:
        tx.append(CONTACTS, person, contact.verify(contacts, method, "assumed", tx.now))
    return method


def _signing_secret() -> str:
    """As Standard Webhooks has it: 32 random bytes in base64 after `whsec_`."""
    return f"whsec_{b64encode(sha256(secret('whsec').encode()).digest()).decode()}"


@unguarded("one's own methods, or an administrator's right: checked on the person, in the action")
def remove_method(tx: Tx, *, method: str) -> None:
    """Forget a contact method; deliveries under way fall over to the next one."""
    found = address_of(tx, method)
    if found is None:
        raise NotFound(f"contact method {method}")
    _own(tx, found.person)
    tx.decide(CONTACTS, found.person, lambda contacts: contact.remove(contacts, method, tx.now))
    tx.connection.execute(delete(contact_address).where(contact_address.c.method == method))
    tx.connection.execute(delete(contact_code).where(contact_code.c.method == method))


@unguarded("one's own methods, or an administrator's right: checked on the person, in the action")
def order_methods(tx: Tx, *, person: str, methods: Sequence[str]) -> None:
    """Say which method is tried first, second, …; every method must be named once."""
    _own(tx, person)
    tx.decide(CONTACTS, person, lambda contacts: contact.order(contacts, methods, tx.now))


@unguarded("one's own methods, or an administrator's right: checked on the person, in the action")
def send_verification(tx: Tx, *, method: str) -> str:
    """Send a six-digit code through the method itself, good for 15 minutes; returns the delivery's id."""
    found = address_of(tx, method)
    if found is None:
        raise NotFound(f"contact method {method}")
    _own(tx, found.person)
    contacts = tx.existing(CONTACTS, found.person)
    if contacts.method(method).verified:
        raise Refused("AlreadyVerified", "This contact method is verified already.")
    tx.lock()
    _check_codes_sent(tx, found.person, method)
    code = f"{int(sha256(secret('code').encode()).hexdigest(), 16) % 1_000_000:06}"
    id = _request(
        tx,
        found.person,
        f"contact/{found.person}",
        "verification",
        2,
        "Quarterdeck: your code",
        "Quarterdeck: your code is {code}. It is good for 15 minutes.",
        "",
        "",
        [method],
        True,
    )
    row = {"delivery": id, "method": method, "person": found.person, "code": code, "sent_at": micros(tx.now)}
    tx.connection.execute(contact_code.insert().values({**row, "tries": 0, "spent": 0}))
    return id


def _check_codes_sent(tx: Tx, person: str, method: str) -> None:
    code, hour_ago = contact_code, micros(tx.now - timedelta(hours=1))
    tx.connection.execute(delete(code).where(code.c.sent_at < hour_ago))
    sent = select(func.count()).select_from(code)
    of_person = tx.connection.execute(sent.where(code.c.person == person)).scalar_one()
    recent = micros(tx.now - contact.CODE_LASTS)
    of_method = tx.connection.execute(sent.where(code.c.method == method, code.c.sent_at > recent)).scalar_one()
    if of_method >= contact.CODES_PER_METHOD or of_person >= contact.CODES_PER_PERSON:
        raise Refused("TooManyCodes", "Several codes have been sent already. Wait a quarter of an hour.")


@unguarded("one's own methods, or an administrator's right: checked on the person, in the action")
def verify_method(tx: Tx, *, method: str, code: str) -> bool:
    """True if `code` is the latest one sent through the method; it is spent then, and after five wrong tries.

    A wrong code is an answer, not an exception: the try must be counted, so the transaction has to commit.
    """
    found = address_of(tx, method)
    if found is None:
        raise NotFound(f"contact method {method}")
    _own(tx, found.person)
    tx.lock()
    table = contact_code
    latest = select(table).where(table.c.method == method).order_by(table.c.sent_at.desc(), table.c.delivery.desc())
    row = tx.connection.execute(latest.limit(1)).first()
    if row is None or row.spent or tx.now >= from_micros(row.sent_at) + contact.CODE_LASTS:
        raise Refused("NoCode", "There is no code to compare with. Have a new one sent.")
    if row.tries >= contact.CODE_TRIES:
        raise Refused("TooManyTries", "Five wrong codes. Have a new one sent.")
    right = compare_digest(row.code.encode(), code.strip().encode())
    mine = table.c.delivery == row.delivery
    tx.connection.execute(update(table).where(mine).values(tries=row.tries + 1, spent=int(right)))
    if right:
        tx.decide(CONTACTS, found.person, lambda contacts: contact.verify(contacts, method, "code", tx.now))
    return right


@unguarded("one's own pager, or an administrator's right: checked on the person, in the action")
def ring(tx: Tx, *, person: str) -> str:
    """Page this person now, about nothing: the whole path, by the first method that takes it."""
    _own(tx, person)
    return request(
        tx,
        person=person,
        about=f"contact/{person}",
        purpose="test",
        urgency=2,
        subject="Quarterdeck: a test of your pager",
        text="TEST Your pager works. Nothing has happened, nothing to do.",
    )


# -- replies -----------------------------------------------------------------------------------


@unguarded("the token is the permission: unguessable, single-use, and void after a day")
def redeem(tx: Tx, *, token: str, answer: str) -> ReplyReceived:
    """Give `answer` (ack, escalate, decline) to the page behind a link; the link is spent."""
    tx.lock()
    table = page_link
    row = tx.connection.execute(select(table).where(table.c.digest == digest(token))).first()
    if row is None:
        raise NotFound("page behind this link")
    if tx.now >= from_micros(row.expires_at):
        raise Refused("LinkExpired", "This link is more than a day old. Sign in to answer.")
    if row.used_at is not None:
        raise Refused("LinkUsed", f"This link has been used already (answer: {row.answer}). Sign in to change it.")
    events = life.reply(tx.existing(DELIVERY, row.delivery), answer, tx.now)
    tx.append(DELIVERY, row.delivery, events)
    used = update(table).where(table.c.digest == row.digest, table.c.used_at.is_(None))
    tx.connection.execute(used.values(used_at=micros(tx.now), answer=answer))
    reply = events[0]
    assert isinstance(reply, ReplyReceived)
    return reply


__all__ = [
    "add_method",
    "order_methods",
    "redeem",
    "remove_method",
    "request",
    "ring",
    "send_verification",
    "verify_method",
    "withdraw",
]
