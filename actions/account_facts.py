"""Facts of a shopper's account in sentences. Everything said comes from the CRM's answer. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from actions.details import number_key
from actions.payment_words import brand_name
from actions.wording import Wording
from shopdesk_schemas.account import Consents, Loyalty, LoyaltyEntryView, VoucherView

FACTS: Final[dict[str, re.Pattern[str]]] = {
    "email": re.compile(
        r"e-?mail (?:address )?(?:do|is|did|correct|you|have)|which e-?mail|what e-?mail|my e-?mail|邮箱", re.IGNORECASE
    ),
    "phone": re.compile(r"phone|mobile|\bmy (?:current )?number\b|手机|电话", re.IGNORECASE),
    "birthday": re.compile(r"birth|生日", re.IGNORECASE),
    "addresses": re.compile(r"(?<!mail )\baddress(?:es)?\b|地址", re.IGNORECASE),
    "payments": re.compile(
        r"\bcards?\b|payment method|\bbank\b|银行卡|付款方式|支付方式|哪张卡|旧卡|绑.{0,2}卡", re.IGNORECASE
    ),
    "consents": re.compile(
        r"newsletter|subscri|consent|\bagree|signed up (?:for|to)|emails am i|订阅|同意", re.IGNORECASE
    ),
    "since": re.compile(
        r"since when|how long have i|when did i (?:sign|register|join|open)|什么时候注册|注册多久|哪年", re.IGNORECASE
    ),
    "name": re.compile(
        r"\bname\b|who am i|which account|logged in|登录的是|哪个账号|哪个号|登录了吗|什么名字", re.IGNORECASE
    ),
}
"""What of the profile a question is about."""

TROUBLES: Final[dict[str, re.Pattern[str]]] = {
    "hacked": re.compile(r"hack|someone else|somebody else|被盗|别人登", re.IGNORECASE),
    "code": re.compile(r"\bcode\b|two.?factor|2fa|验证码", re.IGNORECASE),
    "locked": re.compile(r"lock|blocked|too many|suspend|锁|冻结|异常", re.IGNORECASE),
    "email_forgotten": re.compile(
        r"which e-?mail|what e-?mail|old e-?mail|user ?name|access to my e-?mail|no account|not recogni|not found"
        r"|哪个邮箱|用户名|旧邮箱|注册手机|手机号换|换了手机|不存在|没有这个用户",
        re.IGNORECASE,
    ),
    "password": re.compile(r"passw|\bpw\b|reset|forgot|密码|重置", re.IGNORECASE),
}
"""What hinders who cannot sign in, the most serious first."""

_EXPIRY: Final = re.compile(r"expir|run out|\bleft\b.*until|过期|到期|有效期", re.IGNORECASE)
_HISTORY: Final = re.compile(
    r"histor|come from|came from|went|where did|fewer|credited|added|明细|记录|哪来|去哪|怎么少|到账|没涨|没加",
    re.IGNORECASE,
)
_ENTRIES: Final = 5
_RULES: Final = re.compile(
    r"\b(?:spend|use|redeem|worth|convert|earn|collect|get more|pay with|money off)\b"
    r"|抵|怎么用|能用|兑换|换钱|怎么攒|怎么得|怎么赚|一分|值多少",
    re.IGNORECASE,
)
"""How points are earned or what they are good for."""


def points_told(loyalty: Loyalty, text: str, numbers: Sequence[str], zone: str, wording: Wording) -> list[str]:
    """The balance, the tier and the way to the next; bookings where they are asked for."""
    told = []
    keys = {number_key(each) for each in numbers}
    of_order = [each for each in loyalty.entries if each.order_number and number_key(each.order_number) in keys]
    if numbers:
        told += [_entry(each, zone, wording) for each in of_order] or [
            wording.say("account.points.none_for_order", order=numbers[0])
        ]
    balance = wording.say("account.points.balance", points=_number(loyalty.balance, wording))
    rules = wording.say("account.points.rules_unknown") if _RULES.search(text) else None
    told.append(wording.sentences(rules, balance, *_tier(loyalty, wording)))
    if _EXPIRY.search(text):
        expired = [each for each in loyalty.entries if each.kind == "expired"][:_ENTRIES]
        told += [_entry(each, zone, wording) for each in expired] or [wording.say("account.points.none_expired")]
    elif _HISTORY.search(text) and not numbers:
        told += [_entry(each, zone, wording) for each in loyalty.entries[:_ENTRIES]]
    return told


def _number(value: int, wording: Wording) -> str:
    return f"{value:,}" if wording.language == "en" else str(value)


def _tier(loyalty: Loyalty, wording: Wording) -> list[str]:
    told = []
    if loyalty.tier is not None:
        told.append(wording.say("account.points.tier", tier=_named(loyalty.tier.name, wording)))
    if loyalty.next_tier is not None and loyalty.points_to_next is not None:
        told.append(
            wording.say(
                "account.points.next",
                points=_number(loyalty.points_to_next, wording),
                tier=_named(loyalty.next_tier.name, wording),
            )
        )
    return told


def _named(names: dict[str, str], wording: Wording) -> str:
    return names.get(wording.language) or next(iter(names.values()), "")


def _entry(entry: LoyaltyEntryView, zone: str, wording: Wording) -> str:
    key = f"account.points.{entry.kind}" + ("_for_order" if entry.order_number else "")
    return wording.say(
        key,
        points=_number(abs(entry.points), wording),
        day=wording.day_of(entry.at, zone),
        order=entry.order_number or "",
    )


def voucher_told(voucher: VoucherView, zone: str, wording: Wording) -> str:
    """What a voucher is worth, until when and on what it counts; of one that is over, why."""
    if voucher.kind == "percent" and voucher.percent is not None:
        worth = wording.say("account.vouchers.percent", percent=voucher.percent)
    elif voucher.kind == "amount" and voucher.amount_minor is not None and voucher.currency:
        worth = wording.say(
            "account.vouchers.amount", amount=wording.money(voucher.amount_minor, voucher.currency).text
        )
    else:
        worth = wording.say(f"account.vouchers.{voucher.kind}_unknown")
    conditions: list[str] = []
    if voucher.minimum_order_minor and voucher.currency:
        least = wording.money(voucher.minimum_order_minor, voucher.currency).text
        conditions.append(wording.say("account.vouchers.minimum", amount=least))
    if voucher.categories:
        conditions.append(wording.say("account.vouchers.categories", categories=wording.listed(voucher.categories)))
    if voucher.usable:
        if voucher.valid_until is not None:
            conditions.append(wording.say("account.vouchers.until", day=wording.last_day(voucher.valid_until, zone)))
        return wording.say("account.vouchers.told", code=voucher.code, facts=wording.listed([worth, *conditions]))
    values = {"code": voucher.code, "worth": worth, "order": voucher.order_number or ""}
    if voucher.reason == "used" and voucher.used_at is not None:
        key = "used_for" if voucher.order_number else "used"
        return wording.say(f"account.vouchers.{key}", day=wording.day_of(voucher.used_at, zone), **values)
    if voucher.reason == "expired" and voucher.valid_until is not None:
        return wording.say("account.vouchers.expired", day=wording.last_day(voucher.valid_until, zone), **values)
    if voucher.reason == "not_yet_valid" and voucher.valid_from is not None:
        return wording.say("account.vouchers.not_yet", day=wording.day_of(voucher.valid_from, zone), **values)
    return wording.say("account.vouchers.void", **values)


def profile_told(fact: str, record: Any, zone: str, wording: Wording) -> str:
    """One fact of the profile, the address book or the saved ways to pay; that it is absent where it is null."""
    if fact == "addresses":
        lines = [
            wording.say(
                "account.profile.address_default" if each.is_default else "account.profile.address",
                address=", ".join(
                    part for part in (each.label, each.recipient, each.line1, each.line2, each.district, each.city,
                                      each.postcode) if part
                ),
            )
            for each in record.addresses
        ]  # fmt: skip
        return "\n".join(lines) if lines else wording.say("account.profile.no_addresses")
    if fact == "payments":
        ways = []
        for each in record.payment_methods:
            brand = brand_name(each.brand, wording) if each.brand else wording.say(f"payments.way.{each.kind}")
            ways.append(wording.say("orders.facts.way_ending", way=brand, last4=each.last4) if each.last4 else brand)
        if not ways:
            return wording.say("account.profile.no_payments")
        return wording.say("account.profile.payments", ways=wording.listed(ways))
    values = {
        "name": record.name,
        "email": record.email,
        "phone": record.phone,
        "birthday": wording.day(record.birth_date, zone) if record.birth_date else None,
        "since": wording.day_of(record.registered_at, zone) if record.registered_at else None,
    }
    if not values[fact]:
        return wording.say(f"account.profile.no_{fact}")
    return wording.say(f"account.profile.{fact}", value=values[fact])


def consents_told(consents: Consents, wording: Wording) -> str:
    """What the shopper agreed to and what not."""
    if not consents.present:
        return wording.say("account.profile.no_consents")

    def named(purpose: str, channel: str | None) -> str:
        known = f"account.purpose.{purpose}"
        name = wording.say(known) if wording.has(known) else purpose.replace("_", " ")
        by = f"changes.code.channel.{channel}"
        way = wording.say(by) if channel and wording.has(by) else channel
        return wording.say("account.profile.purpose_by", purpose=name, channel=way) if way else name

    yes = [named(each.purpose, each.channel) for each in consents.present if each.granted]
    no = [named(each.purpose, each.channel) for each in consents.present if not each.granted]
    return wording.sentences(
        wording.say("account.profile.consents", purposes=wording.listed(yes)) if yes else None,
        wording.say("account.profile.no_consent_to", purposes=wording.listed(no)) if no else None,
    )
