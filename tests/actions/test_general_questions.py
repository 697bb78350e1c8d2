"""What goes on with the shop's rules, and what only looks like it: goods, stores, one's own trouble, a wish."""

from __future__ import annotations

import pytest

from actions.alike_meanings import alike_meaning
from actions.asked_of_order import aspects_asked
from actions.delivery import of_way_back
from actions.details import without_passing
from actions.resolver.asked_facts import names_only
from actions.resolver.no_order import denies_order
from actions.resolver.shop_questions import may_be_of_own, shop_topics, tells_own
from actions.resolver.ways_asked import Way, going_on, way_before


@pytest.mark.parametrize(
    ("way", "text"),
    [
        ("refund", "how long will the batteries keep going?"),
        ("refund", "how long does the battery last?"),
        ("refund", "when do you open?"),
        ("refund", "when does the sale end?"),
        ("refund", "几天能到"),
        ("refund", "什么时候开门"),
        ("refund", "电池能用多久"),
        ("exchange", "how long is the warranty?"),
        ("exchange", "when does the blue come back in"),
        ("exchange", "is shipping free?"),
        ("exchange", "这个多少钱"),
        ("exchange", "多少钱一个"),
        ("exchange", "多久充满"),
        ("damaged", "do you have another one in red?"),
        ("damaged", "is it free of nickel?"),
        ("damaged", "do you have picture frames?"),
        ("damaged", "有新的颜色吗"),
        ("damaged", "有照片吗"),
        ("cancel", "can it be left outside?"),
        ("cancel", "do you have left-handed ones?"),
        ("change", "灯泡能换吗"),
        ("change", "能加绒吗"),
        ("change", "能加热吗"),
        ("change", "加厚的有吗"),
        ("change", "手机能换电池吗"),
        ("change", "do you have a change mat?"),
        ("change", "can you change it to blue"),
        ("change", "did you change it?"),
        ("invoice", "is it a business bag?"),
        ("invoice", "名字能刻吗"),
        ("invoice", "能改尺寸吗"),
        ("invoice", "个人用够吗"),
        ("returns", "how long is the lead"),
        ("returns", "when does the shop on king street close"),
        ("returns", "寄到上海要几天"),
        ("returns", "运费多少"),
        ("prices", "how many days is the trip pack for"),
        ("refund", "my money never came, how long"),
        ("damaged", "it arrived in pieces, when do I get a new one"),
        ("returns", "please take it back within how many days"),
    ],
)
def test_goes_on_with_no_rules(way: Way, text: str) -> None:
    assert going_on(text, way) is None


@pytest.mark.parametrize(
    ("way", "text", "meant"),
    [
        ("returns", "how long do i have", "returns"),
        ("returns", "within how many days?", "returns"),
        ("returns", "几天内", "returns"),
        ("returns", "没拆封的呢 几天", "returns"),
        ("returns", "who covers the postage", "returns"),
        ("returns", "运费谁出", "returns"),
        ("returns", "and how long till i get my money back", "refund"),
        ("returns", "钱几天到账", "refund"),
        ("refund", "how long does that take", "refund"),
        ("refund", "要多久", "refund"),
        ("prices", "how many days", "prices"),
        ("prices", "多少天内", "prices"),
        ("prices", "怎么申请", "prices"),
        ("prices", "how do i claim the difference", "prices"),
        ("exchange", "and how long does it take", "exchange"),
        ("exchange", "要多久能换好", "exchange"),
        ("exchange", "who pays the postage", "exchange"),
        ("damaged", "do you need photos", "damaged"),
        ("damaged", "要拍照吗", "damaged"),
        ("damaged", "until when must i report it", "damaged"),
        ("damaged", "免费换吗", "damaged"),
        ("exchange", "要自己出运费吗", "exchange"),
        ("prices", "within how many days of ordering", "prices"),
        ("prices", "怎么办理", "prices"),
        ("cancel", "and if it's been shipped", "cancel"),
        ("cancel", "can i change the address later", "change"),
        ("cancel", "地址能改吗", "change"),
        ("invoice", "for a company, with tax number", "invoice"),
        ("invoice", "抬头能改吗", "invoice"),
        ("invoice", "开给单位 带税号", "invoice"),
        ("invoice", "i live in ohio and don't have an order yet, can i get one for my firm with the tax id", "invoice"),
        ("invoice", "i haven't ordered yet, can i get one with a company number", "invoice"),
    ],
)
def test_goes_on_with_the_rules(way: Way, text: str, meant: Way) -> None:
    assert going_on(text, way) == meant


