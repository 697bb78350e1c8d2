"""What a shopper typed, cut to what can be read."""

import pytest
from runtime.tidy import tidied


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("where is it" + "!" * 4000, "where is it" + "!" * 8),
        (" " * 4000 + "hi", " " * 8 + "hi"),
        ("a" * 4000, "a" * 120),
        ("cancel #W4297922, please... thanks!!!", "cancel #W4297922, please... thanks!!!"),
        ("订单的杯子" * 100, "订单的杯子" * 100),
        ("line one\n\nline two", "line one\n\nline two"),
    ],
)
def test_runs_are_cut_and_words_are_not(text, read):
    assert tidied(text) == read
