"""A limit that was noted as a request of its own: "and the cheapest one", 要最便宜的那款吗. It says which of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from actions.changes.several import Beside
from actions.resolver import resolve_variant, without_order_words

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

_LIMIT: Final = re.compile(
    r"\W*(?:(?:and|please|i|we|['’]d|would|like|want|need|take|get|just|only|make|it|if|possible|can|could|then)\W+)*"
    r"(?:the )?(?:cheapest|least expensive|dearest|biggest|largest|smallest)(?: (?:one|version|option|available"
    r"|possible"
    r"|you have|there is|of them|in stock))*(?: please)?\W*"
    r"|\W*(?:我|就|只|请|还|也|帮我|给我|想|能|可以)*(?:要|选|换|拿|给)?(?:成)?(?:有货的?)?最(?:便宜|贵|大|小|低价)的?"
    r"(?:那|这)?(?:一)?(?:款|个|种|件|台|只)?(?:的)?(?:就行|就好|就可以|即可|可以吗|行吗|吗|吧|么)?\W*",
    re.IGNORECASE,
)


def is_limit(text: str) -> bool:
    """Whether words say no more than which of several is wanted: the cheapest, the largest."""
    return _LIMIT.fullmatch(text) is not None


async def limited_by_note(dialogue: ChangeDialogue) -> bool:
    """Takes what was noted of the one line that is swapped into its target; whether that is another one now.

    The note is settled either way.
    """
    request = dialogue.request
    noted: list[dict[str, Any]] = list(dialogue.turn.tracker.get_slot("queue") or [])
    limits = [each for each in noted if is_limit(str(each["text"]))]
    if not limits or not dialogue.kind.swaps or len(request.targets) != 1:
        return False
    key, offered = next(iter(request.targets.items()))
    await dialogue.records.orders(request.orders)
    line = dialogue.records.line(key)
    if line is None:
        return False
    variants = await dialogue.records.variants(line.sku)
    words = ", ".join([without_order_words(request.text), *(str(each["text"]) for each in limits)])
    found = resolve_variant(words, variants, current=line, focus=dialogue.focus)
    dialogue.beside = Beside(waiting=[each for each in noted if each not in limits])
    if found.status != "one" or not found.first.available or found.first.sku in (offered, line.sku):
        return False
    await dialogue.drop_proposals()
    request.targets[key], request.question = found.first.sku, {}
    return True


__all__ = ["is_limit", "limited_by_note"]
