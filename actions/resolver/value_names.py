"""How people say the values of a product's options: "with the remote" of Remote: yes, "large" of L, 双人 as 2人. Pure.

An option that something has or has not (yes and no, with and without, a size and none) is said by its own name. What
stands in one value alone names it: the jar of "16 oz jar", the green of "moss green".
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any, Final

from actions.resolver.text import fold
from actions.resolver.vocabulary import read

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_YES: Final = frozenset({"yes", "true", "y", "included", "with", "是", "有", "含", "带", "包含"})
_NO: Final = frozenset(
    {"no", "false", "n", "none", "not included", "without", "excluded", "否", "无", "没有", "不含", "不带", "不包含"}
)
_HAS: Final = re.compile(r"^(?:with (?:a |an |the )?|incl(?:uding|\.)? |带|含|有|配)(?P<what>.{1,30})$")
_HAS_NOT: Final = re.compile(
    r"^(?:without (?:a |an |the )?|no |excl(?:uding|\.)? |不带|不含|没有|无|不配)(?P<what>.{1,30})$"
)
_FILLER: Final = re.compile(
    r"\b(?:included|includes?|with|has|have|function|feature|option|optional|available|type|the|an?|is|built in)\b"
    r"|是否|有无|包含|^[含带有配]|功能$|选项$|与否$"
)
"""Words of an option's name that say no more than that it is one."""
_SUFFIXES: Final = ("色", "码", "号", "款", "式", "型")
_COLOURS: Final = "红橙黄绿青蓝紫黑白灰粉棕金银"
_MEASURE: Final = re.compile(
    r"(?<![\d./])(?P<number>\d+/\d+|\d+(?:\.\d+)?)[ -]?(?P<unit>°?[a-z]+|[%℃\"]|[\u4e00-\u9fff]+)"
)
_LEAST_WORD: Final = 4
_LEAST_LONG_WORD: Final = 7
_LETTERS: Final = {
    "xs": ("extra small", "x small", "xsmall", "加小"),
    "s": ("small", "小码", "小号"),
    "m": ("medium", "中码", "中号"),
    "l": ("large", "大码", "大号"),
    "xl": ("extra large", "x large", "xlarge", "加大", "特大"),
    "xxl": ("2xl", "extra extra large", "xx large", "加加大"),
    "xxxl": ("3xl", "xxx large"),
}
_DIGITS: Final = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "eight": "8", "ten": "10",
    "twelve": "12", "single": "1", "double": "2",
}  # fmt: skip
_IN_WORDS: Final = {digit: word for word, digit in _DIGITS.items() if word not in ("single", "double")}
_HAN_DIGITS: Final = {
    "单": "1", "一": "1", "双": "2", "两": "2", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "八": "8",
    "十": "10",
}  # fmt: skip
_SHORT_WORDS: Final = frozenset({"and", "for", "the", "one", "two", "any", "not", "set", "with", "only", "from"})
_SIZED: Final = ("size", "码", "号")


def plain(text: str) -> str:
    """A text as values are looked for in it: 2-person as 2 person, women's as womens, grey as gray."""
    found = fold(text)
    found = re.sub(r"\bw/o(?:ut)?\b", "without", found)
    found = re.sub(r"\bw(?:/|(?= ))(?! ?/)", "with ", found)
    found = re.sub(r"(?<=[a-z])['’](?=[a-z])", "", found)
    found = re.sub(r"(?<=[a-z\d])[-‑](?=[a-z])|(?<=[a-z]{2})(?=\d)", " ", found)
    found = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", found)
    for said, meant in _meant().items():
        found = found.replace(said, meant)
    return re.sub(r"\bgrey", "gray", found)


def is_no(value: str) -> bool:
    """Whether a value says that something is not there."""
    said = plain(value).strip()
    return said in _NO or _HAS_NOT.match(said) is not None


def is_yes(value: str) -> bool:
    """Whether a value says no more than that something is there."""
    return plain(value).strip() in _YES