def test_what_was_spoken_of_before() -> None:
    returns = ("can i return mugs i drank from", "ask_return_policy")
    assert way_before([returns, ("who pays the postage", "ask_delivery_cost")]) == "returns"
    assert way_before([returns, ("hm okay", "affirm")]) == "returns"
    assert way_before([returns, ("and the battery of the lamp", "ask_policy")]) is None
    assert way_before([returns, ("where is my order", "track_order")]) is None
    assert way_before([("又便宜了能补吗", "ask_price_protection")]) == "prices"


@pytest.mark.parametrize(
    "text",
    [
        "can you check if there's something missing from the box I got",
        "can you tell me if the box arrived damaged",
        "what if the item I received is faulty",
        "如果坏了能退吗，已经坏了",
        "my blender is here, what if it comes broken again?",
        "the speaker died what if it breaks again",
        "如果发错了怎么办,我收到的是蓝的",
        "换货可以吗,发来的是坏的",
        "what if I received the wrong colour",
        "if the lid is broken when it comes I want to cancel it, ok?",
        "if it breaks again I want a refund?",
        "如果再发错就退钱,行吗",
        "如果路上摔坏了就给我退款行吗",
        "can you refund the shipping, it came late",
        "can you take the price tag off",
        "without price limits, can you show lamps",
        "can you hide prices above 50",
        "can I pick up the kids' bikes in red",
        "if it doesn't arrive by tonight, can I cancel?",
        "if I'm not home leave it at the door ok?",
        "do you have a duty belt",
        "do you sell duty-free perfumes",
        "could you ring to order a taxi",
        "can you write a note to leave it at the back",
        "退货的话运费多少",
        "how long is the warranty on the blender",
        "is my lamp still under warranty",
        "吸尘器保修几年",
    ],
)
def test_told_wished_or_sought_is_no_question_of_the_shop(text: str) -> None:
    assert shop_topics(text) == []


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("what if the glass is cracked when it arrives", "damaged"),
        ("what happens if something is missing from the box", "wrong_or_missing"),
        ("如果收到是坏的怎么退", "damaged"),
        ("要是寄来的少了一件呢", "wrong_or_missing"),
        ("what if it stops working after a year", "breaks"),
        ("do i pay import duty", "tax"),
        ("is duty included", "tax"),
        ("can i ring you to order", "phone_orders"),
        ("can you put a note in the box", "gift_extras"),
        ("if i'm not home do they leave it at the door", "nobody_home"),
        ("can i pick it up in leeds", "pick_up"),
        ("退货的话运费给退吗", "refund_postage"),
        ("有质保吗", "warranty"),
        ("保修都是两年？", "warranty"),
        ("你们的东西有保修吗", "warranty"),
        ("is there a warranty", "warranty"),
        ("do your products come with a guarantee?", "warranty"),
        ("and how long is the warranty?", "warranty"),
    ],
)
def test_asked_of_the_shop(text: str, topic: str) -> None:
    assert topic in shop_topics(text)


def test_prices_left_out_of_a_parcel_may_be_of_ones_own() -> None:
    assert may_be_of_own(shop_topics("礼物别放价格可以吗"), "礼物别放价格可以吗")


@pytest.mark.parametrize(
    "text",
    [
        "is it broken? it arrived with a hole",
        "the handle snapped, can I have a new one?",
        "收到是坏的怎么办",
        "退款怎么还没到",
    ],
)
def test_own_trouble(text: str) -> None:
    assert tells_own(text)


@pytest.mark.parametrize(
    "text",
    ["what if it came broken", "如果收到是坏的怎么退", "can I return it if it broke on the way", "how do refunds work"],
)
def test_no_trouble_of_ones_own(text: str) -> None:
    assert not tells_own(text)


_ABSENT = [("report_not_received", 0.5), ("report_missing_item", 0.45)]
_RETURNS = [("return_in_store", 0.45), ("ask_return_policy", 0.42)]


@pytest.mark.parametrize(
    "text",
    [
        "my mailbox was empty",
        "the porch was empty",
        "the locker was empty",
        "tracking page is empty",
        "快递柜里没有",
        "信箱里没有",
        "门口空空的",
        "物流信息是空的",
        "一直没到,里面都没更新",
    ],
)
def test_another_thing_is_empty(text: str) -> None:
    assert alike_meaning(text, _ABSENT) is None


@pytest.mark.parametrize(
    "text", ["the box was empty", "it came empty", "an empty envelope", "包裹是空的", "打开什么都没有", "里面啥也没有"]
)
def test_the_parcel_is_empty(text: str) -> None:
    assert alike_meaning(text, _ABSENT) == "report_missing_item"


