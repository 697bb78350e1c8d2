"""Rasa's message processor, made to fail a turn as a whole.

Rasa's own processor logs an action's error, forgets its events and carries on; the shopper gets an answer that is
half of one, or none. Here an error ends the turn: nothing is saved, and the tracker stays as it was before it.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from channels.problems import TurnFailed
from rasa.core.actions.action import Action, ActionExecutionRejection, create_bot_utterance
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.constants import ACTION_EXTRACT_SLOTS
from rasa.shared.core.events import ActionExecutionRejected, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from runtime.slots import changing

LANGUAGE_SLOT = "language"


class TurnProcessor(MessageProcessor):
    """Runs turns. Shoppers' texts never reach Rasa's reader of `/intent{json}`; buttons come parsed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(on_circuit_break=_give_up, **kwargs)
        self._understanding_node = self._node_before_regex_handler()

    def _node_before_regex_handler(self) -> str:
        """The last node of the language pipeline, without the handler that Rasa appends to every one.

        `RegexMessageHandler` reads any text that begins with a slash as an intent with entities: whoever types
        `/restart` or `/stop{"order": "1"}` would steer the dialogue. Leaving the node out leaves no such syntax.
        """
        nodes = self.model_metadata.predict_schema.nodes
        last = nodes[self.model_metadata.nlu_target]
        if last.uses is not RegexMessageHandler:
            raise RuntimeError("This Rasa builds its graph in another way; see to the handler of slash messages.")
        return last.needs["messages"]

    async def begin(self, tracker: DialogueStateTracker, channel: OutputChannel) -> None:
        """Begins the session of a tracker that has none: what is noted before that hides it from the rules."""
        await self._update_tracker_session(tracker, channel)

    async def run_turn(self, message: UserMessage, tracker: DialogueStateTracker, language: str) -> None:
        """Runs one message on `tracker`, which is changed and not saved.

        Raises `TurnFailed`, or what an action or response raised; `tracker` is of no use then.
        """
        await self._update_tracker_session(tracker, message.output_channel)
        if tracker.get_slot(LANGUAGE_SLOT) != language:
            tracker.update(SlotSet(LANGUAGE_SLOT, language), self.domain)
        await self._handle_message_with_tracker(message, tracker)
        await self.run_action_extract_slots(message.output_channel, tracker)
        await self._run_prediction_loop(message.output_channel, tracker)

    async def say(self, response: str, tracker: DialogueStateTracker, channel: OutputChannel, **values: Any) -> Any:
        """The event that says `response`; the caller puts it among the tracker's."""
        message = await self.nlg.generate(response, tracker, channel.name(), **values)
        return create_bot_utterance({**message, "utter_action": response})

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Notes on `tracker`, which is given back, what the message sets in slots."""
        action = self._get_action(ACTION_EXTRACT_SLOTS)
        events = await action.run(output_channel, self.nlg, tracker, self.domain)
        await self._send_bot_messages(events, tracker, output_channel)
        tracker.update_with_events(changing(events, tracker), self.domain)
        return tracker

    def _check_for_unseen_features(self, parse_data: Dict[str, Any]) -> None:
        """Nothing: a model's pipeline and domain are trained together. Rasa makes an empty domain here to compare."""

    def _parse_message_with_graph(
        self, message: UserMessage, tracker: DialogueStateTracker, only_output_properties: bool = True
    ) -> Dict[str, Any]:
        results = self.graph_runner.run(
            inputs={PLACEHOLDER_MESSAGE: [message], PLACEHOLDER_TRACKER: tracker}, targets=[self._understanding_node]
        )
        parsed = results[self._understanding_node][0].as_dict(only_output_properties=only_output_properties)
        return {"text": "", "intent": {"name": None, "confidence": 0.0}, "entities": [], **parsed}

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """Runs `action` and notes its events on `tracker`; whether to predict another. Errors are the caller's."""
        before = tracker
        if prediction.events:
            # A policy's own events must not stay when the action declines to run.
            before = tracker.copy()
            before.update_with_events(prediction.events, self.domain)
        try:
            events = await action.run(output_channel, nlg, before, self.domain)
        except ActionExecutionRejection:
            rejected = ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence)
            tracker.update(rejected)
            return self.should_predict_another_action(action.name())
        self._log_action_on_tracker(tracker, action, changing(events or [], tracker), prediction)
        if any(isinstance(event, UserUttered) for event in events or []):
            await self.run_action_extract_slots(output_channel, tracker)
        await self.execute_side_effects(events or [], tracker, output_channel)
        return self.should_predict_another_action(action.name())


def _give_up(_tracker: DialogueStateTracker, _channel: OutputChannel, _nlg: Optional[NaturalLanguageGenerator]) -> None:
    raise TurnFailed("The rules ran more actions than one turn may.")
