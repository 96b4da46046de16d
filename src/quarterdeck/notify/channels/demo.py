"""The phone on the demo's screen: a row in a table. A resend with the same key rings no second time."""

import asyncio

from sqlalchemy import update

from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import micros
from quarterdeck.notify.kept import demo_phone
from quarterdeck.notify.rules import Delivered, Message, NotifySettings, Outcome
from quarterdeck.record import Record, Tx


class Demo:
    """Writes to the record's own database, so it needs the record."""

    def __init__(self, record: Record) -> None:
        self._record = record

    async def send(self, message: Message, address: str, settings: NotifySettings) -> Outcome:
        await asyncio.to_thread(self._record.perform, ENGINE, lambda tx: _show(tx, message, address))
        await asyncio.sleep(settings.demo_seconds)
        return Delivered("on the demo's phone")


def _show(tx: Tx, message: Message, phone: str) -> None:
    tx.lock()
    again = update(demo_phone).where(demo_phone.c.key == message.key).values(times=demo_phone.c.times + 1)
    if tx.connection.execute(again).rowcount:
        return
    tx.connection.execute(
        demo_phone.insert().values(
            key=message.key,
            phone=phone,
            delivery=message.delivery,
            purpose=message.purpose,
            subject=message.subject,
            text=message.short,
            link=message.link,
            at=micros(tx.now),
            times=1,
        )
    )
