"""What Rasa asks for after a form's validation, answered together with it.

A turn of a form is two calls: its validation, then the question that is open or, when the form is done, the action
that answers. Which it is follows from the slots that the validation sets, so the second is run at once and its answer
sent along (`ahead` beside `events` and `responses`). The bot takes it when Rasa comes to that very action next, and
throws it away otherwise (`bot/components/action_endpoint.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from actions.changes.asking import ANSWER
from actions.changes.asking import FORM as CHANGE_FORM
from actions.proofs import PROOFS, REFERENCE
from actions.shipments import FORM as TRACK_FORM


@dataclass(frozen=True)
class _Form:
    """A form as the domain and the rules have it."""

    name: str
    required: Sequence[str]
    done: str
    """The action of the rule for the form's end."""


_FORMS: Final = {
    f"validate_{form.name}": form
    for form in (
        _Form(TRACK_FORM, (REFERENCE, PROOFS), "action_track_order"),
        _Form(CHANGE_FORM, (ANSWER,), "action_change_done"),
    )
}


def next_call(call: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The call that Rasa will make after `call` was answered with `events`; None where that is not certain."""
    form = _FORMS.get(str(call.get("next_action")))
    kinds = {event.get("event") for event in events}
    if form is None or not kinds <= {"slot", "active_loop"}:
        return None
    changed = {str(event["name"]): event.get("value") for event in events if event["event"] == "slot"}
    if not changed.keys() - {"requested_slot"}:
        # Rasa takes a validation that sets nothing for one that declines.
        return None
    tracker = call["tracker"]
    slots = {**tracker["slots"], **changed}
    loops = [event.get("name") for event in events if event["event"] == "active_loop"]
    ended = (loops and loops[-1] is None) or ("requested_slot" in changed and changed["requested_slot"] is None)
    if ended:
        action = form.done
    elif loops or "requested_slot" in changed:
        return None
    else:
        missing = next((slot for slot in form.required if slots.get(slot) is None), None)
        if missing is None:
            return None
        action = f"action_ask_{form.name}_{missing}"
    loop = {} if ended else {"name": form.name}
    return {**call, "next_action": action, "tracker": {**tracker, "slots": slots, "active_loop": loop}}
