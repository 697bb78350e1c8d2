"""Several things in one message: what leads, and what else was asked."""

from __future__ import annotations

import pytest

from bot.components.requests import doubted, lead, opening, parts, settle, split_requests
from bot.components.requests.introductions import introduction_end

Ranking = list[tuple[str, float]]


def rank(text: str) -> Ranking:
    """A stand-in for the model that knows a few words."""
    known = {
        "where": "track_order", "到哪": "track_order", "return": "out_of_scope", "退": "out_of_scope",
        "person": "ask_human", "hi": "greet",
    }  # fmt: skip
    for word, intent in known.items():
        if word in text.lower():
            rest = [name for name in dict.fromkeys(known.values()) if name != intent]
            return [(intent, 0.91), *((name, 0.03) for name in rest)]
    return [("greet", 0.3), ("track_order", 0.3), ("out_of_scope", 0.2), ("ask_human", 0.2)]


@pytest.mark.parametrize(
    ("text", "leading", "also"),
    [
        ("where is 489434", "track_order", []),
        ("I want to return the mug. Where is the lamp?", "track_order", ["out_of_scope"]),
        ("where is it, I want a person", "ask_human", ["track_order"]),
        ("订单489434到哪了，另外我想退一件", "track_order", ["out_of_scope"]),
        ("hi, where is my parcel", "track_order", []),
    ],
)
def test_the_request_that_must_not_be_missed_leads(text: str, leading: str, also: list[str]) -> None:
    ranking, asked = lead(text, rank)
    assert (ranking[0][0], asked) == (leading, also)
    assert sum(confidence for _, confidence in ranking) == pytest.approx(1.0)


def test_clauses() -> None:
    assert parts("hi, where is it? and I want to return the mug") == ["where is it", "I want to return the mug"]
    assert parts("订单到哪了，顺便问下能退吗") == ["订单到哪了", "能退吗"]


def test_doubt_that_makes_no_difference_is_settled() -> None:
    ranking = settle([("track_order", 0.4), ("provide_details", 0.38), ("greet", 0.22)], has_identifiers=True)
    assert ranking[0] == ("track_order", pytest.approx(0.78))
    assert settle([("greet", 0.3), ("stop", 0.3), ("thank", 0.3)], has_identifiers=True)[0][0] == "provide_details"
    assert settle([("greet", 0.3), ("stop", 0.3), ("thank", 0.3)], has_identifiers=False)[0][1] == 0.3


def test_missing_a_delivered_order_leads_over_asking_where_one_is() -> None:
    known = {"delivered": "report_not_received", "where": "track_order", "number": "ask_contact"}

    def rank_claims(text: str) -> Ranking:
        intent = next((known[word] for word in known if word in text), "greet")
        rest = [name for name in (*known.values(), "greet") if name != intent]
        return [(intent, 0.91), *((name, 0.03) for name in rest)]

    ranking, asked = lead("where is it? it says delivered. what's your number?", rank_claims)
    assert (ranking[0][0], asked) == ("report_not_received", ["track_order", "ask_contact"])
    settled = settle([("report_not_received", 0.45), ("track_order", 0.43), ("greet", 0.12)], has_identifiers=False)
    assert settled[0] == ("report_not_received", pytest.approx(0.88))


def rank_changes(text: str) -> Ranking:
    """A stand-in for the model that knows the words of a few changes."""
    known = {
        "cancel": "cancel_order", "取消": "cancel_order", "return": "return_items", "退": "return_items",
        "swap": "exchange_items", "where": "track_order", "到哪": "track_order", "human": "ask_human",
        "hello": "greet", "yes": "affirm", "no": "deny",
    }  # fmt: skip
    intent = next((known[word] for word in known if word in text.lower()), "provide_details")
    rest = [name for name in {*known.values(), "provide_details"} if name != intent]
    return [(intent, 0.9), *((name, 0.1 / len(rest)) for name in rest)]


