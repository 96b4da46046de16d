"""Pure rules of contact methods, deliveries, pacing and the text of a page."""

from quarterdeck.notify.rules.contact import CONTACTS, Contacts, Method
from quarterdeck.notify.rules.delivery import DELIVERY, Delivery
from quarterdeck.notify.rules.message import Attachment, Delivered, Failed, Message, Outcome
from quarterdeck.notify.rules.pacing import Hold, Send, choose
from quarterdeck.notify.rules.settings import NotifySettings
from quarterdeck.notify.rules.text import fit, gsm, septets, with_more

LIFECYCLES = (CONTACTS, DELIVERY)

__all__ = [
    "CONTACTS",
    "DELIVERY",
    "LIFECYCLES",
    "Attachment",
    "Contacts",
    "Delivered",
    "Delivery",
    "Failed",
    "Hold",
    "Message",
    "Method",
    "NotifySettings",
    "Outcome",
    "Send",
    "choose",
    "fit",
    "gsm",
    "septets",
    "with_more",
]
