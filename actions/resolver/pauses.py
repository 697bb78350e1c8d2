"""Pauses that are typed as something else: the spaces of a Chinese message, a dash between two English thoughts.

A Chinese message on a phone often has no sign but spaces ("雨衣取消 台灯换黄铜"); each stands where a comma would.
"""

from __future__ import annotations

import re

from actions.resolver.text import HAN

_NUMBERS = "一二两俩三四五六七八九十几半"
_SPACE = re.compile(
    rf"(?<=[{HAN}\]）)])[ \u3000]+(?=[{HAN}（(\[])|(?<=[{HAN}])[ \u3000]+(?=\d+[{HAN}])"
    rf"|(?<=[a-zA-Z\d])[ \u3000]+(?=[{HAN}])"
)
_AFTER_NUMBER = re.compile(rf"(?<![了是有破坏])(?:[{_NUMBERS}]|\d\s?)[{HAN}]$")
"""A number and its measure word: what they count may follow after a space ("两个 杯子")."""
_NEXT = re.compile(rf"[{_NUMBERS}\d退换取留不改补就都]|另|其")
"""What follows is no name of what was counted."""
_OPEN_END = re.compile(r"(?:把|将|帮我|给我|我要|我想|想要|换成|改成|成|是|和|跟|与)$")
"""The clause is not over there: its object follows."""
_WANTED_VALUE = re.compile(r"(?:[换成改][^，,。;；]*|[要到])[ ]?[A-Za-z\d.]+$")
"""A size or a measure that something is to become: behind it the next thing begins ("换40 围巾取消")."""
_DASH = re.compile(r"(?<=[\w!?.)]) +(?:[–—]|--?)(?= +\w)|(?<=\w)(?:—|–)(?=[a-z])", re.IGNORECASE)


def with_pauses(text: str) -> str:
    """`text` with a comma for each space or dash that stands for a pause; its length stays the same."""
    text = _DASH.sub(lambda said: "," + " " * (len(said.group()) - 1), text)

    def comma(space: re.Match[str]) -> str:
        before = text[: space.start()]
        if before[-1:].isascii() and not _WANTED_VALUE.search(before):
            return space.group()
        counts = len(space.group()) == 1 and _AFTER_NUMBER.search(before) and not _NEXT.match(text, space.end())
        if counts or _OPEN_END.search(before):
            return space.group()
        return "，" + space.group()[1:]

    return _SPACE.sub(comma, text)
