"""An order taken in the chat: what, how many, where to and how it is paid, as the shop's policy has it.

Anybody may choose; who it is asked only once it is to be offered. Where the shop takes no orders here, or has them
placed at its checkout, the CRM says so, and the shopper gets the link.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from actions.changes import basket
from actions.changes.account import AccountKind
from actions.changes.address_corrections import completed, corrected, missing_of
from actions.changes.kind import AccountProposal, ChangeKind
from actions.changes.mixed import counted_variants
from actions.changes.placing_words import (
    adds_to_an_order,
    bare_number,
    goods_said,
    last_quantity_said,
    much_alike,
    no_such_wish,
    payment_said,
    place_said,
    quantity_said,
    without_pointing,
)
from actions.changes.profile import address_words
from actions.changes.records import Records, address_candidate, address_details
from actions.changes.request import ChangeRequest
from actions.goods import Good, Goods, among_the_shown, find_goods
from actions.product_answers import button
from actions.resolver import (
    AddressCandidate,
    Focus,
    Resolution,
    VariantCandidate,
    read_recipient,
    resolve_address,
    resolve_variant,
    without_address,
)
from actions.resolver.resizing import resized

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

_BUTTONS = 10
_OFFERED = ("confirmation", "revision", "alternative", "payment_method")
"""Questions beside which what was chosen may be chosen otherwise."""
_CHOOSING = ("place_product", "place_variant")
"""Questions for what is bought."""
_ASKS = ("ask_", "compare_", "recommend_", "find_", "report_", "notify_", "complain", "thank", "goodbye", "greet")
_GOES_OFF = re.compile(
    r"\b(?:cancel|return|send back|exchange) (?!(?:it|that|this|them|everything|all)\b)[^.?!]{1,60}?"
    r"\b(?:order|ordered|bought|received|and the|both)\b"
    r"|(?:[那这上几]单|订单)[^。？！]{0,30}(?:退|取消|换)",
    re.IGNORECASE,
)
"""Goods that were bought go, and none are chosen: "cancel one linen sofa and the velvet one"."""
_OF_ORDERS = ("cancel_", "return_", "exchange_", "track_", "chase_")
_NO_QUESTIONS = frozenset({"ask_availability"})
_SURE = 0.6


_PAYS_BY_GIFT_CARD = re.compile(
    r"\A(?:(?=.*\bgift ?card)"
    r"(?:.*\b(?:pay\w*|use|using|rest|balance|with one|(?:don'?t|not|dont) (?:want to )?buy\w*|cover)\b"
    r"|\W*(?:a |my |the )?gift ?card\W*$)|(?=.*礼品卡)(?:.*(?:付|用|余额|抵|不是买|不买|剩)|\W*礼品卡\W*$))",
    re.IGNORECASE | re.DOTALL,
)
_CHANGES_ITEMS = re.compile(
    r"\b(?:in|on|of|for|from) (?:my|the|that|this|an?) (?:\w+ ){0,2}order\b"
    r".*\b(?:change|swap|switch|exchange|replace|make)\b"
    r"|\b(?:change|swap|switch|exchange|replace)\b.{2,60}\b(?:in|on|of) (?:my|the|that|this) (?:\w+ ){0,2}order\b"
    r"|(?:订单|那单|这单)(?:里|中)?.{0,16}(?:换成|换|改成|改为)|把.{1,12}(?:换成|改成)",
    re.IGNORECASE,
)
"""Goods of an order that is placed become others: nothing is bought."""


class PlaceOrder(AccountKind):
    """The kind."""

    key = "place"
    name = "order.place"
    intents = frozenset({"place_order"})
    pays = True
    asks_who_first = False
    questions: ClassVar[frozenset[str]] = frozenset({"place_product", "place_variant", "place_address"})

    def begun_as(self, text: str) -> str:
        """Other items or another number of what an order has change that order: "order four instead of two"."""
        if _CHANGES_ITEMS.search(text):
            return "change_items"
        said = resized(text)
        return "change_items" if said is not None and said.was is not None else self.key

    def takes_over(self, other: ChangeKind) -> bool:
        """A new purchase waits until a change is done."""
        return False

    def way_words(self, text: str) -> str:
        """Those that say how it is paid: a card holder is goods."""
        return payment_said(text)

    async def answer(self, dialogue: ChangeDialogue, *, known: bool) -> bool:
        """Where the chat takes no orders, nothing is asked. Nothing is added to an order that was placed."""
        if adds_to_an_order(dialogue.request.text):
            dialogue.say("utter_returns", answer=dialogue.wording.say("changes.place_not_added"))
        if dialogue.policies.ordering not in (None, "off"):
            return False
        dialogue.say("utter_change_refused", why=dialogue.wording.say("changes.rule.ordering_not_offered"))
        dialogue.finish()
        return True

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """How many."""
        said = last_quantity_said(text)
        if said is None and "sku" in request.extras:
            said = bare_number(text)
        if said is not None:
            request.extras["quantity_before"] = request.extras.get("quantity", "1")
            request.extras["quantity"] = str(said)

    async def takes(self, dialogue: ChangeDialogue, asked: str) -> bool:
        """Which product, which variant or which address; of what is offered, what should be otherwise."""
        extras, text = dialogue.request.extras, dialogue.turn.text
        if _is_question(dialogue) or _is_of_placed(dialogue):
            return False
        if asked in _CHOOSING and no_such_wish(text, extras.get("title", "")):
            await dialogue.leave()
            return True
        if asked in _OFFERED and "sku" in extras and _PAYS_BY_GIFT_CARD.search(text):
            # A gift card is how it is to be paid, and no goods.
            before_method = dialogue.request.payment_method
            await dialogue.reader.payment_method(dialogue.wording.say("changes.way.gift_card"))
            return dialogue.request.payment_method != before_method
        before = dict(extras)
        if asked in _OFFERED and "sku" in extras and await self._other_goods(dialogue):
            return True
        if asked == "place_product":
            goods = await self._product(dialogue)
            if goods is not None and goods.found and goods.words.goods and not goods.nearly:
                self._ask_product(dialogue, goods)
                return True
        if asked in _OFFERED or asked == "place_variant":
            await self._product(dialogue, instead=True)
        if "product" in extras and asked != "place_address" and extras.get("product") == before.get("product"):
            await self._variant(dialogue, text, correcting=asked in _OFFERED, pointing=asked == "place_variant")
        if asked == "place_variant":
            self.read(text, dialogue.request, dialogue.records)
        if asked in ("place_address", *_OFFERED) or (asked in _CHOOSING and basket.sends(text)):
            await self._address(dialogue, text)
        return extras != before

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """For the product, its variant and the address, as far as they are not known."""
        request = dialogue.request
        extras, text = request.extras, request.text
        extras.pop("quantity_before", None)
        if "sku" not in extras:
            if "product" not in extras and not extras.keys() & {"basket", "waiting"}:
                await self._several(dialogue, text)
            if "product" not in extras and ("waiting" not in extras or "part" in extras):
                goods = await self._product(dialogue)
                if goods is not None:
                    offered = _offered(dialogue) if not goods.found else {}
                    if offered:
                        # "Two, please": how many, before which; the choice stays.
                        self._offer(dialogue, "which", offered)
                    else:
                        self._ask_product(dialogue, goods)
                    return
            await self._choose(dialogue)
        while not dialogue.waits and "sku" in extras and await self._next(dialogue):
            await self._choose(dialogue)
        if dialogue.waits:
            return
        if request.payment_method is None:
            # Who it is may not have been known when it was said.
            await dialogue.reader.payment_method(self.way_words(text))
        if not extras.keys() & {"address", "ship_to"} and not (dialogue.chosen or "").startswith("extra=address:"):
            await self._address(dialogue, text)
        if (place := _ship_to(extras)) and (missing := missing_of(place)):
            dialogue.ask("place_address", f"place.{missing}", {}, street=place["line1"])
        elif not extras.keys() & {"address", "ship_to"}:
            book = await dialogue.records.addresses()
            if extras.pop("elsewhere", None) or (len(book) > 1 and not any(each.is_default for each in book)):
                choices = {f"extra=address:{each.id}": address_words(each) for each in book}
                dialogue.ask("place_address", "place.address", choices)

    async def _choose(self, dialogue: ChangeDialogue) -> None:
        """Takes the variant of the product that is being chosen, or asks for it."""
        extras = dialogue.request.extras
        if "product" not in extras and not await self._next(dialogue):
            self._ask_product(dialogue, Goods())
        if dialogue.waits:
            return
        if "sku" not in extras and not extras.keys() & {"among", "wanted"}:
            await self._variant(dialogue, extras.get("part") or dialogue.request.text, correcting=False)
        if "sku" not in extras:
            await self._ask_variant(dialogue)

    async def _several(self, dialogue: ChangeDialogue, text: str) -> None:
        """Reads the goods of a message that orders more than one, each with its number and options.

        What stands between two of them ("in white", "to my office") belongs to the one before.
        """
        parts: list[str] = []
        products: list[str | None] = []
        for piece in basket.goods_parts(without_address(text)):
            good, found, named = await self._good_of(dialogue, piece)
            named = named and (found or not basket.sends(piece))
            counted = quantity_said(piece) is not None or (found and basket.one_of_them(piece))
            product = good.product.external_id if good is not None else None
            another = product not in products if good is not None else named and counted
            another = another or (good is not None and counted and (good.narrowed or not products))
            if another or not parts:
                parts.append(piece)
                products.append(product)
            else:
                parts[-1] += f", {piece}"
                products[-1] = products[-1] or product
        if len(parts) > 1:
            dialogue.request.extras.pop("quantity", None)
            basket.let_wait(dialogue.request.extras, parts)

    @staticmethod
    async def _good_of(dialogue: ChangeDialogue, part: str) -> tuple[Good | None, bool, bool]:
        """The good that a part of a message surely means, whether any may be meant, and whether it names any."""
        words = goods_said(part)
        goods = await find_goods(dialogue.desk, dialogue.turn, search=True, words=words)
        one = goods.found[0] if len(goods.found) == 1 else None
        if one is not None and goods.nearly and not much_alike(part, one.product.name or ""):
            one = None
        if one is not None and not goods.words.goods and not goods.words.points and not one.narrowed:
            one = None
        return one, bool(goods.found), bool(goods.words.goods)

    async def _next(self, dialogue: ChangeDialogue) -> bool:
        """Begins to choose the next of the goods that wait; False when none does."""
        extras = dialogue.request.extras
        parts = basket.waiting(extras)
        while parts:
            part = parts.pop(0)
            basket.let_wait(extras, parts)
            goods = await find_goods(dialogue.desk, dialogue.turn, search=True, words=goods_said(part))
            good, *_ = await self._good_of(dialogue, part)
            if good is None and not goods.found:
                say = dialogue.wording.say
                if goods.words.goods:
                    dialogue.say("utter_change_refused", why=say("changes.ask.place.not_sold", words=goods.words.goods))
                    extras["missed"] = goods.words.goods
                continue
            if "sku" in extras:
                basket.put_away(extras)
            extras["part"] = part
            said = quantity_said(part)
            if said is not None:
                extras["quantity"] = str(said)
            if good is None:
                self._ask_product(dialogue, goods)
            else:
                self._take(dialogue, good)
            return True
        if "sku" not in extras and (items := basket.chosen(extras)):
            basket.take_up(extras, items)
            return True
        return False

    @staticmethod
    def _take(dialogue: ChangeDialogue, good: Good) -> None:
        """Has this product chosen, and its variant where it is plain."""
        extras = dialogue.request.extras
        extras["product"] = good.product.external_id
        extras["title"] = good.product.name or good.product.external_id
        if good.absent is not None:
            return
        if good.narrowed and good.one is not None and good.can_be_had:
            extras["sku"] = good.one.sku
        elif not good.narrowed and (spoken_of := _spoken_of(dialogue, good)) is not None:
            extras["sku"] = spoken_of

    async def _other_goods(self, dialogue: ChangeDialogue) -> bool:
        """Beside what is offered: goods added, one of several left out, another number of one by its name."""
        extras, text = dialogue.request.extras, dialogue.turn.text
        said = quantity_said(text)
        latest = extras.get("quantity")
        # The form has read a number as one of what was chosen last already.
        extras["quantity"] = extras.pop("quantity_before", "") or latest or "1"
        items = basket.chosen(extras)
        if await self._mixed(dialogue, items):
            return True
        good, *_ = await self._good_of(dialogue, text)
        named = good.product.external_id if good is not None else None
        new = good is not None and (good.narrowed or all(each.product != named for each in items))
        # What was not found before and is named anew comes beside what was.
        anew = "missed" in extras and not basket.changes_its_mind(text)
        if new and anew:
            extras.pop("missed")
        if new and (basket.adds(text) or anew) and not basket.leaves_out(text):
            basket.let_wait(extras, [text])
            await self._next(dialogue)
            return True
        mine = await self._among_the_chosen(dialogue, items) if len(items) > 1 else []
        if len(items) > 1 and basket.leaves_out(text) and len(mine) == 1:
            basket.take_up(extras, [each for each in items if each is not mine[0]])
            return True
        if len(items) > 1 and said is not None and (basket.of_each(text) or len(mine) == 1):
            for each in items if basket.of_each(text) else mine:
                each.quantity = said
            basket.take_up(extras, items)
            return True
        if latest is not None:
            extras["quantity"] = latest
        return False

    @staticmethod
    async def _mixed(dialogue: ChangeDialogue, items: Sequence[basket.Item]) -> bool:
        """Takes several variants of the good chosen last, each with its number, where the message counts them."""
        last = items[-1]
        variants = await dialogue.records.variants(last.product)
        current = next((each for each in variants if each.sku == last.sku), None)
        counted = counted_variants(dialogue.turn.text, variants, current)
        if not counted:
            return False
        of_it = [basket.Item(last.product, sku, last.title, pieces) for sku, pieces in counted.items()]
        basket.take_up(dialogue.request.extras, [each for each in items if each.product != last.product] + of_it)
        return True

    @staticmethod
    async def _among_the_chosen(dialogue: ChangeDialogue, items: Sequence[basket.Item]) -> list[basket.Item]:
        """The one of several chosen goods that a message names."""
        candidates = [
            variant
            for item in items
            for variant in await dialogue.records.variants(item.product)
            if variant.sku == item.sku
        ]
        found = resolve_variant(goods_said(dialogue.turn.text), candidates)
        return [each for each in items if found.status == "one" and each.sku == found.first.sku]

    async def _product(self, dialogue: ChangeDialogue, *, instead: bool = False) -> Goods | None:
        """Takes the product that the message names or points at; otherwise what it may have meant.

        `instead`: of one that was chosen, only another one by its name counts.
        """
        turn, extras = dialogue.turn, dialogue.request.extras
        words = goods_said(turn.text)
        if instead and not words:
            return None
        if not instead and (chosen := _among_the_offered(dialogue)) is not None:
            extras["product"] = chosen
            return None
        goods = await find_goods(dialogue.desk, turn, search=True, words=words)
        if not goods.words.goods and len(goods.found) != 1:
            # Nothing but options, or "the second" of nothing that is on the screen: that is no name.
            return Goods(words=goods.words)
        if len(goods.found) != 1 or (instead and not goods.words.goods):
            return goods
        if (goods.nearly or instead) and not much_alike(turn.text, goods.found[0].product.name or ""):
            return goods
        good = goods.found[0]
        if extras.get("product") == good.product.external_id:
            return None
        for name in ("sku", "among", "gone", "wanted"):
            extras.pop(name, None)
        self._take(dialogue, good)
        if instead:
            # What was said of the one before does not hold for it.
            dialogue.request.text = turn.text
        return None

    @staticmethod
    def _ask_product(dialogue: ChangeDialogue, goods: Goods) -> None:
        choices = {
            f"extra=product:{each.product.external_id}": each.product.name or each.product.external_id
            for each in goods.found[:_BUTTONS]
        }
        key = "nearly" if choices and goods.nearly else "which" if choices else "unknown" if goods.spoke else "product"
        PlaceOrder._offer(dialogue, key, choices, words=goods.words.goods)

    @staticmethod
    def _offer(dialogue: ChangeDialogue, key: str, choices: Mapping[str, str], **values: str) -> None:
        dialogue.ask("place_product", f"place.{key}", choices, **values)
        if dialogue.question is not None:
            dialogue.question.shown = [choice.partition(":")[2] for choice in choices]

    async def _variant(self, dialogue: ChangeDialogue, text: str, *, correcting: bool, pointing: bool = False) -> None:
        """Takes the variant that `text` means, where it means one; a product of one variant has nothing to choose.

        `pointing`: the variants are on the screen, so that "the second" is one of them.
        """
        extras = dialogue.request.extras
        if "sku" in extras and not correcting:
            return
        variants = await self._variants(dialogue)
        self._count_no_sizes(text, variants, dialogue.request)
        if len(variants) == 1:
            if variants[0].available:
                extras["sku"] = variants[0].sku
            return
        current = [each for each in variants if each.sku == extras.get("sku")]
        spoken = without_address(place_said(text))
        spoken = spoken if pointing else without_pointing(spoken)
        focus = replace(dialogue.focus, shown=dialogue.request.shown if pointing else [])
        found = resolve_variant(spoken, variants, focus=focus)
        if found.asked_but_absent and (bare := _without_option_names(spoken, variants)) != spoken:
            # "UK plug", of plugs: the option's own name is no value of it.
            again = resolve_variant(bare, variants, focus=focus)
            found = again if again.status == "one" else found
        if pointing and found.status != "one" and (fit := _having(spoken, variants)):
            # "Brass", of a brass lamp's colours: at the question for them it is one, whatever the name says.
            extras["sku" if len(fit) == 1 else "among"] = ",".join(each.sku for each in fit)
            return
        if pointing and found.status == "one" and found.first.available:
            extras["sku"] = found.first.sku
            return
        if pointing and not current and found.status in ("unclear", "many") and _some_available(found):
            # "The biggest", of which there are two colours.
            among = [each.candidate.sku for each in found.matches if each.candidate.available]
            extras["sku" if len(among) == 1 else "among"] = ",".join(among)
            return
        by_option = [
            each.candidate for each in found.matches if any(reason.kind == "option" for reason in each.reasons)
        ]
        if len(by_option) > 1 and current:
            # "In blue rather": what was not spoken of stays as it was chosen.
            alike = {each.sku: _alike(each, current[0]) for each in by_option}
            by_option = [each for each in by_option if alike[each.sku] == max(alike.values())]
        if len(by_option) > 1 and not current and not pointing:
            told = among_the_shown([each.sku for each in by_option], dialogue.focus)
            by_option = [each for each in by_option if each.sku in told]
        extras.pop("wanted", None)
        if len(by_option) == 1 and by_option[0].available:
            extras["sku"] = by_option[0].sku
        elif len(by_option) > 1 and not current and not found.asked_but_absent:
            extras["among"] = ",".join(each.sku for each in by_option)
        elif len(by_option) == 1 or found.asked_but_absent:
            there = {value.casefold() for each in variants if each.available for value in each.options.values()}
            absents = [each.value or each.words for each in found.asked_but_absent]
            absent = next((each for each in absents if each.casefold() not in there), "")
            if absents and not absent and current:
                # Two values of one option, both of which can be had: what was chosen stays.
                return
            if by_option and not absent:
                extras["gone"] = by_option[0].sku
            if wanted := absent or " / ".join(by_option[0].options.values() if by_option else ()):
                extras["wanted"] = wanted
                extras.pop("sku", None)

    @staticmethod
    def _count_no_sizes(text: str, variants: Sequence[VariantCandidate], request: ChangeRequest) -> None:
        """A number that is a size of the product counts no pieces, unless it is said to."""
        sizes = {value for each in variants for value in each.options.values()}
        if request.extras.get("quantity") in sizes:
            said = quantity_said(text, sizes=sizes)
            request.extras.pop("quantity")
            if said is not None:
                request.extras["quantity"] = str(said)

    @staticmethod
    async def _variants(dialogue: ChangeDialogue) -> list[VariantCandidate]:
        extras = dialogue.request.extras
        variants = await dialogue.records.variants(extras["product"])
        extras["title"] = next((title for each in variants for title in each.titles), extras["product"])
        return variants

    async def _ask_variant(self, dialogue: ChangeDialogue) -> None:
        extras = dialogue.request.extras
        variants = await self._variants(dialogue)
        name = extras["title"]
        there = [each for each in variants if each.available]
        if not there:
            self._nothing_there(dialogue, name, variants)
            return
        among = set(extras.pop("among", "").split(","))
        there = [each for each in there if each.sku in among] or there
        choices = {
            f"extra=sku:{each.sku}": dialogue.wording.listed(list(each.options.values())) or each.sku for each in there
        }
        wanted, gone = extras.pop("wanted", ""), extras.pop("gone", "")
        dialogue.ask("place_variant", "place.absent" if wanted else "place.variant", choices, name=name, wanted=wanted)
        if dialogue.question is not None:
            dialogue.question.shown = [each.sku for each in there[:_BUTTONS]]
        if gone and dialogue.question is not None:
            notify = button(dialogue.wording.say("products.button.notify"), "notify_back_in_stock", gone)
            dialogue.question.buttons = [*dialogue.question.buttons[: _BUTTONS - 1], notify]

    @staticmethod
    def _nothing_there(dialogue: ChangeDialogue, name: str, variants: Sequence[VariantCandidate]) -> None:
        """It cannot be had: a notice once it can, or what is like it."""
        say = dialogue.wording.say
        sku = variants[0].sku if len(variants) == 1 else dialogue.request.extras["product"]
        buttons = [
            button(say("products.button.notify"), "notify_back_in_stock", sku),
            button(say("products.button.alternatives"), "ask_alternatives", sku),
        ]
        dialogue.say("utter_change_refused", why=say("changes.place_none", name=name), buttons=buttons)
        dialogue.finish()

    async def _address(self, dialogue: ChangeDialogue, text: str) -> None:
        """An address of the book that is named, or one that is written out; what is neither is asked about."""
        extras = dialogue.request.extras
        book = [address_candidate(each) for each in await dialogue.records.addresses()]
        country = dialogue.policies.shop.country
        begun = _ship_to(extras)
        found = resolve_address(place_said(text), book, country=country, today=dialogue.records.today)
        typed = found.first if found.matches and found.first.source == "typed" else None
        asked = dialogue.request.question.get("slot") == "place_address"
        if typed is not None and typed.lines and (typed.city or asked or basket.sends(text)):
            extras["ship_to"] = json.dumps(_written(typed, text), ensure_ascii=False)
            extras.pop("address", None)
        elif begun and (now := (completed if missing_of(begun) else corrected)(begun, text)) is not None:
            extras["ship_to"] = json.dumps(now, ensure_ascii=False)
        elif typed is None and found.status == "one":
            extras["address"] = found.first.key
            extras.pop("ship_to", None)
        elif book and found.status in ("one", "unclear", "many"):
            extras["elsewhere"] = "yes"

    async def proposals(self, dialogue: ChangeDialogue) -> Sequence[AccountProposal]:
        """One."""
        extras = dialogue.request.extras
        basket.keep(merged := dict(extras), basket.chosen(extras))
        merged.pop("sku")
        lines = [{"sku": each.sku, "quantity": each.quantity} for each in basket.chosen(merged)]
        details: dict[str, Any] = {"lines": lines}
        if "address" in extras:
            details["address"] = extras["address"]
        elif place := _ship_to(extras):
            details["ship_to"] = place
        if dialogue.request.payment_method:
            details["payment_method"] = dialogue.request.payment_method
        return [AccountProposal(self.name, details)]


def _having(text: str, variants: Sequence[VariantCandidate]) -> list[VariantCandidate]:
    """The variants there are with the values that are said, option by option; empty where none or no value is said."""
    fit = list(variants)
    for name in {name for each in variants for name in each.options}:
        said = {
            each.options[name]
            for each in variants
            if name in each.options and any(_says(value, text) for value in _same_values(each, name))
        }
        fit = [each for each in fit if not said or each.options.get(name) in said]
    return [each for each in fit if each.available] if len(fit) < len(variants) else []


def _same_values(variant: VariantCandidate, name: str) -> list[str]:
    """The value of an option in every language: the options stand in one order."""
    place = list(variant.options).index(name)
    others = [list(other.values()) for other in variant.other_options]
    return [variant.options[name], *(values[place] for values in others if len(values) > place)]


def _says(value: str, text: str) -> bool:
    if re.search(r"[\u4e00-\u9fff]", value):
        return len(bare := value.removesuffix("色")) > 1 and bare in text
    return re.search(rf"(?<![a-z0-9]){re.escape(value)}(?![a-z0-9])", text, re.IGNORECASE) is not None


def _without_option_names(text: str, variants: Sequence[VariantCandidate]) -> str:
    names = {name for each in variants for options in (each.options, *each.other_options) for name in options}
    telling = sorted((re.escape(name) for name in names if len(name) > 1), key=len, reverse=True)
    return re.sub(rf"(?i)(?<![a-z])(?:{'|'.join(telling)})s?(?![a-z])", " ", text) if telling else text


def pays_by_gift_card(text: str) -> bool:
    """Whether a gift card is named as the way to pay, and not as goods."""
    return _PAYS_BY_GIFT_CARD.search(text) is not None


async def send_to(dialogue: ChangeDialogue, text: str) -> None:
    """Takes where a purchase goes out of words that were said beside it."""
    await PlaceOrder()._address(dialogue, text)


def _some_available(found: Resolution[VariantCandidate]) -> bool:
    return any(each.candidate.available for each in found.matches)


def _ship_to(extras: Mapping[str, str]) -> dict[str, str]:
    """The fields of an address that was written out; empty without one, or once one of the book is chosen."""
    place: dict[str, str] = json.loads(extras.get("ship_to", "{}")) if "address" not in extras else {}
    return place


def _written(typed: AddressCandidate, text: str) -> dict[str, str]:
    """An address that was written out, with whom it goes to where that is said."""
    said = read_recipient(text)
    who = {"recipient": typed.recipient or said.name, "phone": typed.phone or said.phone}
    return {**address_details(typed), **{name: value for name, value in who.items() if value}}


def _spoken_of(dialogue: ChangeDialogue, good: Good) -> str | None:
    """The variant of a product that was spoken of last, where no options are said now: "I'll take one of those"."""
    last = next(iter(dialogue.focus.products), None)
    return last if any(each.sku == last and each in good.can_be_had for each in good.product.variants) else None


def _is_of_placed(dialogue: ChangeDialogue) -> bool:
    """Whether a message names an order that is placed, or goods of one, and asks something of it."""
    turn = dialogue.turn
    if turn.pressed or not turn.intent.startswith(_OF_ORDERS) or turn.confidence < _SURE:
        return False
    return bool(turn.entities("order_number")) or _GOES_OFF.search(turn.text) is not None


def _is_question(dialogue: ChangeDialogue) -> bool:
    """Whether the message surely asks something that a rule answers: it chooses nothing, whatever it names."""
    turn = dialogue.turn
    asks = turn.intent.startswith(_ASKS) and turn.intent not in _NO_QUESTIONS
    return asks and turn.confidence >= _SURE


def _offered(dialogue: ChangeDialogue) -> dict[str, str]:
    """The products that the last question offered: their names by what pressing them means."""
    request = dialogue.request
    if request.question.get("slot") != "place_product" or not request.shown:
        return {}
    titles = [str(each["title"]) for each in request.question.get("buttons") or []]
    return {f"extra=product:{key}": title for key, title in zip(request.shown, titles, strict=False)}


def _among_the_offered(dialogue: ChangeDialogue) -> str | None:
    """The one of the products that the last question offered which the message names or points at."""
    request = dialogue.request
    choices = _offered(dialogue)
    if not choices:
        return None
    offered = [VariantCandidate(sku=key.partition(":")[2], titles=[title]) for key, title in choices.items()]
    found = resolve_variant(dialogue.turn.text, offered, focus=Focus(products=request.shown, shown=request.shown))
    return found.first.sku if found.status == "one" else None


def _alike(one: VariantCandidate, other: VariantCandidate) -> int:
    """How many options two variants share."""
    return len(set(one.options.items()) & set(other.options.items()))
