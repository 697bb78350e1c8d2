"""Shops of different kinds, made up for measuring the resolver, and what shoppers write about their orders.

Each product has a full and an everyday name in both languages (either may be missing, as in real shops), so that cases
can be made with a known right answer. `DEVELOPMENT` shops were looked at while the resolver was built; `HELD_OUT` shops
were written afterwards, and nothing was tuned on them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from actions.resolver import LineCandidate, Resolution, resolve_lines

TODAY = date(2026, 11, 18)


@dataclass(frozen=True)
class Product:
    en: str
    say_en: str
    zh: str
    say_zh: str
    price: int
    options: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


COLOURS = [("Navy", "藏青色"), ("Olive", "橄榄绿"), ("Burgundy", "酒红色"), ("White", "白色")]
SIZES = [(size, size) for size in ("S", "M", "L", "XL")]
SHOES = [(size, size) for size in ("37", "38", "39", "40", "41")]
OPTION_NAMES = {"colour": "颜色", "size": "尺码", "capacity": "容量", "weight": "重量"}

DEVELOPMENT: dict[str, list[Product]] = {
    "fashion": [
        Product("Merino Crew Jumper", "jumper", "美利奴羊毛圆领毛衣", "毛衣", 6800, {"colour": COLOURS, "size": SIZES}),
        Product("Waxed Cotton Raincoat", "raincoat", "打蜡棉雨衣", "雨衣", 14500, {"colour": COLOURS, "size": SIZES}),
        Product("Suede Desert Boots", "desert boots", "反绒沙漠靴", "沙漠靴", 11900, {"size": SHOES}),
        Product("Silk Square Scarf", "scarf", "真丝方巾", "方巾", 4500, {"colour": COLOURS}),
        Product("Selvedge Denim Jeans", "jeans", "赤耳丹宁牛仔裤", "牛仔裤", 9800, {"size": SHOES}),
        Product("Pleated Midi Skirt", "skirt", "百褶中长裙", "百褶裙", 7200, {"colour": COLOURS, "size": SIZES}),
        Product("Leather Belt, brass buckle", "belt", "黄铜扣皮带", "皮带", 3900),
    ],
    "furniture": [
        Product("Arc floor lamp, brass", "lamp", "弧形落地灯", "落地灯", 12900),
        Product("Hand-tufted wool rug", "rug", "手工簇绒羊毛地毯", "地毯", 22000, {"colour": COLOURS}),
        Product("Oslo three-seater sofa", "sofa", "奥斯陆三人沙发", "沙发", 129000, {"colour": COLOURS}),
        Product("Ladder bookcase - oak", "bookcase", "梯形书架", "书架", 24900),
        Product("Linen curtains (pair)", "curtains", "亚麻窗帘", "窗帘", 8900, {"colour": COLOURS}),
        Product("Round dining table", "dining table", "圆形餐桌", "餐桌", 39900),
        Product("Memory foam mattress", "mattress", "记忆棉床垫", "床垫", 49900),
    ],
    "groceries": [
        Product(
            "Extra virgin olive oil",
            "olive oil",
            "特级初榨橄榄油",
            "橄榄油",
            1250,
            {"capacity": [("500 ml", "500毫升"), ("1 l", "1升")]},
        ),
        Product(
            "Ethiopian coffee beans",
            "coffee",
            "埃塞俄比亚咖啡豆",
            "咖啡豆",
            1100,
            {"weight": [("250 g", "250克"), ("1 kg", "1公斤")]},
        ),
        Product("Organic rolled oats", "oats", "有机燕麦片", "燕麦片", 350),
        Product("Acacia honey in a jar", "honey", "洋槐蜂蜜", "蜂蜜", 780),
        Product("Smoked paprika", "paprika", "烟熏红椒粉", "红椒粉", 320),
        Product("Sourdough loaf", "sourdough", "酸面包", "面包", 480),
        Product("Jasmine green tea", "tea", "茉莉绿茶", "绿茶", 890),
    ],
    "electronics": [
        Product("QuietPods Pro wireless earbuds", "earbuds", "静听Pro无线耳机", "耳机", 17900, {"colour": COLOURS}),
        Product("65W USB-C charger", "charger", "65W氮化镓充电器", "充电器", 3900),
        Product("Mechanical keyboard 75%", "keyboard", "机械键盘75配列", "键盘", 11900),
        Product("27-inch 4K monitor", "monitor", "27英寸4K显示器", "显示器", 32900),
        Product(
            "Portable SSD",
            "ssd",
            "移动固态硬盘",
            "固态硬盘",
            9900,
            {"capacity": [("500 GB", "500GB"), ("1 TB", "1TB")]},
        ),
        Product("Smart doorbell camera", "doorbell", "智能门铃", "门铃", 8900),
        Product("Robot vacuum R10", "vacuum", "R10扫地机器人", "扫地机", 39900),
    ],
    "gifts": [
        Product("WHITE HANGING HEART T-LIGHT HOLDER", "t-light holder", "", "", 295),
        Product("REGENCY CAKESTAND 3 TIER", "cakestand", "", "", 1275),
        Product("JUMBO BAG RED RETROSPOT", "jumbo bag", "", "", 208),
        Product("ASSORTED COLOUR BIRD ORNAMENT", "bird ornament", "", "", 169),
        Product("PARTY BUNTING", "bunting", "", "", 495),
        Product("SET OF 6 SPICE TINS PANTRY DESIGN", "spice tins", "", "", 395),
        Product("ALARM CLOCK BAKELIKE GREEN", "alarm clock", "", "", 375),
    ],
    "chinese": [
        Product("", "mooncakes", "流心奶黄月饼礼盒", "月饼", 16800),
        Product("", "rice cooker", "智能电饭煲", "电饭煲", 39900),
        Product("", "yoga mat", "加厚防滑瑜伽垫", "瑜伽垫", 8900, {"colour": COLOURS}),
        Product(
            "", "thermos", "316不锈钢保温杯", "保温杯", 12900, {"capacity": [("350ml", "350ml"), ("500ml", "500ml")]}
        ),
        Product("", "hairdryer", "负离子吹风机", "吹风机", 29900),
        Product("", "face mask", "玻尿酸补水面膜", "面膜", 9900),
        Product("", "down jacket", "轻薄立领羽绒服", "羽绒服", 49900, {"colour": COLOURS, "size": SIZES}),
    ],
}

HELD_OUT: dict[str, list[Product]] = {
    "outdoor": [
        Product("Alpine 2-person tent", "tent", "高山双人帐篷", "帐篷", 24900),
        Product("Down sleeping bag -5C", "sleeping bag", "零下五度羽绒睡袋", "睡袋", 18900),
        Product(
            "Titanium cooking pot",
            "cooking pot",
            "纯钛锅",
            "钛锅",
            6900,
            {"capacity": [("750 ml", "750毫升"), ("1.1 l", "1.1升")]},
        ),
        Product(
            "Merino hiking socks", "hiking socks", "美利奴登山袜", "登山袜", 1900, {"colour": COLOURS, "size": SIZES}
        ),
        Product("Trail running vest", "running vest", "越野跑背心", "背心", 8900, {"size": SIZES}),
        Product("Carbon trekking poles (pair)", "trekking poles", "碳纤维登山杖", "登山杖", 9900),
        Product("Rechargeable headlamp", "headlamp", "充电头灯", "头灯", 4900),
    ],
    "toys_and_books": [
        Product("Wooden train set", "train set", "木质小火车套装", "小火车", 4900),
        Product("Giant dinosaur jigsaw", "jigsaw", "巨型恐龙拼图", "拼图", 1900),
        Product("Plush elephant", "elephant", "毛绒大象", "大象", 2500, {"colour": COLOURS}),
        Product("The Night Gardener (hardback)", "night gardener", "夜间园丁（精装）", "夜间园丁", 1699),
        Product("Watercolour paint box", "paint box", "水彩颜料盒", "颜料", 2200),
        Product("Magnetic building tiles", "building tiles", "磁力片积木", "磁力片", 5900),
        Product("Children's atlas of the world", "atlas", "儿童世界地图册", "地图册", 2199),
    ],
}


@dataclass(frozen=True)
class Case:
    shop: str
    kind: str
    text: str
    lines: tuple[LineCandidate, ...]
    meant: tuple[tuple[str, int | None], ...]
    """Keys with quantities (None where none is said); empty where nothing there is meant."""


_EN = [
    "I want to return the {}",
    "the {} please",
    "can i send back the {}",
    "cancel the {} pls",
    "{}",
    "could you take the {} off my order",
]
_ZH = ["我想退{}", "{}退掉", "把{}取消了", "那个{}不要了", "{}", "帮我退一下{}吧"]
_EN_TWO = ["return the {} and the {}", "the {} as well as the {} please", "cancel the {}, the {}"]
_ZH_TWO = ["{}和{}都退了", "退{}跟{}", "{}、{}都不要了"]
_EN_BUT = [
    "everything except the {}",
    "return all but the {}",
    "send it all back apart from the {}",
    "keep the {}, return the rest",
]
_ZH_BUT = ["除了{}都退", "除{}以外全部取消", "{}留下，其他的都退了"]


def _typo(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 2)
    how = chance.randrange(3)
    if how == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :] if how == 1 else word[:at] + word[at] + word[at:]


def cases(shops: dict[str, list[Product]], *, seed: int, orders: int) -> Iterator[Case]:
    """Orders of each shop and messages about them, the same for the same seed."""
    chance = random.Random(seed)
    for shop, products in shops.items():
        for number in range(orders):
            picked = chance.sample(products, chance.randrange(3, 6))
            lines = tuple(_line(f"{1000 + number}", place, p, chance) for place, p in enumerate(picked, 1))
            yield from _about(shop, picked, lines, [p for p in products if p not in picked], chance)


def _line(order: str, place: int, product: Product, chance: random.Random) -> LineCandidate:
    options, other = {}, {}
    for name, values in product.options.items():
        en, zh = chance.choice(values)
        options[name], other[OPTION_NAMES[name]] = en, zh
    if not product.en:
        options, other = other, {}
    return LineCandidate(
        order, place, [title for title in (product.en, product.zh) if title], sku=f"SKU{order}{place}", options=options,
        other_options=[other] if other else [], quantity=chance.choice([1, 1, 1, 2, 3]), unit_price_minor=product.price,
    )  # fmt: skip


def _about(
    shop: str, picked: list[Product], lines: tuple[LineCandidate, ...], missing: list[Product], chance: random.Random
) -> Iterator[Case]:
    at = chance.randrange(len(picked))
    product, line = picked[at], lines[at]
    other = (at + 1) % len(picked)
    rest = tuple((each.key, each.quantity) for each in lines if each is not line)

    def case(kind: str, text: str, *meant: tuple[str, int | None]) -> Case:
        return Case(shop, kind, text, lines, meant)

    yield case("everyday name", chance.choice(_EN).format(product.say_en), (line.key, None))
    if product.en:
        yield case("full name", chance.choice(_EN).format(product.en.lower()), (line.key, None))
    word = max(product.say_en.split(), key=len)
    if len(word) > 5 and product.en and word in product.en.lower():
        yield case(
            "misspelt", chance.choice(_EN).format(product.say_en.replace(word, _typo(word, chance))), (line.key, None)
        )
    yield case(
        "two",
        chance.choice(_EN_TWO).format(product.say_en, picked[other].say_en),
        (line.key, None),
        (lines[other].key, None),
    )
    yield case("all but", chance.choice(_EN_BUT).format(product.say_en), *rest)
    yield case("missing", f"return the {chance.choice(missing).say_en}")
    if product.zh:
        yield case("everyday name zh", chance.choice(_ZH).format(product.say_zh), (line.key, None))
        yield case("full name zh", chance.choice(_ZH).format(product.zh), (line.key, None))
        yield case(
            "two zh",
            chance.choice(_ZH_TWO).format(product.say_zh, picked[other].say_zh),
            (line.key, None),
            (lines[other].key, None),
        )
        yield case("all but zh", chance.choice(_ZH_BUT).format(product.say_zh), *rest)
        yield case("missing zh", f"退掉{chance.choice(missing).say_zh}")
    if line.quantity > 1:
        yield case("quantity", f"return one of the {line.quantity} {product.say_en}", (line.key, 1))
        if product.zh:
            yield case("quantity zh", f"{product.say_zh}退一个", (line.key, 1))
    prices = [each.unit_price_minor or 0 for each in lines]
    yield case("dearest", "the most expensive one", (lines[prices.index(max(prices))].key, None))
    yield case("cheapest zh", "最便宜的那个", (lines[prices.index(min(prices))].key, None))
    yield case("ordinal", "the second one", (lines[1].key, None))
    yield case("last zh", "最后一个", (lines[-1].key, None))
    colour = next((v for n, v in line.options.items() if n in ("colour", "颜色")), None)
    if colour and sum(colour in each.options.values() for each in lines) == 1 and colour != "White":
        yield case("option", f"the {colour.lower()} one" if product.en else f"{colour}的那个", (line.key, None))


Verdict = str


def judge(case: Case) -> tuple[Verdict, Resolution[LineCandidate]]:
    """`right`, `asked` (nothing wrong was assumed) or `wrong` (sure, and not what was meant)."""
    found = resolve_lines(case.text, case.lines, today=TODAY)
    if not found.sure:
        return ("right" if not case.meant else "asked"), found
    meant = dict(case.meant)
    got = {match.candidate.key: match.quantity for match in found.matches}
    if set(got) != set(meant):
        return "wrong", found
    same = all(meant[key] is None or got[key] in (None, meant[key]) for key in meant)
    return ("right" if same else "wrong"), found
