"""What was carried out in a conversation, so that nothing of it is taken up once more as another request."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from actions.changes.kinds import BY_INTENT, BY_KEY
from actions.changes.request import ChangeRequest
from actions.changes.returns import CancelReturn
from actions.resolver import LineCandidate, LineRequest, read_requests

_MORE: Final = re.compile(
    r"\b(?:others?|another|more|also|too|as well|second|again)\b|另|还|再|也|剩|其他", re.IGNORECASE
)
"""More pieces than those that were seen to."""
_OTHER_ORDER: Final = re.compile(
    r"另外?(?:那|的)?(?:一)?(?:个|张|笔)?(?:订)?单|\bthe other (?:one|order)\b", re.IGNORECASE
)
"""The goods of another order than the one that was changed: the same ones may be in both."""
_POINTS: Final = frozenset({"pronoun", "only", "everything"})
_GONE: Final = frozenset({"cancel", "return"})
_KEPT: Final = "kept"
"""A return was called off."""
_SOME: Final = "some"


def settled_by(request: ChangeRequest, orders: Collection[str]) -> list[str]:
    """What a request has carried out of `orders`: wish, line, and what that becomes; `all` where none of it is left."""
    if request.kind == CancelReturn.key:
        return [f"{_KEPT}:{number}/*:all" for number in orders]
    wish = BY_KEY[request.kind].wish
    if wish is None:
        return []
    done = [] if request.lines else [f"{wish}:{number}/*:all" for number in orders]
    for key, pieces in request.lines.items():
        if key.rpartition("/")[0] in orders:
            done.append(f"{wish}:{key}:{request.targets.get(key) or ('all' if pieces is None else 'some')}")
            if pieces is not None and key in request.targets:
                done.append(f"{wish}:{key}:{_SOME}")
    return done


def standing(done: Sequence[str]) -> list[str]:
    """What of `done`, in its order, still holds: a return that was called off does not, nor does a swap made again."""
    holds: list[str] = []
    for each in done:
        wish, key, became = each.split(":", 2)
        order = f"{key.rpartition('/')[0]}/"
        if wish == _KEPT:
            holds = [one for one in holds if not one.startswith(f"return:{order}")]
            continue
        if wish == "exchange" and became != _SOME:
            holds = [one for one in holds if not one.startswith(f"{wish}:{key}:")]
        if each not in holds:
            holds.append(each)
    return holds


def is_settled(waiting: Mapping[str, Any], done: Collection[str]) -> bool:
    """Whether a request that follows asks for nothing but what was carried out already, or of goods that are gone.

    One that says what a line becomes is settled by just that.
    """
    wish, lines = BY_KEY[str(waiting["kind"])].wish, waiting.get("lines") or {}
    if wish is None or not lines:
        return False
    more = _MORE.search(str(waiting.get("text", ""))) is not None
    if more and any(f"{wish}:{key}:{_SOME}" in done for key in lines):
        # "The other one in green, too", of what was one of two.
        return False
    return all(_line_settled(str(wish), key, (waiting.get("targets") or {}).get(key), done) for key in lines)


def forget_settled(request: ChangeRequest, done: Collection[str]) -> bool:
    """Takes out of a request the lines that were settled; whether nothing is left of it."""
    wish = BY_KEY[request.kind].wish
    if wish is None or not request.lines:
        return False
    for key in list(request.lines):
        if _line_settled(wish, key, request.targets.get(key), done):
            request.lines.pop(key)
            request.targets.pop(key, None)
            request.also.pop(key, None)
    return not request.lines


def without_settled(
    queue: Sequence[dict[str, Any]], lines: Sequence[LineCandidate], done: Collection[str], *, today: date
) -> list[dict[str, Any]]:
    """`queue` without what names goods and asks of all of them what was done with them already.

    `lines`: those that the words may mean, also those that are gone.
    """
    return [
        each
        for each in queue
        if not (done and lines and _asks_for_done(str(each["text"]), str(each.get("intent")), lines, done, today))
    ]


def _asks_for_done(text: str, intent: str, lines: Sequence[LineCandidate], done: Collection[str], today: date) -> bool:
    """By the verb that is read; where the words have none that is known, by what they were understood as."""
    noted = BY_INTENT.get(intent)
    read = [
        replace(wish, wish=noted.wish) if wish.wish is None and noted is not None else wish
        for wish in read_requests(text, lines, today=today)
    ]
    wishes = [wish for wish in read if wish.wish not in (None, "keep")]
    if not wishes or any(not _named(wish) for wish in wishes):
        return False
    more = _MORE.search(text) is not None
    if _OTHER_ORDER.search(text):
        return False
    return all(
        _line_settled(str(wish.wish), line.key, None, done) or (not more and f"{wish.wish}:{line.key}:some" in done)
        for wish in wishes
        for line in wish.lines.candidates
    )


def _named(wish: LineRequest) -> bool:
    """Whether the goods of a wish are surely meant, and by their name or what they are like."""
    by_name = all(any(each.kind not in _POINTS for each in match.reasons) for match in wish.lines.matches)
    # "A 24 megapixel camera instead of the 20", of the only camera, which has 24 by now.
    sure = wish.lines.status in ("one", "many") or (wish.wish == "exchange" and len(wish.lines.matches) == 1)
    return bool(wish.lines.matches) and sure and by_name


def _line_settled(wish: str, key: str, sku: str | None, done: Collection[str]) -> bool:
    whole = f"{key.rpartition('/')[0]}/*"
    if any(f"{gone}:{each}:all" in done for gone in _GONE for each in (key, whole)):
        return True
    if wish != "exchange":
        return False
    return f"{wish}:{key}:{sku}" in done if sku else any(each.startswith(f"{wish}:{key}:") for each in done)


def without_wish(queue: Sequence[dict[str, Any]], wish: str | None) -> list[dict[str, Any]]:
    """`queue` without what was noted as the same wish: it was said that nothing of it is left."""
    return [
        each for each in queue if wish is None or getattr(BY_INTENT.get(str(each.get("intent"))), "wish", None) != wish
    ]
