"""What is asked of the shop itself, and what looks like it and means an order, goods or an account."""

from __future__ import annotations

import pytest

from actions.changes.payments import asks_paid_postage
from actions.delivery import names_only_postcode, place_in
from actions.details import without_passing
from actions.resolver.aches import seeks_for_ache
from actions.resolver.process_questions import process_asked
from actions.resolver.return_conditions import states_asked
from actions.resolver.shop_questions import may_be_of_own, shop_topics
from actions.resolver.ways_asked import going_on, way_before


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("are gift cards something you offer?", "gift_cards"),
        ("where can i get a gift voucher", "gift_cards"),
        ("你们卖购物卡吗", "gift_cards"),
        ("can you wrap it for a birthday", "gift_extras"),
        ("could you add a message for the recipient to the parcel", "gift_extras"),
        ("能帮我包装一下送人吗", "gift_extras"),
        ("is vat in the price", "tax"),
        ("报价含税吗", "tax"),
        ("is it possible to order over the phone", "phone_orders"),
        ("可以电话订购吗", "phone_orders"),
        ("what happens if the package goes missing", "lost"),
        ("要是快递丢件了谁赔", "lost"),
        ("what if i'm not in when it's delivered", "nobody_home"),
        ("万一送货时家里没人", "nobody_home"),
        ("could i collect it from your shop in leeds", "pick_up"),
        ("下单后能去门店自提吗", "pick_up"),
        ("do the branches take cash", "cash_in_store"),
        ("店里收现金吗", "cash_in_store"),
        ("can i buy without a credit card", "without_card"),
        ("没有银行卡能支付吗", "without_card"),
        ("have you got an app", "app"),
        ("你们有没有小程序", "app"),
        ("how do i join the rewards club", "loyalty"),
        ("会员怎么办理", "loyalty"),
        ("are there any promo codes right now", "discounts"),
        ("哪里能领优惠券", "discounts"),
        ("what if the glass is cracked when it gets here", "damaged"),
        ("and if it broke in the post", "damaged"),
        ("万一路上压坏了怎么办", "damaged"),
        ("what happens if you ship me the wrong one", "wrong_or_missing"),
        ("要是少发了怎么办", "wrong_or_missing"),
        ("what if it dies after half a year", "breaks"),
        ("要是用了一年坏了呢", "breaks"),
        ("could i exchange for a larger size", "exchange"),
        ("换货收费吗", "exchange"),
        ("if they're too tight can she swap them", "exchange_in_case"),
        ("万一尺码不合适能换吗", "exchange_in_case"),
        ("is the refund on my card or as store credit", "refund_way"),
        ("退款会原路退回吗", "refund_way"),
        ("is the delivery fee refunded too", "refund_postage"),
        ("运费给退吗", "refund_postage"),
        ("when will you charge the card", "charged_when"),
        ("啥时候扣款", "charged_when"),
        ("can you keep the price out of the parcel, i mean leave the price off", "no_price"),
        ("could i pick it up rather than have it delivered", "pick_up"),
    ],
)
def test_of_the_shop(text: str, topic: str) -> None:
    assert topic in shop_topics(text)


@pytest.mark.parametrize(
    "text",
    [
        "can I pay with a gift card",
        "what's left on my gift card",
        "my parcel got lost",
        "the parcel never arrived",
        "nobody was home when they came",
        "why was I charged tax on my order",
        "an invoice with our tax number please",
        "can you pick up the return",
        "i ordered by phone, where is it",
        "my discount code doesn't work",
        "how many points do I have",
        "我的积分还有多少",
        "优惠券用不了",
        "收到的礼品卡怎么用",
        "快递丢了",
        "客服没人吗",
        "does the camera have an app",
        "is my order ready to collect from the store",
        "can I add a card to my account",
        "do you have greeting cards",
        "我的货一直没到怎么办",
        "My parcel got lost in the mail, do you refund?",
        "我想改成到店自取可以吗",
        "can you change it so I collect in the store?",
        "明天送货我不在家怎么办，能改后天吗",
        "can you add gift wrap to it?",
        "it came broken, what happens if i send it back",
        "the bowl arrived smashed. what if i want another",
        "i wanted to ask if you could help, the bowl arrived cracked",
        "收到的碗碎了，如果要退怎么办",
        "can i exchange it for a bigger size",
        "can i exchange this lamp",
        "where is my exchange",
        "我要换货怎么弄",
        "我的换货到哪了",
        "has the refund gone to my card yet",
        "退货运费谁出",
        "why was i charged before it shipped",
        "what if i drop it and it breaks",
        "what if my card fails",
        "what if i picked the wrong size",
        "what if a piece is missing",
        "can you pick it up tomorrow morning",
    ],
)
def test_not_of_the_shop(text: str) -> None:
    assert shop_topics(text) == []


