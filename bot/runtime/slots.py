"""Slots: copied quickly, read from a message only where the domain says so, and set only where that changes something.

A tracker has a copy of each of the domain's slots, and a turn makes half a dozen trackers. Most slots are set by
actions alone, and most of what actions set is nothing where there was nothing.
"""

from __future__ import annotations

import copy
from typing import Any, Dict, Iterable, List

from rasa.core.actions.action import ActionExtractSlots
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, REQUESTED_SLOT, SlotMappingType
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

_EXTRACTING = "_shopdesk_extracting"

_stock_extraction = ActionExtractSlots.run


def copy_slot(slot: Slot) -> Slot:
    """A shallow copy, as `copy.copy` makes it by way of pickling."""
    twin: Slot = slot.__class__.__new__(slot.__class__)
    twin.__dict__.update(slot.__dict__)
    return twin


async def extract_slots(
    action: ActionExtractSlots,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> List[Event]:
    """What Rasa reads from a message into slots, without looking at those that it never reads."""
    events: List[Event] = await _stock_extraction(action, output_channel, nlg, tracker, _extracting(domain))
    return events


def _extracting(domain: Domain) -> Domain:
    """The domain with those slots alone that a message may set; the domain itself where an action checks them."""
    known: Any = domain.__dict__.get(_EXTRACTING)
    if known is None:
        known = domain
        if ACTION_VALIDATE_SLOT_MAPPINGS not in domain.user_actions:
            known = copy.copy(domain)
            known.slots = [slot for slot in domain.slots if not all(map(_is_for_actions, slot.mappings))]
        domain.__dict__[_EXTRACTING] = known
    return known


def _is_for_actions(mapping: Dict[str, Any]) -> bool:
    return mapping.get("type") == str(SlotMappingType.CUSTOM) and not mapping.get("action")


def changing(events: Iterable[Event], tracker: DialogueStateTracker) -> List[Event]:
    """`events` without those that set a slot of `tracker` to nothing where nothing is.

    Rasa's forms and rules tell by the slot `requested_slot` that a form ended: that one stays.
    """
    values: Dict[str, Any] = {}
    kept = []
    for event in events:
        if isinstance(event, SlotSet) and event.key != REQUESTED_SLOT:
            before = values.get(event.key, tracker.get_slot(event.key))
            values[event.key] = event.value
            if not event.value and before == event.value and event.key in tracker.slots:
                continue
        kept.append(event)
    return kept
