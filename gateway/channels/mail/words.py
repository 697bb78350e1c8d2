"""What somebody wrote in a mail: its words without quotations, signature and mark-up.

Read line by line, so that time grows with the length only, whatever strangers send (see `docs/decisions/`). Where it is
unclear whether a line is quoted it stays: the assistant reads a line too many better than one too few.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

_QUOTED: Final = re.compile(r"\s*[>＞]")
_WROTE: Final = re.compile(
    r".{0,250}(?:wrote|写道|寫道|写到|escribió|schrieb|a écrit|ha scritto)\s*[:：]\s*", re.IGNORECASE
)
"""The line above a quotation, as mail programs write it."""
_LEAD: Final = re.compile(r"\s*(?:on|am|le|el|il|op|den|em)\s.*\d|\s*[在于]\s*\d", re.IGNORECASE)
_SEPARATOR: Final = re.compile(
    r"\s*[-_—=*]{2,}\s*(?:original message|forwarded message|original"
    r"|原始邮件|原邮件|转发邮件信息|转发的邮件|回复的原邮件|原始郵件)\s*(?:[-_—=*]{2,})?\s*",
    re.IGNORECASE,
)
_RULE: Final = re.compile(r"\s*_{20,}\s*")
_FIELD: Final = re.compile(
    r"[\s*>]*(from|sent|date|to|subject|cc"
    r"|发件人|发送时间|发送日期|日期|收件人|主题|抄送|寄件者|寄件日期|收件者|主旨)[ *]*[:：]",
    re.IGNORECASE,
)
_FIRST_FIELDS: Final = frozenset({"from", "发件人", "寄件者"})
_SIGNATURE: Final = re.compile(r"--\s?")
"""The mark of a signature (RFC 3676 section 4.3); mail programs lose its trailing space."""
_SENT_FROM: Final = re.compile(
    r"\s*(?:sent from (?:my|outlook|mail|yahoo|proton)|get outlook for"
    r"|发自我的|从我的|由我的|来自我的|傳送自我的|发自(?:网易|QQ|手机|iPhone|Outlook)).{0,60}",
    re.IGNORECASE,
)
_CLOSING: Final = re.compile(
    r"\s*(?:(?:(?:kind|best|warm|many) )?regards|best wishes|all the best|sincerely|cheers"
    r"|yours (?:sincerely|faithfully|truly)|此致|敬礼|祝好|顺颂商祺)[,.!，。！]?\s*",
    re.IGNORECASE,
)
_LINES_AFTER_CLOSING: Final = 6
_WROTE_LINES: Final = 3
"""Over how many lines programs break the line above a quotation."""
_MOST: Final = 200_000
"""Characters that are looked at."""


def own_words(text: str) -> str:
    """The words of a plain mail that are its sender's own, without what they answer to and their signature."""
    lines = text[:_MOST].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        if _begins_old_mail(lines, number) or _SIGNATURE.fullmatch(line):
            break
        if not _QUOTED.match(line):
            kept.append(line.rstrip())
    return _without_closing("\n".join(kept).strip())


def words_of_html(html: str) -> str:
    """The words of a page of HTML, without what mail programs mark as quoted."""
    reader = _Reader()
    reader.feed(html[:_MOST])
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.words).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _begins_old_mail(lines: list[str], number: int) -> bool:
    line = lines[number]
    if _SEPARATOR.fullmatch(line):
        return True
    if _RULE.fullmatch(line) or (_FIELD.match(line) and _field(line) in _FIRST_FIELDS):
        # A head of at least two fields below each other: a mail that a program put under the answer.
        following = [each for each in lines[number : number + 8] if each.strip()]
        return sum(bool(_FIELD.match(each)) for each in following[:5]) >= 2
    if len(line) > 200:
        return False
    if any(mark in line for mark in "0123456789@<") and _WROTE.fullmatch(line[:300]):
        return True
    # Programs break the line above a quotation where it is long.
    broken = [each.strip() for each in lines[number : number + _WROTE_LINES]]
    heads = (broken[:count] for count in range(2, len(broken) + 1))
    return bool(_LEAD.match(line)) and any(all(head) and _WROTE.fullmatch(" ".join(head)[:300]) for head in heads)


def _field(line: str) -> str:
    match = _FIELD.match(line)
    return match[1].lower() if match else ""


def _without_closing(words: str) -> str:
    """Without "Sent from my …" and, after a closing formula of few last lines, the name and address below it."""
    lines = words.split("\n")
    while lines and (not lines[-1].strip() or _SENT_FROM.fullmatch(lines[-1])):
        lines.pop()
    first = max(len(lines) - _LINES_AFTER_CLOSING, 1)
    for number in range(first, len(lines)):
        if _CLOSING.fullmatch(lines[number]):
            lines = lines[:number]
            break
    return "\n".join(lines).strip()


class _Reader(HTMLParser):
    """Gathers words, skipping what is no text and what is quoted."""

    _SKIPPED: Final = frozenset({"script", "style", "head", "title", "blockquote", "template"})
    _QUOTES: Final = frozenset(
        {"gmail_quote", "gmail_quote_container", "moz-cite-prefix", "yahoo_quoted", "gmail_attr"}
    )
    _QUOTE_IDS: Final = frozenset({"divrplyfwdmsg", "appendonsend", "isreplycontent", "mail-editor-reference-message"})
    _BREAKS: Final = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "ul", "ol", "table", "hr"})
    _VOID: Final = frozenset({"br", "hr", "img", "meta", "link", "input", "wbr", "col", "area", "base", "source"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._skipping = 0
        """How many elements are open inside and with the skipped one."""
        self._ended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        if tag in self._BREAKS and not self._skipping:
            self.words.append("\n")
        if tag in self._VOID or self._ended:
            return
        given = {name: (value or "").lower() for name, value in attrs}
        if given.get("id") in self._QUOTE_IDS or "原始邮件" in given.get("class", ""):
            # From here on the old mail stands beside, not inside.
            self._ended = True
        elif self._skipping or tag in self._SKIPPED or self._QUOTES & set(given.get("class", "").split()):
            self._skipping += 1

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if self._skipping and tag not in self._VOID:
            self._skipping -= 1
        elif tag in self._BREAKS and not self._skipping:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._skipping and not self._ended:
            self.words.append(re.sub(r"\s+", " ", data))
