"""Examples that the assistant learns beyond the repository's, as files, as a diff and as a patch. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

FILE: Final = "data/nlu/{language}/reviewed.yml"
"""Where a language's examples from review stand in the repository: one file, so that a patch always fits."""

LANGUAGES: Final = ("en", "zh")


@dataclass(frozen=True, order=True)
class Example:
    """A message without personal data and its intent."""

    language: str
    intent: str
    words: str

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        """As it is stored in a version or job."""
        return cls(str(stored["language"]), str(stored["intent"]), str(stored["words"]))

    def stored(self) -> dict[str, Any]:
        """For a version or job."""
        return {"language": self.language, "intent": self.intent, "words": self.words}


def joined(before: Iterable[Example], more: Iterable[Example]) -> list[Example]:
    """`before` with `more`, each once. Words that `more` gives another intent lose the one that they had."""
    found = {(one.language, one.words.casefold()): one for one in [*before, *more]}
    return sorted(found.values())


def files(examples: Iterable[Example]) -> dict[str, str]:
    """By path the contents of the training files, which are the same for the same examples in any order."""
    grouped: dict[str, dict[str, list[str]]] = {}
    for one in sorted(set(examples)):
        grouped.setdefault(one.language, {}).setdefault(one.intent, []).append(one.words)
    return {FILE.format(language=language): _file(intents) for language, intents in sorted(grouped.items())}


def _file(intents: dict[str, list[str]]) -> str:
    lines = ['version: "3.1"', "nlu:"]
    for intent, messages in sorted(intents.items()):
        # Indented by hand: a block scalar holds any words as they are, and a reader of the diff sees one a line.
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {words}" for words in messages)]
    return "\n".join(lines) + "\n"


def patch(before: Iterable[Example], after: Iterable[Example]) -> str:
    """What `after` changes in the files of `before`, for `git apply`; empty when nothing."""
    old, new = files(before), files(after)
    parts: list[str] = []
    for path in sorted({*old, *new}):
        if old.get(path) == new.get(path):
            continue
        parts.append(f"diff --git a/{path} b/{path}\n")
        if path not in old:
            parts.append("new file mode 100644\n")
        elif path not in new:
            parts.append("deleted file mode 100644\n")
        parts += difflib.unified_diff(
            _lines(old.get(path)),
            _lines(new.get(path)),
            f"a/{path}" if path in old else "/dev/null",
            f"b/{path}" if path in new else "/dev/null",
        )
    return "".join(parts)


def _lines(content: str | None) -> Sequence[str]:
    return (content or "").splitlines(keepends=True)
