"""Responses in the words that the shop wrote in the console, which come with each turn.

The repository's responses say which there are, with their buttons, conditions and variables; only texts are put in
their place. What does not fit any more (a variable that the response no longer has, one text more or less) is left
out, so that a newer repository is never spoilt by older words.
"""

from __future__ import annotations

import contextvars
import logging
from contextlib import contextmanager
from typing import Any, Dict, Iterator, List, Mapping, Optional

from components.responses import LanguageResponseGenerator, Variation, variables

Wordings = Mapping[str, Mapping[str, List[Optional[str]]]]
"""Texts by language and response, one for each of its variations; None where that one has no text."""

_given: contextvars.ContextVar[Optional[Wordings]] = contextvars.ContextVar("wordings", default=None)
_log = logging.getLogger(__name__)


@contextmanager
def worded(wordings: Wordings) -> Iterator[None]:
    """What is said inside is said in these words."""
    token = _given.set(wordings)
    try:
        yield
    finally:
        _given.reset(token)


class WordedResponseGenerator(LanguageResponseGenerator):
    """Generates responses from the folder, in the turn's own words where it has some."""

    def texts(self) -> Dict[str, Dict[str, List[Optional[str]]]]:
        """The repository's texts by language and response, one for each variation."""
        return {
            language: {name: [one.get("text") for one in found] for name, found in responses.items()}
            for language, responses in self._responses.items()
        }

    def _variations(self, name: str, language: str) -> List[Variation]:
        found = super()._variations(name, language)
        texts = (_given.get() or {}).get(language, {}).get(name)
        if texts is None or name not in self._responses.get(language, {}):
            return found
        if not _fits(found, texts):
            _log.warning("the shop's words for %s in %s do not fit the response any more", name, language)
            return found
        return [{**one, "text": text} if text else one for one, text in zip(found, texts, strict=True)]


def _fits(found: List[Variation], texts: List[Any]) -> bool:
    if len(found) != len(texts):
        return False
    return all(
        text is None or ("text" in one and variables(text) <= variables(one["text"]))
        for one, text in zip(found, texts, strict=True)
    )
