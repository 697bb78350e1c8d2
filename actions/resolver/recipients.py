"""Who receives a parcel, under which phone number, and what the carrier should know, as far as a message says it.

The shopper's sentence around them never becomes one of them: "收件人也改啊 Mary" names Mary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from actions.resolver.catalogue import stop_words
from actions.resolver.text import HAN


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives a parcel, as far as it was said; what was not said is empty."""

    name: str = ""
    phone: str = ""
    note: str = ""


_H = rf"[{HAN}]"
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[-\s]?)?(1[3-9]\d[-\s]?\d{4}[-\s]?\d{4})(?!\d)")
_PHONE = re.compile(
    r"(?<![A-Za-z0-9_+])(?:\+\d{1,3}[\s.-]?(?:\(?\d{1,5}\)?[\s.-]?){2,5}\d{2,4}|0\d{2,4}[\s.-]?\d{3,4}[\s.-]?\d{3,4}|\(\d{3}\)\s?\d{3}-\d{4}|\d{3}[-.]\d{3}[-.]\d{4}|1[3-9]\d{9})(?!\d)"
)
_PHONE_WORD = re.compile(
    r"\b(?:phone|mobile|cell|tele?phone|tel|call(?:ed)? me|ring me|reach me)\b|电话|手机|号码|联系方式", re.IGNORECASE
)
_CALLABLE = re.compile(r"0[1-9]\d{8,9}|1[3-9]\d{9}|(?:44|86)\d{10,11}")
"""Digits that are a phone number whatever stands beside them."""

_RELATIONS: Final = (
    r"(?:我们?|咱)(?:家)?(?:老公|老婆|爱人|对象|媳妇|先生|太太|男朋友|女朋友|男友|女友|妈妈?|爸爸?|母亲|父亲|姐姐?|妹妹?"
    r"|哥哥?|弟弟?|儿子|女儿|朋友|闺蜜|同事|室友|邻居|公公|婆婆|岳[父母]|奶奶|爷爷|外婆|外公|姥姥|姥爷|叔叔?|阿姨|舅舅?|姑姑?)"
)
_RELATION = re.compile(
    rf"{_RELATIONS}[\s,，:：是叫]*(?={_H}{{2,3}}(?!{_H}))"
    r"|\b(?:my|our) (?:husband|wife|partner|mum|mom|mother|dad|father|sister|brother|son|daughter|friend|colleague"
    r"|flatmate|roommate|neighbour|neighbor|boyfriend|girlfriend|gran|nan|aunt|uncle|boss),? (?=[A-ZÀ-Ý])"
)
"""Who a named person is to the shopper, which is no part of the name."""

_LATIN_NAME: Final = (
    r"(?-i:[A-ZÀ-Ý][\w'’À-ÿ.-]*)"
    r"(?:\s+(?-i:(?!(?:And|Phone|Tel|Please|Thanks)\b)[A-ZÀ-Ý][\w'’À-ÿ.-]*|van|de|der|von|da|la|bin|al)){0,4}"
)
_NAME_LEAD = re.compile(
    r"(?i)(?:\b(?:recipient|receiver|addressee|name)(?:['’]?s)?(?:['’]?s name)?"
    r"(?: (?:on|of|for) (?:it|(?:the |my |that )?(?:[a-z]+ ){0,2}(?:parcel|package|label|order|delivery)))?"
    r"\s*(?:to|is|should be|as|into|:|=|from [\w ]+ to)*"
    r"|\battn:?|\bfor the attention of|\bc/o|\baddressed to|\bin the name of|\bunder the name(?: of)?)"
    rf"\s*(?:be\s+)?[\"“'‘]?({_LATIN_NAME})"
)
_NAME_BEFORE = re.compile(
    rf"(?i)(?<![\w'’])[\"“'‘]?({_LATIN_NAME})[\"”'’]? (?:as|for) (?:the |its? )?(?:recipient|receiver|addressee|name)\b"
)
_SMALL_NAME = re.compile(
    r"(?i)\b(?:recipient|receiver|addressee|(?:her|his|their) name)(?:['’]?s)?"
    r"(?: (?:on|of) (?:it|the (?:parcel|label|order)))?\s+(?:to|is|as|should be|=)\s+"
    r"((?:(?!and\b|but\b|with\b)[a-z][a-z'’-]+)(?: (?!(?:and|but|with|please|pls)\b)[a-z][a-z'’-]+){0,2})"
    r"(?=\s*(?:$|[,.;!]|and\b|but\b|with\b|please\b|pls\b))"
)
"""A name as people type it in haste, where nothing else can follow: "recipient is jess hartley"."""
_NO_NAME: Final = re.compile(
    r"\b(?:wrong|spell?ed|spelt|missing|different|changed|me|mine|myself|her|him|them|some(?:one|body|thing)|else|mum|mom|dad"
    r"|mother|father|wife|husband|sister|brother|friend|colleague|neighbou?r|partner|son|daughter|boss|the|an?|my|our|your"
    r"|his|their|new|old|right|same|this|that|it|what|who|whom|still|blank|empty|correct)\b",
    re.IGNORECASE,
)
"""What stands behind "recipient is" and names nobody."""

