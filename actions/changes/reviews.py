"""What a shopper says of something they bought: stars and words. Kept at once; the shop looks before it shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from actions.changes.account import AccountKind
from actions.changes.kind import AccountProposal
from actions.changes.records import ORDERS_READ, Records
from actions.changes.request import ChangeRequest
from actions.help_pages import page_answer
from actions.orders import line_name
from actions.resolver import OrderCandidate, resolve_lines

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

_STARS = 5
_LONGEST = 4000
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5,
}  # fmt: skip
_COUNT = rf"([1-5]|{'|'.join(_NUMBERS)})"
_RATED = re.compile(
    rf"(?<![\d.]){_COUNT}[ -]?stars?\b|(?<![\d.]){_COUNT} ?(?:/|out of) ?(?:5|five)\b"
    rf"|\b(?:rating|rate it)(?: of)? {_COUNT}\b"
    rf"|(?:给|打)(?:个|了)?{_COUNT}[颗个]?[星分]|{_COUNT}[颗个]?星|{_COUNT}分(?!钟|之)",
    re.IGNORECASE,
)
_DRAWN = re.compile(r"[★⭐🌟]\ufe0f?")
_PLAIN = {5: re.compile(r"好评|满分"), 3: re.compile(r"中评"), 1: re.compile(r"差评")}
_BARE = re.compile(rf"\W*{_COUNT}\W*", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"「『](?P<quoted>[^”\"」』]{2,})[”\"」』]")
_AFTER_COLON = re.compile(r"[:：]\s*(?P<said>\S.{1,})$", re.DOTALL)
_CLAUSES = re.compile(r"[.!?;\n。！？；]+\s*|[，,]\s*|\s+-\s+|(?<=[\u4e00-\u9fff★⭐])\s+(?=[\u4e00-\u9fff])")
_ABOUT_REVIEW = re.compile(
    r"\breviews?\b|\brat(?:e|ing)\b|\bstars?\b|\bfeedback\b|评价|评论|点评|打分|[星分](?!钟)|好评|差评|中评|晒单|★|⭐",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:take|pull)\b.{0,24}\breviews?\b.{0,8}\bdown\b|\btake down\b|\b(?:delete|remove|withdraw|retract"
    r"|undo)\b.{0,24}\b(?:reviews?|rating)\b"
    r"|(?:删|撤)[^，。？]{0,6}(?:评价|评论|点评)|(?:评价|评论|点评)[^，。？]{0,4}(?:删|撤)",
    re.IGNORECASE,
)
"""A review is to be taken away again."""
_POINTS = re.compile(r"\bpoints?\b|积分", re.IGNORECASE)
_ASKS = re.compile(r"[?？吗]|\b(?:do|does|will|can|how)\b|多少|有没有", re.IGNORECASE)
_COURTESY = re.compile(
    r"\W*(?:hi|hello|hey|please|pls|thanks?|thank you|ok|okay|你好|您好|请问|谢谢|麻烦)\W*", re.IGNORECASE
)


class WriteReview(AccountKind):
    """The kind."""

    key = "review"
    name = "product.review"
    intents = frozenset({"write_review"})
    questions = frozenset({"review_product", "review_rating", "review_words", "review_sure"})
    any_words: ClassVar[frozenset[str]] = frozenset({"review_words"})

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """Stars, and what is said beside them."""
        stars = stars_in(text)
        if stars is not None:
            request.extras["rating"] = str(stars)
        if said := _said(text):
            request.extras.setdefault("words", said)

    async def takes(self, dialogue: ChangeDialogue, asked: str) -> bool:
        """What was bought by its name, the number of stars alone, or the words, whatever they are."""
        request, text = dialogue.request, dialogue.turn.text
        if asked == "review_product":
            return await self._found(dialogue, text)
        if asked == "review_rating" and (bare := _BARE.fullmatch(text)) is not None:
            request.extras["rating"] = str(_number(bare[1]))
            return True
        if asked == "review_words":
            request.extras["words"] = "-" if dialogue.turn.intent == "deny" else text.strip()[:_LONGEST]
            request.extras["sure"] = "yes"
            return True
        if asked == "review_sure":
            return await self._is_sure(dialogue)
        return False

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """Of what, how many stars, and in what words."""
        extras = dialogue.request.extras
        if "sku" not in extras and not await self._product(dialogue):
            return
        extras["title"] = name = (await self._bought(dialogue)).get(extras["sku"], "")
        if "rating" not in extras:
            say = dialogue.wording.say
            choices = {f"extra=rating:{count}": say(f"changes.choice.stars.{count}") for count in range(_STARS, 0, -1)}
            dialogue.ask("review_rating", "review.rating", choices, name=name)
        elif "words" not in extras:
            only = {"extra=words:-": dialogue.wording.say("changes.choice.no_words")}
            dialogue.ask("review_words", "review.words", only, name=name)
        elif extras["words"].strip() not in ("-", "") and "sure" not in extras:
            # What was taken out of a longer message is shown before it goes to the shop.
            say = dialogue.wording.say
            stars = say(f"changes.choice.stars.{extras['rating']}")
            choices = {"extra=sure:yes": say("changes.button.confirm"), "leave=-": say("changes.button.leave")}
            dialogue.ask("review_sure", "review.sure", choices, name=name, stars=stars, words=extras["words"])

    async def _is_sure(self, dialogue: ChangeDialogue) -> bool:
        """A yes to the review as it was shown, a no, or other words for it."""
        extras, turn = dialogue.request.extras, dialogue.turn
        if turn.intent == "affirm" or turn.message.get("opening") == "affirm":
            extras["sure"] = "yes"
            return True
        if turn.intent in ("deny", "stop"):
            await dialogue.leave()
            return True
        return False

    async def answer(self, dialogue: ChangeDialogue, *, known: bool) -> bool:
        """Whether a review earns points: what the shop's pages say of it, else that it is not known here."""
        text = dialogue.turn.text
        if _GONE.search(text) and stars_in(text) is None:
            dialogue.say("utter_payments_offer_person", answer=dialogue.wording.say("account.review_sent"))
            dialogue.offers_person = True
            dialogue.finish()
            return True
        if not (_POINTS.search(text) and _ASKS.search(text)):
            return False
        told = await page_answer(dialogue.desk, dialogue.turn)
        dialogue.say(
            "utter_payments_offer_person", answer=told or dialogue.wording.say("account.points.for_review_unknown")
        )
        dialogue.offers_person = True
        dialogue.finish()
        return True

    async def _product(self, dialogue: ChangeDialogue) -> bool:
        """Finds what was bought that is meant, or asks which."""
        bought = await self._bought(dialogue)
        if not bought:
            dialogue.say("utter_no_orders")
            dialogue.finish()
            return False
        if await self._found(dialogue, dialogue.request.text):
            return True
        by_title = {title: sku for sku, title in reversed(bought.items())}
        choices = {f"extra=sku:{by_title[title]}": title for title in dict.fromkeys(bought.values())}
        absent = dialogue.request.extras.get("absent")
        dialogue.ask("review_product", "review.absent" if absent else "review.product", choices)
        return False

    async def _found(self, dialogue: ChangeDialogue, text: str) -> bool:
        """Whether `text` means one of the products that were bought, which is then the one."""
        bought, extras = await self._bought(dialogue), dialogue.request.extras
        lines = [line for order in await self._orders(dialogue) for line in order.lines if line.sku in bought]
        found = resolve_lines(text, lines, focus=dialogue.focus, today=dialogue.records.today)
        meant = [line.sku for line in found.candidates if line.sku]
        titles = {bought[sku] for sku in meant} or (set() if found.asked_but_absent else set(bought.values()))
        if len(titles) != 1:
            if not meant and any(each.kind == "thing" for each in found.asked_but_absent):
                extras["absent"] = "yes"
            return False
        title = titles.pop()
        extras["sku"] = next(sku for sku in meant or bought if bought[sku] == title)
        return True

    async def _bought(self, dialogue: ChangeDialogue) -> dict[str, str]:
        """What a review can be about: the names of the articles of the newest orders, by SKU."""
        names: dict[str, str] = {}
        for order in await self._orders(dialogue):
            view = dialogue.records.known(order.number)
            for line in view.lines if view else ():
                if line.sku:
                    names.setdefault(line.sku, line.title or line_name(line, dialogue.wording))
        return names

    @staticmethod
    async def _orders(dialogue: ChangeDialogue) -> list[OrderCandidate]:
        summaries = await dialogue.records.summaries()
        kept = [each.number for each in summaries if each.state not in ("cancelled", "unavailable")]
        return await dialogue.records.order_candidates(kept[:ORDERS_READ])

    async def proposals(self, dialogue: ChangeDialogue) -> Sequence[AccountProposal]:
        """One."""
        extras = dialogue.request.extras
        words = extras["words"].strip()
        details = {"sku": extras["sku"], "rating": int(extras["rating"])}
        return [AccountProposal(self.name, {**details, "words": words} if words != "-" else details)]


def stars_in(text: str) -> int | None:
    """How many of five stars a message gives; None where it gives none, or two different counts."""
    given = {_number(next(filter(None, match.groups()))) for match in _RATED.finditer(text)}
    drawn = len(_DRAWN.findall(text))
    if 1 <= drawn <= _STARS:
        given.add(drawn)
    if not given:
        given = {count for count, words in _PLAIN.items() if words.search(text)}
    return given.pop() if len(given) == 1 else None


def _number(word: str) -> int:
    return _NUMBERS.get(word.casefold()) or int(word)


def _said(text: str) -> str:
    """What is said of the product beside asking for a review and giving stars."""
    quoted = _QUOTED.search(text)
    if quoted is not None:
        return quoted["quoted"].strip()
    after = _AFTER_COLON.search(text)
    if after is not None and stars_in(after["said"]) is None:
        return after["said"].strip()
    clauses = [each.strip() for each in _CLAUSES.split(text) if each.strip()]
    own = [each for each in clauses if not _ABOUT_REVIEW.search(each) and not _COURTESY.fullmatch(each)]
    joint = "，" if re.search(r"[\u4e00-\u9fff]", text) else ", "
    said = joint.join(own)
    return said if len(own) < len(clauses) and len(said) >= 3 else ""
