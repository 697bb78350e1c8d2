"""A message's elements as clauses: what is wanted of which things, with what in their place, and under what condition.

A clause is kept together over commas while it goes on speaking of the same thing; a conjunction before a new name, or a
new verb, begins the next. Reasons ("because it does not match my coat") are left out: what they name is not asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from actions.resolver.another_of import names_another
from actions.resolver.conditions_said import spelled_out, without_conditions
from actions.resolver.counting import is_count
from actions.resolver.exclusions import without_exclusions
from actions.resolver.ones_listed import goes_on_with_ones
from actions.resolver.reading import Element
from actions.resolver.said import Clause, Said, refers
from actions.resolver.sent_on import sent_on, taken_beside_others, wanted
from actions.resolver.statements import (
    asks_of_money,
    begins_correction,
    corrects,
    is_statement,
    named_by_statements,
    subject_of,
    sums_up,
    together,
)
from actions.resolver.wish_words import (
    NO_LONGER_WANTED,
    back_follows,
    off_follows,
    rejects_value,
    split_target,
    wish_of,
)


def analyse(elements: Sequence[Element]) -> Said:
    """The clauses, exceptions and conditions of a message."""
    kept, conditions = without_conditions(spelled_out(_without_reasons(_without_mere_wanting(elements))))
    kept, excluded, every = without_exclusions(kept)
    return Said(_clauses(kept), excluded, conditions, every)


def _without_mere_wanting(elements: Sequence[Element]) -> list[Element]:
    """Drops a "still want" before the verb of what is wanted: 我还要退围巾 keeps nothing, 围巾我还要 does."""
    kept = []
    for place, element in enumerate(elements):
        # In English a "to" may stand between: "I still want to send the scarf back".
        far = 2 if element.words.isascii() else 1
        merely = element.has("keep") and element.words.lower().endswith(_WANTING)
        if not (merely and any(_begins_wish(after) for after in elements[place + 1 : place + 1 + far])):
            kept.append(element)
    return kept


_WANTING: Final = ("要", "still want", "still need")


def _begins_wish(element: Element) -> bool:
    """Whether a verb or what leads to one stands there."""
    verb = element.has("wish") and not element.names and element.roles["wish"] != "keep"
    return verb or element.words in _BEFORE_OBJECT or element.words.startswith("退")


_BEFORE_OBJECT = frozenset({"把", "将", "给"})


def _without_reasons(elements: Sequence[Element]) -> list[Element]:
    """Drops what follows "because" up to the sentence's end, where something was asked for before it."""
    kept: list[Element] = []
    skipping = False
    for element in elements:
        if element.kind == "end" or (skipping and (element.kind == "wish" or element.kind == "comma")):
            skipping = False
        before = kept[-1].words.lower() if kept else ""
        liked = element.words.lower() == "like the" and before in _LIKING
        if element.has("because") and not liked and not element.names and any(refers(e) or e.has("wish") for e in kept):
            skipping = True
        if not skipping:
            kept.append(element)
    return kept


_LIKING: Final = frozenset({"i", "we", "don't", "dont", "didn't", "didnt", "not", "really", "do", "doesn't", "doesnt"})
"""Before "like the": the thing is spoken of, and compared with nothing."""


def _segments(elements: Sequence[Element]) -> list[tuple[list[Element], bool]]:
    """The elements between pauses, each with whether a sentence ended before it."""
    found: list[tuple[list[Element], bool]] = []
    current: list[Element] = []
    ended = False
    for place, element in enumerate(elements):
        if _lists_on(current, element, elements[place + 1 : place + 3]) or goes_on_with_ones(
            current, element, elements[place + 1 :]
        ):
            current.append(replace(element, kind="comma", words=",", roles={"boundary": True}))
        elif element.kind in ("comma", "end") or (element.has("boundary") and not element.names):
            if current:
                found.append((current, ended))
                ended = False
            ended = ended or element.kind == "end"
            current = []
        elif (element.has("rest") or element.roles.get("pronoun") in ("other", "others")) and is_statement(current):
            # "One mug is cracked the other three are fine"
            found.append((current, ended))
            current, ended = [element], False
        elif (
            element.kind == "wish"
            and element.words.isascii()
            and any(e.kind == "wish" for e in current)
            and any(refers(e) or e.has("pronoun") for e in current)
        ):
            found.append((current, ended))
            current, ended = [element], False
        else:
            current.append(element)
    if current:
        found.append((current, ended))
    return found


_JOINING: Final = frozenset({"and", "n", "&", "和", "跟", "与", "及", "以及", "、"})


