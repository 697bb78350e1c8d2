"""Finding the rules that fit, without trying each rule at each step.

Stock Rasa compares each rule with the conversation, for each prediction. A rule fits only where its last
state has the same previous action and the same intent as the conversation, so rules are sorted by these once for a
loaded policy.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Set, Tuple

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import State
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

_SORTED = "_shopdesk_rules_by_last_state"
Sorted = Dict[Tuple[Optional[str], Optional[str]], List[str]]
"""Rules' keys by the previous action and the intent of their last state; under None those to be tried with any."""


def possible_keys(policy: RulePolicy, lookup: Dict[str, str], states: List[State]) -> Set[str]:
    """The keys of `lookup` that fit `states`, oldest first; those that stock Rasa finds."""
    found = set(lookup)
    if states:
        action, intent = _last(states[-1])
        if action is not None:
            known = _sorted(policy, lookup)
            # Where a rule begins a conversation nothing but that is compared: those stand under no intent.
            found = {key for place in {(action, intent), (action, None), (None, None)} for key in known.get(place, ())}
    for turn, state in enumerate(reversed(states)):
        found = {key for key in found if policy._is_rule_applicable(key, turn, state)}
    return found


def _sorted(policy: RulePolicy, lookup: Dict[str, str]) -> Sorted:
    known: Dict[int, Sorted] = policy.__dict__.setdefault(_SORTED, {})
    if id(lookup) not in known:
        by_last: Sorted = {}
        for key in lookup:
            states = policy._rule_key_to_state(key)
            action, intent = _last(states[-1]) if states else (None, None)
            by_last.setdefault((action, intent if action else None), []).append(key)
        known[id(lookup)] = by_last
    return known[id(lookup)]


def _last(state: State) -> Tuple[Optional[str], Optional[str]]:
    """The previous action and the intent that a state has, or that a rule's state wants."""
    return _plain(state, PREVIOUS_ACTION, ACTION_NAME), _plain(state, USER, INTENT)


def _plain(state: State, part: str, name: str) -> Optional[str]:
    value: Any = (state.get(part) or {}).get(name)
    return value if isinstance(value, str) and value and value != SHOULD_NOT_BE_SET else None
