"""Plain text mail, with a document if there is one, to one SMTP server; a password is never sent in clear unasked."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from quarterdeck.kernel.time import SystemClock
from quarterdeck.notify.outbound import in_thread
from quarterdeck.notify.rules import Delivered, Failed, Message, NotifySettings, Outcome


async def send(message: Message, address: str, settings: NotifySettings) -> Outcome:
    """Hand it to the SMTP server of the settings, which the administrator chose: no address check here."""
    return await in_thread(lambda: _send(message, address, settings), settings)


def _send(message: Message, address: str, settings: NotifySettings) -> Outcome:
    try:
        return _hand_over(compose(message, address, settings), settings)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return Failed(_answer(code, said), permanent=500 <= code < 600)
    except smtplib.SMTPAuthenticationError as error:
        return Failed(_answer(error.smtp_code, error.smtp_error), permanent=True)
    except smtplib.SMTPResponseException as error:
        return Failed(_answer(error.smtp_code, error.smtp_error), permanent=500 <= error.smtp_code < 600)
    except ConnectionRefusedError as error:
        return Failed(f"the mail server does not answer: {error}"[:300])
    except (OSError, smtplib.SMTPException) as error:
        return Failed(f"{type(error).__name__}: {error}"[:300], unsure=True)
    except ValueError as error:
        return Failed(f"cannot be written as mail: {error}"[:300], permanent=True)


def compose(message: Message, address: str, settings: NotifySettings) -> EmailMessage:
    """The mail. Its Message-ID is the idempotency key: a resend is the same mail."""
    sender = parseaddr(settings.mail_from)[1] or settings.mail_from
    mail = EmailMessage(policy=SMTP)
    mail["From"] = settings.mail_from
    mail["To"] = address
    mail["Subject"] = " ".join((message.subject or message.text).split())[:200]
    mail["Date"] = format_datetime(SystemClock().now())
    mail["Message-ID"] = f"<{message.key}@{sender.partition('@')[2] or 'quarterdeck'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Quarterdeck-About"] = message.about
    if message.purpose in ("page", "elevation") and message.urgency <= 1:
        mail["X-Priority"] = "1"
    words = "In full" if message.attachment else "Answer here"
    body = message.text if not message.link else f"{message.text}\n\n{words}: {message.link}"
    mail.set_content(f"{body}\n")
    if message.attachment is not None:
        main, _, sub = message.attachment.media_type.partition("/")
        mail.add_attachment(message.attachment.content, maintype=main, subtype=sub, filename=message.attachment.name)
    return mail


def _hand_over(mail: EmailMessage, settings: NotifySettings) -> Outcome:
    context = ssl.create_default_context()
    seconds = settings.attempt_seconds
    if settings.smtp_tls == "implicit":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=seconds, context=context
        )
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=seconds)
    with server:
        server.ehlo()
        offered = server.has_extn("starttls")
        strict = settings.smtp_tls == "required" or (settings.smtp_tls == "auto" and settings.smtp_user != "")
        if strict and not offered:
            return Failed("the mail server offers no STARTTLS; smtp_tls = off would send all in clear", True)
        if offered and settings.smtp_tls in {"auto", "required"}:
            server.starttls(context=context if strict else _lenient())
            server.ehlo()
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(mail)
    return Delivered(f"taken by {settings.smtp_host}")


def _lenient() -> ssl.SSLContext:
    """`auto` without a password encrypts to whoever answers, as mail servers do among themselves."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"SMTP {code}: {' '.join(text.split())}"[:300]
