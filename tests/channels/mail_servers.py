"""Mail as it travels: a real SMTP server (aiosmtpd) that takes the shop's mails, an IMAP server written from RFC 3501,
and a person with a mail program who answers in threads, quoting what is answered."""

from __future__ import annotations

import asyncio
import email
import hashlib
import hmac
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import policy
from email.message import EmailMessage
from email.utils import formatdate
from functools import partial
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.channels import platforms
from tests.channels.platforms import Platform, Seen

SHOP = "help@shop.example"
_LISTED = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)


class MailPlatform(Platform):
    """Mails in by signed calls or the mailbox, out by SMTP. `person` is the chat's beginning; each thread is a chat."""

    name = "email"
    person = "ada@home.example"
    secret = "mail-webhook-secret"
    smtp_port_wanted = 0

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[EmailMessage] = []
        self.mailbox = MailboxServer()
        self._smtp_port = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The two servers."""
        loop = asyncio.get_running_loop()
        server = partial(SMTP, self, hostname="mx.home.example", loop=loop)
        smtp = await loop.create_server(server, "127.0.0.1", self.smtp_port_wanted)
        imap = await asyncio.start_server(self.mailbox.serve, "127.0.0.1", 0)
        self._smtp_port = smtp.sockets[0].getsockname()[1]
        self.mailbox.port = imap.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            smtp.close()
            imap.close()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - theirs
        """A mail of the shop's arrives."""
        if (trouble := self.trouble()) is not None:
            return "451 4.3.0 try again later" if trouble.status_code >= 500 else "550 5.1.1 no such user here"
        assert isinstance(envelope.content, bytes)
        assert all(len(line) <= 998 for line in envelope.content.split(b"\r\n")), "RFC 5322 section 2.1.1"
        mail = email.message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        (person,) = envelope.rcpt_tos
        assert envelope.mail_from == SHOP
        if mail["Message-ID"] in [each["Message-ID"] for each in self.mails]:
            return "250 had it"
        plain = mail.get_body(("plain",))
        assert plain is not None
        words = str(plain.get_content()).replace("\r\n", "\n").strip()
        self.mails.append(mail)
        choices = {label: number for number, label in _LISTED.findall(words)}
        self.show(person, Seen(words, choices, self._pictures(mail)))
        return "250 taken"

    @staticmethod
    def _pictures(mail: EmailMessage) -> list[bytes]:
        """What a mail program shows: the pictures that the page names (RFC 2392), in its order."""
        page = mail.get_body(("html",))
        if page is None:
            return []
        assert "http" not in page.get_content(), "nothing is fetched when a mail is read"
        parts = {str(part["Content-ID"]): part for part in mail.walk() if part["Content-ID"]}
        named = re.findall(r'src="cid:([^"]+)"', page.get_content())
        return [parts[f"<{each}>"].get_content() for each in named]

    def settings(self, url: str) -> dict[str, Any]:
        return {
            "mail_address": SHOP, "mail_webhook_secret": self.secret, "smtp_host": "127.0.0.1",
            "smtp_port": self._smtp_port or self.smtp_port_wanted or 9, "smtp_tls": False,
        }  # fmt: skip

    def mailbox_settings(self) -> dict[str, Any]:
        """Settings with which the mailbox is read."""
        return {
            "imap_host": "127.0.0.1", "imap_port": self.mailbox.port, "imap_tls": False, "imap_user": "help",
            "imap_password": "mailbox-password", "imap_seconds": 0.05,
        }  # fmt: skip

    def write(self, words: str, subject: str = "", **headers: str) -> EmailMessage:
        """A mail of the person's: an answer to the last one that they got, else a new one."""
        mail = EmailMessage(policy.SMTP.clone(max_line_length=990))
        mail["From"], mail["To"], mail["Date"] = f"Ada <{self.person}>", SHOP, formatdate()
        mail["Message-ID"] = f"<{self._next()}.{time.time_ns()}@home.example>"
        quoted = ""
        before = [each for each in self.mails if each["To"] == self.person]
        if before:
            last = before[-1]
            mail["Subject"] = last["Subject"]
            mail["In-Reply-To"] = last["Message-ID"]
            mail["References"] = f"{last['References'] or ''} {last['Message-ID']}".strip()
            lines = "".join(f"> {line}\n" for line in str(last.get_body(("plain",)).get_content()).splitlines())
            quoted = f"\n\nOn Mon, 5 Jan 2026 at 10:04, Shop <{SHOP}> wrote:\n{lines}"
        else:
            mail["Subject"] = subject
        mail.set_content(f"{words}{quoted}\n-- \nAda Lovelace\n12 St James's Square\n")
        for name, value in headers.items():
            del mail[name.replace("_", "-")]
            mail[name.replace("_", "-")] = value
        return mail

    def call(self, raw: bytes, *, age: int = 0, secret: str | None = None) -> dict[str, Any]:
        """The signed call that hands a mail over."""
        stamp = str(int(time.time()) - age)
        signature = hmac.new((secret or self.secret).encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
        headers = {"Shopdesk-Timestamp": stamp, "Shopdesk-Signature": signature, "Content-Type": "message/rfc822"}
        return {"method": "POST", "content": raw, "headers": headers}

    def says(self, words: str) -> list[dict[str, Any]]:
        return [self.call(self.write(words).as_bytes())]

    def touches(self, value: str) -> list[dict[str, Any]]:
        return self.says(value)

    def shows(self) -> list[dict[str, Any]]:
        mail = self.write("")
        mail.add_attachment(platforms.PICTURE, maintype="image", subtype="png", filename="mug.png")
        return [self.call(mail.as_bytes())]

    def other(self) -> list[dict[str, Any]]:
        mail = self.write("")
        mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="invoice.pdf")
        return [self.call(mail.as_bytes())]

    def forged(self) -> list[dict[str, Any]]:
        raw = self.write("let me in").as_bytes()
        return [self.call(raw, secret="guessed"), self.call(raw, age=301)]

    def report(self, mail: EmailMessage) -> bytes:
        """What a mail server writes when it could not deliver a mail (RFC 3464)."""
        return (
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.home.example\r\n"
            f"To: {SHOP}\r\nMessage-ID: <{self._next()}.dsn@mx.home.example>\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.home.example\r\n\r\n"
            f"Final-Recipient: rfc822; {self.person}\r\nAction: failed\r\nStatus: 5.2.2\r\n"
            "Diagnostic-Code: smtp; 552 mailbox full\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {mail['Message-ID']}\r\n\r\n--b--\r\n"
        ).encode()


