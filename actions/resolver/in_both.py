"""Goods that several orders have, named before it is said that they go from all: 壶买重了，两单的都取消. Pure.

The words are put the other way about, so that the orders, the goods and what is wanted stand together.
"""

from __future__ import annotations

import re
from typing import Final

from actions.resolver.listed_orders import without_counted_wishes
from actions.resolver.rest_goes import with_rest_going
from actions.resolver.said_plainly import said_plainly
from actions.resolver.taken_back import corrected

_BOTH: Final = r"(?:两|三|这两|这几|几)(?:个|张|笔)?(?:订)?单(?:子)?"
_GOES: Final = r"(?:全部?|统统)?都?(?:给我|帮我|一起|一并)?(?:取消|不要|退|别发|去掉|撤)"
_GOODS: Final = r"(?P<goods>[^，。；！？,;.!?\s]{1,12}?)"
_BOUGHT_TWICE: Final = re.compile(
    rf"(?P<start>^|[，。；！？,;\s])(?P<lead>我|我的|那个|这个)?(?:把)?{_GOODS}(?:好像|不小心)?(?:买|下|订|拍|点|下单)(?:重复|重|多|错)了?[了啊呢吧]?"
    rf"[，。；,;!！\s]+(?:请|麻烦|帮我|所以|把)*(?P<both>{_BOTH})(?:里面?|中)?的(?P<goes>{_GOES})"
)
_IN_BOTH: Final = re.compile(
    rf"(?P<both>{_BOTH})(?:里面?|中)?都(?:有|买了|下了|订了|拍了){_GOODS}[，。；,;!！\s]+(?:请|麻烦|帮我|把)*(?P<goes>{_GOES})"
)
_EITHER: Final = re.compile(
    r"\bno (?P<goods>[\w'-]+(?: [\w'-]+){0,2}?)(?:,? please| any ?more| after all)?,? (?:please,? )?(?:not )?(?:in|from|with)"  # noqa: E501
    r" (?:either|any)(?: one)?(?: of (?:the|my))?(?: (?:two|both))? ?(?:orders?)?\b",
    re.IGNORECASE,
)


def gone_from_both(text: str) -> str:
    """`text` with 两单的壶都取消 for goods that are named before, and "cancel the mugs in both orders"."""
    text = _BOUGHT_TWICE.sub(lambda said: f"{said['start']}{said['both']}里的{said['goods']}{said['goes']}", text)
    text = _IN_BOTH.sub(lambda said: f"{said['both']}里的{said['goods']}{said['goes']}", text)
    return _EITHER.sub(lambda said: f"cancel the {said['goods']} in both orders", text)


_LIKE: Final = (
    r"(?:便宜|贵|大|小|新|旧|早|晚)的?(?:一点的?|些的?)?(?:那|这)?(?:一)?[个件台双条把只块辆副套张本盏瓶盒款]?"
)
_THE_OTHER_STAYS: Final = re.compile(
    rf"(?P<goes>{_LIKE}(?:给我|帮我|就|请|麻烦)?(?:取消|退|不要|别发|撤)[掉了吧]{{0,2}})[，。；,;\s]+(?:而|那)?{_LIKE}"
    r"(?:就|还是|还|都|给我|照)*(?:照(?:常|旧)?发货?|正常发货?|发货?|留着?|留下|保留|不动|别动|不变|要)[的吧了]{0,2}(?=$|[，。；！,;!\s]|[^\w\u4e00-\u9fff])"
)


def _other_left_unsaid(text: str) -> str:
    """`text` without that the other of two compared things stays: 便宜的那个取消，贵的照发."""
    return _THE_OTHER_STAYS.sub(lambda said: said["goes"], text)


def said_outright(text: str) -> str:
    """`text` with what it says of whole orders and lists put into plain words, for the words that begin a request."""
    return gone_from_both(with_rest_going(_other_left_unsaid(without_counted_wishes(said_plainly(corrected(text))))))


__all__ = ["gone_from_both", "said_outright"]