@pytest.mark.parametrize(
    ("before", "text", "way"),
    [
        ("can i send something back", "and when will i see my money", "refund"),
        ("怎么退货", "钱什么时候到账", "refund"),
        ("until when can i cancel after i order", "and if it has left already", "cancel"),
        ("下单以后还能取消吗", "已经发走了呢", "cancel"),
        ("until when can i cancel after i order", "could i switch the size later", "change"),
        ("how do i get an invoice", "can you put another name on it", "invoice"),
        ("可以开发票吗", "税号要填吗", "invoice"),
        ("could i exchange for a larger size", "is there an extra fee", "exchange"),
        ("换货收费吗", "一般多久能换好", "exchange"),
        ("what if it gets here broken", "how quickly would another one come", "replacement"),
        ("万一路上压坏了怎么办", "几天内要反馈 要照片吗", "damaged"),
        ("do you have a red kettle", "and when will i see my money", None),
        ("could i exchange for a larger size", "i want to pay by card", None),
        ("until when can i cancel after i order", "please cancel 481516", None),
    ],
)
def test_what_goes_on_with_a_way_of_the_shop(before: str, text: str, way: str | None) -> None:
    intents = {"can i send something back": "ask_return_policy", "怎么退货": "ask_how_to_return"}
    known = way_before([(before, intents.get(before, "search_products"))])
    assert (going_on(text, known) if known is not None else None) == way


@pytest.mark.parametrize(
    ("text", "process"),
    [
        ("will I get an invoice with my order", "invoice"),
        ("how can we get a receipt for our company", "invoice"),
        ("may i cancel later if i change my mind", "cancel"),
        ("付款后要是后悔了还能取消吗", "cancel"),
        ("can i edit the address after placing the order", "change"),
        ("下单之后还能改地址吗", "change"),
        ("can i change the address of my order", None),
        ("用坏了包换吗", "fault"),
        ("can i cancel my order", None),
        ("can you cancel it if it hasn't been sent", None),
        ("还能取消吗", None),
        ("if I change my mind, can I cancel", "cancel"),
        ("买完以后还可以取消吗", "cancel"),
        ("My order was cancelled, how long until the refund?", None),
        ("how soon will my cancelled order be refunded?", None),
        ("I cancelled two days ago, how long until money", None),
        ("我后悔了能取消吗", None),
        ("改主意了，能不能取消那单", None),
        ("Can I cancel the second order if I no longer need it", None),
        ("如果不要了，能取消第二单吗", None),
        ("我下单后能改一下地址吗 地址写错了", None),
        ("can I edit the order I placed later on", None),
    ],
)
def test_processes(text: str, process: str | None) -> None:
    assert process_asked(text) == process


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("can it come back though i binned the carton", ["no_packaging"]),
        ("tags are cut off, still returnable?", ["no_packaging"]),
        ("包装盒丢了可以退吗", ["no_packaging"]),
        ("no receipt any more", ["no_receipt"]),
        ("收据找不到了还能退吗", ["no_receipt"]),
        ("washed it once", ["used"]),
        ("穿过一次能退吗", ["used"]),
        ("I never wore it", []),
        ("没用过", []),
        ("until when may I return it", []),
        ("I haven't opened the box, can I return it", []),
        ("吊牌都没拆，能退吗", []),
        ("盒子没拆可以退吗", []),
        ("箱子没破，能退吗", []),
        ("I used a coupon, can I return it", []),
        ("用过优惠券的订单能退吗", []),
        ("I opened the box but never wore them", ["no_packaging"]),
        ("我用了两次，盒子还在，能退吗", ["used"]),
    ],
)
def test_states_of_goods(text: str, states: list[str]) -> None:
    assert states_asked(text) == states