def says_only_whether(value: str) -> bool:
    """Whether a value says no more than yes or no, and means nothing without its option's name."""
    said = plain(value).strip()
    return said in _YES or said in _NO


def has_or_not(values: Collection[str]) -> bool:
    """Whether an option is one that something has or has not."""
    known = [value for value in values if value]
    return len(known) > 1 and any(is_no(value) for value in known) and not all(is_no(value) for value in known)


def ways(value: str, name: str, values: Collection[str]) -> list[str]:
    """Every way to say a value of an option, which has `values`; none for the one that says that something is absent.

    Of an option that something has or has not, that is the value which has it; said against, the other is meant.
    """
    said, option = plain(value).strip(), plain(name).strip()
    if not said:
        return []
    either = has_or_not(values)
    if either and is_no(value):
        # "Without the lid" itself may be said of a lid that comes with it or not.
        return [said] if said not in _NO else []
    found = [] if said in _YES else [said]
    if either:
        found += _of_thing(option)
        if (has := _HAS.match(said)) is not None:
            found += [has["what"]]
        if said in _YES or len(values) > 2:
            return _alike(found) if said in _YES else [*_alike(found), *_spelt(said, option, values)]
    return _alike([*found, *_spelt(said, option, values)])


def _of_thing(option: str) -> list[str]:
    """What an option of having or not is called: the adapter of "Car seat adapter", the footprint of "… included"."""
    thing = " ".join(_FILLER.sub(" ", option).split())
    if not thing:
        return [option]
    words = thing.split()
    found = [option, thing, *_doing(words[-1])]
    if not _HAN.search(thing) and len(words) > 1:
        found += [each for each in words[-1:] if len(each) >= _LEAST_WORD]
        found += [each for each in words if len(each) >= _LEAST_LONG_WORD]
    elif _HAN.search(thing) and thing.endswith("器") and len(thing) > 2:
        found.append(thing[:-1])
    return found


def _doing(word: str) -> list[str]:
    """What something does that has a thing called by doing it: it mops, for Mopping."""
    if not word.endswith("ing") or len(word) < _LEAST_LONG_WORD - 1:
        return []
    root = word[:-3]
    root = root[:-1] if root[-1:] == root[-2:-1] and root[-1:] not in "lsz" else root
    if root.endswith("y"):
        return [root, f"{root[:-1]}ies", f"{root[:-1]}ied"]
    return [root, f"{root}s", f"{root}e", f"{root}es", f"{root}ed"]


def _spelt(said: str, option: str, values: Collection[str]) -> list[str]:
    """A value in other spellings and by the parts that it alone has."""
    others = [plain(each).strip() for each in values if plain(each).strip() != said]
    found: list[str] = []
    found += _LETTERS.get(said, ())
    if _HAN.search(said):
        found += _in_chinese(said, option, others)
    if said.isdigit():
        # A number alone counts pieces: of a size it is said with a word for it, or as "a 9".
        found += [f"size {said}", f"{said}码", f"{said}号", f"a {said}", f"an {said}", f"in {said}", f"{said}s", said]
    numbered = re.fullmatch(r"[a-z]{2,3} (\d+(?:\.\d)?)", said)
    if numbered is not None and any(word in option for word in _SIZED):
        found += [f"{numbered[1]}码", f"{numbered[1]}号", numbered[1]]
    for measured in _MEASURE.finditer(said):
        number, unit = measured["number"], measured["unit"]
        if any(
            each["number"] == number and each["unit"] == unit for other in others for each in _MEASURE.finditer(other)
        ):
            continue
        found += [f"{number} {unit}", f"{number}{unit}", *(f"{number}{each}" for each in _units().get(unit, ()))]
        if not any(re.search(rf"(?<!\d){re.escape(number)}(?!\d)", other) for other in others):
            found += [f"the {number}", f"{number} one", f"{number} ones", f"{number}的", f"{number}那"]
            if number.endswith("000") and len(number) > 3:
                found += [number, f"{number[:-3]}k", *([f"{number[:-4]}万"] if number.endswith("0000") else [])]
    return found


