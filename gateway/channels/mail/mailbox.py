"""Reading a mailbox over IMAP (RFC 9051, RFC 3501) without changing anything in it.

The standard library's client, in a thread: one connection a look, a handful of commands. Where to go on is kept by us
as the mailbox's UIDVALIDITY and the last UID, not as marks on mails, so that people may read the mailbox too.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import SecretStr

AT_ONCE: Final = 20
MOST_BYTES: Final = 25 * 1024 * 1024
"""Of a longer mail only so much is read."""
_LOOK_BACK: Final = timedelta(days=2)
"""How far to look back when the server has numbered its mails anew."""


@dataclass(frozen=True)
class Found:
    """Mails as they came, where to go on, and whether there is more."""

    mails: tuple[bytes, ...]
    cursor: str
    more: bool


@dataclass(frozen=True)
class Mailbox:
    """A folder of an account on an IMAP server."""

    host: str
    port: int
    tls: bool
    user: str
    password: SecretStr
    folder: str
    seconds: float

    def look(self, cursor: str | None, now: datetime) -> Found:
        """What came since `cursor`; the first time nothing, for old mail has been answered otherwise.

        Raises OSError or `imaplib.IMAP4.error`.
        """
        with self._connected() as server:
            server.login(self.user, self.password.get_secret_value())
            kind, _ = server.select(_quoted(self.folder), readonly=True)
            if kind != "OK":
                raise imaplib.IMAP4.error("the folder cannot be opened")
            validity = _number(server, "UIDVALIDITY")
            known, _, last = (cursor or "").partition(":")
            if cursor is None:
                return Found((), f"{validity}:{max(_number(server, 'UIDNEXT') - 1, 0)}", more=False)
            after = int(last) if known == str(validity) and last.isdigit() else 0
            if known == str(validity):
                uids = self._search(server, "UID", f"{after + 1}:*")
            else:
                since = (now - _LOOK_BACK).strftime("%d-%b-%Y")
                uids = self._search(server, "SINCE", since)
            new = sorted(uid for uid in uids if uid > after)
            mails = tuple(mail for uid in new[:AT_ONCE] if (mail := _fetch(server, uid)) is not None)
            newest = new[:AT_ONCE][-1] if new else after
            return Found(mails, f"{validity}:{newest}", more=len(new) > AT_ONCE)

    def _connected(self) -> imaplib.IMAP4:
        if not self.tls:
            return imaplib.IMAP4(self.host, self.port, timeout=self.seconds)
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=self.seconds)

    @staticmethod
    def _search(server: imaplib.IMAP4, *criteria: str) -> list[int]:
        kind, data = server.uid("SEARCH", *criteria)
        if kind != "OK":
            raise imaplib.IMAP4.error("the folder cannot be searched")
        return [int(each) for line in data if line for each in line.split() if each.isdigit()]


def _fetch(server: imaplib.IMAP4, uid: int) -> bytes | None:
    """A mail, without marking it as read; None when it is gone."""
    kind, data = server.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    if kind != "OK":
        raise imaplib.IMAP4.error("a mail cannot be fetched")
    return next((bytes(each[1]) for each in data if isinstance(each, tuple)), None)


def _number(server: imaplib.IMAP4, name: str) -> int:
    """A number that the server told when the folder was opened."""
    _, data = server.response(name)
    match = re.search(rb"\d+", bytes(data[0])) if data and data[0] else None
    if match is None:
        raise imaplib.IMAP4.error(f"the server did not tell {name}")
    return int(match[0])


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