@pytest.mark.parametrize(
    "text",
    [
        "我要退货",
        "I want to send it back",
        "退货进度",
        "我退了怎么还没到",
        "I sent it back two weeks ago and nothing happened",
    ],
)
def test_a_return_wanted_or_made_asks_for_no_rules(text: str) -> None:
    assert alike_meaning(text, _RETURNS) is None


@pytest.mark.parametrize("text", ["can lamps be sent back", "退货政策", "return policy for socks", "袜子能退吗"])
def test_rules_of_returns(text: str) -> None:
    assert alike_meaning(text, _RETURNS) == "ask_return_policy"


@pytest.mark.parametrize(
    "text",
    [
        "has my refund been sent",
        "退款发了吗",
        "发票发了吗",
        "验证码发了吗",
        "换货的发了吗",
        "is anything left to pay",
        "are there any left in stock",
        "when will i be refunded",
        "几号退款",
        "when does my warranty end",
        "how long can I return it",
        "多久能退",
        "return tracking number",
        "who handled my refund",
        "who will handle my case",
        "who drives you crazy",
        "谁送的礼物",
    ],
)
def test_another_thing_than_the_order(text: str) -> None:
    assert aspects_asked(text) == []


@pytest.mark.parametrize(
    ("text", "aspect"),
    [("has it left the warehouse", "sent"), ("谁来送", "carrier"), ("when does the parcel come", "when")],
)
def test_the_order_itself(text: str, aspect: str) -> None:
    assert aspects_asked(text) == [aspect]


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("how much is return shipping", True),
        ("寄回来邮费是多少", True),
        ("退货的话快递费多少", True),
        ("what does it cost to send something back", True),
        ("how much is shipping to Ohio", False),
        ("运费多少", False),
        ("do you have free returns", False),
    ],
)
def test_the_way_back(text: str, back: bool) -> None:
    assert of_way_back(text) is back


@pytest.mark.parametrize(
    "text",
    ["no order! i want to buy a wool hat", "no order, just looking", "forget the order, i want a lamp with a clamp"],
)
def test_no_order_is_meant(text: str) -> None:
    assert denies_order(text)


@pytest.mark.parametrize(
    "text",
    ["no order number here", "no order came", "forget the order number, use my name", "forget the order"],
)
def test_an_order_may_be_meant(text: str) -> None:
    assert not denies_order(text)


_SHIRT = ("Tarn Men's Linen Shirt", "linen shirt", "塔恩男士亚麻T恤", "deep green", "深绿", "S", "M", "L")


@pytest.mark.parametrize(
    "text",
    [
        "linen shirt in large, green",
        "linen shirt M",
        "i want to buy the linen shirt in deep green",
        "亚麻t恤 深绿 M码",
        "我想要亚麻T恤",
    ],
)
def test_no_more_than_goods_and_their_options(text: str) -> None:
    assert names_only(text, _SHIRT)


@pytest.mark.parametrize(
    "text",
    [
        "linen shirt hasn't turned up",
        "waiting on the linen shirt",
        "linen shirt missing",
        "cancel linen shirt",
        "the linen shirt from tuesday",
        "亚麻T恤没来",
        "亚麻T恤丢了",
        "亚麻T恤到哪了",
        "亚麻T恤换一件",
        "hello",
        "您好",
    ],
)
def test_more_than_goods_is_said(text: str) -> None:
    assert not names_only(text, _SHIRT)


@pytest.mark.parametrize(
    ("text", "cued", "kept"),
    [
        ("how about 34/32", False, False),
        ("有30/32的吗", False, False),
        ("34/32", False, True),
        ("order 34/32", True, True),
    ],
)
def test_sizes_are_no_order_number(text: str, cued: bool, kept: bool) -> None:
    value = "30/32" if "30/32" in text else "34/32"
    entities = [{"entity": "order_number", "value": value, "weak": False, "cued": cued}]
    assert bool(without_passing(text, entities)) is kept


@pytest.mark.parametrize(
    "said", ["and if it was washed once", "what if I wore them outside", "如果洗过一次呢", "吊牌剪了呢"]
)
def test_the_state_of_what_would_go_back_goes_on_with_returns(said: str) -> None:
    assert going_on(said, "returns") == "returns"


@pytest.mark.parametrize("said", ["if it rains is it fine", "what if the battery dies", "the jacket was washed"])
def test_what_is_no_state_goes_on_with_none(said: str) -> None:
    assert going_on(said, "returns") is None
