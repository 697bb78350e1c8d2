"""What records and messages say of goods is concluded from only where they plainly say it."""

from __future__ import annotations

from typing import Any

import pytest

from actions.goods import Good, Goods
from actions.goods_called import called_in_part, covered_by, is_one, without_whom_for
from actions.misfits import denied_by
from actions.product_facts import colour_not_on_record
from actions.resolver.asked_facts import Entry, read_asked
from actions.resolver.option_values import Named
from actions.resolver.prices_named import prices_named
from actions.resolver.products import ProductWords
from actions.resolver.ranked_facts import extreme_asked, ranked
from actions.resolver.versions import extreme_option
from actions.versions_apart import asks_best_value, contents
from actions.versions_of_each import asks_of_each
from shopdesk_schemas.products import ProductView, VariantView


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("waterproof gloves", "Waterproof", "No"),
        ("waterproof hiking boots", "Waterproof", "not waterproof"),
        ("防水的手套", "防水", "否"),
        ("a pan for the dishwasher", "Dishwasher", "No"),
        ("能进洗碗机的锅", "洗碗机", "不支持"),
        ("toys for a 2 year old", "Age", "from 6 years"),
        ("a fragrance free cream", "Fragrance", "lavender fragrance"),
    ],
)
def test_goods_that_are_not_as_wanted(text: str, name: str, value: str) -> None:
    assert denied_by([Entry(name, value)], text)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("a cruelty free soap", "Animal testing", "No"),
        ("cruelty-free mascara", "Animal testing", "Not tested on animals"),
        ("fragrance free cream", "Fragrance", "None"),
        ("unscented soap", "Fragrance", "None"),
        ("bpa free lunch box", "BPA", "No"),
        ("caffeine free herbal tea", "Caffeine", "No"),
        ("decaf beans", "Caffeine", "No caffeine"),
        ("unlined blazer", "Lining", "None"),
        ("low calorie crackers", "Calories", "None"),
        ("a shelf that is easy to assemble", "Assembly", "None needed"),
        ("静音加湿器", "噪音", "无噪音"),
        ("免安装的鞋架", "安装", "无需安装"),
        ("低热量的零食", "热量", "无糖 低卡"),
        ("machine washable blanket", "Care", "No tumble dry, machine wash cold"),
        ("可机洗的毯子", "洗护", "不可漂白，可机洗"),
        ("waterproof coat", "Waterproof", "No leaks to 10,000 mm"),
        ("boots for wide feet", "Fit", "Not for narrow feet"),
        ("a puncture proof tyre", "Flats", "No"),
        ("with a warranty please", "Warranty", "No limit: lifetime"),
        ("an allergy friendly duvet", "Allergens", "No known allergens"),
        ("a leakproof flask", "Leaks", "No"),
        ("waterproof gloves", "Waterproof", "Yes"),
        ("gloves that are not waterproof", "Waterproof", "No"),
        ("a lamp with a battery", "Battery included", "No"),
    ],
)
def test_a_no_of_something_bad_denies_nothing(text: str, name: str, value: str) -> None:
    assert not denied_by([Entry(name, value)], text)


@pytest.mark.parametrize(
    ("option", "values", "held"),
    [
        ("Size", ["250 ml", "1 l"], [250, 1000]),
        ("Size", ["12 oz bag", "2 lb bag"], [340.194, 907.184]),
        ("净含量", ["250克", "500克袋装"], [250, 500]),
        ("Tin size", ["12 pans", "24 pans"], [12, 24]),
        ("Pack", ["2-pack", "4-pack"], [2, 4]),
        ("Pieces", ["6", "12"], [6, 12]),
        ("件数", ["3", "6"], [3, 6]),
        ("规格", ["10片装", "30片装"], [10, 30]),
        ("Size", ["38", "40", "42"], []),
        ("尺码规格", ["40码", "42码"], []),
        ("Size", ["12 in", "16 in"], []),
        ("规格", ["160 x 70 cm", "200 x 90 cm"], []),
        ("Size", ["90x190", "140x190"], []),
        ("Size", ["2 seats", "3 seats"], []),
        ("Thread count", ["200", "400"], []),
        ("Weight", ["15 oz canvas", "12 oz canvas"], []),
        ("Size", ["15 oz canvas", "12 oz canvas"], []),
        ("Capacity", ["2 people", "4 people"], []),
        ("Size", ["250 ml", "6 pieces"], []),
    ],
)
def test_what_tells_how_much_one_gets(option: str, values: list[str], held: list[float]) -> None:
    found = contents({str(place): value for place, value in enumerate(values)}, option)
    assert [round(each, 2) for each in found.values()] == [round(each, 2) for each in held]


