"""A mail as it came (RFC 5322, MIME), as what the channel needs: who, which thread, what words, which pictures.

Who may be answered follows RFC 3834: never what a machine sent, what went to a list, or a report of a mail server.
"""

from __future__ import annotations

import base64
import email
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any, Final, Literal

from gateway.channels.mail.words import own_words, words_of_html
from gateway.images.service import MAX_UPLOAD_BYTES

_ADDRESS: Final = re.compile(r"[^\s@<>\",;:()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,120}")
_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{1,250}>")
_REFERENCES: Final = 4
"""Of a long thread the last ids are kept, and the first."""
_PICTURES: Final = 5
_LOGO_BYTES: Final = 8 * 1024
"""A picture inside the text smaller than this is part of a signature."""
_LISTS: Final = ("list-id", "list-post", "list-unsubscribe", "feedback-id")
_MACHINES: Final = ("x-autoreply", "x-autorespond", "x-auto-response-suppress", "x-failed-recipients")
_PRECEDENCE: Final = frozenset({"bulk", "list", "junk", "auto_reply"})
_NOBODY: Final = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|noreply\+.*|.*-bounces?(?:\+.*)?|.*-owner|owner-.*)"
)
_SUBJECT_MARKS: Final = re.compile(r"(?:\s*(?:re|fwd?|aw|wg|回复|答复|转发|回覆|轉寄)\s*[:：])+\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Report:
    """What a mail server says of a mail of ours."""

    message_id: str
    state: Literal["failed", "delivered"]
    reason: str


@dataclass(frozen=True)
class Mail:
    """What is of use of a mail that came in."""

    message_id: str
    """With its angle brackets; made up where it has none."""
    sender: str
    """Where an answer goes, in lower case; empty where there is no usable address."""
    name: str
    subject: str
    """Without "Re:"."""
    words: str
    pictures: tuple[str, ...]
    """As `data:` URLs."""
    references: tuple[str, ...]
    """Ids of the thread, oldest first."""
    at: datetime | None
    unanswerable: str
    """Why nobody may answer it; empty where one may."""
    report: Report | None


def read(raw: bytes, own_address: str, authserv_id: str = "") -> Mail:
    """The mail; never raises, whatever was sent. `authserv_id` names the mail server whose judgement is believed."""
    message = email.message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    sender, name = _sender(message)
    references = tuple(
        dict.fromkeys(_MESSAGE_ID.findall(f"{_head(message, 'references')} {_head(message, 'in-reply-to')}"))
    )
    own_id = _MESSAGE_ID.search(_head(message, "message-id"))
    return Mail(
        message_id=own_id[0] if own_id else f"<{hashlib.sha256(raw).hexdigest()[:40]}@without.id>",
        sender=sender,
        name=name,
        subject=_SUBJECT_MARKS.sub("", _head(message, "subject"), count=1).strip()[:200],
        words=_words(message),
        pictures=_pictures(message),
        references=references[:1] + references[1:][-_REFERENCES:],
        at=_date(message),
        unanswerable=_unanswerable(message, sender, own_address, authserv_id),
        report=_report(message),
    )


def _head(message: Any, name: str) -> str:
    """A header's text on one line; empty where it is missing or cannot be read."""
    try:
        return " ".join(str(message.get(name, "")).replace("\0", "").split()).encode("utf-8", "ignore").decode()
    except Exception:
        # The standard library's parser of headers has raised nearly everything on hostile input.
        return ""


def _sender(message: EmailMessage) -> tuple[str, str]:
    for name in ("reply-to", "from"):
        for shown, address in getaddresses([_head(message, name)]):
            if _ADDRESS.fullmatch(address):
                return address.lower(), " ".join(shown.split())[:200]
    return "", ""


def _date(message: EmailMessage) -> datetime | None:
    try:
        at = parsedate_to_datetime(_head(message, "date"))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _unanswerable(message: EmailMessage, sender: str, own_address: str, authserv_id: str) -> str:
    submitted = _head(message, "auto-submitted").partition(";")[0].strip().lower()
    checks: Sequence[tuple[str, Callable[[], bool]]] = (
        ("no address to answer to", lambda: not sender),
        ("our own mail", lambda: sender == own_address.lower()),
        ("sent by a machine", lambda: submitted not in ("", "no")),
        ("sent by a machine", lambda: any(_head(message, name) for name in _MACHINES)),
        ("bulk mail", lambda: _head(message, "precedence").lower() in _PRECEDENCE),
        ("mail of a list", lambda: any(_head(message, name) for name in _LISTS)),
        ("a report", lambda: message.get_content_type() == "multipart/report"),
        ("without a return path", lambda: "".join(_head(message, "return-path").split()) == "<>"),
        ("nobody reads that address", lambda: bool(_NOBODY.fullmatch(sender.partition("@")[0]))),
        ("the mail server says that the sender is forged", lambda: _forged(message, authserv_id)),
    )
    return next((reason for reason, applies in checks if applies()), "")


def _forged(message: EmailMessage, authserv_id: str) -> bool:
    """Whether the shop's own mail server noted a failed DMARC check (RFC 8601); others' notes prove nothing."""
    if not authserv_id:
        return False
    for value in message.get_all("authentication-results", []):
        said = " ".join(str(value).split()).lower()
        server, _, results = said.partition(";")
        if server.split(" ")[0] == authserv_id.lower():
            # The topmost is the last server's; what stands below may have been sent along.
            return re.search(r"\bdmarc\s*=\s*fail\b", results) is not None
    return False


def _words(message: EmailMessage) -> str:
    for kind in ("plain", "html"):
        part = message.get_body(preferencelist=(kind,))
        if part is not None:
            text = _content(part)
            words = own_words(words_of_html(text) if kind == "html" else text)
            if words:
                return words
    return ""


def _content(part: Any) -> str:
    try:
        text = part.get_content()
    except Exception:
        # An unknown character set, or a body that is not what it says.
        raw = part.get_payload(decode=True) or b""
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    return text.replace("\0", "").encode("utf-8", "ignore").decode() if isinstance(text, str) else ""


def _pictures(message: EmailMessage) -> tuple[str, ...]:
    found: list[str] = []
    for part in message.walk():
        if part.get_content_maintype() != "image" or len(found) == _PICTURES:
            continue
        raw = part.get_payload(decode=True)
        if not isinstance(raw, bytes) or not 0 < len(raw) <= MAX_UPLOAD_BYTES:
            continue
        if len(raw) < _LOGO_BYTES and part.get_content_disposition() != "attachment" and _head(part, "content-id"):
            continue
        found.append(f"data:{part.get_content_type()};base64,{base64.b64encode(raw).decode()}")
    return tuple(found)


def _report(message: EmailMessage) -> Report | None:
    """What a delivery status notification (RFC 3464) says of the mail that it is about."""
    if message.get_content_type() != "multipart/report":
        return None
    about, state, reason = "", "", ""
    for part in message.walk():
        kind = part.get_content_type()
        if not state and (action := _head(part, "action")):
            state = action.lower()
            reason = (_head(part, "diagnostic-code") or _head(part, "status"))[:300]
        if about or part is message:
            continue
        given = _head(part, "message-id")
        if kind == "text/rfc822-headers":
            given = (re.findall(r"(?im)^message-id:\s*(<[^<>\s]+>)", _content(part)) or [""])[0]
        if match := _MESSAGE_ID.search(given):
            about = match[0]
    if about and state == "failed":
        return Report(about, "failed", reason)
    return Report(about, "delivered", "") if about and state == "delivered" else None
