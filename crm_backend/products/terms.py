"""The terms by which products are found: words, and for Chinese runs of one and two characters.

Pure functions. Product and question go through the same ones, so that what a shopper types meets what a file brought.

A run of Chinese characters has no spaces between its words, and cutting it into words needs a dictionary that no shop's
goods are in. So every pair of neighbours is a term: 蓝色围巾 is 蓝色, 色围 and 围巾, and finds what has the first and
the last of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

MAXIMUM_TERM = 64
"""Characters of one term that count."""

_RUN = re.compile(r"(?P<han>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff]+)|(?P<word>[^\W_]+)")
_APOSTROPHE_S = re.compile(r"['’]s\b|['’]")

_STOP_WORDS = """
a an and any are at buy by can could do find for from get got have i in is it like looking me my of on or please sell
show some something that the there these this those to want we what which with would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""English words that say nothing about goods; left out of questions that have others."""

STOP_CHARACTERS = frozenset("子的了吗呢吧啊我你您们想要买有没是个件款在和与或请给把能可以什么哪些那这")
"""Chinese characters likewise. They still count where they are part of a known pair: 有机, 个性."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a question: one word, or neighbouring Chinese characters."""

    kind: Literal["word", "han"]
    text: str


def fold(text: str) -> str:
    """One form for what looks alike: full-width as half-width, no accents, case folded."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", "".join(one for one in plain if not unicodedata.combining(one)))


def runs(text: str) -> Iterator[Run]:
    """The words and Chinese runs of a text, in order, folded."""
    for found in _RUN.finditer(_APOSTROPHE_S.sub("", fold(text))):
        if found["han"]:
            yield Run("han", found["han"])
            continue
        # A letter beside a Chinese character ends the word there: T恤 is T and 恤.
        for piece in re.split(r"([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff]+)", found["word"]):
            if piece:
                yield Run("han" if _RUN.fullmatch(piece)["han"] else "word", piece)  # type: ignore[index]


_F_PLURALS = {
    "scarves": "scarf", "knives": "knife", "shelves": "shelf", "loaves": "loaf", "leaves": "leaf", "halves": "half",
    "wolves": "wolf", "calves": "calf", "elves": "elf",
}  # fmt: skip


def stem(word: str) -> str:
    """A word without its plural ending: Harman's S-stemmer, which never joins two words of different meaning."""
    if word in _F_PLURALS:
        return _F_PLURALS[word]
    if len(word) > 4 and word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word


def terms(text: str) -> set[str]:
    """Every term of a text that belongs to a product."""
    found: set[str] = set()
    for run in runs(text):
        if run.kind == "word":
            found.add(stem(run.text)[:MAXIMUM_TERM])
        else:
            found.update(run.text)
            found.update(pairs(run.text))
    return found


def head_terms(name: str) -> set[str]:
    """The terms of a name that say what a thing is: the last word of English ones, the last two Chinese characters.

    What follows a dash, a comma or a bracket only describes it.
    """
    told = re.split(r"\s[-–—|/]\s|[,(（，【\[]|\s(?:with|for|in|of)\s", fold(name).strip())[0] or name
    last = list(runs(told))[-1:]
    found: set[str] = set()
    for run in last:
        if run.kind == "word":
            found.add(stem(run.text)[:MAXIMUM_TERM])
        else:
            found.update((run.text[-1], run.text[-2:]))
    return found


def pairs(run: str) -> list[str]:
    """Neighbouring characters, two at a time."""
    return [run[at : at + 2] for at in range(len(run) - 1)]


def questions(text: str) -> list[Run]:
    """The runs of a question that say something about goods; all of them when none does.

    Words come stemmed. Each is once in the list.
    """
    everything = [Run("word", stem(run.text)[:MAXIMUM_TERM]) if run.kind == "word" else run for run in runs(text)]
    telling = [
        run
        for run in everything
        if (run.text not in STOP_WORDS if run.kind == "word" else set(run.text) - STOP_CHARACTERS)
    ]
    return list(dict.fromkeys(telling or everything))


def distance(left: str, right: str, limit: int) -> int:
    """How many letters are wrong, missing, too many or swapped with their neighbour; `limit + 1` when more than that.

    The restricted Damerau-Levenshtein (optimal string alignment) distance.
    """
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row = row, [i]
        for j, b in enumerate(right, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before = previous
    return min(row[-1], limit + 1)


def slips_allowed(word: str) -> int:
    """How many wrong letters a word may have and still be taken for another: none in short words and numbers."""
    if len(word) < 5 or any(one.isdigit() for one in word):
        return 0
    return 1 if len(word) < 8 else 2