_HAN_FILLERS: Final = (
    rf"[\s，,、：:\"“']|{_RELATIONS}|也|都|帮我|给我|麻烦|请|想|要|一起|顺便|应该|改一下|换一下|一下|改成|换成|改为|换为|改到"
    r"|写成|填成|写上?|填|改|换|是|为|叫|就|她|他|错了|不对|[啊呀嘛吧呢哦了]"
)
"""What stands between 收件人 and the name."""
_HAN_NAME: Final = (
    rf"({_H}{{2,4}}?|[A-Za-zÀ-ÿ][\w'’À-ÿ.-]*(?: [A-Za-zÀ-ÿ][\w'’À-ÿ.-]*){{0,3}})(?:先生|女士|小姐)?"
    r"(?=$|[\s，,。;；、!！\"”']|电话|手机|收|吧|就|谢|号码|可以|好吗|行吗|地址|[（(]|\d)"
)
_HAN_NAME_LEAD = re.compile(
    rf"(?:收件人|收货人|联系人|姓名|名字|收件|签收人)(?:的?(?:名字|姓名))?(?:{_HAN_FILLERS})*+{_HAN_NAME}"
)
_HAN_CALLED = re.compile(rf"(?:{_RELATIONS}|[她他]|对方|朋友)[\s，,]*(?:的?名字|的?全名)?是?叫[\s：:]*{_HAN_NAME}")
_NO_HAN_NAME = re.compile(
    r"^(?:能|可|怎|什|不|没|别|我|咱|本人|自己|换|改|写|这|那|哪|有)|[吗么谁哪]|地址|电话|备注|订单|一样|一下|可以|错"
)
"""What stands behind 收件人 and is no name."""

_NOTE_LEAD = re.compile(
    r"(?i)(?:(?:delivery )?(?:note|instructions?|comment)s?\s*"
    r"(?:for (?:the |my )?(?:driver|courier|postman|carrier|delivery \w+)\s*)?"
    r"(?:to|is|should (?:say|be)|saying|that says|:|that)*"
    r"|\b(?:tell|ask|let) (?:the |my )?(?:driver|courier|postman|postie|carrier|delivery (?:man|guy|driver|person))"
    r"(?: know)?(?: (?:to|that))?"
    r"|留言(?:改成|写|：|:)*)\s*[\"“']?(.+?)[\"”']?\s*$"
)
_HAN_NOTE = re.compile(
    r"备注(?:[里上栏]|一下|改成|改为|换成|我?自己写|我来写|就?写上?|加上?|填上?|是|说|：|:|[\s，,]|(?:千万)?别忘了?(?:写|加)?|不要忘了?|记得(?:写|加)?"
    r"|帮我|给我|麻烦)*+(.+)$"
)
_NO_HAN_NOTE = re.compile(
    r"^(?:办|怎么|为什么|为啥|能(?!不)|可以|呢|吗|没|有没有|不对|错|在哪|加了|写了|不用|不要了|删|去掉|取消|也(?:要|别忘)|一起)"
)
"""What is said of a note and is none."""
_HAN_NOTE_TAIL = re.compile(r"[\s，,]*(?:谢谢.*|可以吗.*|行吗.*|好吗.*|就行了?|就可以了?|就好了?)$")
_NOTE = re.compile(
    r"(?i)((?:please\s+)?(?:leave (?:it |the parcel |them )?(?:with|at|in|by|behind|on)|(?:don't|do not) (?:ring|knock)|ring (?:the )?|knock |put it (?:in|behind|by)|call (?:me )?(?:before|when)|gate code|door code)(?:[^.!\n]|(?<=\bno)\.(?=\s?\d))*"  # noqa: E501
    r"|(?:请|麻烦)?(?:放|放在|放到|交给)(?:家|门|前台|快递柜|驿站|丰巢|物业|邻居|保安|菜鸟|小区)[^。！\n，,]*|(?:不要|别)(?:敲门|按门铃|打电话)[^。！\n，,]*|送货前[^。！\n，,]*|提前(?:打电话|联系)[^。！\n，,]*)"
)


