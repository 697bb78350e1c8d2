"""Several goods of one new order: their parts in what was said, and those that are chosen already.

One good is asked about at a time; `extras` of the request keep the others: those chosen in `basket`, the words of
those that wait in `waiting`, both as JSON, since details of a kind are texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

_BESIDE: Final = re.compile(
    r"\s*(?:[,;，、；]\s*)?(?:\b(?:and also|and then|as well as|along with|together with|and|plus)\b|&"
    r"|还有|以及|另外|外加|加上|再来|再要|再加|再拍|还要|[和跟](?=[^，。]))\s*"
    r"|\s*[,;，、；。]\s*",
    re.IGNORECASE,
)
"""What stands between goods that are ordered together."""
_ADDED: Final = re.compile(
    r"\b(?:add|also|too|as well|another|plus|on top|along with|together with|and then)\b|^\W*and\b"
    r"|[再还另]|加上|外加|一起|顺便|加[一两二三\d个件]",
    re.IGNORECASE,
)
"""That something comes beside what was chosen, not in its place."""
_IN_PLACE: Final = re.compile(r"\b(?:instead|rather|not)\b|换|改成|不要|而不", re.IGNORECASE)
_LEFT_OUT: Final = re.compile(
    r"\b(?:without|except|leave (?:out|off)|drop|remove|take (?:out|off|away)|skip|not|don'?t (?:want|need)|forget|"
    r"no more|scrap|cancel)\b|不要|去掉|删掉|拿掉|除了|别要|不买|不拍|取消",
    re.IGNORECASE,
)
"""That one of several is not wanted after all."""
_EACH: Final = re.compile(r"\beach\b|\b(?:both|all) of (?:them|those|these)\b|各|都要?[来拍买]?", re.IGNORECASE)
_ONE: Final = re.compile(r"^\W*(?:an?|the|some|another|my)\b", re.IGNORECASE)
_SENDS: Final = re.compile(r"\b(?:send|ship|deliver|post|pay|use|address)\b|[寄送付刷]|发[到给货]|地址", re.IGNORECASE)
_CHOICE: Final = ("product", "sku", "title", "quantity", "quantity_before", "among", "gone", "wanted", "part")
"""Details about the good that is being chosen."""


@dataclass
class Item:
    """A good that is chosen. `sku` is the variant."""

    product: str
    sku: str
    title: str
    quantity: int = 1


def goods_parts(text: str) -> list[str]:
    """A message in the parts between which one good may end and the next begin."""
    return [part for part in (piece.strip() for piece in _BESIDE.split(text)) if part]


def one_of_them(part: str) -> bool:
    """Whether a part begins as the name of a thing does."""
    return _ONE.match(part) is not None


def sends(part: str) -> bool:
    """Whether a part says where goods go or how they are paid."""
    return _SENDS.search(part) is not None


def changes_its_mind(text: str) -> bool:
    """Whether something is wanted in the place of what was chosen."""
    return _IN_PLACE.search(text) is not None


def adds(text: str) -> bool:
    """Whether goods are wanted beside those that were chosen."""
    return _ADDED.search(text) is not None and _IN_PLACE.search(text) is None


def leaves_out(text: str) -> bool:
    """Whether something is not wanted after all."""
    return _LEFT_OUT.search(text) is not None


def of_each(text: str) -> bool:
    """Whether a number holds for every good: "two of each"."""
    return _EACH.search(text) is not None


def chosen(extras: Mapping[str, str]) -> list[Item]:
    """What is in the basket, the good that is being chosen last, once its variant is known."""
    items = [Item(**each) for each in json.loads(extras.get("basket", "[]"))]
    if "sku" in extras and "product" in extras:
        quantity = int(extras.get("quantity", "1"))
        items.append(Item(extras["product"], extras["sku"], extras.get("title", ""), quantity))
    return items


def put_away(extras: MutableMapping[str, str]) -> None:
    """Puts the good that was chosen into the basket, so that another one can be chosen."""
    keep(extras, chosen(extras))
    forget_choice(extras)


def keep(extras: MutableMapping[str, str], items: Sequence[Item]) -> None:
    """Has these in the basket; equal ones count together."""
    together: dict[str, Item] = {}
    for item in items:
        if item.sku in together:
            together[item.sku].quantity += item.quantity
        else:
            together[item.sku] = item
    extras["basket"] = json.dumps([asdict(each) for each in together.values()], ensure_ascii=False)


def take_up(extras: MutableMapping[str, str], items: Sequence[Item]) -> None:
    """Has these chosen, the last of them as the one that is spoken of."""
    forget_choice(extras)
    keep(extras, items[:-1])
    last = items[-1]
    extras.update(product=last.product, sku=last.sku, title=last.title, quantity=str(last.quantity))


def forget_choice(extras: MutableMapping[str, str]) -> None:
    """Nothing is being chosen."""
    for name in _CHOICE:
        extras.pop(name, None)


def waiting(extras: Mapping[str, str]) -> list[str]:
    """The words of goods that are still to be chosen."""
    return [str(each) for each in json.loads(extras.get("waiting", "[]"))]


def let_wait(extras: MutableMapping[str, str], parts: Sequence[str]) -> None:
    """Has these wait."""
    if parts:
        extras["waiting"] = json.dumps(list(parts), ensure_ascii=False)
    else:
        extras.pop("waiting", None)
