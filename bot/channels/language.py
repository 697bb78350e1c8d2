"""Which language a message is written in, from its words.

Han characters mean Chinese and Latin words mean English. What carries no language (numbers, order numbers, e-mail
addresses, links, a single name) leaves the conversation's language as it is. In a mixed message the grammar decides,
not the things named: "请问 Stoneware Coffee Mug 发货了吗" is Chinese, "what does 七天无理由 mean" is English.
Chinese written in pinyin ("wo de kuaidi dao nale") is Chinese: syllables alone do not show it, for many English words
and names are made of them too, so a word of everyday pinyin must be among them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import List, Optional

DEFAULT_LANGUAGE = "en"
LANGUAGES = ("en", "zh")

# ASCII only: Chinese stands next to an address without a space ("邮箱jane@example.com").
_NO_LANGUAGE = re.compile(r"[!-?A-~]+@[!-~]+|(?:https?://|www\.)[!-~]+", re.IGNORECASE)
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f]")
_CHUNK = re.compile(r"[0-9A-Za-zÀ-ÖØ-öø-ɏ'’_#/-]+")
_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]+(?:['’][A-Za-z]+)?")
# Two Han characters carry about as much as one English word.
_HAN_PER_WORD = 2
# A run of so many Latin words is a sentence even when it has no word of the list below.
_SENTENCE_WORDS = 4
# Words that hold English sentences together or that English speakers open a chat with. Names and product titles,
# which shoppers of any language type in Latin letters, hardly ever have them.
_ENGLISH_WORDS = """a about all am an and any are arrive arrived as at be been but by can could delivery did didn't do
    does don't for from get goodbye had has have haven't hello help hey hi how i i'd i'm i've if in is isn't it it's
    item know late let me mean my need never no not of on or order ordered package parcel please return shipped
    shipment should show sorry status still tell thank thanks that that's the them there they this to track tracking
    want was we what what's when when's where where's which who why will with would yes yet you your"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())

# Said alone in the middle of Chinese too.
_SAID_IN_CHINESE = frozenset({"yes", "no"})

_SHOP_NOUN_WORDS = """delivery goodbye hello help hey hi item late order ordered package parcel please return shipped
    shipment status thank thanks track tracking my your the this that"""
_SHOP_NOUNS = frozenset(_SHOP_NOUN_WORDS.split())
# Words that people take from English into a Chinese sentence: they are no grammar.
_HAN_GRAMMAR = re.compile(r"[的了吗呢吧么能把给是在我你您这那个要想不没有怎啥帮请]")
_CHINESE_MARK = re.compile(r"[，。；：、！？]")
"""Marks that a Chinese keyboard writes: "Ada Byron，12 Elm Street，60614"."""
_INITIALS = "zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]"
_FINALS = (
    "iang|iong|uang|ueng|ang|eng|ian|iao|ing|ong|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|a|e|i|o|u|v"
)
_PINYIN = re.compile(rf"(?:(?:{_INITIALS})?(?:{_FINALS}))+")
# Words of everyday pinyin that are no English words.
_EVERYDAY_PINYIN = """wo ni nin wode nide womande de le ma ne ba dao daona daole nale nali nar zai shi bu mei meiyou
    haimei hai zenmeyang shou huo kuai qing bang bangwo cha duoshao jitian shihou duojiu keyi zhuan yao xiang hao
    youbian shouji weihao"""
# Those that leave no doubt even alone.
_CLEAR_PINYIN = """nihao ninhao kuaidi dingdan danhao wuliu baoguo yundan fahuo xiexie qingwen tuikuan tuihuo rengong
    kefu zhuanrengong daonale zenme shenme weishenme shoudao chaxun"""
_PINYIN_ALONE = frozenset(_CLEAR_PINYIN.split())
_PINYIN_WORDS = _PINYIN_ALONE.union(_EVERYDAY_PINYIN.split())


def choose_language(text: str, conversation: Optional[str]) -> str:
    """`"en"` or `"zh"` for `text`; `conversation` is the language so far, None before the first words."""
    plain = _NO_LANGUAGE.sub(" ", unicodedata.normalize("NFKC", text))
    han = len(_HAN.findall(plain))
    words = _latin_words(plain)
    english = sum(word.replace("’", "'") in _ENGLISH for word in words)
    chinese = conversation == "zh" and len(_HAN_GRAMMAR.findall(plain)) >= _HAN_PER_WORD
    if chinese and not any(word.replace("’", "'") in _ENGLISH - _SHOP_NOUNS for word in words):
        return "zh"
    if han and english and len(words) * _HAN_PER_WORD > han:
        return "en"
    if han:
        return "zh"
    if _is_pinyin(words):
        return "zh"
    alone = len(words) == 1 and words[0] in _SAID_IN_CHINESE
    if conversation == "zh" and not english and (_CHINESE_MARK.search(text) or _is_named(plain)):
        return "zh"
    if words and (conversation != "zh" or (english and not alone) or len(words) >= _SENTENCE_WORDS):
        return "en"
    return conversation if conversation in LANGUAGES else DEFAULT_LANGUAGE


def _is_named(plain: str) -> bool:
    """Whether a number stands among words that all have capitals: somebody's name, or an address."""
    words = _WORD.findall(plain)
    return bool(words) and all(word[0].isupper() for word in words) and any(each.isdigit() for each in plain)


def _is_pinyin(words: List[str]) -> bool:
    """Whether Latin words are Chinese in pinyin: all are made of its syllables, and some are its everyday words."""
    if not words or any(_PINYIN.fullmatch(word) is None for word in words):
        return False
    everyday = sum(word in _PINYIN_WORDS for word in words)
    return any(word in _PINYIN_ALONE for word in words) or (everyday >= 2 and everyday * 3 >= len(words))


def _latin_words(text: str) -> List[str]:
    """Lower-case Latin words, without the letters inside numbers and codes such as `UK-1042-A`."""
    words: List[str] = []
    for chunk in _CHUNK.findall(text):
        if not any(character.isdigit() for character in chunk):
            words += [word.lower() for word in _WORD.findall(chunk)]
    return words