def numbers_in(text: str) -> frozenset[str]:
    """Order numbers of five digits."""
    return frozenset(word.strip(",.") for word in text.split() if word.strip(",.").isdigit())


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("cancel 12345. and where is 67890?", [("track_order", "where is 67890"), ("cancel_order", "cancel 12345")]),
        (
            "hello, cancel the mug, return the lamp",
            [("cancel_order", "cancel the mug"), ("return_items", "return the lamp")],
        ),
        ("取消那个订单，另外包裹到哪了", [("track_order", "包裹到哪了"), ("cancel_order", "取消那个订单")]),
        ("cancel 12345, cancel 67890", [("cancel_order", "cancel 12345"), ("cancel_order", "cancel 67890")]),
        # Words that turn to something else part requests; a question that points back stays behind.
        (
            "return the mug by the way where is 67890",
            [("track_order", "where is 67890"), ("return_items", "return the mug")],
        ),
        ("退掉杯子 对了 包裹到哪了", [("track_order", "包裹到哪了"), ("return_items", "退掉杯子")]),
        ("退掉杯子顺便问一下包裹到哪了", [("track_order", "包裹到哪了"), ("return_items", "退掉杯子")]),
        (
            "cancel 12345. one more thing, where is the other one?",
            [("cancel_order", "cancel 12345"), ("track_order", "where is the other one")],
        ),
        # One request: the same change of the same order, a condition, a preference.
        ("swap the coat for a 40 and swap the rug for a darker one; if there is none, return it", []),
        ("cancel the mug, money onto my gift card", []),
        ("cancel the mug and cancel the lamp", []),
        ("退掉衣服，要是不能退就取消", []),
        ("where is it? I want to talk to a human and cancel the rest", []),
        ("where is 12345 and 67890", []),
        ("I don't want it any more, swap the mug for a blue one", []),
    ],
)
def test_requests_are_split_and_what_belongs_together_is_not(text: str, requests: list[tuple[str, str]]) -> None:
    assert [(each.intent, each.text) for each in split_requests(text, rank_changes, numbers_in)] == requests


@pytest.mark.parametrize(
    ("text", "first"),
    [("no, just the first", "deny"), ("yes go ahead", "affirm"), ("yes", None), ("the blue one, please", None)],
)
def test_a_yes_or_no_at_the_beginning(text: str, first: str | None) -> None:
    assert opening(text, rank_changes) == first


@pytest.mark.parametrize(
    "text",
    [
        "anything similar but cheaper",
        "where is a lamp like it, under £40",
        "到哪买类似的，便宜一点的",
        "退一个，不过价格不要太贵",
    ],
)
def test_a_price_belongs_to_what_it_is_said_of(text: str) -> None:
    def priced(part: str) -> Ranking:
        return [("ask_price_protection", 0.9)] if any(w in part for w in ("cheap", "£", "便宜", "贵")) else rank(part)

    assert split_requests(text, priced, lambda _: frozenset()) == []


@pytest.mark.parametrize(
    ("text", "leading"),
    [
        ("never mind, where is it", "track_order"),
        ("算了 还是退了吧", "out_of_scope"),
        ("算了，到哪了", "track_order"),
        ("never mind", "greet"),
    ],
)
def test_what_is_taken_back_leaves_what_is_wanted_instead(text: str, leading: str) -> None:
    def stopping(part: str) -> Ranking:
        return [("stop", 0.9), ("greet", 0.1)] if part.startswith(("never", "算了")) else rank(part)

    ranking, _ = lead(text, stopping)
    assert ranking[0][0] == (leading if leading != "greet" else "stop")


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        # What is wrong with a thing is why it goes back, and no second wish.
        ("I want to return the jumper, it doesn't fit", []),
        ("it doesn't fit, I want to return the jumper", []),
        ("I want to return the jumper, swap the mug for a blue one, please", ["return_items", "exchange_items"]),
        # A bare "no" takes back what was spoken of; it calls no order off.
        ("don't want it, I want to return the jumper", []),
        ("don't want the order, I want to return the jumper", ["cancel_order", "return_items"]),
        # What ends a conversation has to be said clearly.
        ("I want to return the jumper, nobody answers", []),
    ],
)
def test_what_belongs_to_a_wish_is_no_wish_of_its_own(text: str, requests: list[str]) -> None:
    known = {
        "doesn't fit": ("exchange_items", 0.9),
        "return": ("return_items", 0.9),
        "swap": ("exchange_items", 0.9),
        "don't want": ("cancel_order", 0.6),
        "nobody": ("ask_human", 0.6),
    }

    def rank_wishes(text: str) -> Ranking:
        intent, sure = next((known[word] for word in known if word in text), ("greet", 0.5))
        return [(intent, sure), ("thank", 1 - sure)]

    split = split_requests(text, rank_wishes, lambda _: frozenset())
    assert [each.intent for each in split] == requests


