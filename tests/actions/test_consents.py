"""What a message wants to get from the shop and what not, by way."""

from __future__ import annotations

import pytest

from actions.changes.consents import asks_of_consents, read_consents, speaks_of_consents
from actions.changes.just_done import asks_for_reference, asks_what_was_said, asks_which, takes_back
from actions.changes.shipments import asks_of_sending, is_only_away, wants_in_one, wants_it_later
from actions.complaints import in_despair
from actions.references import short_reference

_READ = [
    ("please opt out of everything except sms", {"sms": True}, False),
    ("stop emails but keep texts", {"email": False, "sms": True}, None),
    ("turn emails off and texts on", {"email": False, "sms": True}, None),
    ("email yes, sms no", {"email": True, "sms": False}, None),
    ("don't stop the newsletter, only the texts", {"email": True, "sms": False}, None),
    ("no emails or texts, calls are fine", {"email": False, "sms": False, "phone": True}, None),
    ("keep the emails and stop everything else", {"email": True}, False),
    ("turn off all the marketing except emails about my orders", {}, False),
    ("please opt me out of everything", {}, False),
    ("以后别给我发短信广告了 邮件可以留着", {"sms": False, "email": True}, None),
    ("邮件继续发给我 短信别发", {"email": True, "sms": False}, None),
    ("只保留邮件，其他全关", {"email": True}, False),
    ("除了短信其他都退订", {"sms": True}, False),
    ("短信和邮件都关了", {"sms": False, "email": False}, None),
]


@pytest.mark.parametrize(("text", "ways", "rest"), _READ)
def test_what_is_exempted_gets_the_opposite(text: str, ways: dict[str, bool], rest: bool | None) -> None:
    wish = read_consents(text)
    assert (wish.ways, wish.rest) == (ways, rest)
    assert speaks_of_consents(text)


@pytest.mark.parametrize(
    "text",
    ["nope, that won't do. can someone chase royal mail or send me new ones", "leave me alone", "不要了", "别催了"],
)
def test_words_of_something_else_speak_of_no_consent(text: str) -> None:
    assert not speaks_of_consents(text)


@pytest.mark.parametrize(
    "text", ["and email? is that off", "am i still getting texts?", "短信还能收到吧", "微信呢 关了吗"]
)
def test_a_question_of_how_it_stands(text: str) -> None:
    assert asks_of_consents(text)


def test_words_about_what_was_done() -> None:
    for text in ("undo it", "改回来", "put it back please", "change that back"):
        assert takes_back(text)
    for text in ("what exactly did you tell them", "你转达了什么内容", "what did u tell them exactly"):
        assert asks_what_was_said(text)
    for text in ("what's the reference number for that complaint", "工单号多少", "给我个投诉编号"):
        assert asks_for_reference(text)
    assert asks_which("which ones did you turn off")
    assert not takes_back("i want my money back")
    assert not asks_for_reference("what is my order number")


@pytest.mark.parametrize("text", ["i just want to end it all", "不想活了", "活着没意思", "i want to die", "想自杀"])
def test_despair_is_heard(text: str) -> None:
    assert in_despair(text)


@pytest.mark.parametrize(
    "text", ["想死你们家的饼干了", "i'm dying to get it", "this lamp is to die for", "the phone died"]
)
def test_a_manner_of_speaking_is_no_despair(text: str) -> None:
    assert not in_despair(text)


def test_a_long_reference_is_read_out_short() -> None:
    assert short_reference("case_9c8f0a1b2c3d4e5f60718293a4b5c6d7") == "A4B5-C6D7"
    assert short_reference("RTKABDAJ8M") == "RTKABDAJ8M"


def test_a_wish_a_question_and_a_circumstance_are_told_apart() -> None:
    assert is_only_away("后天我出门")
    assert is_only_away("I'm away on Friday")
    assert not is_only_away("I'm away on Friday, please come on Monday instead")
    assert asks_of_sending("is it packed already?")
    assert not asks_of_sending("why hasn't it shipped yet")
    assert wants_it_later("please hold my order until the 20th")
    assert wants_it_later("please don't send my order before friday")
    assert not wants_it_later("hurry up with my order")
    assert not wants_it_later("don't ship it to my house, ship it to work")
    assert not wants_it_later("don't send me e-mails about the order")
    assert wants_in_one("put both orders into one parcel")
