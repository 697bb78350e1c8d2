"""What shoppers decide of their own account: consents, a copy of what is known of them, and its erasure.

None of it is about an order. All of it wants the customer, who proves it by a one-time code where nobody signed in.
Profile and addresses are in `profile.py`, what is only told in passing in `actions/tastes.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from actions.account_facts import consents_told
from actions.changes.consents import PERSONAL, asks_of_consents, read_consents
from actions.changes.just_done import last_done, takes_back
from actions.changes.kind import AccountProposal, ChangeKind
from actions.changes.records import Records, address_candidate
from actions.changes.request import ChangeRequest
from actions.desk import Desk, Turn
from actions.references import short_reference
from actions.resolver import resolve_address
from shopdesk_schemas.account import Consents

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

MARKETING, PERSONALISATION = "marketing", "personalisation"
"""Purposes of a consent, as the shops' data name them."""


class AccountKind(ChangeKind):
    """Base of these kinds."""

    about = "customer"

    def takes_over(self, other: ChangeKind) -> bool:
        """A change of an order is finished first."""
        return other.about == "customer"


_ALL_OF_IT = re.compile(
    r"\b(?:accounts?|data|everything|profile|history|gdpr|rgpd|forgotten|yourselves|systems?|records?|registration)\b"
    r"|\ball (?:of (?:it|that)|that|about me|you have|my)\b|\b(?:about|on) me\b"
    r"|\b(?:erase|delete|remove|forget|wipe) me\b"
    r"|\b(?:my|personal) (?:info\w*|details)\b|\bmembership\b|\bclose\b"
    r"|账号|账户|帐号|帐户|注销|销号|数据|资料|信息|隐私|所有|全部|都删|会员|记录|被遗忘",
    re.IGNORECASE,
)
_CARD = re.compile(
    r"\b(?:cards?|visa|mastercard|amex|paypal|payment methods?)\b|银行卡|信用卡|支付方式|付款方式", re.IGNORECASE
)
_ADDRESS = re.compile(r"\baddress(?:es)?\b|地址", re.IGNORECASE)


class ChangeConsent(AccountKind):
    """What the shop may send and use: carried out at once, and told as it stands then."""

    key = "consent"
    name = "consent.set"
    intents = frozenset({"change_consent"})
    questions = frozenset({"consent"})

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """Yes or no, for what, and by which ways; or that the last one is to be taken back."""
        extras = request.extras
        wish = read_consents(text)
        if takes_back(text) and not wish.ways:
            extras["back"] = "yes"
        if wish.elsewhere:
            extras["elsewhere"] = wish.elsewhere
        if wish.of_orders:
            extras["of_orders"] = "yes"
        if wish.ways:
            extras["ways"] = ",".join(f"{way}:{_WORD[granted]}" for way, granted in wish.ways.items())
        if wish.rest is not None:
            extras["granted"] = _WORD[wish.rest]
            extras.setdefault("ways", "")

    async def answer(self, dialogue: ChangeDialogue, *, known: bool) -> bool:
        """How it stands, where that is what is asked."""
        if dialogue.turn.pressed or not asks_of_consents(dialogue.turn.text):
            return False
        if dialogue.verification.level != "customer":
            return False
        dialogue.say("utter_account", answer=await standing(dialogue.desk, dialogue.turn))
        dialogue.finish()
        return True

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """Whether they want it; what holds already is told."""
        extras = dialogue.request.extras
        if not extras.keys() & {"granted", "ways", "back"}:
            say = dialogue.wording.say
            if extras.get("elsewhere"):
                dialogue.say("utter_account", answer=await self.told_after(dialogue))
                dialogue.finish()
                return
            choices = {f"extra=granted:{each}": say(f"changes.choice.consent.{each}") for each in ("yes", "no")}
            dialogue.ask("consent", "consent.granted", choices)
            return
        if not await self.proposals(dialogue):
            already = dialogue.wording.say("account.consents.already")
            dialogue.say("utter_account", answer=dialogue.wording.sentences(already, await self.told_after(dialogue)))
            dialogue.finish()

    async def proposals(self, dialogue: ChangeDialogue) -> Sequence[AccountProposal]:
        """One for each that is to be otherwise than it is. No to all of it takes back each yes that there is."""
        held = await dialogue.desk.crm.consents(dialogue.turn.conversation_id)
        present = {(each.purpose, each.channel): each.granted for each in held.present}
        wanted = _wanted(dialogue.request.extras, held)
        return [
            AccountProposal(self.name, {"purpose": purpose, "channel": channel, "granted": granted})
            for (purpose, channel), granted in wanted.items()
            if present.get((purpose, channel)) is not granted
        ]

    async def told_after(self, dialogue: ChangeDialogue) -> str:
        """What is on and what is off now."""
        extras, wording = dialogue.request.extras, dialogue.wording
        return wording.sentences(
            wording.say("account.consents.not_known", way=extras["elsewhere"]) if "elsewhere" in extras else None,
            await standing(dialogue.desk, dialogue.turn),
            wording.say("account.consents.of_orders") if "of_orders" in extras else None,
        )


