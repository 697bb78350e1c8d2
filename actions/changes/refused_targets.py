"""What was offered in a line's place was refused, and the same words were said once more.

Offering the very same again would go round in circles: what else fits the words is offered to choose from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from actions.changes.noted_limits import limited_by_note
from actions.changes.reading import TargetRead
from actions.changes.request import ChangeRequest
from actions.resolver import variants_having, without_order_words

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

_MOST: Final = 8


async def others_than_refused(dialogue: ChangeDialogue, old: ChangeRequest) -> None:
    """Opens the targets that are again those of `old`, which was refused, where others fit what is said too."""
    request, reader = dialogue.request, dialogue.reader
    if not dialogue.kind.swaps or not old.rounds or len(request.targets) != 1 or request.targets != old.targets:
        return
    if await limited_by_note(dialogue):
        return
    key, refused = next(iter(request.targets.items()))
    line = reader.records.line(key)
    if line is None:
        return
    variants = await reader.records.variants(line.sku)
    fitting = variants_having(without_order_words(request.text), variants)
    others = [each.sku for each in fitting if each.available and each.sku not in (refused, line.sku)]
    if others:
        del request.targets[key]
        reader.targets[key] = TargetRead(others[:_MOST])


__all__ = ["others_than_refused"]
