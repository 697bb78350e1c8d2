"""Finding the rules that fit, without trying each rule at each step.

Stock Rasa compares each rule with the conversation, for each prediction. A rule fits only where its last
state has the same previous action as the conversation, so rules are sorted by that once for a loaded policy.
"""

from __future__ import annotations

from typing import Dict, List, Optional, Set

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET
from rasa.shared.core.domain import State
from rasa.shared.nlu.constants import ACTION_NAME

_SORTED = "_shopdesk_rules_by_action"
Sorted = Dict[Optional[str], List[str]]
"""Rules' keys by the previous action of their last state; under None those to be tried wherever they are."""


def possible_keys(policy: RulePolicy, lookup: Dict[str, str], states: List[State]) -> Set[str]:
    """The keys of `lookup` that fit `states`, oldest first; those that stock Rasa finds."""
    found = set(lookup)
    if states:
        action = (states[-1].get(PREVIOUS_ACTION) or {}).get(ACTION_NAME)
        if isinstance(action, str):
            by_action = _by_action(policy, lookup)
            found = {*by_action.get(action, ()), *by_action.get(None, ())}
    for turn, state in enumerate(reversed(states)):
        found = {key for key in found if policy._is_rule_applicable(key, turn, state)}
    return found


def _by_action(policy: RulePolicy, lookup: Dict[str, str]) -> Sorted:
    known: Dict[int, Sorted] = policy.__dict__.setdefault(_SORTED, {})
    if id(lookup) not in known:
        by_action: Sorted = {}
        for key in lookup:
            states = policy._rule_key_to_state(key)
            action = (states[-1].get(PREVIOUS_ACTION) or {}).get(ACTION_NAME) if states else None
            plain = isinstance(action, str) and action and action != SHOULD_NOT_BE_SET
            by_action.setdefault(action if plain else None, []).append(key)
        known[id(lookup)] = by_action
    return known[id(lookup)]