def _in_chinese(said: str, option: str, others: Collection[str]) -> list[str]:
    found: list[str] = []
    if len(said) > 2 and said.endswith(_SUFFIXES):
        found.append(said[:-1])
    elif len(said) == 2 and said.endswith("色"):
        # 白的, and of a dial 白盘.
        found += [f"{said[0]}的", f"{said[0]}{option[-1:]}"]
    elif len(said) > 3 and re.fullmatch("[\u4e00-\u9fff]+", said) and not any(said[-2:] in other for other in others):
        # 机械 of 自动机械, 红轴 of 线性红轴.
        found.append(said[-2:])
    elif len(said) == 2 and said.endswith("款"):
        found += [f"{said[0]}的", f"{said[0]}士", f"{said[0]}生", f"{said[0]}式", f"{said[0]}鞋"]
    shade = re.search(rf"([{_COLOURS}])色?$", said)
    if shade is not None and len(said) > 2 and not any(shade[1] in other for other in others):
        found += [f"{shade[1]}色", f"{shade[1]}的"]
    if (counted := re.match(r"([单双一两二三四五六八十])(?=[人只个电件])", said)) is not None:
        digit = _HAN_DIGITS[counted[1]]
        alike = [each for each, meant in _HAN_DIGITS.items() if meant == digit and each not in "单双"]
        found += [f"{each}{said[1:]}" for each in (digit, *alike)]
    elif (counted := re.match(r"(\d+)(?=[人只个件块])", said)) is not None:
        found += [f"{each}{said[counted.end() :]}" for each, digit in _HAN_DIGITS.items() if digit == counted[1]]
    return found


def _alike(found: Collection[str]) -> list[str]:
    """The same in the singular and the plural, and with numbers in figures or in words."""
    every = dict.fromkeys(found)
    for each in found:
        words = each.split()
        if not words or _HAN.search(each):
            continue
        figures = " ".join(_DIGITS.get(word, word) for word in words)
        in_words = " ".join(_IN_WORDS.get(word, word) for word in words) if len(words) > 1 else each
        for way in (each, figures, in_words):
            every[way] = None
            last = way.split()[-1]
            if len(last) >= _LEAST_WORD and last.isalpha():
                every[way[: -len(last)] + _other_number(last)] = None
    return list(every)


def _other_number(word: str) -> str:
    """A word's plural, or its singular."""
    if word in ("mens", "womens", "kids", "boys", "girls"):
        return word[:-1]
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word[:-1] + "ies" if word.endswith("y") and word[-2:-1] not in "aeiou" else word + "s"


def own_words(value: str, values: Collection[str]) -> list[str]:
    """The words of a value that not all values of its option have."""
    words = re.split(r"[ /]+", plain(value))
    if len(words) < 2 or (has_or_not(values) and is_no(value)):
        return []
    rest = set.intersection(*({*re.split(r"[ /]+", plain(other))} for other in values))
    short = {fold(word) for word in value.split() if word.isupper()}
    return _alike(
        [
            word
            for word in words
            if (len(word) >= _LEAST_WORD or word in short or (len(word) == 3 and word.isalpha()))
            and word not in rest
            and word not in _SHORT_WORDS
        ]
    )


@cache
def _units() -> dict[str, list[str]]:
    """How people say a unit that a value is written with."""
    said: dict[str, Any] = read("units_said")["said"]
    return {str(unit): [str(each) for each in words] for unit, words in said.items()}


@cache
def _meant() -> dict[str, str]:
    """Trade names of what shops call by a plain word."""
    return {str(said): str(meant) for said, meant in read("units_said")["meant"].items()}


__all__ = ["has_or_not", "is_no", "is_yes", "own_words", "plain", "says_only_whether", "ways"]