def take_phone(text: str) -> tuple[str, str]:
    """The phone number in `text` with single blanks, empty where there is none, and the text without it."""
    found = _MOBILE.search(text) or _PHONE.search(text)
    if found is None:
        return "", text
    return " ".join(found.group().split()), text[: found.start()] + "\n" + text[found.end() :]


def is_phone_in(text: str, number: str) -> bool:
    """Whether a number of the message is one to be called, and none of an order."""
    digits = re.sub(r"\D", "", number)
    phone = re.sub(r"\D", "", take_phone(text)[0])
    if not digits or digits != phone:
        return False
    return _PHONE_WORD.search(text) is not None or _CALLABLE.fullmatch(digits) is not None


def read_recipient(text: str) -> Recipient:
    """Recipient, phone and delivery note that `text` gives."""
    found = _MOBILE.search(text) or _PHONE.search(text)
    phone = re.sub(r"\s+", " ", found.group()).strip() if found else ""
    without_phone = text.replace(found.group(), " ") if found else text
    return Recipient(_name(text, without_phone, found.group() if found else ""), phone, _note(without_phone))


def _name(text: str, without_phone: str, phone: str) -> str:
    for named in _HAN_NAME_LEAD, _HAN_CALLED:
        for said in named.finditer(without_phone):
            if not _NO_HAN_NAME.search(said[1]):
                return said[1].strip(" .,")
    spoken = _RELATION.sub(" ", without_phone)
    latin = _NAME_LEAD.search(spoken) or _NAME_BEFORE.search(spoken)
    if latin is not None:
        return re.sub(r"['’\".,\s]+$", "", latin[1]).strip()
    small = _SMALL_NAME.search(spoken)
    if small is not None and not _NO_NAME.search(small[1]) and not stop_words() & {*small[1].split()}:
        return small[1].title()
    if phone:
        beside = re.search(
            rf"(?:改成|换成|给|是|叫|^)(?:{_RELATIONS}|\s)*\s*({_H}{{2,4}}?)[，,、\s]*(?:电话|手机|的电话)?(?:号码?)?(?:是|：|:)?[，,\s]*{re.escape(phone)}",
            text,
        )
        if beside and not re.search(r"电话|手机|号|改|地址|订单|收件|[我您你]", beside[1]):
            return beside[1]
    return ""


def _note(text: str) -> str:
    place = text.rfind("备注")
    if place >= 0:
        led = _HAN_NOTE.match(text[place:])
        note = _HAN_NOTE_TAIL.sub("", led[1]).strip(" .。，,\"“”'") if led else ""
        return "" if _NO_HAN_NOTE.search(note) else note
    led = _NOTE_LEAD.search(text)
    if led is not None:
        return re.sub(r"(?i)[\s,.]*(?:please|pls|thanks|thank you|thx|ta)[\s.!]*$", "", led[1]).strip(" .。")
    spoken = _NOTE.search(text)
    return spoken[1].strip() if spoken else ""