@pytest.mark.parametrize(
    ("text", "seeks"),
    [
        ("my shoulders ache, anything you'd recommend?", True),
        ("脖子酸 有什么枕头", True),
        ("the kettle burned my hand, i need help", False),
        ("my back hurts since using the chair, what now", False),
        ("孩子摔了 头疼 有没有人", False),
        ("my neck hurts", False),
        ("side sleeper with neck pain, got a pillow?", True),
        ("looking for a chair, my back hurts when I sit all day", True),
        ("腰疼想买个枕头", True),
        ("膝盖不好 推荐一双鞋", True),
        ("your cleaner got in my eyes, eyes hurt, need help", False),
        ("my eyes hurt, bleach splashed in them, what now", False),
        ("heater fumes, head aches, what should I do", False),
        ("头疼，闻到煤气味，找谁", False),
        ("炉子漏气头很疼有什么办法", False),
        ("the ladder collapsed and my back hurts, what do i do", False),
        ("my hand hurts, the glass shattered, need help", False),
        ("my neck hurts after your pillow gave me a rash", False),
        ("my eyes hurt from the spray, do you have anything for it", False),
        ("my back hurts, I need a person for this", False),
        ("背疼 有没有人", False),
        ("my hands hurt, your heater is hot, do you have a replacement", False),
        ("my legs are sore, your desk tipped over, can you recommend what to do", False),
        ("我头疼，闻了你们的油漆，有没有推荐", False),
        ("best mattress for back pain", True),
        ("颈椎不好有没有合适的枕头", True),
        ("腿被桌子压了很疼，有没有药", False),
    ],
)
def test_an_ache_is_no_danger(text: str, seeks: bool) -> None:
    assert seeks_for_ache(text) is seeks


def test_what_may_be_of_an_order_there_is() -> None:
    assert may_be_of_own(shop_topics("can you wrap it as a present?"), "can you wrap it as a present?")
    assert not may_be_of_own(shop_topics("do you gift wrap?"), "do you gift wrap?")
    assert not may_be_of_own(shop_topics("what if my parcel gets lost"), "what if my parcel gets lost")


@pytest.mark.parametrize(
    ("text", "paid"),
    [
        ("how much did I pay for shipping", True),
        ("was I charged for delivery?", True),
        ("why did we pay postage", True),
        ("我那单付了运费吗", True),
        ("我付运费了吗", True),
        ("did I miss my delivery", False),
        ("did I get a shipping confirmation?", False),
        ("Did I put the right delivery address?", False),
        ("退货我出运费吗", False),
        ("你们收运费吗", False),
    ],
)
def test_what_was_paid_for_delivery(text: str, paid: bool) -> None:
    assert asks_paid_postage(text) is paid


def test_where_it_goes() -> None:
    assert names_only_postcode("to 60614")
    assert names_only_postcode("寄到60614")
    assert not names_only_postcode("where is 60614")
    assert place_in("can you ship to alaska", "US") == "Alaska"
    assert place_in("能送到夏威夷吗", "US") == "夏威夷"
    assert place_in("to the united states", "US") is None
    assert place_in("to Germany", "US") is None


@pytest.mark.parametrize(
    ("text", "value", "kept"),
    [
        ("the cheapest 4k one you have", "4k", False),
        ("now for the iphone 16 please", "16", False),
        ("15 is the one", "15", True),
        ("it's 12", "12", True),
        ("我的订单是12", "12", True),
        ("12寸的锅有吗", "12", False),
    ],
)
def test_short_numbers_of_a_sentence(text: str, value: str, kept: bool) -> None:
    entities = [{"entity": "order_number", "value": value, "weak": True}]
    assert bool(without_passing(text, entities)) is kept
