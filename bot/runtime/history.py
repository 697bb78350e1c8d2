"""How much of a conversation a turn looks at, so that the two hundredth turn costs what the first does.

Stock Rasa computes the state before every action of the whole conversation for each prediction, and sends every event
of it with each call of the action server.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Optional, Tuple

import rasa
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

MESSAGES_SENT = 2
"""An action server reads the slots set last and the message being answered; the message before it is kept with it."""
_LONGEST = "_shopdesk_longest_rule"

_stock_prediction_states = Policy._prediction_states


class RecentTracker:
    """A tracker that shows the states before its last actions alone: `count` of them, the present one counted."""

    def __init__(self, tracker: DialogueStateTracker, count: int) -> None:
        self._tracker = tracker
        self._count = count

    def past_states(self, domain: Domain, **options: Any) -> List[State]:
        """As Rasa's tracker gives them, oldest first."""
        states: List[State] = domain.states_for_tracker_history(self, **options)
        return states

    def generate_all_prior_trackers(self) -> Iterator[Tuple[DialogueStateTracker, bool]]:
        """The tracker before each of the last actions and as it is now; one object, changed between two of them."""
        events = self._tracker.applied_events()
        before = sum(isinstance(event, ActionExecuted) for event in events) + 1 - self._count
        # No state shows the other slots.
        shown = [slot for slot in self._tracker.slots.values() if slot.has_features()]
        replayed = DialogueStateTracker(
            self._tracker.sender_id,
            shown,
            self._tracker._max_event_history,
            is_rule_tracker=self._tracker.is_rule_tracker,
        )
        for event in events:
            if isinstance(event, SlotSet) and event.key not in replayed.slots:
                continue
            if isinstance(event, ActionExecuted):
                if before <= 0:
                    yield replayed, event.hide_rule_turn
                before -= 1
            replayed.update(event)
        yield replayed, False


def recent_prediction_states(
    policy: RulePolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool = False,
    rule_only_data: Optional[Dict[str, Any]] = None,
) -> List[State]:
    """The last states, as many as the longest rule has: a rule is compared from its end, the rest is not read."""
    recent = RecentTracker(tracker, _longest_rule(policy))
    states: List[State] = _stock_prediction_states(policy, recent, domain, use_text_for_last_user_input, rule_only_data)
    return states


def _longest_rule(policy: RulePolicy) -> int:
    """The states of the policy's longest rule, counted once for a loaded policy."""
    longest: Optional[int] = getattr(policy, _LONGEST, None)
    if longest is None:
        keys = [key for kind in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) for key in policy.lookup.get(kind, {})]
        longest = max((len(policy._rule_key_to_state(key)) for key in keys), default=1)
        setattr(policy, _LONGEST, longest)
    return longest


def recent_events(tracker: DialogueStateTracker) -> List[Event]:
    """The events from the last `MESSAGES_SENT` messages on; all of them when there are fewer messages."""
    recent: List[Event] = []
    messages = 0
    for event in reversed(tracker.events):
        recent.append(event)
        messages += isinstance(event, UserUttered)
        if messages == MESSAGES_SENT:
            break
    return recent[::-1]


def action_call(action: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> Dict[str, Any]:
    """What is sent to the action server: as Rasa sends it, with the recent events alone and without the domain.

    Our actions read nothing of the domain, and it is the larger part of what Rasa sends.
    """
    state = tracker.current_state(EventVerbosity.NONE)
    state["events"] = [event.as_dict() for event in recent_events(tracker)]
    return {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": state,
        "version": rasa.__version__,
        "domain": {},
    }
