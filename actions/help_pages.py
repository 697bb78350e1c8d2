"""Questions about the shop answered from its own pages and policies: quoted, never put anew."""

from __future__ import annotations

import re
from typing import Final

from actions.desk import Desk, Turn
from shopdesk_schemas.help import HelpAnswer

_WHICH_ONE: Final = re.compile(
    r"第[一二三四五六七八九十\d]+[个款件种]|\b(?:the )?(?:first|second|third|last) one\b", re.IGNORECASE
)
"""Which of a list is meant says nothing of what is asked: 第一次洗 answers no 第一个能包装吗."""
_RULES = "rules"
"""The page made from the shop's policies."""
PERSON = "person"
"""The value of the slot `offer` when a person was offered."""


async def page_answer(desk: Desk, turn: Turn, *, after: str = "", of: str | None = None) -> str | None:
    """What the shop's pages say to the message, with a link to the page; None where none says enough.

    `after` is a question that the message goes on with, `of` the words of the message that are asked about.
    How much is enough is the shop's `help.threshold`; the CRM applies it.
    """
    if not turn.text.strip():
        return None
    asked = f"{after} {turn.text if of is None else of}".strip()
    asked = _WHICH_ONE.sub(" ", asked).strip() or asked
    found = (await desk.crm.help_answers(asked, turn.language)).answers
    return _quoted(desk, turn, found[0]) if found else None


async def own_page_answer(desk: Desk, turn: Turn) -> str | None:
    """What a page that the shop wrote itself says to the message; its rules in short answer other questions."""
    if not turn.text.strip():
        return None
    found = (await desk.crm.help_answers(turn.text, turn.language)).answers
    own = next((each for each in found if each.page != _RULES), None)
    return _quoted(desk, turn, own) if own is not None else None


def _quoted(desk: Desk, turn: Turn, answer: HelpAnswer) -> str:
    wording = desk.wording(turn.language)
    url = answer.url or desk.address(f"/help{answer.path}")
    return wording.say("help.page.quoted", text=answer.text, title=answer.page_title, url=url)
