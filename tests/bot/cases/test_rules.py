"""The rules that fit are those that stock Rasa finds."""

import json
import random

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import SHOULD_NOT_BE_SET
from runtime.rules import possible_keys

_stock_possible_keys = RulePolicy._get_possible_keys


def state(chance, for_rule):
    made = {}
    if chance.random() < 0.9:
        made["prev_action"] = {"action_name": chance.choice(("action_listen", "action_a", "a_form"))}
    elif for_rule and chance.random() < 0.3:
        made["prev_action"] = {"action_name": SHOULD_NOT_BE_SET}
    elif chance.random() < 0.3:
        made["prev_action"] = {"action_text": "words"}
    if chance.random() < 0.7:
        made["user"] = {"intent": chance.choice(("greet", "ask"))}
    if chance.random() < 0.5:
        made["active_loop"] = {"name": chance.choice(("a_form", *([SHOULD_NOT_BE_SET] if for_rule else [])))}
    if chance.random() < 0.3:
        made["slots"] = {"topic": [1.0] if for_rule else (1.0,)}
    return made


@pytest.mark.parametrize("seed", range(5))
def test_the_rules_that_fit_are_those_that_rasa_finds(seed):
    chance = random.Random(seed)
    policy = RulePolicy.__new__(RulePolicy)
    lookups = [
        {json.dumps([state(chance, True) for _ in range(chance.choice((1, 1, 2, 3)))]): "action_a" for _ in range(300)}
        for _ in range(2)
    ]
    found = 0
    for _ in range(150):
        states = [state(chance, False) for _ in range(chance.choice((0, 1, 2, 3)))]
        for lookup in lookups:
            mine = possible_keys(policy, lookup, states)
            assert mine == _stock_possible_keys(policy, lookup, states)
            found += len(mine)
    assert found
