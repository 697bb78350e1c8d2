"""Which options stay, or are to be others, by what a question says beside values."""

from __future__ import annotations

import pytest

from actions.resolver.kept_options import said_beside
from tests.actions.resolver.test_preferences import TENTS

OPTIONS = [each.options for each in TENTS]
OTHERS = [each.other_options[0] for each in TENTS]
OWN = next(each.options for each in TENTS if each.sku == "3 persons/aluminium/orange")


def fit(text: str, named: set[str]) -> list[str]:
    beside = said_beside(text, OPTIONS, OTHERS)
    return [e.sku for e in TENTS if e.options != OWN and beside.fits(e.options, OWN, named)]


@pytest.mark.parametrize(
    ("text", "named", "wanted"),
    [
        ("is there one in any other shade with the same poles, same persons?", set(), ["3 persons/aluminium/sand"]),
        ("有别的颜色吗 人数一样 帐杆不变", set(), ["3 persons/aluminium/sand"]),
        ("do you have it in sand, rest the same", {"shade"}, ["3 persons/aluminium/sand"]),
    ],
)
def test_what_stays_is_as_ones_own_has_it(text: str, named: set[str], wanted: list[str]) -> None:
    assert fit(text, named) == wanted


def test_nothing_is_said_beside_plain_values() -> None:
    assert not said_beside("the sand one for 4 persons", OPTIONS, OTHERS)
