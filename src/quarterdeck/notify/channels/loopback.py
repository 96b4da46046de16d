"""Back into the house: where the canary arrives, as proof that the whole path works."""

import asyncio

from sqlalchemy import update

from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import micros
from quarterdeck.notify.kept import canary
from quarterdeck.notify.rules import Delivered, Failed, Message, NotifySettings, Outcome
from quarterdeck.record import Record, Tx


class Loopback:
    """Notes the arrival of the canary named `address`."""

    def __init__(self, record: Record) -> None:
        self._record = record

    async def send(self, message: Message, address: str, settings: NotifySettings) -> Outcome:
        noted = await asyncio.to_thread(self._record.perform, ENGINE, lambda tx: _arrived(tx, address))
        return Delivered("arrived") if noted else Failed(f"there is no canary {address}", permanent=True)


def _arrived(tx: Tx, name: str) -> bool:
    found = tx.connection.execute(update(canary).where(canary.c.name == name).values(arrived_at=micros(tx.now)))
    return found.rowcount > 0