@pytest.mark.parametrize(
    "text",
    ["which size is the best value?", "which one is the better deal", "哪个规格划算", "is the big tin good value"],
)
def test_most_for_the_money_is_asked(text: str) -> None:
    assert asks_best_value(text)


@pytest.mark.parametrize(
    "text",
    [
        "什么时候下单最划算",
        "退了划算吗",
        "that's a good deal, thank you",
        "it was a good deal of trouble",
        "which is the better buy for cold feet",
        "is express the better deal",
    ],
)
def test_another_worth_is_asked(text: str) -> None:
    assert not asks_best_value(text)


@pytest.mark.parametrize(
    ("values", "concept", "degree"),
    [
        (["41 dB", "54 dB at full power, 22 dB idle"], "noise", "least"),
        (["低档28分贝，高档61分贝", "44分贝"], "noise", "least"),
        (["7 hours", "4 days standby, 6 hours in use"], "battery", "most"),
        (["up to 28 h with the case, 5 h alone", "9 h"], "battery", "most"),
        (["frame 8 years, parts 1 year", "2 years"], "warranty", "most"),
        (["整机1年，电机8年", "2年"], "warranty", "most"),
        (["2.6 kg per pair", "1.4 kg each"], "weight", "least"),
    ],
)
def test_amounts_of_states_and_parts_are_not_put_in_order(values: list[str], concept: str, degree: str) -> None:
    assert ranked({str(place): value for place, value in enumerate(values)}, concept, degree) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "concept", "degree", "first"),
    [
        (["4.4 lb (20 in), 6.3 lb (26 in)", "5 lb"], "weight", "least", "0"),
        (["4 lb 6 oz", "4.1 lb"], "weight", "least", "1"),
        (["7 lb (3.2 kg)", "2.5 kg"], "weight", "least", "1"),
        (["6 to 8 hours", "about 10 hours"], "battery", "most", "1"),
        (["40 minutes eco, 10 minutes boost", "35 minutes low, 9 minutes max"], "battery", "most", "0"),
        (["2.1公斤（大号3公斤）", "2.6公斤"], "weight", "least", "0"),
    ],
)
def test_amounts_of_sizes_and_ranges_are(values: list[str], concept: str, degree: str, first: str) -> None:
    assert ranked({str(place): value for place, value in enumerate(values)}, concept, degree)[0] == first  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "the lightest shade you have",
        "which is the lightest roast?",
        "哪个颜色轻",
        "the warmest color",
        "which bulb has the warmest light",
        "the sharpest looking belt",
        "which is best rated, the highest rating",
        "what's the fastest refund",
        "the fastest delivery please",
        "a lighter for the stove",
        "is there lighter fluid",
        "a mug warmer",
        "it no longer works",
        "which is heavier duty",
        "最重要的是耐看",
        "最高能退几块",
        "最长几天能退",
        "which has the strongest smell",
    ],
)
def test_the_most_of_something_else(text: str) -> None:
    assert extreme_asked(text, read_asked(text).concepts) is None


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("which one keeps tea hot longest", "keeps"),
        ("哪个保温最久", "keeps"),
        ("do you have a lighter one", "weight"),
        ("which jacket is warmer", "warmth"),
        ("which is the lightest tent for my dog and me", "weight"),
        ("最重的是哪个", "weight"),
    ],
)
def test_the_most_of_goods(text: str, concept: str) -> None:
    extreme = extreme_asked(text, read_asked(text).concepts)
    assert extreme is not None
    assert extreme.concepts[0] == concept


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("the biggest discount", None),
        ("for my biggest dog", None),
        ("最大的问题是什么", None),
        ("最大优惠多少", None),
        ("my largest order", None),
        ("the biggest one", True),
        ("最大的多少钱", True),
        ("the smallest for my biggest dog", False),
    ],
)
def test_the_biggest_version(text: str, most: bool | None) -> None:
    found = extreme_option(text, [{"Size": "250 ml"}, {"Size": "500 ml"}], Named())
    assert (found[1] if found else None) is most


