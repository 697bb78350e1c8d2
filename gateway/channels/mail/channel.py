"""E-mail.

In: a mailbox over IMAP, or a signed webhook that hands a mail over as it came. Out: SMTP. Each thread of a person is a
chat of its own. A mail proves nothing about who sent it: `From` can be forged, so no conversation is verified by it.

Rules followed: RFC 5322 (threads by Message-ID and References), RFC 3834 (what may be answered, `Auto-Submitted`),
RFC 3464 (reports of mail servers), RFC 8601 (what the shop's own server found out about the sender).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import imaplib
import re
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any, ClassVar, Final

import aiosmtplib
from pydantic import SecretStr
from starlette.responses import Response

from gateway import locales
from gateway.channels import reasons
from gateway.channels.mail.mailbox import Mailbox
from gateway.channels.mail.pages import show
from gateway.channels.mail.reading import Mail, read
from gateway.channels.payloads import as_moment
from gateway.channels.port import Channel, Event, Part, Pulled, Rate, Recipient, Request, SendLater, SendRefused
from gateway.channels.rendering import choices_of, image_of, numbered, pictures_of, words_of
from gateway.channels.signatures import expect_equal, hmac_sha256
from shopdesk_schemas.problems import Unauthenticated

OLDEST: Final = timedelta(minutes=5)
"""How old a signed call may be."""
PICTURES: Final = 6
"""In one mail: a choice of ours, as many as the assistant shows products at once."""
_SIGNED: Final = re.compile(r"<([0-9a-f]{20})\.[0-9a-f]{32}\.([0-9a-f]{24})@[^<>\s]+>")
_UNFOLDED: Final = policy.SMTP.clone(max_line_length=990, cte_type="7bit")
"""The standard library folds ids of mails into encoded words, which no mail program reads as ids."""
_KEY: Final = 20
_MAC: Final = 24


@dataclass(frozen=True)
class MailServer:
    """Where mails go out."""

    host: str
    port: int
    tls: bool
    user: str
    password: SecretStr
    seconds: float


class Mailing(Channel):
    """The shop's address for customers. `keyed` makes keyed hashes of a purpose and a value."""

    name: ClassVar[str] = "email"
    merges: ClassVar[bool] = True
    inbound: ClassVar[Rate | None] = Rate(20, 3600.0)
    """A choice of ours: what writes more often than that in an hour is taken for a machine that answers ours."""

    def __init__(
        self,
        address: str,
        sender_name: str,
        server: MailServer,
        mailbox: Mailbox | None,
        every: float,
        webhook_secret: str,
        authserv_id: str,
        keyed: Callable[[str, str], str],
    ) -> None:
        self._address = address
        self._sender_name = sender_name
        self._server = server
        self._mailbox = mailbox
        self._secret = webhook_secret
        self._authserv_id = authserv_id
        self._keyed = keyed
        self.pull_every = every if mailbox is not None else None

    def verify(self, request: Request, now: datetime) -> None:
        """By the signature over time and raw body, not older than five minutes."""
        stamp = request.headers.get("shopdesk-timestamp", "")
        at = as_moment(stamp)
        if at is None or abs(now - at) > OLDEST:
            raise Unauthenticated
        expected = hmac_sha256(self._secret, f"{stamp}.".encode() + request.body)
        expect_equal(request.headers.get("shopdesk-signature"), expected)

    def parse(self, request: Request) -> Sequence[Event]:
        """The one mail of a call."""
        event = self._event(request.body)
        return [event] if event is not None else []

    def acknowledge(self, request: Request) -> Response:
        """It is kept."""
        return Response(status_code=204)

    async def pull(self, cursor: str | None, now: datetime) -> Pulled:
        """New mails of the mailbox."""
        if self._mailbox is None:
            raise SendRefused("there is no mailbox to read")
        try:
            found = await asyncio.to_thread(self._mailbox.look, cursor, now)
        except (OSError, imaplib.IMAP4.error, ValueError) as error:
            raise SendLater(f"the mailbox cannot be read ({type(error).__name__})") from error
        events = await asyncio.to_thread(lambda: [self._event(each) for each in found.mails])
        return Pulled([event for event in events if event is not None], found.cursor, found.more)

    def account_of(self, chat: str) -> str | None:
        """None: anybody can write any address."""
        return None

    def person_of(self, chat: str) -> str:
        """The address."""
        return chat.partition(" ")[0] + " "

    def render(self, content: Mapping[str, Any], language: str) -> Sequence[Part]:
        """Plain words; choices as a numbered list; pictures within the mail, each with what it shows."""
        words, choices = words_of(content), choices_of(content)
        shown = pictures_of(content)[:PICTURES]
        pictures = tuple(address for address, _title in shown)
        captions = [title for _address, title in shown] if image_of(content) is None else [""]
        payload = {"subject": locales.text(language, "channels", "mail_subject"), "captions": captions}
        if choices:
            listed = numbered(words, choices, language)
            return [Part({**payload, "words": listed}, tuple(each.id for each in choices), pictures)]
        return [Part({**payload, "words": words or "…"}, pictures=pictures)]

    async def send(self, to: Recipient, part: Part) -> str | None:
        """One mail in its thread. The assistant's say so (RFC 3834), so that no other machine answers them."""
        address, _, key = to.chat.partition(" ")
        mail = EmailMessage(_UNFOLDED)
        mail["From"] = _named(self._sender_name, self._address)
        mail["To"] = address
        subject = _line(str(to.thread.get("subject") or ""))
        mail["Subject"] = f"Re: {subject}" if subject else str(part.payload["subject"])
        mail["Date"] = formatdate(localtime=False)
        message_id = f"<{key}.{to.key}.{self._mac(address, key)}@{self._address.rpartition('@')[2]}>"
        mail["Message-ID"] = message_id
        if answered := _line(str(to.thread.get("message_id") or "")):
            references = [_line(str(each)) for each in to.thread.get("references") or ()]
            mail["In-Reply-To"] = answered
            mail["References"] = " ".join([*(each for each in references if each != answered), answered])
        if not to.by_person:
            mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(str(part.payload["words"]))
        captions = [str(each) for each in part.payload.get("captions") or ()]
        shown = [(each, words) for each, words in zip(part.loaded, captions, strict=False) if each is not None]
        if part.pictures and not any(captions) and not shown:
            raise SendRefused(reasons.PICTURE_GONE)
        if shown:
            show(mail, str(part.payload["words"]), shown)
        await self._hand_over(mail, address)
        return message_id

    async def fetch(self, media: str) -> bytes:
        """A picture that came with its mail."""
        try:
            return base64.b64decode(media.partition(";base64,")[2], validate=True)
        except ValueError as error:
            raise SendRefused("not a picture that came with a mail") from error

    async def _hand_over(self, mail: EmailMessage, address: str) -> None:
        server = self._server
        try:
            await aiosmtplib.send(
                mail.as_bytes(),
                sender=self._address,
                recipients=[address],
                hostname=server.host,
                port=server.port,
                start_tls=server.tls,
                username=server.user or None,
                password=server.password.get_secret_value() or None,
                timeout=server.seconds,
                tls_context=ssl.create_default_context() if server.tls else None,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0].code, error.recipients[0].message) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error.code, error.message) from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise SendLater(f"the mail server cannot be reached ({type(error).__name__})") from error

    def _event(self, raw: bytes) -> Event | None:
        mail = read(raw, self._address, self._authserv_id)
        if mail.report is not None and (ours := _SIGNED.fullmatch(mail.report.message_id)) is not None:
            return Event(
                id=f"report {mail.message_id}"[:255],
                kind="status",
                chat=f"? {ours[1]}",
                message_id=mail.report.message_id,
                state=mail.report.state,
                reason=mail.report.reason or None,
            )
        if mail.unanswerable:
            return None
        key, known = self._thread(mail)
        words = mail.words
        if not known and mail.subject and mail.subject not in words:
            # Only the first subject says something; later ones repeat it.
            words = f"{mail.subject}\n{words}".strip()
        digest = hashlib.sha256(f"{mail.sender} {mail.message_id}".encode()).hexdigest()
        return Event(
            id=digest[:40],
            kind="message",
            chat=f"{mail.sender} {key}",
            text=words or None,
            media=mail.pictures,
            name=mail.name or None,
            at=mail.at,
            thread={
                "subject": mail.subject,
                "message_id": mail.message_id,
                "references": list(mail.references),
            },
        )

    def _thread(self, mail: Mail) -> tuple[str, bool]:
        """The thread's key, and whether it is one of ours.

        A mail belongs to a thread only if it refers to a mail of ours to the same address: our ids carry a keyed hash,
        so nobody who has not got that mail can write into somebody else's thread.
        """
        for reference in reversed(mail.references):
            match = _SIGNED.fullmatch(reference)
            if match is not None and _same(match[2], self._mac(mail.sender, match[1])):
                return match[1], True
        return self._keyed("mail thread", f"{mail.sender} {mail.message_id}")[:_KEY], False

    def _mac(self, address: str, key: str) -> str:
        return self._keyed("mail reply", f"{address} {key}")[:_MAC]


def _same(given: str, expected: str) -> bool:
    try:
        expect_equal(given, expected)
    except Unauthenticated:
        return False
    return True


def _refusal(code: int, message: str) -> SendLater | SendRefused:
    reason = f"{code} {_line(message)}"[:300]
    # RFC 5321 section 4.2.1: 4yz may be tried again, 5yz not.
    return SendLater(reason) if 400 <= code < 500 else SendRefused(reason)


def _line(words: str) -> str:
    """On one line, as a header must be."""
    return " ".join(words.split())


def _named(name: str, address: str) -> str:
    return f'"{_line(name).replace(chr(34), "")}" <{address}>' if name else address