def _lists_on(current: Sequence[Element], element: Element, following: Sequence[Element]) -> bool:
    """Whether "the scarf and the lamp" goes on there, of which something is said or wanted behind both."""
    if element.words.lower() not in _JOINING or not any(e.kind == "name" for e in current):
        return False
    bare = all(e.kind in ("name", "option", "comma") or is_count(e) or e.words.lower() in _ARTICLES for e in current)
    ahead = [e for e in following if e.words.lower() not in _ARTICLES]
    return bare and bool(ahead) and ahead[0].kind in ("name", "option")


_ARTICLES: Final = frozenset({"the", "my", "that", "this", "those", "these", "both", "的", "那", "这", "我的", "我"})


def _clauses(elements: Sequence[Element]) -> list[Clause]:
    segments = named_by_statements(_segments(elements))
    said = _Clauses(elements)
    for place, (segment, ended) in enumerate(segments):
        said.take(segment, ended, segments[place + 1 :])
    return said.clauses


@dataclass(slots=True)
class _Part:
    """What stands between two pauses: its wish, what it concerns and what is wanted in its place."""

    segment: list[Element]
    ended: bool
    """Whether a sentence ended before it."""
    wish: str | None
    inherited: str | None
    """The wish with that of the clause before, where it goes on with it."""
    source: list[Element]
    target: list[Element]
    stated: bool
    """Whether it says how things are, and wants nothing of them."""

    @property
    def refers(self) -> bool:
        return any(refers(e) for e in self.source)

    @property
    def points(self) -> bool:
        """Whether "it" stands in it and nothing is named."""
        return any(e.roles.get("pronoun") in ("it", "them") for e in self.source) and not self.refers

    @property
    def describes(self) -> bool:
        return any(e.kind in ("option", "comp", "sup", "different") or e.has("comp") for e in self.source)

    @property
    def counts(self) -> bool:
        return any(e.kind in ("quantity", "number") or e.has("one_of") for e in self.source)

    @property
    def lacks_value(self) -> bool:
        return self.wish is None and not self.target and _lacks_value(self.source)