@pytest.mark.parametrize(
    "text",
    [
        "the cheaper one please, budget 70",
        "my budget is 70",
        "70元以内便宜的那款",
        "I have 50 to spend",
        "the model 100 is more",
        "iPhone 15 and 16",
        "size 40 or 41",
        "平时穿40和41",
        "买2送1",
        "40支和50支",
        "need it in 3, got 12",
        "I'm 30, which one",
        "less than 50",
        "under 70",
    ],
)
def test_other_numbers_name_no_version(text: str) -> None:
    assert prices_named(text, [200, 300, 1200, 1500, 1600, 3000, 4000, 4099, 5000, 6999, 10000]) == []


_FANS = {"b": ["Breeze Mini Desk Fan", "微风迷你台扇"], "t": ["Tower T7 Desk Fan", "高塔 T7 台扇"]}


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("difference between the T7 and the calm air", "t"),
        ("is the breeze or the calm air better", "b"),
        ("T7和静音款哪个好", "t"),
        ("微风的和静空的差在哪", "b"),
        ("what makes the calm air desk fan different", None),
        ("the breeze, the t7 or the calm air", None),
        ("how is the calm air different in size 7", None),
    ],
)
def test_the_other_side_is_named_by_a_part_of_its_name(text: str, called: str | None) -> None:
    assert called_in_part(text, _FANS, ["Calm Air Desk Fan", "静空台扇"]) == called


@pytest.mark.parametrize(
    ("rest", "left"),
    [
        ("sheets for a   bed under 80", "sheets   under 80"),
        ("sheets for my   size bed", "sheets  "),
        ("a case for a phone", "a case for a phone"),
        ("a   mattress for a bed", "a   mattress for a bed"),
    ],
)
def test_what_a_version_is_for_is_not_looked_for(rest: str, left: str) -> None:
    assert without_whom_for(rest).strip() == left.strip()


@pytest.mark.parametrize(
    "text",
    ["how much is a full in both", "both of them in king?", "大号的两个都多少钱", "分别多少钱", "加大的各多少钱"],
)
def test_something_is_asked_of_each(text: str) -> None:
    assert asks_of_each(text)


@pytest.mark.parametrize("text", ["do you have both colours", "有两个吗", "都有哪些颜色", "how much is the full"])
def test_nothing_is_asked_of_each(text: str) -> None:
    assert not asks_of_each(text)


def _racket(description: str = "A light frame.", attributes: dict[str, Any] | None = None, *options: str) -> Goods:
    variants = [
        VariantView(
            sku=value,
            options=dict.fromkeys(options, value),
            price_minor=900,
            currency="USD",
            availability="in_stock",
            stores_with_stock=0,
        )
        for value in ("1", "2")
    ]
    product = ProductView(
        external_id="p",
        name="Featherframe Racket",
        description=description,
        category="Rackets",
        brand=None,
        image_url=None,
        url=None,
        attributes=attributes or {},
        available=True,
        price_from_minor=900,
        price_to_minor=900,
        currency="USD",
        options=[],
        variants=variants,
    )
    return Goods([Good(product, variants)], ProductWords(options="pink", colours="pink", points=True), spoke=True)


def test_a_colour_of_goods_without_colours_is_not_on_record() -> None:
    assert colour_not_on_record(_racket("A light frame.", None, "Grip size")) == "pink"
    assert colour_not_on_record(_racket("A light frame.", {"Color": "black"})) == "pink"


def test_a_colour_that_is_told_of_goods_is() -> None:
    assert colour_not_on_record(_racket("A light frame in pink.")) is None
    assert colour_not_on_record(_racket("A light frame.", {"Color": "pink"})) is None
    assert colour_not_on_record(_racket("A light frame.", None, "Color")) is None


@pytest.mark.parametrize(
    ("word", "title", "one"),
    [
        ("jewelry", "Moonlit Hoop Earrings", True),
        ("jewellery", "Silver Ring (gold plated)", True),
        ("首饰", "月光圈形耳环", True),
        ("jewelry", "Halo Ring Light", False),
        ("jewelry", "Ring Binder", False),
        ("首饰", "耳环收纳盒", False),
        ("gadget", "Moonlit Hoop Earrings", False),
    ],
)
def test_a_wider_word_covers_what_is_called_by_narrower_ones(word: str, title: str, one: bool) -> None:
    assert any(is_one(names, title) for names in covered_by(word)) is one
