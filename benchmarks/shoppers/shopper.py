"""A simulated shopper: says what they want, answers what they are asked, and confirms what they meant.

They read what a person would read: the words on buttons, and what a proposal would change (its details come from the
CRM, in place of reading the sentence). They do not look into the assistant.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import yaml

from benchmarks.shoppers.crm import CrmStore, Facts, changed, proposed
from benchmarks.shoppers.goals import Goal, Task
from benchmarks.shoppers.phrasing import Phrasing, noisy
from benchmarks.shoppers.shops import Bought
from tests.support.chat import ChatClient
from tests.support.stack import DEMO_NOW

_LOCALES = Path(__file__).parents[2] / "actions" / "locales"
TURNS = 24
"""A shopper who is not done by then gives up."""
_PATIENCE = 3
"""How often they say the same request again."""
_CODE_ASKED = re.compile(r"I'll send a code|给您发个验证码", re.IGNORECASE)
_IDENTITY_ASKED = re.compile(
    r"order or tracking number|delivery postcode|don't see an order number|订单号或快递单号|看到订单号|邮编"
    r"|手机号后四位|尾号",
    re.IGNORECASE,
)

Outcome = Literal["right", "nothing", "part", "wrong"]


@dataclass
class Result:
    """How it ended."""

    goal: Goal
    outcome: Outcome
    questions: int
    handed_over: bool
    transcript: list[str]
    wanted: Facts
    became: Facts


@dataclass
class _Memory:
    """What the shopper has said and seen."""

    pending: list[str] = field(default_factory=list)
    restated: dict[int, int] = field(default_factory=dict)
    corrected: int = 0
    turned: bool = False
    asked_total: bool = False
    digressed: bool = False
    questions: int = 0
    left: bool = False
    content: bool = False
    """Whether what is proposed is what was meant."""
    named: set[int] = field(default_factory=set)
    """Which of the tasks that come later were named."""
    of_first: bool = False
    """Whether what is proposed is of the first request, of which a shopper may think better."""


def placed_on(order: Bought, language: str) -> str:
    """The day of an order as buttons show it."""
    day = datetime.fromisoformat(DEMO_NOW) - timedelta(days=order.days_ago)
    return f"{day.day} {day:%B}" if language == "en" else f"{day.month}月{day.day}日"


def _reads(words: str, label: str) -> bool:
    """Whether a button says these words: "L" is not in "black"."""
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(words)}(?![A-Za-z0-9])", label, re.IGNORECASE) is not None


class SimulatedShopper:
    """One conversation."""

    def __init__(self, goal: Goal, chat: ChatClient, store: CrmStore, rng: random.Random) -> None:
        self.goal, self._chat, self._store, self._rng = goal, chat, store, rng
        self._say = Phrasing(goal.language, rng)
        self._memory = _Memory()
        self._transcript: list[str] = []
        self._tasks = list(goal.tasks)
        self._before = store.facts(goal.customer.id)
        self._lines = {
            order.number: {n: line.quantity for n, line in enumerate(order.lines, start=1)}
            for order in goal.customer.orders
        }
        texts = yaml.safe_load((_LOCALES / goal.language / "changes.yml").read_text("utf-8"))
        self._reasons: Mapping[str, str] = texts["code"]["reason"]
        self._buttons: Mapping[str, str] = texts["button"]

    def run(self, token: str | None) -> Result:
        """Talks until all is done, or given up."""
        replies = self._chat.open(self.goal.language, identity_token=token)
        self._memory.pending = self._opening()
        for _ in range(TURNS):
            act = self._next(replies)
            if act is None:
                break
            replies = self._do(act)
        became = self._became()
        wanted = self.goal.facts
        outcome: Outcome = (
            "right" if became == wanted else "wrong" if became - wanted else "part" if became else "nothing"
        )
        handed = any("AGENT" in line for line in self._transcript)
        return Result(self.goal, outcome, self._memory.questions, handed, self._transcript, wanted, became)

    def _became(self) -> Facts:
        return changed(self._before, self._store.facts(self.goal.customer.id))

    # Saying

    def _opening(self) -> list[str]:
        goal, rng, say = self.goal, self._rng, self._say
        text = self._wish(self._tasks[0])
        messages: list[str] = []
        if rng.random() < 0.25:
            key = "delivered" if not self._tasks[0].orders[0].open else "open"
            text = f"{say(f'story.{key}')}{' ' if goal.language == 'en' else ''}{text}"
        for task in self._tasks[1:]:
            if task.later:
                continue
            if rng.random() < 0.3:
                messages.append(text)
                text = say("frame", request=task.request)
            else:
                text = text.rstrip("?. ？。") + say("join", request=task.request)
        messages.append(text)
        if rng.random() < 0.15:
            messages[0] = f"{say(rng.choice(('chatter', 'anger')))} {messages[0]}"
        if rng.random() < 0.15:
            messages[0] = f"{say('greeting')}{', ' if goal.language == 'en' else '，'}{messages[0]}"
        elif rng.random() < 0.15:
            messages.insert(0, say("greeting"))
        if rng.random() < 0.1:
            messages[-1] += say("emoji")
        return [self._noisy(message) for message in messages]

    def _wish(self, task: Task) -> str:
        """The request in a frame, or as it is where it is a whole sentence."""
        return task.request if task.sentence else self._say("frame", request=task.request)

    def _named(self, place: int) -> bool:
        """Whether a task was said yet."""
        return not self._tasks[place].later or place in self._memory.named

    def _name(self, place: int) -> tuple[str, str]:
        self._memory.named.add(place)
        return "say", self._noisy(self._tasks[place].said_later)

    def _noisy(self, text: str) -> str:
        language, products = self.goal.language, self.goal.customer.shop.products
        keep = [word for product in products for word in product.call[language]]
        keep += [value for product in products for each in product.variants for value in each.values[language]]
        keep += ["money", "gift", "card", "work", "parents", "home"]
        return noisy(text, language, self._rng, keep=keep)

    def _do(self, act: tuple[str, str]) -> list[dict[str, Any]]:
        way, value = act
        if way == "press":
            label, _, identifier = value.rpartition("\0")
            self._transcript.append(f"SHOPPER [{label}]")
            replies = self._chat.press(identifier)
        else:
            self._transcript.append(f"SHOPPER {value}")
            replies = self._chat.say(value)
        for reply in replies:
            labels = [button["label"] for button in reply["content"].get("buttons", [])]
            self._transcript.append(
                f"        {reply['content']['text']}" + (f"  [{' | '.join(labels)}]" if labels else "")
            )
            if reply["author"] not in ("assistant", "bot"):
                self._transcript.append(f"        ({reply['author']})")
        return replies

    # Reading

    def _next(self, replies: Sequence[Mapping[str, Any]]) -> tuple[str, str] | None:
        memory = self._memory
        contents = [reply["content"] for reply in replies]
        proposals = [content for content in contents if content["kind"] == "proposal"]
        buttons = [button for content in contents[-1:] for button in content.get("buttons", [])]
        if proposals:
            return self._at_proposal(proposals, buttons)
        if memory.content and any(button["label"] == self._buttons["confirm"] for button in buttons):
            # The proposal shown before still waits; who thinks better of it does so after a question too.
            if self.goal.leaves:
                return self._leave(buttons)
            if memory.of_first and (turned := self._think_better()) is not None:
                return turned
            return self._press(buttons, self._buttons["confirm"])
        answer = self._answer(contents, buttons)
        if answer is not None:
            memory.questions += 1
            return answer
        if memory.pending:
            return "say", memory.pending.pop(0)
        return self._remind()

    def _remind(self) -> tuple[str, str] | None:
        """What was not done yet is said again, some times."""
        if self._memory.left:
            return None
        became = self._became()
        for place, task in enumerate(self._tasks):
            if task.facts <= became:
                continue
            if not self._named(place):
                return self._name(place)
            said = self._memory.restated.get(place, 0)
            if said >= _PATIENCE - 1:
                continue
            self._memory.restated[place] = said + 1
            if task.sentence:
                return "say", task.request
            return "say", self._say("restate_prefix", request=task.request)
        return None

    def _at_proposal(
        self, proposals: Sequence[Mapping[str, Any]], buttons: Sequence[Mapping[str, str]]
    ) -> tuple[str, str] | None:
        goal, memory, say = self.goal, self._memory, self._say
        offered: set[Any] = set()
        for content in proposals:
            offered |= proposed(*self._store.proposal(content["proposal_id"]), self._lines)
        became = self._became()
        task = next((each for each in self._tasks if self._meant(each, became, offered)), None)
        memory.content = task is not None or goal.careless
        memory.of_first = task is not None and task is self._tasks[0]
        if task is None and not goal.careless:
            return self._correct(offered, became)
        if goal.asks_total and not memory.asked_total:
            memory.asked_total = True
            return "say", say("total_question")
        later = next((n for n, each in enumerate(self._tasks) if each.later == "proposal" and not self._named(n)), None)
        if later is not None:
            return self._name(later)
        if goal.digresses and not memory.digressed:
            memory.digressed = True
            return "say", say("digression")
        if goal.leaves:
            return self._leave(buttons)
        if memory.of_first and (turned := self._think_better()) is not None:
            return turned
        if self._rng.random() < 0.4 and (press := self._press(buttons, self._buttons["confirm"])):
            return press
        return "say", say("yes")

    def _leave(self, buttons: Sequence[Mapping[str, str]]) -> tuple[str, str]:
        """The decision to leave everything as it is, by button where there is one."""
        self._memory.left = True
        self._memory.pending = []
        return self._press(buttons, self._buttons["leave"]) or ("say", self._say("no_leave"))

    def _think_better(self) -> tuple[str, str] | None:
        """The change of mind that a goal has, said once; None where there is none, or it was said."""
        goal, memory = self.goal, self._memory
        if goal.turnabout is None or memory.turned:
            return None
        memory.turned, memory.content = True, False
        self._tasks[0] = goal.turnabout.task
        return "say", goal.turnabout.say

    def _meant(self, task: Task, became: Facts, offered: Set[Any]) -> bool:
        """Whether what is offered is what the task still lacks, or one step of it where it takes two."""
        lacks = task.facts - became
        steps = task.piecemeal or len({each[0] for each in task.facts} & {"sku", "cancelled"}) > 1
        if steps and self._whole_change(task, offered):
            return bool(offered) and offered <= lacks
        together = frozenset().union(*(each.facts for each in self._tasks)) - became
        return bool(offered) and offered in (lacks, together)

    @staticmethod
    def _whole_change(task: Task, offered: Set[Any]) -> bool:
        """Whether all that is to become another variant is offered at once, if any: it goes once an order."""
        changes = {each for each in task.facts if each[0] == "sku"}
        return not offered & changes or changes <= offered

    def _correct(self, offered: set[Any], became: Facts) -> tuple[str, str] | None:
        """What is proposed is not what was meant."""
        memory = self._memory
        memory.corrected += 1
        numbers = {each[1] for each in offered}
        task = next(
            (each for each in self._tasks if not each.facts <= became and numbers & {o.number for o in each.orders}),
            next((each for each in self._tasks if not each.facts <= became), None),
        )
        self._transcript.append(f"        (offered {sorted(offered)}, wanted {sorted(task.facts) if task else None})")
        if task is None or memory.corrected > _PATIENCE:
            if memory.corrected > _PATIENCE + 2:
                return None
            return "say", self._say("give_up")
        return "say", self._say("correct", restate=self._wish(task))

    def _answer(
        self, contents: Sequence[Mapping[str, Any]], buttons: Sequence[Mapping[str, str]]
    ) -> tuple[str, str] | None:
        """The answer to a question: by button, by number, or in words."""
        words = contents[-1]["text"] if contents else ""
        if self.goal.guest and not buttons:
            code = self._store.last_code(self.goal.customer.email)
            if code and re.search(r"code|验证码", words) and re.search(r"type|输入|填|发给我", words):
                return "say", code
            if _CODE_ASKED.search(words):
                return "say", self._say("email", email=self.goal.customer.email)
            if _IDENTITY_ASKED.search(words):
                order = self._tasks[0].orders[0]
                postcode = self.goal.customer.book[order.address].postcode
                name = self.goal.customer.name
                return "say", self._say("identify", number=order.number, postcode=postcode, name=name)
        if not buttons:
            return None
        became = self._became()
        for place, task in enumerate(self._tasks):
            if task.facts <= became or not self._named(place):
                continue
            chosen = self._choose(task, buttons)
            if chosen is not None:
                return chosen
        return None

    def _choose(self, task: Task, buttons: Sequence[Mapping[str, str]]) -> tuple[str, str] | None:
        language = self.goal.language
        labels = [button["label"] for button in buttons]

        def matching(*needles: str) -> list[int]:
            return [n for n, label in enumerate(labels) if all(_reads(each, label) for each in needles)]

        orders = [hit for order in task.orders for hit in matching(order.number)]
        orders = orders or [hit for order in task.orders for hit in matching(placed_on(order, language))]
        if orders:
            return self._pick(buttons, orders[0])
        reason = matching(self._reasons.get(task.reason, "\0"))
        if reason:
            in_words = self._say(f"reason.{task.reason}")
            return ("say", in_words) if self._rng.random() < 0.5 else self._pick(buttons, reason[0])
        if any(label in self._reasons.values() for label in labels):
            other = matching(self._reasons.get("changed_mind", "\0")) or matching(self._reasons.get("other", "\0"))
            return self._pick(buttons, other[0]) if other else None
        if task.address is not None and (found := matching(task.address.line1)):
            return self._pick(buttons, found[0])
        ways = matching("gift") + matching("礼品卡")
        cards = matching("Visa")
        if ways and cards:
            if self._rng.random() < 0.5:
                return "say", self._say("gift" if task.pay == "gift" or task.money == "gift_card" else "card")
            return self._pick(buttons, (ways if task.pay == "gift" else cards)[0])
        for line in task.items:
            target = task.targets.get(line.variant.sku)
            hits = matching(*target.values[language]) if target is not None else []
            if hits:
                return self._pick(buttons, hits[0])
        names = [(line, hits) for line in task.items if (hits := matching(line.variant.product.name[language]))]
        if len(names) == 1:
            return self._pick(buttons, names[0][1][0])
        if names:
            called = {line.variant.product.code: list(line.variant.product.call[language]) for line, _ in names}
            chosen = [self._rng.choice(words) for words in called.values()]
            return "say", self._say("some_of", items=self._say.listed(chosen))
        return None

    def _pick(self, buttons: Sequence[Mapping[str, str]], place: int) -> tuple[str, str]:
        if self._rng.random() < 0.15:
            return "say", str(place + 1)
        return "press", f"{buttons[place]['label']}\0{buttons[place]['id']}"

    def _press(self, buttons: Sequence[Mapping[str, str]], label: str) -> tuple[str, str] | None:
        found = next((button for button in buttons if button["label"] == label), None)
        return ("press", f"{found['label']}\0{found['id']}") if found else None
