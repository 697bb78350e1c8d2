"""What shoppers decide of their own account: consents, a copy of what is known of them, and its erasure.

None of it is about an order. All of it wants the customer, who proves it by a one-time code where nobody signed in.
Profile and addresses are in `profile.py`, what is only told in passing in `actions/tastes.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from actions.changes.kind import AccountProposal, ChangeKind
from actions.changes.records import Records, address_candidate
from actions.changes.request import ChangeRequest
from actions.resolver import resolve_address

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
_CHANNELS = {
    "email": re.compile(
        r"\be-?mails?\b|\be-?mailing\b|\bnewsletters?\b|\bmailings?\b|\bmailing list\b|邮件|邮箱|电邮", re.IGNORECASE
    ),
    "sms": re.compile(r"\bsms\b|\btexts?\b|\btext messages?\b|\btexting\b|短信|信息轰炸", re.IGNORECASE),
    "phone": re.compile(r"\bcalls?\b|\bcalling\b|\bphon(?:e|ing)\b|\bring(?:ing)?\b|电话|来电", re.IGNORECASE),
    "post": re.compile(
        r"\bpost\b|\bcatalogues?\b|\bleaflets?\b|\bflyers?\b|\bletters?\b|\bbrochures?\b|信件|画册|宣传册|纸质",
        re.IGNORECASE,
    ),
}
_PERSONAL = re.compile(
    r"\bpersonali[sz]\w*|\brecommend\w*|\bprofil(?:e|ing)\b|\btrack(?:ing)?\b|\bbehaviou?r\w*|\btailored\b"
    r"|个性化|推荐|画像|追踪|行为",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    r"\bunsub\w*|\bstop\b|\bno (?:more|longer)\b|\bopt(?:ed|ing)?[- ]?(?:me )?out\b|\b(?:don'?t|do not|never|not)\b"
    r"|\bremove\b|\btake me off\b|\bturn (?:it |them )?off\b|\bswitch (?:it |them )?off\b|\bwithdraw\w*|\brevoke\w*"
    r"|\benough\b|\bcancel\b|\bquit\b|\bleave me\b|\bobject\b|\bdisable\b|\btoo many\b|\bspam\w*|\bjunk\b|\bannoy\w*"
    r"|\bno (?:ads?|marketing|promo\w*|newsletters?|texts?|calls?|e-?mails?|catalogues?)\b|\bnothing else\b"
    r"|\bonly (?:send|order)\b"
    r"|退订|取消|不要|不用|别|不想|不再|停|关(?![注于系联])|拒绝|撤回|不同意|没同意|拉黑|勿扰|屏蔽|太多|太烦|烦死|\btd\b",
    re.IGNORECASE,
)
_GRANTED = re.compile(
    r"\bsubscrib(?:e|ing)\b|\bsign me up\b|\bopt(?:ing)?[- ]?(?:me )?in\b|\b(?:keep|start|send|put|add)\b|\byes\b"
    r"|\bagree\b|\bturn (?:it |them )?on\b|\blike to (?:get|receive|hear)\b"
    r"|\bwant (?:to get|to receive|to hear|your|the)\b|\bhappy to\b|\benable\b|\ballow\b|\blet me know\b"
    r"|\byou (?:can|may)\b|订阅(?!设置|偏好|状态|管理|情况)"
    r"|同意|接收|想收|开启|开通|打开|愿意|允许|发给我|可以给我|可以发|通知我|告诉我|提醒",
    re.IGNORECASE,
)
_RESUBSCRIBE = re.compile(
    r"重新订阅|再订阅|取消退订|订回来|不小心退|误退|re-?subscribe|subscribe me again|by (?:accident|mistake)",
    re.IGNORECASE,
)


class ChangeConsent(AccountKind):
    """What the shop may send and use: carried out at once."""

    key = "consent"
    name = "consent.set"
    intents = frozenset({"change_consent"})
    questions = frozenset({"consent"})

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """Yes or no, for what, and by which ways."""
        extras = request.extras
        if _RESUBSCRIBE.search(text):
            extras["granted"] = "yes"
        elif _WITHDRAWN.search(text):
            extras["granted"] = "no"
        elif _GRANTED.search(text):
            extras["granted"] = "yes"
        if _PERSONAL.search(text):
            extras["purpose"] = PERSONALISATION
        named = [channel for channel, words in _CHANNELS.items() if words.search(text)]
        if named:
            extras["channels"] = ",".join(named)

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """Whether they want it."""
        if "granted" not in dialogue.request.extras:
            say = dialogue.wording.say
            choices = {f"extra=granted:{each}": say(f"changes.choice.consent.{each}") for each in ("yes", "no")}
            dialogue.ask("consent", "consent.granted", choices)

    async def proposals(self, dialogue: ChangeDialogue) -> Sequence[AccountProposal]:
        """One for each way. No to all of it takes back each yes that there is."""
        extras = dialogue.request.extras
        granted, purpose = extras["granted"] == "yes", extras.get("purpose", MARKETING)
        channels: list[str | None] = [*filter(None, extras.get("channels", "").split(","))]
        if purpose == PERSONALISATION:
            channels = [None]
        elif not channels and granted:
            channels = ["email"]
        elif not channels:
            present = (await dialogue.desk.crm.consents(dialogue.turn.conversation_id)).present
            channels = [each.channel for each in present if each.purpose == purpose and each.granted] or ["email"]
        return [
            AccountProposal(self.name, {"purpose": purpose, "channel": channel, "granted": granted})
            for channel in channels
        ]


class ExportData(AccountKind):
    """A copy of all that is known of them."""

    key = "export"
    name = "account.export"
    intents = frozenset({"export_data"})


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
