"""The executive page goes out by itself, with the sheet attached."""

from quarterdeck.direction import actions
from quarterdeck.direction.events.reporting import BoardMailDue
from quarterdeck.direction.views import reporting as views
from quarterdeck.notify.rules import Attachment
from quarterdeck.record import Reaction, Record, Recorded, Tx


def on_board_mail_due(tx: Tx, recorded: Recorded) -> None:
    actions.send_page(tx, period=recorded.event.period, page=views.executive(tx.connection, tx.now))


def sheet(record: Record, key: str, base_url: str) -> Attachment:
    """The page as it was issued, printed."""
    with record.read() as conn:
        row, page = views.issue(conn, int(key))
    content = views.sheet(page, row.at, base_url, row.number)
    return Attachment(f"executive-{page.as_of:%Y-%m-%d}.pdf", "application/pdf", content)


REACTIONS = (Reaction("direction.on_board_mail_due", (BoardMailDue,), on_board_mail_due),)
DOCUMENTS = {"board-page": sheet}
