"""The ways to pay that a customer saved: which comes first, and which is forgotten.

None is saved in a conversation: a card's number does not belong in one. Who wants to add one is told where it is safe.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from actions.changes.account import AccountKind
from actions.changes.kind import AccountProposal
from actions.changes.records import Records
from actions.changes.request import ChangeRequest
from actions.changes.wording import ChangeWording

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

_REMOVED = re.compile(
    r"\b(?:remove|delete|get rid of|erase|forget|unlink|unsave|take \w+(?: \w+)? off|drop|disconnect|detach)\b"
    r"|删|去掉|移除|解绑|解除|取消绑定|清除|不要存|别存",
    re.IGNORECASE,
)
_DEFAULT = re.compile(
    r"\b(?:default|main|primary|standard|preferred|first|usual|always)\b|默认|首选|优先|常用|主要|以后都?用",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"\b(?:add|save|store|new|register|link|put|another|enter)\b|加|新增|新的|绑定?|保存|存|添加|录入|换一?张新",
    re.IGNORECASE,
)


_GIFT_NOTE = re.compile(
    r"\bgift (?:note|message|tag)\b|\bgreeting card\b|\bcard (?:that )?(?:says|saying|with (?:a|the|my) message)\b"
    r"|\bwrite [^.?!]{0,30}\bcard\b"
    r"|贺卡|卡片|卡上写|写[^，。]{0,10}卡上|祝福语",
    re.IGNORECASE,
)
"""A card with words for whom a gift is for: no way to pay."""
_OF_ORDER = re.compile(
    r"\b(?:which|what|how)\b[^.!]{0,30}\b(?:pay|paid|payment|card|method|charged)\b[^.!]{0,30}\border\b"
    r"|\b(?:which|what|how)\b[^.!]{0,20}\border\b[^.!]{0,30}\b(?:paid|on|charged|payment)\b"
    r"|(?:订单|那单|这单)[^，。]{0,10}(?:怎么付|用(?:的)?(?:什么|哪)[^，。]{0,6}付|哪张卡|什么(?:支付|付款)方式)",
    re.IGNORECASE,
)
"""How an order is paid is asked, and nothing changed."""


class ManagePaymentMethods(AccountKind):
    """The kind."""

    key = "payment_methods"
    name = "account.payment_method.default"
    intents = frozenset({"manage_payment_methods"})
    pays = True
    asks_who_first = False
    questions: ClassVar[frozenset[str]] = frozenset({"saved_way"})

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """What is to happen."""
        if _REMOVED.search(text):
            request.extras["do"] = "remove"
        elif _DEFAULT.search(text):
            request.extras["do"] = "default"
        elif _ADDED.search(text):
            request.extras.setdefault("do", "add")

    def begun_as(self, text: str) -> str:
        """How an order is paid may only be asked."""
        return "details" if _OF_ORDER.search(text) and not _DEFAULT.search(text) else self.key

    def way_words(self, text: str) -> str:
        """Without "my default": that is what it is to become, and not which one."""
        return _DEFAULT.sub(" ", text)

    async def answer(self, dialogue: ChangeDialogue, *, known: bool) -> bool:
        """How one is added safely: nobody need be known for that."""
        if _GIFT_NOTE.search(dialogue.request.text):
            dialogue.say("utter_change_refused", why=dialogue.wording.say("changes.no_gift_note"))
            dialogue.offers_person = True
            dialogue.finish()
            return True
        self.read(dialogue.turn.text, dialogue.request, dialogue.records)
        if dialogue.request.extras.get("do") != "add":
            return False
        places = dialogue.policies.account
        link = places.sign_in_url if places else None
        key = "add_method_at" if link else "add_method"
        dialogue.say("utter_change_done", done=dialogue.wording.say(f"changes.{key}", url=link or ""))
        dialogue.finish()
        return True

    async def takes(self, dialogue: ChangeDialogue, asked: str) -> bool:
        """Which one."""
        before = dialogue.request.payment_method
        await dialogue.reader.payment_method(self.way_words(dialogue.turn.text))
        return dialogue.request.payment_method != before

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """Which one, of those that there are; who it is comes before."""
        request, extras = dialogue.request, dialogue.request.extras
        if "way" in extras:
            request.payment_method = extras.pop("way")
        if dialogue.verification.level != "customer":
            return
        methods = await dialogue.records.methods()
        wanted = extras.get("do", "default")
        if not methods:
            dialogue.say("utter_change_refused", why=dialogue.wording.say("changes.no_saved_ways"))
            dialogue.finish()
            return
        if request.payment_method is None:
            await dialogue.reader.payment_method(self.way_words(request.text))
        fit = [each for each in methods if wanted != "default" or not each.is_default]
        if request.payment_method is None and len(fit) == 1 and wanted == "default":
            request.payment_method = fit[0].id
        if request.payment_method is None:
            words = ChangeWording(dialogue.wording, dialogue.policies.shop.timezone)
            ways = {f"extra=way:{each.id}": words.way(each.model_dump()) for each in fit or methods}
            dialogue.ask("saved_way", f"saved_way.{wanted}", ways)

    async def proposals(self, dialogue: ChangeDialogue) -> Sequence[AccountProposal]:
        """One."""
        wanted = dialogue.request.extras.get("do", "default")
        name = "account.payment_method.remove" if wanted == "remove" else self.name
        return [AccountProposal(name, {"payment_method": dialogue.request.payment_method or "-"})]
