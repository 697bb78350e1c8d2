"""Names that the shop gives goods and values besides the catalogue's: of a line, of a variant, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.resolver import resolve_lines, resolve_variant
from tests.actions.resolver.candidates import KETTLE, LINES, TEES, TODAY, sku

CALLED = [replace(line, titles=[*line.titles, "swan neck", "长颈鹿"]) if line is KETTLE else line for line in LINES]
GALAXY = [
    replace(tee, other_options=[*tee.other_options, *({**tee.options, name: "galaxy"} for name, value
                                in tee.options.items() if value == "Navy")])
    for tee in TEES
]  # fmt: skip
MEDIUM_NAVY = next(tee for tee in GALAXY if tee.sku == "T-Navy-M")


@pytest.mark.parametrize("text", ["return the swan neck", "退掉长颈鹿", "the swanneck please"])
def test_a_line_is_known_by_what_shoppers_call_it(text: str) -> None:
    assert resolve_lines(text, LINES, today=TODAY).status != "one"
    found = resolve_lines(text, CALLED, today=TODAY)
    assert (found.status, found.first.key) == ("one", KETTLE.key)


def test_the_catalogues_own_names_still_mean_the_same() -> None:
    for text in ("return the lamp", "退掉围巾", "the kettle", "the most expensive one"):
        here, there = (resolve_lines(text, lines, today=TODAY) for lines in (LINES, CALLED))
        assert (here.status, [one.key for one in here.candidates]) == (
            there.status,
            [one.key for one in there.candidates],
        )


@pytest.mark.parametrize(
    ("text", "current", "wanted"),
    [
        ("galaxy instead", sku(TEES, "T-White-M"), "T-Navy-M"),
        ("the galaxy one in an XL", sku(TEES, "T-White-M"), "T-Navy-XL"),
        ("the galaxy one in L", None, "T-Navy-L"),
        ("white", MEDIUM_NAVY, "T-White-M"),
        ("same but in L", MEDIUM_NAVY, "T-Navy-L"),
    ],
)
def test_a_variant_is_known_by_another_name_of_its_value(text: str, current: object, wanted: str) -> None:
    found = resolve_variant(text, GALAXY, current=current)  # type: ignore[arg-type]
    assert (found.status, found.first.sku) == ("one", wanted)