_WORD = {True: "yes", False: "no"}
_Place = tuple[str, str | None]
"""A purpose and its way."""


def _wanted(extras: Mapping[str, str], held: Consents) -> dict[_Place, bool]:
    """What is to hold, by purpose and way."""
    if "back" in extras and not extras.get("ways"):
        return _as_before(held)
    wanted: dict[_Place, bool] = {}
    for each in filter(None, extras.get("ways", "").split(",")):
        way, _, word = each.partition(":")
        place: _Place = (PERSONALISATION, None) if way == PERSONAL else (MARKETING, way)
        wanted[place] = word == "yes"
    if "granted" not in extras:
        return wanted
    granted = extras["granted"] == "yes"
    others = [
        (each.purpose, each.channel)
        for each in held.present
        if each.granted is not granted and each.purpose in (MARKETING, PERSONALISATION)
    ]
    if granted:
        # A yes that names no way is one to the newsletter: the others were turned down for themselves.
        others = [(MARKETING, "email")]
    elif not others:
        others = [(MARKETING, "email")]
    return {place: granted for place in others if place not in wanted} | wanted


def _as_before(held: Consents) -> dict[_Place, bool]:
    """What was said last of each is as it was before that; what was said together goes together."""
    if not held.history:
        return {}
    latest = held.history[0].at
    said: dict[_Place, bool] = {}
    for each in held.history:
        place = (each.purpose, each.channel)
        if latest - each.at <= _TOGETHER:
            said.setdefault(place, each.granted)
    return {
        place: next(
            (
                each.granted
                for each in held.history
                if (each.purpose, each.channel) == place and latest - each.at > _TOGETHER
            ),
            not granted,
        )
        for place, granted in said.items()
    }


_TOGETHER = timedelta(seconds=5)
"""What one message decided."""


async def standing(desk: Desk, turn: Turn) -> str:
    """What the shop may send and use of the shopper's, and what not. Raises `CrmNotFound` for who is no customer."""
    return consents_told(await desk.crm.consents(turn.conversation_id), desk.wording(turn.language))


_ASKED_BEFORE = re.compile(
    r"\b(?:i|we) (?:already )?(?:asked|requested|applied)\b|\bi'?ve (?:already )?(?:asked|requested)\b"
    r"|\b(?:ready|done|finished|status|still)\b"
    r"|\bwhere(?:'s| is)\b|\bearlier\b|\blast (?:week|month|time)\b"
    r"|之前(?:申请|要|提)|(?:申请|要|提)过|弄好|[好完](?:了)?(?:没|吗)|进度|上次|到哪|还没(?:收到|好|给)",
    re.IGNORECASE,
)
"""A copy was asked for before."""


class ExportData(AccountKind):
    """A copy of all that is known of them."""

    key = "export"
    name = "account.export"
    intents = frozenset({"export_data"})

    async def answer(self, dialogue: ChangeDialogue, *, known: bool) -> bool:
        """Of a copy that was asked for already, under which number that is; no second one is asked for."""
        if dialogue.turn.pressed or not _ASKED_BEFORE.search(dialogue.turn.text):
            return False
        done, say = last_done(dialogue.turn), dialogue.wording.say
        if done.get("kind") == self.key and done.get("reference"):
            answer = say("account.export_under_way", reference=short_reference(done["reference"]))
        else:
            answer = say("account.export_unseen")
        dialogue.say("utter_payments_offer_person", answer=answer)
        dialogue.offers_person = True
        dialogue.finish()
        return True


class DeleteData(AccountKind):
    """That it is erased, the account with it."""

    key = "erasure"
    name = "account.erasure"
    intents = frozenset({"delete_data"})
    questions = frozenset({"erasure"})

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """Whether it is all of it that is to go: nobody's account is closed over "delete that one"."""
        if _ALL_OF_IT.search(text):
            request.extras["what"] = "all"
        elif _CARD.search(text):
            request.kind, request.extras = "payment_methods", {"do": "remove"}
        elif _ADDRESS.search(text):
            request.kind, request.extras = "book_address", {"do": "remove"}

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """What is to go, where the words do not say that it is everything. A named address is all they mean."""
        extras = dialogue.request.extras
        if extras.get("what") == "all":
            return
        if what := extras.pop("what", None):
            await _goes_on_as(dialogue, what)
            return
        book = await dialogue.records.addresses()
        found = resolve_address(
            dialogue.request.text,
            [address_candidate(each) for each in book],
            country=dialogue.policies.shop.country,
            focus=dialogue.focus,
            today=dialogue.records.today,
        )
        if found.status == "one" and found.first.source != "typed":
            await _goes_on_as(dialogue, "book_address", address=found.first.key)
            return
        say = dialogue.wording.say
        choices = {
            f"extra=what:{what}": say(f"changes.choice.erasure.{what}")
            for what in ("all", "book_address", "payment_methods")
        }
        dialogue.ask("erasure", "erasure.what", choices)


async def _goes_on_as(dialogue: ChangeDialogue, kind: str, **extras: str) -> None:
    """Less than everything is to go."""
    dialogue.request.kind, dialogue.request.extras = kind, {"do": "remove", **extras}
    await dialogue.kind.ask(dialogue)
