"""What a message asks of the shopper's own orders and goods: a figure, a count, or where something goes. Pure.

Such questions are said at any time, in the middle of a change too, and hold words for goods and wishes that a reader
of requests would act on: "what would I get back for the mug?" returns no mug.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

What = Literal["refund", "difference", "total", "paid", "compared", "count", "left", "goes_to", "without", "options"]
"""refund: what giving something back or calling it off would bring · difference: what another variant costs more or
less · total: what open orders come to · paid: what was paid for goods · compared: which of one's own cost more ·
count: how many of something were ordered · left: what an order still has, and comes to · goes_to: where orders go ·
without: what an order would come to without some of its goods · options: what goods are like."""

Among = Literal["open", "unsent", "on_the_way", "delivered"]
"""Which orders are meant: all that are still to come, those not sent yet, those with the carrier, those that came."""


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A question about the shopper's own orders."""

    what: What
    among: Among | None = None
    text: str = ""
    """The sentence that asks."""
    several: bool = False
    """Several orders, or all, are asked about."""
    together: bool = False
    """One sum of all that is named is asked for."""
    continued: bool = False
    """It goes on with the question before."""


_SENTENCE: Final = re.compile(r"[^?!;。？！；\n]+(?:[?？!！]|$)|[^?!;。？！；\n]+")
_FULL_STOP: Final = re.compile(r"(?<=[A-Za-z)])\.\s+")
_ASKS: Final = re.compile(
    r"[?？吗呢吧]|\b(?:what|how|which|where|who|is|are|was|were|do|does|did|would|will|could|can|tell me|know|wonder)\b"
    r"|\b(?:total|sum) (?:of|for)\b|多少|几|哪|什么|啥|怎么|各|分别|一共|总共|合计|总额|总金额|总价|金额|加起来|剩",
    re.IGNORECASE,
)
_WISHES: Final = re.compile(
    r"\b(?:i(?:'d| would| want| need|'?ll)?(?: like)? to|please|pls|let'?s|go ahead and|i'?m) (?:\w+ )?"
    r"(?:return(?:ing)?|cancel(?:l?ing)?|exchang\w+|swap(?:ping)?|chang(?:e|ing)|send(?:ing)? \S+(?: \S+){0,5} back)\b"
    r"|(?:帮我|给我|我要|我想|麻烦|请)(?:把|将)?[^，。？?]{0,12}(?:退(?!多少|款多少|的话)|取消|换成|换掉)",
    re.IGNORECASE,
)
"""Something is to be done."""
_IF: Final = re.compile(
    r"\b(?:if|when|before|suppose|supposing|were i|was i|in case|would|could|will|roughly|about)\b|的话|如果|要是|假如|若|大概|先问",  # noqa: E501
    re.IGNORECASE,
)
_REFUND: Final = re.compile(
    r"\b(?:how much|what)\b[^.?!]{0,40}?\b(?:would|will|do|could|can|might|should|am|'d|'ll)\b[^.?!]{0,6}?"
    r"\b(?:i|we|me|you)\b[^.?!]{0,24}?"
    r"\b(?:get(?:ting)?(?: \w+){0,3} back|have back|see back|be (?:getting )?refunded|be (?:paid|credited|given) back"
    r"|receive(?: \w+)? (?:back|(?:if|when|for)\b)|get (?:if|when)\b|refund(?: me)?\b|pay me back|give me back)"
    r"|\bhow much (?:of (?:it|that|this|the \w+)|money)?\s?(?:would|will|does|do|is|gets?)\b[^.?!]{0,20}\b(?:be refunded"  # noqa: E501
    r"|refunded|come(?:s)? back|coming back|go(?:es)? back)\b"
    r"|\bwhat(?:'?s| is| would| will|'d)?(?: be)? (?:the|my) refund\b(?! (?:policy|status|time|take|on its|still|method))"  # noqa: E501
    r"|\bhow (?:much|big|high) (?:is|would|will) (?:the|my|a) refund\b|\brefund amount\b"
    r"|\bhow much (?:money )?(?:do i |would i |will i )?(?:get )?back\b"
    r"|\b(?:would|will|do|could) i get (?:all|the (?:full|whole|entire)|my full|everything|the lot)\b[^.?!]{0,24}\bback\b"  # noqa: E501
    r"|\bwhat(?:'?s| is| would be) (?:it|that|this|the [\w -]{2,30}?) worth (?:if|when) (?:i|we) (?:sen[dt]|return|g[ai]ve)"  # noqa: E501
    r"|^\W*(?:and |so |but )?(?:what|how much) (?:would|will|do) i get\W*$"
    r"|\b(?:what|how much) (?:would|will|could|can|do|might) (?:i|we) get for (?:the|my|both|one|two|it|them|these|those|sending|returning)\b"  # noqa: E501
    r"|退(?:货|掉|款|钱|了)?[^，。？?了]{0,10}?(?:能|可以|会|可|要|大概|总共|一共)[^，。？?]{0,6}?(?:退|拿|收|回|得|到|返)[^，。？?]{0,4}?(?:多少|几块|几刀|几钱)"
    r"|(?:能|可以|会|可|大概|总共|一共)[^，。？?]{0,4}?(?:退|返)(?:给我|还|回|款|我)*(?:多少|几块|几刀)"
    r"|退(?:款|钱)(?:金额|额)?(?:是|有|能|会)?(?:多少|几块)|(?:退|拿|收)(?:得|能)?回(?:来)?(?:多少|几块)"
    r"|多少(?:钱)?(?:能|可以|会)?(?:退(?:给我|回)|拿回|返还)|退(?:的话)?(?:是|有)?多少钱|退多少",
    re.IGNORECASE,
)
_PAST_REFUND: Final = re.compile(
    r"\b(?:did|have|has|was|were|already)\b[^.?!]{0,24}\b(?:get|got|refunded|receive\w*|back)\b|\bstatus\b|\bstill waiting\b"  # noqa: E501
    r"|退了多少|(?:已经|到底)退|退款(?:到|进度)|\bgift card (?:balance|have)\b",
    re.IGNORECASE,
)
_SWAPPED: Final = re.compile(r"换(?!货)|\b(?:swap|switch|exchange|chang)\w*", re.IGNORECASE)
_SENT_BACK: Final = re.compile(r"退(?:货|掉|了|的话)|\breturn\w*|\bcancel\w*|\bsen[dt]\w*\b.*\bback\b", re.IGNORECASE)
"""What comes back when something else is taken in its place is what that costs less."""
_DIFFERENCE: Final = re.compile(
    r"\b(?:how much|what)\b[^.?!]{0,40}\b(?:more|less|extra|dearer|cheaper|on top)\b(?! (?:things?|items?|orders?|time|often|likely))"  # noqa: E501
    r"|\b(?:price|cost) difference\b|\bdifference in (?:the )?(?:price|cost)\b|\bwhat(?:'?s| is| would be) the difference\b(?! between)"  # noqa: E501
    r"|\b(?:what|how much)\b[^.?!]{0,24}\b(?:would|does|do|will|'d|is|are)\b[^.?!]{0,60}\b(?:cost|be|come to)\b[^.?!]{0,30}"  # noqa: E501
    r"\b(?:instead|next size|size (?:up|down)|bigger one|smaller one|if i (?:swap|switch|chang|exchang|took|take|went|go)\w*)\b"  # noqa: E501
    r"|\b(?:what|how much)\b[^.?!]{0,24}\b(?:would|does|will|'d|is)\b[^.?!]{0,20}\b(?:next size|(?:one |a )?size (?:up|down))\b[^.?!]{0,40}\b(?:cost|be)\b"  # noqa: E501
    r"|\bhow much\b[^.?!]{0,80}\b(?:compared (?:to|with)|than|against|next to) (?:mine|my|the one i|what i)\b"
    r"|\bwhat (?:would|will) (?:the|a|an) [^.?!]{3,60} (?:be|cost|come to)\b"
    r"|\bwhat would (?:it|that) (?:cost|come to|be) to (?:swap|switch|change|exchange)\b"
    r"|差价|差(?:了)?多少(?:钱)?|相差(?:多少|几)|[补加](?:我)?(?:多少|几块|几刀|差价)|多(?:付|掏|花|出|给)多少|少(?:付|花)多少"
    r"|(?:贵|便宜)(?:了|出|上)?(?:多少|几块|几刀|几个钱)|(?:换成|换|改成)[^，。？?]{1,24}(?:要|得|是)?多少钱|退(?:我|回)?差价",
    re.IGNORECASE,
)
_NO_DIFFERENCE: Final = re.compile(
    r"\b(?:deliver\w*|shipping|postage|spend|points|voucher|discount|time|longer|days)\b|运费|包邮|积分|满减|优惠",
    re.IGNORECASE,  # noqa: E501, RUF100
)
_MONEY_TOGETHER: Final = re.compile(
    r"\b(?:come|comes|coming|came|add|adds|adding|worth|total\w*|altogether|cost|costs|sum|owe|spent|spend|pay|paying|paid)\b"
    r"|\bhow much (?:are|is|do|have|did)\b|一共|总共|总额|总价|合计|加起来|共计|多少钱|金额",
    re.IGNORECASE,
)
_ORDERS: Final = re.compile(
    r"\borders\b|\beverything\b|\ball of (?:it|them|my)\b|\b(?:open|unsent|other|two|three) ones\b"
    r"|订单|单子|几单|两单|的单|那些|所有|全部|没发|未发|没到|没寄",
    re.IGNORECASE,
)
_AMONG: Final[dict[Among, re.Pattern[str]]] = {
    "unsent": re.compile(
        r"\bunsent\b|\bun(?:shipped|dispatched)\b|(?:\bnot|n['’]?t|\bnever)(?: \w+){0,2} (?:sent|shipped|left|dispatched|gone out)\b"  # noqa: E501
        r"|\b(?:not|yet) (?:to be )?(?:sent|shipped|left|dispatched)\b|\bstill (?:to be|being) (?:sent|packed|prepared)\b|\bpending\b"  # noqa: E501
        r"|\byet to (?:be sent|ship|leave)\b|(?:没|未|还没|没有|尚未|待)(?:有)?(?:发(?:货|出|走)?|寄出?|出库)",
        re.IGNORECASE,
    ),
    "on_the_way": re.compile(
        r"\b(?:on (?:the|their|its) way|in transit|shipped already|with the carrier)\b|在途|路上|运输中|已发货?",
        re.IGNORECASE,
    ),
    "open": re.compile(
        r"\b(?:open|current|outstanding|running|active|unfinished|still (?:to come|coming|due|waiting)|on order)\b"
        r"|(?:\bnot|n['’]?t)(?: \w+){0,2} (?:arrived|come|delivered|received)\b|\bupcoming\b"
        r"|(?:没|未|还没|没有|尚未|待)(?:有)?(?:完成|到(?:货)?|收(?:到|货)?|送到)|进行中|新下的",
        re.IGNORECASE,
    ),
    "delivered": re.compile(
        r"\b(?:delivered|arrived|that came|i (?:already )?(?:have|received|got))\b|已收到|收到的|到货的|已送达|签收",
        re.IGNORECASE,
    ),
}
_COMPARED: Final = re.compile(
    r"\bwhich\b[^.?!]{0,60}\b(?:dearer|dearest|cheaper|cheapest|pricier|(?:most|more|less|least) expensive"
    r"|cost(?:s)?(?: me)? (?:the )?(?:more|most|less|least)|(?:paid|pay) (?:the )?(?:more|most|less|least))\b"
    r"|\b(?:difference|differ)\b[^.?!]{0,30}\b(?:my|the) (?:two|three|both)\b|\bdo (?:my|the) two\b[^.?!]{0,30}\bdiffer\b"  # noqa: E501
    r"|(?:哪|那)(?:一)?(?:个|台|件|双|只|条|副|张|款|单|部|块|辆|本|样|种|盏|把)?[^，。？?]{0,8}?(?:更|比较|最)?(?:贵|便宜)"
    r"|(?:谁|哪)(?:更)?(?:贵|便宜)|我(?:那|这|的)?两[^，。？?]{1,10}(?:区别|不同|差别)",
    re.IGNORECASE,
)
_MINE: Final = re.compile(
    r"\b(?:my|mine|i|me|we|our)\b|\bof (?:the|them|these|those)\b|我|买的|订的|下的|两单|的单|哪单", re.IGNORECASE
)
_BARE_COMPARED: Final = re.compile(
    r"^\W*(?:and |so |but )?which(?: one| of (?:the two|them|those))?(?: is| was|'s)? (?:the )?"
    r"(?:dearer|dearest|cheaper|cheapest|pricier|(?:more|most|less|least) expensive|(?:cost|costs) (?:more|less))(?: one)?\W*$"  # noqa: E501
    r"|^\W*(?:那|它们|这两?[个单]?|两[个单]|的|里|呢|，)*哪(?:一)?[个单台件款](?:订单)?(?:更|比较|最)?(?:贵|便宜)(?:一?[点些])?\W*$",
    re.IGNORECASE,
)
"""The same of what is on the screen."""
_BESIDE_PAID: Final = re.compile(
    r"比我?(?:现在|原来|之前|当初)?(?:买|付|订|下单|拍)?的?[^，。？?]{0,8}(?:贵|便宜|多|少)(?:了|出)?(?:多少|几)"
    r"|\bhow much (?:more|less|dearer|cheaper)\b[^.?!]{0,60}\b(?:than|compared (?:to|with))\b[^.?!]{0,20}\b(?:i|we) (?:paid|bought|ordered)\b",  # noqa: E501
    re.IGNORECASE,
)
"""What something costs beside what was paid."""
_TWO: Final = re.compile(r"\b(?:two|both|three)\b|两|俩", re.IGNORECASE)
_PAID: Final = re.compile(
    r"\b(?:what|how much) (?:did|have) (?:i|we) (?:actually |originally |end up )*(?:pay|paid|paying|spend|spent)\b"
    r"|\bhow much (?:was|were) (?:my|each|the [\w ]{2,24}? i (?:bought|ordered|got))\b|\bwhat (?:was|were) (?:i|we) charged for (?:each|my|the)\b"  # noqa: E501
    r"|\bwhat did (?:my|each|the [\w ]{2,24}? i (?:bought|ordered))\b[^.?!]{0,24}\bcost\b"
    r"|\bhow much (?:was|were|did) (?:it|they|that|those|the|these|both)\b(?! (?:refund|fee|postage|shipping|delivery))"
    r"|\bwhat (?:(?:was|were) the price|(?:i|we) (?:actually |really )?(?:paid|spent)|(?:was|were) (?:it|they|the [\w -]{2,24}) (?:priced|worth))\b"  # noqa: E501
    r"|\bthe (?:price|amount) (?:that )?(?:i|we) paid\b|\bwhat (?:did )?(?:the|my|that|those|both) [\w' -]{2,30}? (?:had )?cost\b(?! (?:now|more|less|extra|in (?:the|your)))"  # noqa: E501
    r"|\b(?:what|how much) (?:do|does|did|is|are) (?:all |both |the two )?(?:of )?my [\w' -]{2,40}? (?:cost|come to|add up to|total)?\W{0,2}\b(?:al{1,2} ?together|together|in all|in total|combined)\b"  # noqa: E501
    r"|多少钱(?:买|订|下单|入手|拍)的|(?:当初|当时|那时候?|上次|之前|原来)[^。？?]{0,16}(?:多少钱|什么价|啥价|多少(?=\W*$))|(?:多少钱|什么价|啥价)来着|价格是?多少来着"
    r"|多少钱一(?:个|台|件|双|只|条|副|张|款|部|块|辆|盏|把|套|瓶|本)"
    r"|(?:买|订|拍)了?(?:好?几|[两三四五六])[个台件双只条副张款部块辆盏把套瓶本][^。？?]{0,14}(?:加起来|一共|总共|合计)[^，。？?]{0,6}多少"
    r"|(?:几|[两三四五六])[个台件双只条副张款部块辆盏把套瓶本][^，。？?]{1,8}(?:加起来|合计)(?:一共|总共)?[^，。？?]{0,6}多少"
    r"|(?:买的|买了|付了|花了|订的)[^，。？?]{0,14}(?:多少钱|多少|几块|几刀)|(?:各|分别)(?:是)?(?:花|付|买)(?:了)?(?:多少|几)",
    re.IGNORECASE,
)
_SPENT: Final = re.compile(
    r"\bspen[dt]\b[^.?!]{0,40}\b(?:with you|together|altogether|in all|in total|so far)\b"
    r"|(?:一共|总共|加起来)[^，。？?]{0,8}花",
    re.IGNORECASE,
)
_WITHOUT: Final = re.compile(
    r"\b(?:what|how much)\b[^.?!]{0,60}\b(?:be|come(?:s)? (?:out )?(?:to|at)|cost|total\w*|pay|owe|left|is|make|order)\b[^.?!]{0,40}"  # noqa: E501
    r"\b(?:without|minus|less the|excluding|except(?: for)?|leaving out|(?:if|when|once) (?:i|we|you) (?:were to )?(?:dropped|drop|took|take|leave|left|removed?|skip\w*) (?:out |off |away )?(?:the|my|one|both|it|them|that|those))\b"  # noqa: E501
    r"|^\W*(?:and |so |but )?(?:without|minus) (?:the|my|it|them|that|those|both)\b[^.?!]{0,60}(?:\b(?:how much|what)\b|\?)"  # noqa: E501
    r"|(?:不(?:要|算|买|含|带)|去掉|除去|除了|减去|扣掉|扣除|没有|刨去|拿掉|去了)[^。？?]{1,30}?(?:多少(?:钱)?|总价|总额|总金额|一共|几块|几刀)"
    r"|(?:多少钱|总价|总额|一共|金额)[^。？?]{0,10}(?:不(?:要|算|含)|去掉|除去|减去|扣掉)",
    re.IGNORECASE,
)
"""What stays of a sum when something is left out of it."""
_WITHOUT_MONEY: Final = re.compile(
    r"\bwithout (?:the |a |any )?(?:fee|postage|delivery|shipping|tax|vat|discount|voucher|code)\b"
    r"|运费|邮费|税|优惠|退(?!货)",
    re.IGNORECASE,
)
_TOGETHER: Final = re.compile(
    r"\b(?:al{1,2} ?together|together|in all|in total|combined|add up to|total|sum)\b|一共|总共|合计|加起来|共计|总额",
    re.IGNORECASE,
)
_PAID_HOW: Final = re.compile(
    r"\b(?:shipping|postage|delivery|with (?:which|what)|vat|tax|points|balance|gift card|voucher|refund\w*)\b"
    r"|积分|余额|礼品卡|优惠券|退款|退了|\bhow did\b|运费|邮费|税",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(
    r"\bhow many (?!(?:kinds?|types?|sorts?|variants?|versions?|colou?rs?|sizes?|days?|orders?|options?|points?|times?|models?|different|vouchers?|hours?|weeks?|addresses)\b)"  # noqa: E501
    r"[\w' -]{2,40}?\b(?:have i|do i have|did i|i(?:'ve| have)? (?:got|ordered|bought|have|order)|on order|are (?:on order|coming|in (?:my|that|this|the) orders?)|am i (?:getting|due)|in my orders?)\b"  # noqa: E501
    r"|\bhow many [\w' -]{2,40}? (?:ordered|on order|coming|bought)\b"
    r"|(?:我|一共|总共|到底|这次|单里|里)[^，。？?]{0,8}(?:买|订|下|有|定)(?:了|过)?(?:几|多少)(?:个|台|件|双|只|条|副|张|款|部|块|辆|盏|把|套|瓶|本)",
    re.IGNORECASE,
)
_LEFT: Final = re.compile(
    r"^\W*(?:so |and |but |wait |hang on )*(?:did|have|has) (?:you|they|it|that)(?: \w+){0,2} (?:cancel\w*|remov\w+|tak\w+ off|call\w* off)\b"  # noqa: E501
    r"|(?:你们?|已经|刚才)[^，。？?能可]{0,6}取消了?[^，。？?]{0,8}[吗没么]\W*$|取消(?:了|成功了?|掉了?)[吗没么]\W*$"
    r"|\bwhat(?:'?s| is| are| will be|'ll be)?(?: still| then| now| actually)? (?:left|remaining|remains|still (?:in|on|coming|there))\b"  # noqa: E501
    r"|\bwhat (?:do|does|will|have) (?:i|it|that|we|the order|my order|this order) (?:still |now )?(?:have left|have (?:in|on)|contain|come to now|get now)\b"  # noqa: E501
    r"|\b(?:what|how much) (?:does|is|will|do|would)[^.?!]{0,34}\b(?:come to|total|cost|pay|be|make)\b[^.?!]{0,14}\bnow\b"  # noqa: E501
    r"|\bwhat(?:'?s| is) (?:my|the|this|that)(?: \w+){0,2} order (?:at|up to|worth)\b"
    r"|[\u4e00-\u9fff]{2}(?:那|这)(?:一)?(?:个)?(?:订)?单子?(?:现在|一共|总共|的)*(?:总)?(?:金额|价钱|价格|总价|总额|是)*多少"
    r"|\b(?:did|does|do|has|have) (?:the|my) [\w ]{2,30}? (?:stay|stayed|remain|remained)\b"
    r"|\b(?:is|are) (?:the|my) [\w ]{2,30}? still (?:in|part of) (?:it|there|the|my|that)\b"
    r"|(?:还在|留在)(?:单|订单|那单|这单)里|没动吧"
    r"|(?:几|两|三|所有|全部|各)(?:个|张)?的?(?:订?单)子?里?(?:面|边)?(?:现在|分别|都|还)*有(?:些)?(?:什么|啥|哪)"
    r"|\bwhat(?:['’]?s| is)(?: now)? in (?:all|both|each)(?: of)? my orders\b"
    r"|\b(?:how much|what) (?:is|are|does|do|will|would)\b[^.?!]{0,8}\b(?:the rest|what's left|what is left)\b"
    r"|\bnew total\b|\bwhat(?:'?s| is)(?: now)? (?:in|on) (?:the|that|this|my) (?:rest of the )?order(?: now)?\b(?= now)"  # noqa: E501
    r"|还剩(?:下)?(?:什么|啥|哪|多少|几|些)|剩(?:下)?(?:的)?(?:什么|啥|哪些|还有|是|有|现在|一共|总共|加起来|多少钱)|(?:现在|这样)(?:这)?(?:单|订单)?(?:里)?(?:一共|总共|还有(?:什么|啥|哪)|总价|总额|是多少钱)",
    re.IGNORECASE,
)
_ALL_LEFT: Final = re.compile(
    r"还剩(?:下)?多少钱|所有|全部|\ball\b[^.?!]{0,30}\b(?:come|comes|coming|total|worth)\b", re.IGNORECASE
)
"""Of all orders in a state, what they come to, and not what one still has."""
_GOES_TO: Final = re.compile(
    r"\bwhere(?:'?s| is| are| do| does| will| would|'ll)\b[^.?!,]{0,60}?\b(?:go(?:ing|es)?|headed|heading|be(?:ing)? (?:sent|shipped|delivered)(?: to)?|(?:sent|shipped|delivered) to|ship(?:ping)? to)\b(?! (?:on|wrong|through|missing))"  # noqa: E501
    r"|\b(?:which|what)(?:'?s| is)? (?:the )?(?:delivery |shipping )?address\b(?![^.?!]{0,30}\b(?:return|store|shop|your|you (?:have|got)|saved|e-?mail|on (?:my )?(?:file|profile|account))\b)"  # noqa: E501
    r"|\bwhere (?:to|(?:is|are) (?:it|they|that|this) going)\s*[?]|\bto which address\b"
    r"|\b(?:tell|show|give) me (?:what |which )?(?:the |its )?(?:current |present |delivery |shipping )+address\b"
    r"|\b(?:did|does|is|will) (?:it|they|that|this|my (?:order|parcel|package)) (?:go|goes|going|went|come|sent)(?: out)? to the (?:right|correct) (?:address|place)\b"  # noqa: E501
    r"|(?:告诉我|看看|查一下|说一下)(?:现在|目前|当前)(?:的)?(?:收货|配送)?地址(?!改|换)"
    r"|(?:寄|发|送|配送)(?:到|去|往|给)?(?:的)?(?:是)?(?:哪|什么地方|啥地方|什么地址)|(?:收货|配送|寄送)?地址(?:现在)?(?:是|填|写|用)(?:的|的是)?(?:哪|什么|啥)|(?:哪个|什么)(?:收货)?地址",
    re.IGNORECASE,
)
_CONTENTS: Final = re.compile(
    r"\bwhat(?:['’]?s| is| was| are| do i have| have i got)?(?: still| now)? (?:in|on) (?:it|there|them|the|that|this|my|all|both|each)\b"  # noqa: E501
    r"|\bcontents?\b|里(?:面|边)?(?:现在|还|都)*(?:有|是|装)(?:了)?(?:些)?(?:什么|啥|哪)|(?:都|还)?有(?:些)?(?:什么|啥)(?:东西)?|现在是(?:什么|啥)",
    re.IGNORECASE,
)
_GOES_BACK: Final = re.compile(
    r"\b(?:returns?|refunds?|money|send (?:it|them|this|that) back|drop|post it)\b|退|钱|寄回", re.IGNORECASE
)
"""Where goods or money go back to is asked otherwise."""
_CHANGES_ADDRESS: Final = re.compile(
    r"\b(?:change|update|correct|wrong|new|different|another|instead)\b|\bdo you (?:ship|deliver|send)\b"
    r"|改|换|错|新地址|另|能|可以|国家|地区|哪些",
    re.IGNORECASE,
)
_NO_CHANGE: Final = re.compile(
    r"\bno changes?\b(?! (?:to|of|in)\b)|\b(?:do not|don['’]?t|not|without) (?:want to |wish to )?(?:chang(?:e|ing)|updat(?:e|ing))\b(?= ?(?:$|[^\w ]|(?:it|anything|that|them|the address)\b))|(?:不是?|不用|不要|别|没)(?:想|要)?[改换]",  # noqa: E501
    re.IGNORECASE,
)
"""That nothing is to be changed."""
_STORE: Final = re.compile(r"\b(?:your|store|shop|branch|warehouse)\b|门店|你们|店", re.IGNORECASE)
_SEVERAL: Final = re.compile(
    r"\b(?:orders|all|both|each|everything|they|them)\b|都|所有|全部|各|分别|几单|两单|几个", re.IGNORECASE
)


def read_own_question(text: str) -> OwnQuestion | None:
    """The first question of a message about the shopper's own orders; None where it asks none."""
    for sentence in sentences(text):
        if not _ASKS.search(sentence):
            continue
        what = _what(sentence)
        if what is not None:
            several = _SEVERAL.search(sentence) is not None
            together = _TOGETHER.search(sentence) is not None
            return OwnQuestion(what, among(sentence), sentence.strip(), several or together, together)
    return None


def changes_nothing(text: str) -> bool:
    """Whether a message says that nothing is to be changed: "no change, just tell me", 不改."""
    return _NO_CHANGE.search(text) is not None


def asks_contents(text: str) -> bool:
    """Whether a message asks what is in an order, beside something else."""
    return _CONTENTS.search(text) is not None


def among(text: str) -> Among | None:
    """Which of the shopper's orders words name by how far they are; None where they do not."""
    return next((name for name, words in _AMONG.items() if words.search(text)), None)


def sentences(text: str) -> list[str]:
    """The sentences of a message, questions apart from the rest."""
    return [part for whole in _FULL_STOP.split(text) for part in _SENTENCE.findall(whole) if part.strip()]


def _what(text: str) -> What | None:
    if _REFUND.search(text):
        if _SWAPPED.search(text) and not _SENT_BACK.search(text):
            return "difference"
        return None if _PAST_REFUND.search(text) or (_WISHES.search(text) and not _IF.search(text)) else "refund"
    if _WITHOUT.search(text) and not _WITHOUT_MONEY.search(text):
        return "without"
    where = among(text)
    if where is not None and _ALL_LEFT.search(text) and _ORDERS.search(text):
        return "total"
    if _LEFT.search(text):
        return "left"
    if where in ("open", "unsent", "on_the_way") and _MONEY_TOGETHER.search(text) and _ORDERS.search(text):
        return "total"
    if _BARE_COMPARED.search(text) or (_COMPARED.search(text) and (_MINE.search(text) or _TWO.search(text))):
        return "compared"
    if _COUNT.search(text):
        return "count"
    if _BESIDE_PAID.search(text):
        return "difference"
    if _PAID.search(text) and not _PAID_HOW.search(text):
        # What was spent on several orders is no question of single prices (actions/spending.py).
        return None if _SPENT.search(text) and _ORDERS.search(text) else "paid"
    if _GOES_TO.search(text):
        elsewhere = _GOES_BACK.search(text) or _CHANGES_ADDRESS.search(_NO_CHANGE.sub(" ", text)) or _STORE.search(text)
        return None if elsewhere else "goes_to"
    return "difference" if _DIFFERENCE.search(text) and not _NO_DIFFERENCE.search(text) else None


__all__ = ["Among", "OwnQuestion", "What", "among", "asks_contents", "read_own_question", "sentences"]
