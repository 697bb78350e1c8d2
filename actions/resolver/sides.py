"""What of one product a message holds against each other: "the 13 inch with 1 TB or the 15 inch with 1 TB". Pure.

An option of which several values are said is what the sides differ in; one of which one value is said goes for all of
them, wherever it stands: of "the small hydration ones, grey and navy" both are small and for hydration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from actions.resolver.option_values import NamedAt, values_in_place


def sides_said(
    text: str,
    variants: Sequence[Mapping[str, str]],
    others: Sequence[Sequence[Mapping[str, str]]] = (),
    titles: Iterable[str] = (),
) -> list[dict[str, str]]:
    """The options of each side, as `variants` call them; one where nothing is held against another, none at all.

    `others` are the same variants' options by other names, each in the order of `variants`; words of `titles` name no
    value. What is said not to be wanted is on no side.
    """
    said = [each for each in values_in_place(text, variants, others, titles) if not each.against]
    values: dict[str, dict[str, None]] = {}
    for each in said:
        values.setdefault(each.option, {})[each.value] = None
    shared = {option: next(iter(found)) for option, found in values.items() if len(found) == 1}
    apart = [option for option, found in values.items() if len(found) > 1]
    if not apart:
        return [shared] if shared else []
    if len(apart) == 1:
        return [shared | {apart[0]: value} for value in values[apart[0]]]
    return [shared | side for side in _in_turn([each for each in said if each.option in apart])]


def _in_turn(said: Sequence[NamedAt]) -> list[dict[str, str]]:
    """A side begins where an option is said that the one before it has: "leather, white dial or metal, blue dial"."""
    sides: list[dict[str, str]] = []
    for each in said:
        if not sides or each.option in sides[-1]:
            sides.append({})
        sides[-1][each.option] = each.value
    return [side for number, side in enumerate(sides) if side not in sides[:number]]


__all__ = ["sides_said"]
