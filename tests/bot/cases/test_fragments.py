"""Parts of a message that ask for nothing of their own."""

from pathlib import Path

import pytest
import yaml
from runtime.fragments import EMERGENCY, belongs, is_alarm, keeps, rejoined, same_wish, without_false_alarm


@pytest.mark.parametrize(
    "text",
    [
        "on the card",
        "because my husband says so",
        "gas to electric",
        "with the side pocket",
        "left handed wireless",
        "delivered last week",
        "that's all, thanks",
        "the second one I mean",
        "money to my gift card please",
        "I still want the rug and the lamp though",
        "keep the grey one",
        "leave the laptop",
        "he keeps his",
        "能充电的那种",
        "最好防水",
        "大了不合适",
        "都退完了，没别的了",
        "一起退",
        "另一个留着",
        "是换掉我单子里的黑色那套",
        "L码的没红就算了",
        "退到礼品卡可以吗",
        "not swapped",
        "but not to be cancelled",
        "不是换",
        "不用取消",
    ],
)
def test_what_only_adds_to_the_part_before_it(text):
    assert belongs(text, "return_items", asked=False)


@pytest.mark.parametrize(
    "text",
    [
        "cancel the keyboard",
        "can you swap the trainers for a size 8",
        "one can go back",
        "how much is the lamp",
        "the toaster arrived broken",
        "my new phone number is 0171 555",
        "I still want to return the mug",
        "keep the red one and return the blue one",
        "leave it with the neighbour at number 7",
        "再把那单的外套取消",
        "台灯坏了",
        "那单里的鼠标想换成黑色的",
        "咖啡机有没有大一点的",
    ],
)
def test_what_asks_for_something_of_its_own(text):
    assert not belongs(text, "exchange_items", asked=False)


@pytest.mark.parametrize("text", ["还有围巾那单的马克杯", "and the mug beside the scarf", "plus my other two lamps"])
def test_goods_added_without_a_verb_share_the_wish_before_them(text):
    assert belongs(text, "return_items", asked=False)
    assert not belongs(f"{text}，什么时候到" if "还" in text else f"{text}, where is it", "return_items", asked=True)


def _texts(text, *parts):
    return [each["text"] for each in rejoined(text, [{"text": part, "intent": intent} for part, intent in parts])]


def test_what_is_announced_is_what_follows():
    text = "我要换货，把那个有线鼠标换成无线的，也要粉的"
    parts = (("我要换货", "exchange_items"), ("把那个有线鼠标换成无线的，也要粉的", "exchange_items"))
    assert _texts(text, *parts) == [text]


def test_why_and_which_are_part_of_the_wish():
    text = "I don't like one of the lamps, I'd like to return it, the one in the scarf's order"
    parts = (
        ("I don't like one of the lamps", "not_interested"),
        ("I'd like to return it, the one in the scarf's order", "return_items"),
    )
    assert _texts(text, *parts) == [text]


def test_a_wish_that_points_takes_what_was_named_last():
    text = "forget the boots. But one of the lamps in there isn't needed, can you cancel that"
    named = ("forget the boots. But one of the lamps in there isn't needed", "stop")
    assert _texts(text, named, ("can you cancel that", "cancel_order")) == [
        "forget the boots.",
        "one of the lamps in there isn't needed, can you cancel that",
    ]


def test_what_takes_itself_back_is_left_out():
    text = "cancel the mat and put the rug on hold, no wait"
    assert _texts(text, ("cancel the mat", "cancel_order"), ("put the rug on hold, no wait", "reserve_item")) == [
        "cancel the mat"
    ]


def test_a_question_that_was_put_first_stays_first():
    text = "cancel the mug. I still want the rug. How much is a lamp?"
    parts = (
        ("How much is a lamp", "ask_availability"),
        ("cancel the mug", "cancel_order"),
        ("I still want the rug", "place_order"),
    )
    assert _texts(text, *parts) == ["How much is a lamp", "cancel the mug. I still want the rug"]


def test_what_stays_goes_with_what_is_before_it_and_the_rest_is_asked():
    text = "cancel the mug. I still want the rug and the lamp though. and what do I get back?"
    parts = (("cancel the mug", "cancel_order"), (text[16:-1], "return_items"))
    assert _texts(text, *parts) == ["cancel the mug. I still want the rug and the lamp though", "what do I get back"]


def test_parts_that_are_not_in_the_message_stay_as_they_are():
    assert _texts("something else", ("cancel it", "cancel_order"), ("the red", "inform")) == ["cancel it", "the red"]


def _alarms():
    """Every emergency that the assistant has learnt, in both languages."""
    for path in sorted((Path(__file__).parents[3] / "data" / "nlu").rglob("*.yml")):
        for learnt in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            if learnt.get("intent") == EMERGENCY:
                yield from (line.removeprefix("- ") for line in learnt["examples"].splitlines())


def test_an_alarm_amid_an_open_change_is_heard():
    alarms = list(_alarms())
    assert len(alarms) > 200
    assert [each for each in alarms if not is_alarm(each)] == []


@pytest.mark.parametrize("alarm", ["my toddler drank the cleaner", "孩子把干燥剂吃了", "after it his lips went blue"])
def test_an_alarm_is_no_part_of_the_wish_before_it(alarm):
    text = f"cancel the mug. {alarm}"
    assert _texts(text, ("cancel the mug", "cancel_order"), (alarm, EMERGENCY)) == ["cancel the mug", alarm]


def test_goods_that_resemble_an_alarm_are_none():
    ranking = [{"name": EMERGENCY, "confidence": 0.9}, {"name": "inform", "confidence": 0.1}]
    parsed = {"intent": ranking[0], "intent_ranking": ranking}
    assert without_false_alarm("gas to electric, with side burner", parsed)["intent"]["name"] == "inform"
    assert without_false_alarm("the grill caught fire", parsed)["intent"]["name"] == EMERGENCY
    assert without_false_alarm("台灯冒烟了", parsed)["intent"]["name"] == EMERGENCY
    assert without_false_alarm("my son drank the cleaner", parsed)["intent"]["name"] == EMERGENCY
    unsure = {"intent": {**ranking[0], "confidence": 0.5}, "intent_ranking": ranking}
    assert without_false_alarm("the lead", unsure)["intent"]["name"] == "inform"


def test_keeping_and_the_same_wish():
    assert keeps("I still want the kettle")
    assert not keeps("keep the kettle and cancel the mat")
    assert same_wish("change_items", "exchange_items")
    assert not same_wish("cancel_order", "return_items")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Keep the one with the watch, cancel the other", ["Keep the one with the watch", "cancel the other"]),
        ("手表那单的留着，另一个取消", ["手表那单的留着", "另一个取消"]),
    ],
)
def test_what_stays_says_which_the_other_is(text, parts):
    first, second = parts
    joined = rejoined(text, [{"text": first, "intent": "stop"}, {"text": second, "intent": "cancel_order"}])
    assert [(each["text"], each["intent"]) for each in joined] == [(text, "cancel_order")]


def test_what_is_not_needed_and_called_off_was_named_right_before():
    text = "I'd like the keyboard with clicky switches. And the yoga mat, don't need it, cancel it"
    first, second = "I'd like the keyboard with clicky switches. And the yoga mat", "don't need it, cancel it"
    requests = [{"text": first, "intent": "change_items"}, {"text": second, "intent": "cancel_order"}]
    assert [each["text"] for each in rejoined(text, requests)] == [
        "I'd like the keyboard with clicky switches.",
        "the yoga mat, don't need it, cancel it",
    ]
