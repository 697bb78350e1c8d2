"""Finding an order by a full name and a postcode, where the shop's policy accepts them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from actions.crm_client import CrmClient
from actions.full_names import read_full_name, without_identity
from crm_backend.app import create_app
from crm_backend.database.engine import Database, make_engine
from crm_backend.settings import CrmSettings
from tests.actions import shop
from tests.actions.conftest import PROJECT, Conversation, Run, bare, order_number, proof, responses
from tests.crm import records
from tests.support.asgi import AsgiTransport

POSTCODE = proof("postcode", "M1 1AE")


@pytest.fixture(scope="module")
def accepting(crm_settings: CrmSettings, tmp_path_factory: pytest.TempPathFactory) -> CrmSettings:
    """The same shop, which accepts a name with a postcode."""
    folder = tmp_path_factory.mktemp("accepting") / "shop"
    copytree(PROJECT / "data/demo/shop", folder)
    policies = folder / "policies.yml"
    text = policies.read_text("utf-8")
    assert "name_and_postcode: false" in text
    policies.write_text(text.replace("name_and_postcode: false", "name_and_postcode: true"), "utf-8")
    database = Database(make_engine(crm_settings.crm_database_url))
    with database.write() as session:
        for number, name, email, postcode, country in (
            ("N-1", "Ada Byron", "ada@example.org", "M1 1AE", "GB"),
            ("N-2", "谢小明", "xie@example.org", "M1 1AE", "GB"),
            ("N-3", "Una Zero", "una@example.org", "60651", "US"),
        ):
            records.order(
                session, number, recipient=name, contact_name=name, contact_email=email, postcode=postcode,
                country=country, state="processing",
            )  # fmt: skip
    database.dispose()
    return crm_settings.model_copy(update={"shop": Path(folder)})


@pytest.fixture
def client(accepting: CrmSettings, run: Run) -> Iterator[CrmClient]:
    app = create_app(accepting)
    token = accepting.service_token.get_secret_value()
    client = CrmClient("http://crm", token=token, seconds=10, transport=AsgiTransport(app))
    yield client
    run(client.close())
    app.state.resources.database.dispose()


@pytest.fixture
def talk(client: CrmClient, run: Run) -> Conversation:
    return Conversation(client, run)


@pytest.fixture
def american(accepting: CrmSettings, tmp_path: Path, run: Run) -> Iterator[Conversation]:
    """A conversation with the same shop in the United States, where a postcode is five digits."""
    copytree(accepting.shop, tmp_path / "shop")
    policies = tmp_path / "shop" / "policies.yml"
    policies.write_text(policies.read_text("utf-8").replace("  country: GB  #", "  country: US  #", 1), "utf-8")
    app = create_app(accepting.model_copy(update={"shop": tmp_path / "shop"}))
    token = accepting.service_token.get_secret_value()
    client = CrmClient("http://crm", token=token, seconds=10, transport=AsgiTransport(app))
    yield Conversation(client, run)
    run(client.close())
    app.state.resources.database.dispose()


def shown(said: list[dict[str, object]]) -> str:
    return str(next(each["status"] for each in said if each["response"] == "utter_order_status"))


def test_who_has_no_number_is_offered_name_and_postcode_only_where_they_serve(
    talk: Conversation, conversation: Conversation
) -> None:
    for each in (talk, conversation):
        each.say("track_order")
    assert responses(conversation.say("lack_details")) == ["utter_ask_order_reference_lack"]
    assert responses(talk.say("lack_details")) == ["utter_ask_order_reference_lack_name"]
    assert "N-1" in shown(talk.say("provide_details", POSTCODE, text="Ada Byron, M1 1AE"))
    # The shop that does not accept them takes the same words for no identity.
    said = conversation.say("provide_details", POSTCODE, text="Ada Byron, M1 1AE")
    assert responses(said) == ["utter_ask_order_reference_with_proof"]


@pytest.mark.parametrize(
    ("language", "name", "number"), [("en", "ada byron", "N-1"), ("zh", "谢小明", "N-2"), ("zh", "我叫谢小明", "N-2")]
)
@pytest.mark.parametrize("first", ["name", "postcode"])
def test_one_after_the_other(client: CrmClient, run: Run, language: str, name: str, number: str, first: str) -> None:
    talk = Conversation(client, run, language)
    talk.say("track_order")
    talk.say("lack_details")
    turns = [("name_wants_postcode", (), name), ("postcode_wants_name", (bare("M1 1AE", "postcode"),), "M1 1AE")]
    if first == "postcode":
        turns.reverse()
    (variant, entities, text), (_, further, rest) = turns
    asked = talk.say("provide_details", *entities, text=text)
    assert responses(asked) == [f"utter_ask_order_reference_{variant}"]
    assert number in shown(talk.say("provide_details", *further, text=rest))
    assert talk.slots["identity_name"] is None


def test_said_at_once_without_being_asked(talk: Conversation) -> None:
    said = talk.say("track_order", POSTCODE, text="where's my order? My name is Ada Byron, postcode M1 1AE")
    assert "N-1" in shown(said)


def test_what_does_not_fit_is_said_alike_and_a_number_serves_afterwards(talk: Conversation) -> None:
    talk.say("track_order")
    talk.say("lack_details")
    wrong = talk.say("provide_details", POSTCODE, text="Norma Atall, M1 1AE")
    assert responses(wrong) == ["utter_ask_order_reference_name_failed"]
    again = talk.say("provide_details", proof("postcode", shop.POSTCODE), text=f"Ada Byron {shop.POSTCODE}")
    assert responses(again) == ["utter_ask_order_reference_name_failed_again"]
    # The postcode is kept, and serves beside the number.
    assert "489434" in shown(talk.say("provide_details", bare("489434", "postcode"), text="489434"))


def test_a_number_given_with_the_name_is_looked_up_by_the_number(talk: Conversation) -> None:
    said = talk.say(
        "track_order", order_number("489434"), proof("postcode", shop.POSTCODE),
        text=f"I'm Ada Byron, order 489434, {shop.POSTCODE}",
    )  # fmt: skip
    assert "489434" in shown(said)


ZIP = bare("60651", "postcode")
WRONG_ZIP = bare("97209", "postcode")


def test_the_first_question_offers_the_name_and_bare_digits_beside_a_name_are_its_postcode(
    american: Conversation,
) -> None:
    assert responses(american.say("track_order")) == ["utter_ask_order_reference_first_name"]
    assert "N-3" in shown(american.say("provide_details", ZIP, text="Una Zero 60651"))


@pytest.mark.parametrize(
    "text",
    [
        "Una Zero, 60651. where's my stuff",
        "where is it? Una Zero, zip 60651",
        "hi, it's Una Zero. Zip: 60651, where is it",
    ],
)
def test_who_says_both_in_the_first_message_is_asked_nothing(american: Conversation, text: str) -> None:
    assert "N-3" in shown(american.say("track_order", ZIP, text=text))


def test_digits_alone_wait_for_a_name_and_are_no_order(american: Conversation) -> None:
    american.say("track_order")
    asked = american.say("provide_details", ZIP, text="60651")
    assert responses(asked) == ["utter_ask_order_reference_postcode_wants_name"]
    assert "N-3" in shown(american.say("provide_details", text="Una Zero"))


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("Una Zero", ()),
        ("no, 60651 is my zip code. I'm Una Zero", (proof("postcode", "60651"),)),
        ("60651是邮编不是单号，我叫Una Zero", (proof("postcode", "60651"),)),
    ],
)
def test_what_was_taken_for_a_number_is_let_go(american: Conversation, text: str, entities: Sequence[Any]) -> None:
    american.say("track_order")
    asked = american.say("provide_details", order_number("60651"), text="number 60651")
    assert responses(asked) == ["utter_ask_identity_proofs_first"]
    assert "N-3" in shown(american.say("provide_details", *entities, text=text))


MAIL = proof("email", "una@example.org")


@pytest.mark.parametrize("turns", [[("Una Zero, una@example.org", MAIL)], [("una@example.org", MAIL), ("Una Zero",)]])
def test_an_email_address_serves_beside_a_name(american: Conversation, turns: Sequence[Any]) -> None:
    american.say("track_order")
    for text, *entities in turns:
        said = american.say("provide_details", *entities, text=text)
    assert "N-3" in shown(said)


def test_an_email_address_serves_after_a_wrong_postcode(american: Conversation) -> None:
    american.say("track_order", WRONG_ZIP, text="where is it? Una Zero 97209")
    assert "N-3" in shown(american.say("provide_details", MAIL, text="una@example.org"))


def test_a_wrong_postcode_is_corrected_alone(american: Conversation) -> None:
    american.say("track_order")
    wrong = american.say("provide_details", WRONG_ZIP, text="Una Zero 97209")
    assert responses(wrong) == ["utter_ask_order_reference_name_failed"]
    assert "N-3" in shown(american.say("provide_details", ZIP, text="try 60651"))


def test_a_pair_that_was_refused_is_not_tried_again(american: Conversation) -> None:
    """As often as it is said: tries are counted, and this one is known to fail."""
    american.say("track_order")
    for text in ("Una Zero 97209", "97209, Una Zero", "zero, una 97209", *["it is Una Zero, 97209"] * 5):
        said = american.say("provide_details", WRONG_ZIP, text=text)
    assert responses(said) == ["utter_ask_order_reference_name_failed_again"]
    assert "N-3" in shown(american.say("provide_details", ZIP, text="60651"))


def test_a_kept_postcode_is_tried_with_a_new_name_and_no_address_twice(american: Conversation) -> None:
    american.say("track_order")
    american.say("provide_details", ZIP, text="Una Zeró-Smith 60651")
    for mail in ("a", "b", "c"):
        american.say("provide_details", proof("email", f"{mail}@example.net"), text=f"{mail}@example.net")
    assert "N-3" in shown(american.say("provide_details", text="Una Zero"))


@pytest.mark.parametrize(
    "text",
    ["I did not get this order yet. {}", "never got the order, zip is {}", "it's not my first order, zip {}",
     "not sure, I think the order went to {}", "{} is my zip", "这不是我第一次下单 邮编{}", "邮编是{}啊 还没收到订单"],
)  # fmt: skip
def test_a_number_stays_whatever_is_told_with_its_postcode(american: Conversation, text: str) -> None:
    american.say("track_order")
    american.say("provide_details", order_number("N-3"), text="N-3")
    said = american.say("provide_details", proof("postcode", "60651"), text=text.format("60651"))
    assert "N-3" in shown(said)


@pytest.mark.parametrize(
    ("text", "name", "values", "rest"),
    [
        ("my name is Daria Patel. My zip is 98126. One of the two keyboards should be the same as the other",
         "Daria Patel", ["98126"], "One of the two keyboards should be the same as the other"),
        ("Mei Garcia 60651 - cancel the grill pls", "Mei Garcia", ["60651"], "cancel the grill pls"),
        ("我叫陈晓东，邮编200030，台灯想退", "陈晓东", ["200030"], "台灯想退"),
    ],
)  # fmt: skip
def test_who_asks_says_nothing_of_what_is_asked_for(text: str, name: str, values: list[str], rest: str) -> None:
    assert read_full_name(text, awaited=False, beside=values[0]) == name
    assert without_identity(text, name, values) == rest


@pytest.mark.parametrize(
    ("text", "beside", "name"),
    [
        ("Mason Jackson 60651", "60651", "Mason Jackson"),
        ("no idea, Mei Brown, zip 94185", "94185", "Mei Brown"),
        ("不记得单号了诶 fatima garcia 78763", "78763", "fatima garcia"),
        ("姓名：Mia Patel 邮编：98126", "98126", "Mia Patel"),
        ("It's J. R. Lopez. Zip: 43119", "43119", "J. R. Lopez"),
        ("send it to 12 Elm Street, San Francisco, 94185", "94185", None),
        ("my order went to Boston, 02139", "02139", None),
        ("I want to change my order, 78763", "78763", None),
    ],
)
def test_a_name_beside_a_postcode_is_one_without_being_asked_for(text: str, beside: str, name: str | None) -> None:
    assert read_full_name(text, awaited=False, beside=beside) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My name is Ada Byron and my postcode is M1 1AE", "Ada Byron"),
        ("my name is ada byron", "ada byron"),
        ("it was ordered under Vincent van Gogh", "Vincent van Gogh"),
        ("我叫李和平，邮编M1 1AE", "李和平"),
        ("收件人是欧阳小明", "欧阳小明"),
        ("where is my order?", None),
        ("I'm not happy", None),
        ("我是你们的老客户", None),
    ],
)
def test_a_name_with_words_that_lead_to_it(text: str, name: str | None) -> None:
    assert read_full_name(text, awaited=False) == name


@pytest.mark.parametrize(
    ("text", "beside", "name"),
    [
        ("Ada Byron", None, "Ada Byron"),
        ("ada byron, M1 1AE", "M1 1AE", "ada byron"),
        ("sure, Ada Byron and the postcode is M1 1AE", "M1 1AE", "Ada Byron"),
        ("单小雨 200040", "200040", "单小雨"),
        ("M1 1AE 谢小明", "M1 1AE", "谢小明"),
        ("Ada", None, None),
        ("no idea", None, None),
        ("I don't know", None, None),
        ("不知道", None, None),
        ("没有了", None, None),
        ("what do you mean", None, None),
    ],
)
def test_a_name_that_was_asked_for(text: str, beside: str | None, name: str | None) -> None:
    assert read_full_name(text, awaited=True, beside=beside) == name


@pytest.mark.parametrize("number", ["W1105262", "NP-1001"])
def test_a_number_with_letters_is_one_where_a_name_would_do_too(american: Conversation, number: str) -> None:
    american.say("track_order")
    american.say("lack_details")
    asked = american.say("provide_details", bare(number, "postcode"), text=number)
    assert responses(asked) == ["utter_ask_identity_proofs_first"]


def test_a_name_is_one_whatever_it_is_understood_as(american: Conversation) -> None:
    american.say("track_order")
    american.say("provide_details", ZIP, text="60651")
    assert "N-3" in shown(american.say("lack_details", text="Una Zero"))
