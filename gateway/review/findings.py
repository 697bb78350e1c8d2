"""What reviewers found and is mended outside the console, as a list for who mends it. No shopper's words are in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from gateway.review.models import ReviewItem


def as_list(found: Sequence[ReviewItem], words: Mapping[str, str], address: str) -> str:
    """Markdown: a heading for each cause with where it is mended, then what it is about, the remedies and the turns.

    `found` is in the order of cause and subject; `words` are those of the reviewers' language; `address` is the
    gateway's own.
    """
    lines = [f"# {words['findings']}"]
    for cause, items in groupby(found, key=lambda one: one.cause):
        lines += ["", f"## {words[f'cause_{cause}']}", "", words[f"where_{cause}"]]
        for subject, about in groupby(items, key=lambda one: one.subject):
            lines += ["", f"### {subject or '–'}", ""]
            for one in about:
                remedy = " ".join((one.remedy or "–").split())
                lines.append(f"- {one.language}: {remedy} ({address}/console/review/turns/{one.turn_id})")
    return "\n".join(lines) + "\n"