class _Clauses:
    """The clauses of a message, as its parts are taken one after the other."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self.clauses: list[Clause] = []
        self._goes_back = any(e.roles.get("wish") in ("return", "exchange") and not e.names for e in elements)
        self._off = any(
            (e.roles.get("wish") in ("return", "cancel") and not e.names) or e.words.lower() in _LIMITING
            for e in elements
        )
        """Whether goods go, or only some of them."""
        self._corrected = False
        """Whether what comes now takes the place of what was named last."""

    @property
    def _last(self) -> Clause | None:
        return self.clauses[-1] if self.clauses else None

    def take(self, segment: list[Element], ended: bool, following: Sequence[tuple[list[Element], bool]]) -> None:
        """The next part: `ended` where a sentence ended before it, `following` what comes behind it."""
        if corrects(segment):
            self._corrected = True
            return
        wish, verb = self._wish_of(segment, following)
        if self._says_why(segment, wish, verb):
            return
        part = self._part(segment, ended, wish)
        if self._sums_up(part):
            return
        self._move_what_is_named(part)
        if self._denies_a_swap(part) or self._adds_what_is_meant(part) or self._says_more(part):
            return
        if not (self._takes_its_place(part) or self._goes_on(part)):
            self._begins(part)

    def _wish_of(
        self, segment: Sequence[Element], following: Sequence[tuple[list[Element], bool]]
    ) -> tuple[str | None, Element | None]:
        wish, verb = wish_of(segment)
        if wish is None and back_follows(segment, following):
            wish = "return"
        if wish is None and off_follows(segment, following):
            wish = "cancel"
        stays = sent_on(segment) or (self._off and wanted(segment)) or taken_beside_others(segment, following)
        if wish is None and stays:
            wish = "keep"
        return wish, verb

    def _says_why(self, segment: Sequence[Element], wish: str | None, verb: Element | None) -> bool:
        """Whether it only says why, or where the money goes: "send all of it back, I don't want it any more"."""
        if any(refers(e) for e in segment):
            return False
        if wish == "return" and self.clauses and asks_of_money(segment):
            return True
        unwanted = wish == "cancel" and verb is not None and verb.words.lower() in NO_LONGER_WANTED
        last = self._last
        return self._goes_back and unwanted and not (last is not None and last.wish is None)

    def _part(self, segment: list[Element], ended: bool, wish: str | None) -> _Part:
        last = self._last
        strong = any(e.roles.get("target") == "strong" for e in segment)
        goes_on = wish is None and last is not None and last.wish == "exchange" and strong
        inherited = "exchange" if goes_on else wish
        source, target = split_target(segment, inherited)
        rejected = next((i for i in range(len(source)) if rejects_value(source, i)), None)
        stated = wish is None and not target and rejected is None and is_statement(segment)
        if rejected is not None:
            source = source[:rejected]
        elif stated:
            source = subject_of(source)
        return _Part(segment, ended, wish, inherited, source, target, stated)

    def _sums_up(self, part: _Part) -> bool:
        """Whether it is said of what was named, and names nothing: "everything is sticky", "all together"."""
        last = self._last
        if part.target or last is None:
            return False
        if part.wish is None and _speaks_of_all_only(part.segment):
            # "The honey broke, everything is sticky"
            return True
        if not sums_up(part.segment):
            return False
        same = last.wish == part.wish is not None
        named = any(e.kind == "name" for e in last.sources)
        if (part.wish is None or same) and named and (together(part.segment) or same):
            # "The scarf goes too, all together": no more than what was named.
            return True
        wanting = [each for each in self.clauses if each.wish is None and any(e.kind == "name" for e in each.sources)]
        for clause in wanting:
            # As "return both" does of the coat that leaks and the boots that pinch.
            clause.wish = part.wish
        return bool(wanting)

    def _move_what_is_named(self, part: _Part) -> None:
        """What is named first behind "for", and nothing before it, is what the wish concerns."""
        concerned = any(refers(e) or e.kind == "option" or e.has("pronoun") for e in part.source)
        moved = [e for e in part.target if e.kind == "name" and e.strengths]
        if moved and not concerned and self._last is None:
            part.source = [*part.source, *moved]
            part.target = [e for e in part.target if e not in moved]

    def _denies_a_swap(self, part: _Part) -> bool:
        """Whether it takes nothing back of what goes: 退了，不用换."""
        last = self._last
        goes = part.wish == "keep" and last is not None and last.wish in ("return", "cancel")
        return goes and not part.refers and _no_swap(part.segment)

    def _adds_what_is_meant(self, part: _Part) -> bool:
        """Takes what wishes nothing and names nothing: how many, which version."""
        if part.wish is not None or part.target or part.refers:
            return False
        last = self._last
        if last is not None and part.counts and not (part.describes or last.target):
            # "I bought four mugs, two are broken": how many of them.
            last.sources += part.source
        elif self._names_another(part):
            self._add(part)
        elif last is not None and (part.describes or part.counts):
            (last.target if last.target else last.trailing).extend(part.source)
        elif (
            part.describes
            or part.counts
            or (last is None and (part.points or any(e.kind in ("unknown", "state") for e in part.source)))
        ):
            self.clauses.append(Clause(None, part.source))
        return True

    def _names_another(self, part: _Part) -> bool:
        """Whether it names one more of the pieces that go."""
        last = self._last
        if last is None or last.wish not in _GOING or not _is_one_more(part.segment):
            return False
        return names_another(last.sources, part.source)

    def _add(self, part: _Part) -> None:
        """What the part concerns, beside what the last clause does."""
        self.clauses[-1].sources += [_pause(part.segment), *part.source]

    def _says_more(self, part: _Part) -> bool:
        """Takes a wish that names nothing: "the coat is too small, swap it for an L"; 围巾，退掉."""
        last = self._last
        if last is None or part.refers or last.wish not in (None, part.wish):
            return False
        if ended_anew(last, part.wish, part.ended):
            return False
        valued = any(e.kind == "option" for e in part.source)
        again = last.wish == part.wish is not None and valued and not part.target
        last.wish = part.wish or last.wish
        if again and last.wish in _GOING and names_another(last.sources, part.source):
            # "The metal watch goes, and one of the silicone ones"
            self._add(part)
            return True
        last.target += part.target
        if again and any(e.kind == "option" for e in last.sources):
            # "Cancel the beginner puzzle, cancel one of the art ones"
            self._add(part)
        elif part.describes or part.counts:
            kinds = ("quantity", "number", "option", "comp", "different")
            last.sources += [e for e in part.source if e.kind in kinds]
        return True

    def _takes_its_place(self, part: _Part) -> bool:
        """Takes a correction of what was named last: "cancel the scarf. No sorry, I meant the jumper"."""
        last = self._last
        corrected = (self._corrected or begins_correction(part.segment)) and part.wish is None and not part.stated
        self._corrected = False
        if not corrected or last is None or last.wish is None or not any(e.kind == "name" for e in part.segment):
            return False
        last.sources = part.source
        last.target, last.trailing = (part.target or last.target), []
        return True

    def _goes_on(self, part: _Part) -> bool:
        """Takes more things that are wished the same."""
        last = self._last
        if last is None or part.wish is not None or last.target:
            return False
        if not part.target and last.wish != "keep" and not (part.stated or part.lacks_value):
            # "Send back the kettle and the toaster"
            self._add(part)
            return True
        if part.target and last.wish == "exchange" and not part.ended:
            # "Swap the raincoat and the rug for bigger ones"
            self._add(part)
            last.target = part.target
            return True
        return False

    def _begins(self, part: _Part) -> None:
        """Begins a clause."""
        last = self._last
        stated = part.stated or part.lacks_value
        clause = Clause(part.wish or part.inherited, part.source, part.target, stated=stated)
        goes_on = last is not None and part.wish is None and not part.target and not stated
        if goes_on and last is not None and _inherits(last, part.segment, part.ended):
            clause.wish = last.wish
        if last is not None and not part.refers and not part.describes:
            clause.continues = True
        elif last is not None and self._is_named_before(last, part):
            # "The kettle, the mug: cancel the toaster" does not happen; 外套、围巾都退 is one wish
            clause.sources = [*last.sources, _pause(part.segment), *part.source]
            self.clauses.pop()
        self.clauses.append(clause)

    def _is_named_before(self, last: Clause, part: _Part) -> bool:
        """Whether what the wish of a part concerns begins with the clause before, which only names things."""
        if last.wish is not None or not last.sources or last.target or last.stated or not _only_names(last):
            return False
        limited = part.wish == "keep" and last.sources[0].words.lower() in _LIMITING
        return part.wish is not None and not part.ended and not limited


_GOING: Final = frozenset({"cancel", "return"})


def _is_one_more(segment: Sequence[Element]) -> bool:
    """Whether it counts pieces and says nothing of them: "one of the red ones", not "the red one fits"."""
    said = [e for e in segment if not e.has("boundary")]
    value = next((i for i, e in enumerate(said) if e.kind == "option"), len(said))
    counted = any(e.has("one_of") or e.kind == "quantity" for e in said) or any(is_count(e) for e in said[:value])
    too = any(e.words.lower() in ("too", "also", "as well", "也") for e in said)
    return (counted or too) and not any(e.kind in ("unknown", "state") for e in said)


def _pause(segment: Sequence[Element]) -> Element:
    """Divides what is named before a segment from what is named in it."""
    return Element("comma", segment[0].span, ",", {"boundary": True})


def _speaks_of_all_only(segment: Sequence[Element]) -> bool:
    """Whether it says how all of it is, naming nothing and wanting nothing: "everything is sticky", 全是水."""
    if any(e.names or e.has("wish") for e in segment) or not segment[0].has("everything"):
        return False
    return any(e.kind == "unknown" for e in segment[1:]) and segment[0].words.lower() != "all"


def _lacks_value(segment: Sequence[Element]) -> bool:
    """Whether a value stands beside a thing that has another: "the coat in 40", of one in 38."""
    names = [e for e in segment if e.kind == "name" and e.strengths]
    if not names:
        return False
    named = set(names[0].strengths).intersection(*(set(e.strengths) for e in names))
    return any(e.kind == "option" and named & e.having and not named & set(e.strengths) for e in segment)


def _inherits(last: Clause, segment: Sequence[Element], ended: bool) -> bool:
    """Whether what is named is wanted like what was named before it; staying is said of what stands beside only."""
    if last.wish != "keep":
        return True
    return not ended and not any(e.has("everything") for e in segment) and segment[0].words.lower() not in _LIMITING


_LIMITING = frozenset(("only", "just", "it's", "只", "只有", "就"))


def _no_swap(segment: Sequence[Element]) -> bool:
    """Whether it says more of a return, taking nothing back: 退了，不用换."""
    return any("换" in e.words or "swap" in e.words.lower() or "exchange" in e.words.lower() for e in segment)


def _only_names(clause: Clause) -> bool:
    return all(e.names or e.kind in ("glue", "quantity", "number", "pronoun", "comma") for e in clause.sources)


def ended_anew(last: Clause, wish: str | None, ended: bool) -> bool:
    """Whether a wish without a name of its own begins something new rather than saying more of the clause before."""
    return last.wish is not None and last.wish == wish and bool(last.target) and ended
