"""Words that take the one thing that is offered, and say nothing else: "yes, that one", 就这个."""

from __future__ import annotations

from functools import cache

from actions.resolver.text import fold, tokenise
from actions.resolver.vocabulary import read


def takes_it(text: str) -> bool:
    """Whether the words only take what is offered."""
    yes, fill = _words()
    left = fold(text)
    taken = False
    for word in yes:
        if word in left:
            if word.isascii() and f" {word} " not in f" {' '.join(t.text for t in tokenise(left))} ":
                continue
            left = left.replace(word, " ")
            taken = True
    rest = [token.text for token in tokenise(left) if token.kind != "sign"]
    return taken and all(word in fill for word in rest)


@cache
def _words() -> tuple[tuple[str, ...], frozenset[str]]:
    content = read("values")
    yes = sorted((fold(str(word)) for word in content["taking"]), key=len, reverse=True)
    return tuple(yes), frozenset(str(word) for word in content["around_taking"])


__all__ = ["takes_it"]
