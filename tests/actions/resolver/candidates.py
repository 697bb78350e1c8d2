"""A small order book that the tests speak of: a home and clothing shop with names in both languages."""

from __future__ import annotations

from datetime import date

from actions.resolver import (
    AddressCandidate,
    LineCandidate,
    OrderCandidate,
    PaymentMethodCandidate,
    StoreCandidate,
    VariantCandidate,
)

TODAY = date(2026, 11, 18)  # a Wednesday


def line(
    number: int, titles: list[str], price: int, *, quantity: int = 1, order: str = "A1001", **more: object
) -> LineCandidate:
    return LineCandidate(
        order, number, titles, sku=str(more.pop("sku", f"SKU-{number}")), product=f"P{number}", quantity=quantity,
        unit_price_minor=price, options=more.pop("options", {}), delivered_on=more.pop("delivered_on", None),  # type: ignore[arg-type]
    )  # fmt: skip


LAMP = line(1, ["Arc floor lamp, brass", "弧形落地灯"], 12900, options={"colour": "Brass"})
MUG = line(2, ["Stoneware mug", "粗陶马克杯"], 1400, quantity=3, options={"colour": "Sage"})
SCARF = line(3, ["Merino scarf", "美利奴羊毛围巾"], 4500, options={"colour": "Navy"})
RAINCOAT = line(
    4, ["Waxed raincoat", "打蜡防水雨衣"], 14500, sku="C-Olive-38", options={"colour": "Olive", "size": "38"}
)
RUG = line(
    5,
    ["Wool rug", "羊毛地毯"],
    22000,
    sku="R-Oatmeal-120 × 180 cm",
    options={"colour": "Oatmeal", "size": "120 × 180 cm"},
)
KETTLE = line(6, ["Gooseneck kettle", "细嘴手冲壶"], 5900, options={"colour": "Black"}, delivered_on=date(2026, 11, 16))
LINES = [LAMP, MUG, SCARF, RAINCOAT, RUG, KETTLE]

JACKET = LineCandidate(
    "B1", 1, ["Down jacket", "轻薄羽绒外套"], sku="J-Black-S", product="J", options={"colour": "Black", "size": "S"},
    other_options=({"颜色": "黑色", "尺码": "S"},),
)  # fmt: skip
NAVY_SCARF = LineCandidate(
    "B1", 2, ["Merino scarf", "美利奴羊毛围巾"], sku="S1", product="S", options={"colour": "Navy"}
)


def variants(
    prefix: str,
    product: str,
    titles: tuple[str, str],
    colours: dict[str, str],
    sizes: list[str],
    *,
    sold_out: str = "",
    gone: str = "",
) -> list[VariantCandidate]:
    return [
        VariantCandidate(
            f"{prefix}-{colour}-{size}", titles, product, {"colour": colour, "size": size},
            ({"颜色": chinese, "尺码": size},), 10000 + 1000 * place, size != sold_out,
        )
        for colour, chinese in colours.items()
        for place, size in enumerate(sizes)
        if f"{colour}-{size}" != gone
    ]  # fmt: skip


RUGS = variants(
    "R", "P5", ("Wool rug", "羊毛地毯"), {"Oatmeal": "燕麦色", "Charcoal": "炭灰色", "Rust": "铁锈红"},
    ["80 × 150 cm", "120 × 180 cm", "160 × 230 cm"], gone="Rust-120 × 180 cm",
)  # fmt: skip
RAINCOATS = variants(
    "C", "P4", ("Waxed raincoat", "打蜡防水雨衣"), {"Olive": "橄榄绿", "Navy": "藏青色"}, ["36", "38", "40", "42"]
)
JACKETS = variants(
    "J", "J", ("Down jacket", "轻薄羽绒外套"), {"Black": "黑色", "Green": "绿色"}, ["S", "M", "L"], sold_out="M"
)
TEES = variants(
    "T", "T", ("Tee", "T恤"), {"White": "白色", "Navy": "藏青色", "Sky Blue": "天蓝色"}, ["S", "M", "L", "XL"]
)
BY_PRODUCT = {"P5": RUGS, "P4": RAINCOATS, "J": JACKETS}


def sku(candidates: list[VariantCandidate], wanted: str) -> VariantCandidate:
    return next(variant for variant in candidates if variant.sku == wanted)


ORDERS = [
    OrderCandidate(
        "A1001", date(2026, 11, 10), "delivered", 15900, "GBP", [LAMP, MUG], delivered_on=date(2026, 11, 16)
    ),
    OrderCandidate("A1002", date(2026, 11, 15), "open", 4000, "GBP", [SCARF]),
    OrderCandidate(
        "A1003", date(2026, 10, 3), "delivered", 22000, "GBP", [RUG, KETTLE], delivered_on=date(2026, 10, 8)
    ),
    OrderCandidate("A1004", date(2026, 11, 17), "open", 14500, "GBP", [RAINCOAT]),
]

ADDRESSES = [
    AddressCandidate("home", ("12 Mill Lane",), "Bath", postcode="BA1 2AB", country="GB", recipient="Jane Doe", label="Home",  # noqa: E501
                     is_default=True, orders=("A1001", "A1004")),
    AddressCandidate("work", ("40 King Street",), "Leeds", postcode="LS1 2XY", country="GB", label="Work", orders=("A1002",)),  # noqa: E501
    AddressCandidate("mother", ("朝阳北路88号",), "北京市", "朝阳区", "", "100020", "CN", "王芳", label="妈妈家"),
]  # fmt: skip

METHODS = [
    PaymentMethodCandidate("visa", "card", "Visa", "4242", is_default=True, orders=("A1001",)),
    PaymentMethodCandidate("mastercard", "card", "Mastercard", "5100", orders=("A1002",)),
    PaymentMethodCandidate("paypal", "wallet", "PayPal"),
    PaymentMethodCandidate("gift", "gift_card", labels=("Gift card", "礼品卡")),
    PaymentMethodCandidate("wechat", "wallet", "微信支付"),
]

STORES = [
    StoreCandidate("bath", ("Bath Milsom Street", "巴斯店"), "Bath", street="Milsom Street", distance_metres=900),
    StoreCandidate("leeds", ("Leeds Victoria", "利兹店"), "Leeds", street="Briggate", distance_metres=3000),
    StoreCandidate("shanghai", ("Shanghai Xintiandi", "上海新天地店"), "上海", "黄浦区", distance_metres=90000),
]
