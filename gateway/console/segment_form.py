"""The form of a segment of the shop's own: what was written into it, read, and what is wrong with it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from gateway import locales
from gateway.errors import UpstreamRejected
from shopdesk_schemas.problems import FieldProblem
from shopdesk_schemas.segments import NewSegment, SegmentDefinition

OWN_KEY = re.compile(r"own_[a-z0-9_]{1,50}")

EXAMPLES: dict[str, dict[str, Any]] = {
    "regulars_away": {
        "all": [
            {"trait": "order_days", "is": "at_least", "value": 3},
            {"trait": "last_order_at", "is": "older_than_days", "value": 90},
        ]
    },
    "best_this_year": {
        "all": [
            {"trait": "monetary_score", "is": "equal", "value": 5},
            {"trait": "last_order_at", "is": "within_days", "value": 365},
        ]
    },
    "new_this_month": {"trait": "first_order_at", "is": "within_days", "value": 30},
    "bought_once": {
        "all": [
            {"trait": "order_days", "is": "equal", "value": 1},
            {"trait": "first_order_at", "is": "older_than_days", "value": 60},
        ]
    },
    "due_soon": {"trait": "next_order_on", "is": "in_next_days", "value": 14},
    "returns_often": {
        "all": [
            {"trait": "orders", "is": "at_least", "value": 3},
            {"trait": "return_rate", "is": "at_least", "value": 0.3},
        ]
    },
}
"""Rules to begin with; their names are `segment_example_…` of the locale files."""


@dataclass
class SegmentForm:
    """What somebody wrote into the form, and what is wrong with it by field."""

    key: str = ""
    name_en: str = ""
    name_zh: str = ""
    description_en: str = ""
    description_zh: str = ""
    greeting_en: str = ""
    greeting_zh: str = ""
    offer_en: str = ""
    offer_zh: str = ""
    rule: str = ""
    priority: str = "0"
    problems: dict[str, list[str]] = field(default_factory=dict)
    rule_problems: list[FieldProblem] = field(default_factory=list)

    def read_rule(self) -> dict[str, Any] | None:
        """The rule, if it is a JSON object; notes the problem otherwise."""
        try:
            rule = json.loads(self.rule)
        except ValueError as error:
            where = f" ({error.lineno}:{error.colno})" if isinstance(error, json.JSONDecodeError) else ""
            self.problems["rule"] = ["problem_json", where]
            return None
        except RecursionError:
            self.problems["rule"] = ["problem_json", ""]
            return None
        if not isinstance(rule, dict):
            self.problems["rule"] = ["problem_json", ""]
            return None
        return rule

    def read(self, *, new: bool) -> SegmentDefinition | None:
        """The definition, if all is well; notes every problem otherwise."""
        rule = self.read_rule()
        if new and not self.key:
            self.key = f"own_{re.sub('[^a-z0-9]+', '_', self.name_en.lower()).strip('_')}"[:54].rstrip("_")
        if new and not OWN_KEY.fullmatch(self.key):
            self.problems["key"] = ["problem_key", ""]
        name = _words(self.name_en, self.name_zh)
        if not name:
            self.problems["name_en"] = ["problem_name", ""]
        priority = int(self.priority) if re.fullmatch(r"[0-9]{1,3}", self.priority) else -1
        if not 0 <= priority <= 100:
            self.problems["priority"] = ["problem_priority", ""]
        if self.problems or rule is None:
            return None
        common = {
            "name": name,
            "description": _words(self.description_en, self.description_zh),
            "rule": rule,
            "use": {
                "queue_priority": priority,
                "greeting": _words(self.greeting_en, self.greeting_zh),
                "offer": _words(self.offer_en, self.offer_zh),
            },
        }
        return NewSegment.model_validate({"key": self.key, **common}) if new else SegmentDefinition(**common)

    def refused(self, error: UpstreamRejected) -> bool:
        """Note what the CRM says is wrong; False when it is nothing about the form."""
        if error.status == 409:
            self.problems["key"] = ["problem_key_taken", ""]
            return True
        self.rule_problems = [one.model_copy(update={"field": one.field.removeprefix("body.")}) for one in error.errors]
        if error.status != 422 or not self.rule_problems:
            return False
        self.problems["rule"] = ["problem_rule", ""]
        return True


def _words(english: str, chinese: str) -> dict[str, str]:
    return {code: words for code, words in (("en", english), ("zh", chinese)) if words}


def problem_words(problem: FieldProblem, language: str) -> str | None:
    """What is wrong, in the visitor's language; None for what has no words of ours."""
    pattern = locales.texts(language, "console").get(f"rule_problem_{problem.code}")
    try:
        return str(pattern).format(**problem.values or {}) if pattern is not None else None
    except (KeyError, IndexError):
        return None