class MailboxServer:
    """A mailbox as RFC 3501 describes it, of the commands that a reader needs. Refuses to change anything when the
    folder was opened to read only."""

    def __init__(self) -> None:
        self.mails: dict[int, bytes] = {}
        self.validity = 1700000000
        self.next_uid = 1
        self.port = 0
        self.looks = 0
        self.refusing = False

    def receive(self, raw: bytes) -> None:
        """A mail arrives."""
        self.mails[self.next_uid] = raw
        self.next_uid += 1

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        writer.write(b"* OK IMAP4rev1 ready\r\n")
        while line := await reader.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            command = rest.upper()
            ok = f"{tag} OK done\r\n".encode()
            if command.startswith("CAPABILITY"):
                writer.write(b"* CAPABILITY IMAP4rev1\r\n" + ok)
            elif command.startswith("LOGIN"):
                right = rest.split(" ", 1)[1].replace('"', "") == "help mailbox-password" and not self.refusing
                writer.write(ok if right else f"{tag} NO [AUTHENTICATIONFAILED] no\r\n".encode())
            elif command.startswith("EXAMINE"):
                self.looks += 1
                head = f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] x\r\n"
                writer.write(f"{head}* OK [UIDNEXT {self.next_uid}] x\r\n{tag} OK [READ-ONLY] done\r\n".encode())
            elif command.startswith("UID SEARCH"):
                uids = " ".join(map(str, self._found(command)))
                writer.write(f"* SEARCH {uids}\r\n".encode() + ok)
            elif command.startswith("UID FETCH"):
                uid = int(rest.split(" ")[2])
                assert "BODY.PEEK[]" in command, "reading must not mark anything"
                if (mail := self.mails.get(uid)) is not None:
                    writer.write(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(mail)}}}\r\n".encode() + mail + b")\r\n")
                writer.write(ok)
            elif command.startswith("LOGOUT"):
                writer.write(b"* BYE\r\n" + ok)
                break
            else:
                writer.write(f"{tag} BAD unknown or not allowed here\r\n".encode())
            await writer.drain()
        writer.close()

    def _found(self, command: str) -> list[int]:
        match = re.search(r"UID (\d+):\*", command)
        if match is None:
            return sorted(self.mails)
        # "*" is the last mail, and a range whose ends are in the wrong order is read the other way round.
        return [uid for uid in sorted(self.mails) if uid >= int(match[1]) or uid == max(self.mails)]
