"""Finding the section that answers a question: by the share of its words, the rare ones counting more. Pure.

English words are cut to their stems roughly, Chinese is read in pairs of characters, so that no dictionary is needed
and a page may be in either language. What the share is not high enough for is no answer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from crm_backend.pages.documents import Page, SectionText

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[\u3400-\u9fff]+", re.IGNORECASE)
_STOP_WORDS = yaml.safe_load((Path(__file__).parent / "stop_words.yml").read_text(encoding="utf-8"))
_STOP = frozenset(_STOP_WORDS["en"].split())
_STOP_HAN = re.compile("|".join(_STOP_WORDS["zh"].split()) + f"|(?!会员)[{_STOP_WORDS['zh_characters']}]")
_ALONE = 0.35
"""How much a pair of characters that no page has counts: it may only be where two words meet."""
_TITLE_WEIGHT = 2.0
_K1, _B = 1.4, 0.6


@dataclass(frozen=True)
class Found:
    """A section and how much of the question it has, 0 to 1."""

    page: Page
    section: SectionText
    share: float
    paragraph: str
    """That of the section's paragraphs which has most of the question."""


@dataclass(frozen=True)
class _Entry:
    page: Page
    section: SectionText
    counts: Counter[str]
    title: frozenset[str]
    length: float


class Index:
    """All sections of all pages."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = {(page.language, page.name): page for page in pages}
        self._entries: list[_Entry] = []
        for page in pages:
            for section in page.sections:
                title = terms(f"{page.title} {section.title} {section.also}")
                body = terms(" ".join(section.paragraphs))
                counts = Counter(body)
                for term in title:
                    counts[term] += 1
                self._entries.append(_Entry(page, section, counts, frozenset(title), sum(counts.values())))
        self._with: Counter[str] = Counter(term for entry in self._entries for term in entry.counts)
        self._mean = sum(entry.length for entry in self._entries) / max(1, len(self._entries))

    def search(self, question: str, *, language: str, limit: int = 3) -> list[Found]:
        """The likeliest sections, best first; those in the reader's language before others."""
        asked = list(dict.fromkeys(terms(question)))
        words = _whole_words(question)
        weights = {term: self._weight(term, whole=term in words) for term in asked}
        whole = sum(weights.values())
        if whole <= 0:
            return []
        ranked = []
        for entry in self._entries:
            has = [term for term in asked if term in entry.counts]
            if not has:
                continue
            share = sum(weights[term] for term in has) / whole
            ranked.append((share, self._rank(entry, has, weights), entry))
        ranked.sort(key=lambda one: (one[2].page.language == language, round(one[0], 1), one[1]), reverse=True)
        own = [one for one in ranked if one[2].page.language == language]
        others = [one for one in ranked if one[2].page.language != language]
        return [
            Found(entry.page, entry.section, share, _best_paragraph(entry.section, weights))
            for share, _, entry in [*own[:limit], *others[:limit]]
        ]

    def _weight(self, term: str, *, whole: bool) -> float:
        count = self._with[term]
        rare = math.log(1 + (len(self._entries) - count + 0.5) / (count + 0.5))
        return rare * (_ALONE if count == 0 and _is_han(term) and not whole else 1.0)

    def _rank(self, entry: _Entry, has: Sequence[str], weights: dict[str, float]) -> float:
        score = 0.0
        for term in has:
            count = entry.counts[term] + (_TITLE_WEIGHT if term in entry.title else 0.0)
            score += (
                weights[term] * count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * entry.length / max(1.0, self._mean)))
            )
        return score


def terms(text: str) -> list[str]:
    """What of a text is compared: stems of English words, pairs of Chinese characters."""
    found: list[str] = []
    for part in _parts(text):
        if not _is_han(part):
            found.append(_stem(part))
            continue
        if len(part) == 1:
            found.append(part)
        found += [part[i : i + 2] for i in range(len(part) - 1)]
    return found


def _whole_words(text: str) -> frozenset[str]:
    """The pairs of Chinese characters between words that say nothing: words for sure, not where two meet."""
    return frozenset(part for part in _parts(text) if len(part) == 2 and _is_han(part))


def _parts(text: str) -> Iterator[str]:
    """English words and runs of Chinese characters, without what every question has."""
    for match in _WORD.finditer(text.casefold().replace("’", "'")):
        word = match.group()
        if _is_han(word):
            yield from filter(None, _STOP_HAN.split(word))
        elif word not in _STOP:
            yield word


def _is_han(term: str) -> bool:
    return "\u3400" <= term[0] <= "\u9fff"


def _stem(word: str) -> str:
    """The word without its commonest endings: enough to bring "returns", "returned" and "returning" together."""
    word = word.removesuffix("'s")
    for ending in ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    word = word.removesuffix("e") if len(word) > 4 else word
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word


def _best_paragraph(section: SectionText, weights: dict[str, float]) -> str:
    def share(paragraph: str) -> float:
        there = set(terms(paragraph))
        return sum(weight for term, weight in weights.items() if term in there)

    return max(section.paragraphs, key=share)
