"""The language in which a shop says who belongs to a segment: JSON, checked, compiled to a mask. No code runs.

    {"all": [{"trait": "order_days", "is": "at_least", "value": 3},
             {"trait": "last_order_at", "is": "older_than_days", "value": 90},
             {"any": [{"likes": "category", "value": "Shoes", "times": 2},
                      {"segment": "rfm_champions"}]},
             {"not": {"trait": "country", "is": "one_of", "value": ["DE", "FR"]}}]}

`trait` is a column of `CustomerTraits`; what it may be compared by follows from its kind. What is not known fits no
comparison; `{"trait": …, "is": "known"}` and `"unknown"` ask for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Date, Double, Integer

from crm_backend.analytics.traits.models import AFFINITY_KINDS, CustomerTraits
from crm_backend.database.types import UtcDateTime
from shopdesk_schemas.problems import FieldProblem, InvalidInput

DEEPEST = 6
MOST_CONDITIONS = 100
LONGEST_TEXT = 200
GREATEST = 10**15

type Mask = NDArray[np.bool_]

NUMBER = ("equal", "not_equal", "at_least", "more_than", "at_most", "less_than", "between")
TEXT = ("equal", "not_equal", "one_of", "none_of")
TIME = ("before", "after", "within_days", "older_than_days", "in_next_days")
PRESENCE = ("known", "unknown")
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "number": (*NUMBER, *PRESENCE),
    "text": (*TEXT, *PRESENCE),
    "time": (*TIME, *PRESENCE),
}


def _kind(column: Any) -> str:
    if isinstance(column.type, (UtcDateTime, Date)):
        return "time"
    if isinstance(column.type, (Integer, BigInteger, Double)):
        return "number"
    return "text"


TRAITS: Mapping[str, str] = {
    column.name: _kind(column)
    for column in CustomerTraits.__table__.columns
    if column.name not in {"run_id", "customer_id"}
}
"""Every trait that a rule may name, and its kind."""


class InvalidRule(InvalidInput):
    """A rule that cannot be understood; `errors` name the place in it."""


@dataclass(frozen=True)
class Condition:
    """A trait compared with a value."""

    trait: str
    operator: str
    value: Any


@dataclass(frozen=True)
class Likes:
    """Something of which a person bought (or a store that they visited) so often, lately or ever."""

    kind: str
    name: str
    values: frozenset[str]
    times: int
    within_days: int | None


@dataclass(frozen=True)
class InSegment:
    """Whoever is in a named segment or a cluster."""

    key: str


@dataclass(frozen=True)
class Group:
    """`all`, `any`, or `not` with one part."""

    how: str
    parts: tuple[Rule, ...]


type Rule = Condition | Likes | InSegment | Group


def parse(said: Any, path: str = "rule") -> Rule:
    """A rule from JSON (or its text). Raises InvalidRule that names the path of everything that is wrong."""
    if isinstance(said, str):
        said = json.loads(said)
    reader = _Reader()
    rule = reader.rule(said, path, 1)
    if reader.problems or rule is None:
        raise InvalidRule(errors=reader.problems)
    return rule


PROBLEMS: Mapping[str, str] = {
    "not_an_object": "is not an object",
    "too_deep": "is more than {most} deep",
    "not_one_kind": "needs exactly one of {options}",
    "unknown_beside": "is not known beside {name}",
    "too_many": "is one condition more than the {most} that a rule may have",
    "no_segment": "is no named segment or cluster (rfm_…, cluster_…)",
    "no_list_of_rules": "is not a list of rules",
    "no_trait": "is no trait",
    "none_of": "is none of {options}",
    "no_place_beside": "has no place beside {name}",
    "missing": "is missing",
    "no_two_numbers": "is not a list of two numbers",
    "greater_first": "has its greater number first",
    "options_only": "is for options only",
    "no_number": "is not a number",
    "no_whole_number": "is not a whole number from {low} to {high}",
    "no_text": "is not a text of 1 to {most} characters",
    "no_texts": "is not a list of 1 to {most} texts",
    "no_day": "is not a day such as 2026-03-31",
}
"""What can be wrong with a rule, by code; the console says the same in its languages."""


class _Reader:
    """Reads a rule and goes on after an error, so that all are told at once."""

    def __init__(self) -> None:
        self.problems: list[FieldProblem] = []
        self._conditions = 0

    def _wrong(self, path: str, code: str, **values: str | int) -> Any:
        """Note a problem; None, which stands for what could not be read."""
        message = PROBLEMS[code].format(**values)
        self.problems.append(FieldProblem(field=path, message=message, code=code, values=values or None))
        return None

    def rule(self, said: Any, path: str, depth: int) -> Rule | None:
        if not isinstance(said, dict):
            self._wrong(path, "not_an_object")
            return None
        if depth > DEEPEST:
            self._wrong(path, "too_deep", most=DEEPEST)
            return None
        heads = [head for head in ("all", "any", "not", "trait", "likes", "segment") if head in said]
        if len(heads) != 1:
            self._wrong(path, "not_one_kind", options="all, any, not, trait, likes, segment")
            return None
        head = heads[0]
        allowed = _FIELDS[head]
        for name in said:
            if name not in allowed:
                self._wrong(f"{path}.{name}", "unknown_beside", name=head)
        if head in {"all", "any"}:
            return self._group(said[head], head, f"{path}.{head}", depth)
        if head == "not":
            part = self.rule(said["not"], f"{path}.not", depth + 1)
            return Group("not", (part,)) if part is not None else None
        self._conditions += 1
        if self._conditions == MOST_CONDITIONS + 1:
            self._wrong(path, "too_many", most=MOST_CONDITIONS)
        if head == "trait":
            return self._condition(said, path)
        if head == "likes":
            return self._likes(said, path)
        key = self._text(said["segment"], f"{path}.segment")
        if key is not None and not key.startswith(("rfm_", "cluster_")):
            self._wrong(f"{path}.segment", "no_segment")
            return None
        return InSegment(key) if key is not None else None

    def _group(self, parts: Any, how: str, path: str, depth: int) -> Group | None:
        if not isinstance(parts, list) or not parts:
            self._wrong(path, "no_list_of_rules")
            return None
        read = [self.rule(part, f"{path}.{place}", depth + 1) for place, part in enumerate(parts)]
        return Group(how, tuple(part for part in read if part is not None))

    def _condition(self, said: Mapping[str, Any], path: str) -> Condition | None:
        trait, operator = said["trait"], said.get("is")
        if not isinstance(trait, str) or trait not in TRAITS:
            self._wrong(f"{path}.trait", "no_trait")
            return None
        kind = TRAITS[trait]
        if not isinstance(operator, str) or operator not in OPERATORS[kind]:
            self._wrong(f"{path}.is", "none_of", options=", ".join(OPERATORS[kind]))
            return None
        at = f"{path}.value"
        if operator in PRESENCE:
            if "value" in said:
                self._wrong(at, "no_place_beside", name=operator)
            return Condition(trait, operator, None)
        if "value" not in said:
            self._wrong(at, "missing")
            return None
        value = self._value(kind, operator, said["value"], at)
        return Condition(trait, operator, value) if value is not None else None

    def _value(self, kind: str, operator: str, value: Any, path: str) -> Any:
        if kind == "number":
            if operator != "between":
                return self._number(value, path)
            if not isinstance(value, list) or len(value) != 2:
                self._wrong(path, "no_two_numbers")
                return None
            ends = [self._number(one, f"{path}.{place}") for place, one in enumerate(value)]
            if None in ends:
                return None
            return ends if ends[0] <= ends[1] else self._wrong(path, "greater_first")
        if kind == "text":
            if operator in {"equal", "not_equal"}:
                return self._text(value, path)
            return self._texts(value, path)
        if operator in {"before", "after"}:
            return self._day(value, path)
        return self._whole(value, path, 0, 36_500)

    def _likes(self, said: Mapping[str, Any], path: str) -> Likes | None:
        kind = said["likes"]
        if kind not in AFFINITY_KINDS:
            self._wrong(f"{path}.likes", "none_of", options=", ".join(AFFINITY_KINDS))
            return None
        name: str | None = ""
        if kind == "option":
            name = self._text(said.get("name"), f"{path}.name")
        elif "name" in said:
            self._wrong(f"{path}.name", "options_only")
        value = said.get("value")
        texts = self._texts(value if isinstance(value, list) else [value], f"{path}.value")
        times = self._whole(said.get("times", 1), f"{path}.times", 1, 1_000_000)
        within = said.get("within_days")
        if within is not None:
            within = self._whole(within, f"{path}.within_days", 1, 36_500)
        if texts is None or times is None or name is None:
            return None
        return Likes(kind, name, frozenset(texts), times, within)

    def _number(self, value: Any, path: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= GREATEST:
            self._wrong(path, "no_number")
            return None
        return value

    def _whole(self, value: Any, path: str, low: int, high: int) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self._wrong(path, "no_whole_number", low=low, high=high)
            return None
        return value

    def _text(self, value: Any, path: str) -> str | None:
        if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_TEXT:
            self._wrong(path, "no_text", most=LONGEST_TEXT)
            return None
        return value

    def _texts(self, value: Any, path: str) -> list[str] | None:
        if not isinstance(value, list) or not 1 <= len(value) <= MOST_CONDITIONS:
            self._wrong(path, "no_texts", most=MOST_CONDITIONS)
            return None
        texts = [self._text(one, f"{path}.{place}") for place, one in enumerate(value)]
        return [text for text in texts if text is not None] if None not in texts else None

    def _day(self, value: Any, path: str) -> date | None:
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self._wrong(path, "no_day")
            return None


_FIELDS: Mapping[str, frozenset[str]] = {
    "all": frozenset({"all"}),
    "any": frozenset({"any"}),
    "not": frozenset({"not"}),
    "trait": frozenset({"trait", "is", "value"}),
    "likes": frozenset({"likes", "name", "value", "times", "within_days"}),
    "segment": frozenset({"segment"}),
}


def traits_in(rule: Rule) -> set[str]:
    """The traits that a rule asks about: which columns to read."""
    if isinstance(rule, Group):
        return set().union(*(traits_in(part) for part in rule.parts))
    return {rule.trait} if isinstance(rule, Condition) else set()


def mask(rule: Rule, traits: pd.DataFrame, likes: pd.DataFrame, members: pd.DataFrame, now: datetime) -> Mask:
    """By row of `traits` (`customer_id` and the traits that the rule names) whether it belongs.

    `likes` are rows of `CustomerAffinity`, `members` of `SegmentMember` of named segments and clusters; days count
    from `now`.
    """
    if isinstance(rule, Group):
        parts = [mask(part, traits, likes, members, now) for part in rule.parts]
        if rule.how == "not":
            return ~parts[0]
        joined: Mask = (np.logical_and if rule.how == "all" else np.logical_or).reduce(parts)
        return joined
    if isinstance(rule, InSegment):
        return _among(traits, members.loc[members["key"] == rule.key, "customer_id"])
    if isinstance(rule, Likes):
        chosen = (likes["kind"] == rule.kind) & (likes["name"] == rule.name) & likes["value"].isin(rule.values)
        found = likes[chosen]
        if rule.within_days is not None:
            found = found[pd.to_datetime(found["last_at"], utc=True) >= _ago(now, rule.within_days)]
        times = found.groupby("customer_id")["times"].sum()
        return _among(traits, times.index[times >= rule.times])
    return _compared(traits[rule.trait], rule, now)


def _among(traits: pd.DataFrame, ids: Any) -> Mask:
    return traits["customer_id"].isin(ids).to_numpy(dtype=bool)


def _ago(now: datetime, days: int) -> pd.Timestamp:
    return pd.Timestamp(now) - pd.Timedelta(days=days)


def _compared(column: pd.Series[Any], rule: Condition, now: datetime) -> Mask:
    known = column.notna().to_numpy(dtype=bool)
    if rule.operator in PRESENCE:
        return known if rule.operator == "known" else ~known
    kind = TRAITS[rule.trait]
    if kind == "text":
        values = rule.value if isinstance(rule.value, list) else [rule.value]
        found = column.astype(object).isin(values).to_numpy(dtype=bool)
        return known & (found if rule.operator in {"equal", "one_of"} else ~found)
    if kind == "number":
        numbers = column.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        compared: Mask = known & _NUMBERS[rule.operator](numbers, rule.value)
        return compared
    times = pd.to_datetime(column, utc=True)
    moment = pd.Timestamp(now)
    compare: Mapping[str, Callable[[], Any]] = {
        "before": lambda: times < pd.Timestamp(rule.value, tz="UTC"),
        "after": lambda: times >= pd.Timestamp(rule.value, tz="UTC") + pd.Timedelta(days=1),
        "within_days": lambda: (times >= _ago(now, rule.value)) & (times <= moment),
        "older_than_days": lambda: times < _ago(now, rule.value),
        "in_next_days": lambda: (times >= moment) & (times <= moment + pd.Timedelta(days=rule.value)),
    }
    timed: Mask = known & compare[rule.operator]().to_numpy(dtype=bool)
    return timed


_NUMBERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "equal": lambda numbers, value: numbers == value,
    "not_equal": lambda numbers, value: numbers != value,
    "at_least": lambda numbers, value: numbers >= value,
    "more_than": lambda numbers, value: numbers > value,
    "at_most": lambda numbers, value: numbers <= value,
    "less_than": lambda numbers, value: numbers < value,
    "between": lambda numbers, value: (numbers >= value[0]) & (numbers <= value[1]),
}