@pytest.mark.parametrize(
    ("text", "sure", "believed"),
    [
        ("the lead", 0.72, False),
        ("fire!", 0.96, True),
        ("个人", 0.69, False),
        ("the lead of the lamp got very hot today", 0.72, True),
    ],
)
def test_a_fragment_that_is_not_clear_stops_nothing(text: str, sure: float, believed: bool) -> None:
    ranking = doubted(text, [("report_emergency", sure), ("search_products", 1 - sure)])
    assert ranking[0][0] == "report_emergency"
    assert (ranking[0][1] == sure) is believed
    assert believed or ranking[0][1] < 0.4
    assert doubted(text, [("search_products", sure), ("report_emergency", 1 - sure)])[0][1] == sure


@pytest.mark.parametrize(
    "text", ["the lamp I bought caught fire!!", "it gave my son an electric shock", "充电宝爆炸了"]
)
def test_danger_in_plain_words_is_believed_whatever_it_resembles(text: str) -> None:
    intent, sure = doubted(text, [("search_products", 0.6), ("report_emergency", 0.2)])[0]
    assert intent == "report_emergency"
    assert sure >= 0.9


@pytest.mark.parametrize(
    "text", ["has one of these ever exploded?", "I got a shock when I saw the bill", "my inbox exploded"]
)
def test_what_only_sounds_like_danger_is_left_as_it_is(text: str) -> None:
    assert doubted(text, [("search_products", 0.6), ("report_emergency", 0.2)])[0][0] == "search_products"


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("send it to 12 Mill Lane, Leeds", []),
        ("send it to 12 Mill Lane, which shop is in Leeds?", ["find_store", "change_address"]),
    ],
)
def test_a_town_behind_a_street_is_the_rest_of_the_address(text: str, requests: list[str]) -> None:
    def rank_places(clause: str) -> Ranking:
        return [("change_address" if "send" in clause else "find_store", 0.9), ("greet", 0.1)]

    found = split_requests(text, rank_places, lambda _: frozenset())
    assert [each.intent for each in found] == requests


def rank_orders(text: str) -> Ranking:
    """A stand-in that takes words for what they most resemble alone."""
    known = {
        "取消": "cancel_order", "换成": "change_items", "swap": "change_items", "便宜": "search_products",
        "latest": "track_order", "下了": "place_order", "还有": "ask_more", "cheapest": "search_products",
    }  # fmt: skip
    intent = next((intent for word, intent in known.items() if word in text), "greet")
    rest = [name for name in dict.fromkeys((*known.values(), "greet")) if name != intent]
    return [(intent, 0.94), *((name, 0.01) for name in rest)]


@pytest.mark.parametrize(
    ("text", "leading"),
    [
        ("还有，取消那一单", "cancel_order"),
        ("另外：把杯子换成蓝的", "change_items"),
        ("swap it for the teal one, it's in my latest order", "change_items"),
    ],
)
def test_what_only_leads_over_or_says_where_to_find_it_does_not_lead(text: str, leading: str) -> None:
    ranking, _ = lead(text, rank_orders)
    assert ranking[0][0] == leading


@pytest.mark.parametrize(
    "text",
    [
        "我下了两单靴子，便宜的那个取消",
        "麻烦我在你们家下了两单靴子，便宜的那个取消",
        "把平板换成银色的，要最便宜的那款吗",
        "please swap it for a silver one, the cheapest you have",
    ],
)
def test_what_was_bought_and_which_is_meant_are_no_requests(text: str) -> None:
    assert split_requests(text, rank_orders, numbers_in) == []


def test_what_was_received_decides_between_calling_off_and_sending_back() -> None:
    ranking = settle([("cancel_order", 0.4), ("return_items", 0.35), ("greet", 0.25)], has_identifiers=False)
    assert ranking[0] == ("cancel_order", pytest.approx(0.75))


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Ada Byron, zip 60614. where is it", "where is it"),
        ("my name is ada byron, 60614, where is it", "where is it"),
        ("Hi, I'm Ada Byron, LS6 2AB. where is it", "where is it"),
        ("Ada Byron 60614. where is it", "where is it"),
    ],
)
def test_who_asks_is_no_part_of_what_is_asked(text: str, rest: str) -> None:
    assert text[introduction_end(text) :] == rest


@pytest.mark.parametrize(
    "text",
    [
        "They charged me 50 dollars twice",
        "I paid over 100 euros",
        "Refunds within 14 days?",
        "Still waiting since 12 May",
        "You sent us 12 instead of 10",
        "Nike Air Max 90 in white please, is it in stock?",
        "blue boots size 42 instead of 41",
        "Samsung Galaxy S24 cover",
        "Order Number 60614 where is it",
    ],
)
def test_a_number_behind_words_introduces_nobody(text: str) -> None:
    assert introduction_end(text) == 0
