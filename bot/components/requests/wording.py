"""What a clause's words alone tell, in both languages: a condition, a price, where money goes, a question."""

from __future__ import annotations

import re

INTRODUCES = re.compile(
    r"\W*(?:(?:hi|hello|hey|good (?:morning|afternoon|evening))\W+)?(?:i'?m|i am|this is|my name(?:'?s| is)|it'?s)"
    r"(?: (?!(?:the|my|a|an|this|that|it|in|on|at|not|so|too)\b)[a-z'-]+(?<!ing)(?<!ed)){1,3}(?: (?:here|speaking))?\W*"
    r"|\W*(?:你好|您好)?\W*我(?:是|叫)[\u4e00-\u9fff]{2,4}\W*"
    r"|\W*(?:(?:你好|您好|在吗|亲)\W*)?我?想?(?:要|再)?(?:咨询|问|请教|了解|查)(?:一下|下|个|一个)?"
    r"(?:我的)?(?:订单|事儿?|问题|情况)?(?:的事|的问题)?\W*",
    re.IGNORECASE,
)
"""A clause that only says who is talking: it asks for nothing."""
TELLS_OF_GOODS = re.compile(
    r"^\W*(?:so )?(?:i|we)(?:'ve| have)?(?: (?:just|recently|already))?"
    r" (?:received|got|bought|ordered|purchased|had|placed (?=\w+ orders?\b))\b"
    r"(?!.*\b(?:wrong|broken|damaged|missing|only|instead|not|never|twice|faulty|defective|different|charged)\b)"
    r"|^\W*(?:请问?|麻烦|您好|你好|我想|我还?要)*我(?:刚刚?|今天|上周|昨天|前[几两]天|之前|上个月|最近|一共|总共|在你们(?:这里?|家|店))*"
    r"(?:收到|买|订|拍|下(?=了))了?(?!.*(?:坏|碎|错|少|破|没|不|退|换|差|脏|裂|吗|？))",
    re.IGNORECASE,
)
"""A clause that tells what came or was bought, beside what is asked: "I received a jumper and a raincoat"."""
CONTINUES = re.compile(
    r"^\W*(?:(?:and |or |but )?(?:if|unless)|otherwise|or else|else|instead|except|but not|only|just|preferably"
    r"|whichever\b|哪[个种款](?:还|都|更|最)?(?:能|行|可以|来得及|有货|便宜)"
    r"|in that case|(?:it's|it is|they're|that's|which is|both) in (?:the|my|order)"
    r"|(?:the|my) (?!money|refund)[^,.;?!]{2,50} (?:for|to) (?:the|a|an|size|\w+$)"
    r"|with the (?:money|refund)|money|refund(?: it| me| that)? (?:to|onto|on|into)|put the (?:money|refund)"
    r"|要是|如果|假如|万一|若是?|否则|不然|要不|(?:是|都?在)[^，。；]{0,20}(?:订单|那单|这单|一单|的单)里?的?|的话|除了|除外|只要|就(?:只|留|退|取消)|那就|钱退?到?|退款?到|没有的话|没货)",
    re.IGNORECASE,
)
"""How a clause begins that conditions, restricts or completes the one before it."""
OTHERWISE = re.compile(
    r"^\W*(?!.*[吗么谁哪几怎])(?:[^，。；！？]{1,14}的话(?![题费])"
    r"|(?:要|还|再)?(?:取消|退款?|换|改|拦截?|截|停|发货?)?(?:不了|不掉|不成|来不及|赶不上)[了的]?(?:就|那|则|再|便))",
    re.IGNORECASE,
)
"""A clause of what to do where the request before it cannot be done: 取消不了的话就退货."""
THE_SAME = re.compile(
    r"\W*(?:(?:and|so|please|just|i|i'?d|we|want|need|like|would|can|could|you|to|have|get|send|give|me|us)\s+)*"
    r"(?:(?:exactly )?the (?:very )?same|another|a new|a replacement|an identical)(?: (?:one|ones|thing))?"
    r"(?: (?:again|please|instead))*\W*"
    r"|\W*(?:请|就|我|想|麻烦|帮我|给我|直接|那)*(?:要|换|补|来|重新?发|再发|寄)(?:一?[个件条双只套])?(?:一样|同样|全?新|好)的(?:一?[个件条双只套])?(?:吧|啊|行吗|可以吗)?\W*",
    re.IGNORECASE,
)
"""A clause that wants the same once more and names nothing: with what was named before it."""
STAYS = re.compile(
    r"^\W*(?:(?:and|but|please|i'?ll)\s+)*(?:keep(?:ing)?|leave) (?:all )?(?:the (?:rest|others?)|everything else)\b"
    r"|^\W*(?:and |but )?the (?:rest|others?|other (?:one|two|three|\d+)(?: [\w'-]+){0,2}) (?:is|are|was|were) "
    r"(?:all )?(?:fine|ok|okay|good|perfect|alright|great|undamaged|intact)\b"
    r"|^\W*(?:其他|其它|其余|别)的?(?:都|先|全)?(?:留|不动|不变|照发|没事|没问题|好的|要)",
    re.IGNORECASE,
)
"""A clause that says of the rest that it stays."""
ONES = re.compile(
    r"\W*(?:(?:and|also|plus|just|only)\s+)*(?:(?:one|two|three|\d) (?:of (?:the|my) )?(?:\w+ )?|the |that )"
    r"(?:[\w.'-]+ ){1,4}ones?(?: (?:please|too|as well))*\W*",
    re.IGNORECASE,
)
"""A clause that is nothing but a thing told by a value: "one of the grey ones please"."""
NOT_WANTED = re.compile(r"\W*(?:我|就|请)?(?:都|全|全都)?(?:不(?:想)?要了|不想要|取消掉?|不用了|退掉?)(?:吧)?\W*")
"""A clause that says of what was named before it that it goes."""
IN_ORDERS = re.compile(r"(?:两|俩|几|每|各|二)个?(?:单|订单)(?:里|中)?都?有")
KEEPS = re.compile(
    r"^\W*(?:你好|您好|请|麻烦|帮我|可以|能不能|能|我|想|要|就|只|先|把)*(?:留下?|保留)(?!言|意|话|联系|电话|个言|学|着吧|着用)[^，。；！？]*(?<!吗)\W*$"
)
"""A clause that says what is kept: what goes is said beside it (留贵的那个，便宜的取消)."""
MONEY = re.compile(
    r"(?=.*(?:gift card|store credit|original (?:card|payment|method)|the difference|礼品卡|礼物卡|余额|原路|原卡|差价|差额|补钱))"  # noqa: E501
    r"(?!.*(?:\bhow\b|\bwhat\b|\bwhere\b|\bbalance\b|\bbuy\b|\bleft\b|多少|几|查|怎么|哪|(?:能|可以|支持|有|是|会|够|剩|还在).*吗|买))",
    re.IGNORECASE,
)
"""A clause that says where money goes or comes from, and asks nothing."""
PAYS = re.compile(
    r"^\W*(?:i'?ll |i will |i'?d like to |please |let me |then )*(?:pay(?:ing)?|charge|bill|put it)\b.*"
    r"\b(?:with|by|using|on|onto|from|to)\b"
    r"|^\W*(?:please |just |and )*(?:charge|bill|debit) (?:my|the) [\w ]{3,40}\W*$"
    r"|^\W*(?:please )?use (?:my|the|a) [^,.;]{3,40}\b(?:for (?:it|that|this|the)|to pay|towards)\b"
    r"|^\W*(?:请|我|就|想|要|麻烦|直接)*(?:用|刷|从|走)[^，。；]*(?:补差价?|付款?|支付|扣款?|结账|买单|付钱)|^\W*(?:付款|支付)(?:就?用|方式)",
    re.IGNORECASE,
)
"""A clause that says how what is asked for is paid."""
_AROUND_PRICE = re.compile(
    r"[A-Za-z']+|但是?|不过|就是|最好|价格|价钱|价位|大概|左右|不超过|最多|便宜|预算|稍微|比较|以[内下上]|之间"
    r"|[要得能不别太更再最贵低高一点些的那款个种选挑拿了呢吧吗元块钱在到至内]"
)
"""The words of which some clause may be made that says nothing but a price."""
_PRICE_WORDS = re.compile(
    r"but|and|or|so|just|please|something|anything|ones?|for|the|you|there|whichever|whatever|cheapest|dearest|a|bit|little|much|far|way|not|no|too|as|more|less|it|should"
    r"|be|that|which|is|are|costs?|money|priced?|i|only|have|my|budget|around|about|up|to|at|most|max|under|over|below"
    r"|above|than|cheap|cheaper|expensive|pricey|dear|dearer|affordable|lower|higher|pounds?|dollars?|euros?|quid|bucks"
    r"|yuan",
    re.IGNORECASE,
)
_PRICE_WORD = re.compile(
    r"cheap|expensive|pric|dear|affordable|budget|cost|[$£€¥\d]|便宜|贵|价|预算|以内|以下|以上|不超过", re.IGNORECASE
)
BARE_QUESTION = re.compile(
    r"\W*(?:and |so |or )*(?:how (?:much|long)|when|what (?:does it|would it|will it) cost|for how long)"
    r"(?: (?:is|does|would|will) (?:it|that|this)(?: (?:cost|take|be))?)?(?: please)?\W*"
    r"|\W*(?:那|大概|一般|要)*(?:多少钱|多久|几天|多长时间)(?:一[副个双件条台套盏把])?(?:来着)?[呢啊呀]?\W*"
    r"|\W*(?:那|换了|这样|一共|总共)*(?:能|要|会|还)*(?:退|差|补|贵|便宜)(?:我)?多少钱?[呢啊呀]?\W*"
    r"|\W*(?:and )?how much (?:are they|is it|is that|do they cost) each\W*",
    re.IGNORECASE,
)
"""A question that names nothing: it asks more of what was asked about before it."""
WAY = re.compile(
    r"^\W*(?:请|我|就|想|要|麻烦|直接)*(?:用|刷|走)(?!什么|哪)[^，。；！？吗]{0,14}(?:卡|余额|支付宝|微信|visa|paypal|mastercard|万事达)\W*$"
    r"|^\W*(?:visa|paypal|mastercard|amex|gift card|礼品卡|信用卡|支付宝|微信)(?: please|付款?|支付)?\W*$"
    r"|^\W*(?:on|with|by|from|using|via) (?:my |the |a )?(?:(?:credit|debit|gift|saved) )?"
    r"(?:card|visa|mastercard|amex|paypal|apple pay)(?: ending(?: in)? \d{4})?(?: please)?\W*$",
    re.IGNORECASE,
)
"""A clause that names a way to pay and nothing else."""
SENT_TO = re.compile(
    r"^\W*(?:and |please |then |just )*(?:send|ship|deliver|post) (?:it|them|that|these|those|everything|both|all)"
    r"(?: of (?:it|them))? (?:to|at)\b"
    r"|^\W*(?:请|就|麻烦|直接|都|帮我)*(?:寄|送|发)(?:到|去|往|给)",
    re.IGNORECASE,
)
"""Where what is bought goes."""
BARE_ORDER = re.compile(
    r"\W*(?:请|那|就|我|想|要|帮我|给我|直接|现在)*(?:下单|下个单|买了|拍了|买下)(?:吧|了|一下|哈|谢谢)*\W*"
    r"|\W*(?:(?:please|just|so|i'?ll|i want to|i'?d like to|can you|go ahead and)\s+)*"
    r"(?:order|buy|take) (?:it|that|one)(?: (?:please|for me|now))*\W*",
    re.IGNORECASE,
)
"""A clause that only says that what was named before it is ordered."""
OTHER_ORDER = re.compile(r"\b(?:order|orders|parcel)\b|订单|那单|这单|上一?单|包裹", re.IGNORECASE)
ANOTHER_ORDER = re.compile(
    r"\b(?:my|the) (?:other|second|next|newest|latest) (?:order|parcel|package|one|delivery)\b|\banother order\b"
    r"|(?:另一?|另外|其他|别的|第二|新|下)的?(?:一?个|一?单|那单|那个|那笔|一笔)?(?:订单|单子|包裹|快递|那单|单)",
    re.IGNORECASE,
)
MONEY_BACK = re.compile(
    r"\W*(?:(?:and|so|please|just|then|now|i'?d|i|we|would|want|like|need|can|could|you|have|get|give|send|pay)\s+)*"
    r"(?:me |us )?(?:all |back )?(?:of )?(?:my|the|our) (?:money|cash|funds)(?: back)?"
    r"(?: (?:please|now|instead|then))*\W*"
    r"|\W*(?:(?:and|so|please|just|then|can|could|you)\s+)*refund me(?: (?:please|now|everything|all of it))*\W*"
    r"|\W*(?:请|就|那|快|赶紧|麻烦|直接|然后|你们)*(?:把|将)?(?:我的?)?(?:钱|款)(?:都|全|全部)?"
    r"(?:还|退|返|打)(?:给|回)?(?:我|来|回来)?(?:吧|了)?\W*"
    r"|\W*(?:请|就|那|快|赶紧|麻烦|直接|然后|你们)*(?:给我)?(?:退|还)(?:我)?(?:钱|款)(?:给我)?(?:吧|了)?\W*",
    re.IGNORECASE,
)
"""A clause that wants the money back: beside calling off or sending back it is what comes of that."""
ONLY_MONEY = re.compile(
    r"\W*(?:(?:and|so|please|but|i'?d|i|would|want|like|prefer|can|could|you|have|get|give|send|put|with|me|to)\s+)*"
    r"(?:the |my |that )?(?:money|refund)(?: back)? (?:as|on|onto|to|into|in|by|through)\b[^,.;!?]*\W*"
    r"|\W*(?:请|把|我|想|要|就|麻烦)*(?:钱|退款)(?:请|都|就|直接)?(?:退到?|打|放|转|充)[^，。；！？]*\W*",
    re.IGNORECASE,
)
"""A clause that names nothing but money, and where it goes."""
ASKS = re.compile(
    r"\b(?:where|when|what|which|how|has|hasn't|is|isn't|will|track|status|still|not|didn't|can|could|any|no)\b"
    r"|哪|吗|什么|啥|怎么|咋|几时|几号|几点|多久|多少|没|查|呢|到底|催|还不",
    re.IGNORECASE,
)
"""Without such words a clause about a parcel tells a story: "it came the other day"."""
BARE = re.compile(
    r"\W*(?:(?:so|please|i want to|i'd like to|i would like to|can you|just)\s+)*(?:return|refund|exchange|cancel)"
    r"(?: (?:it|them|that|this|please))*\W*"
    r"|\W*(?:请|那就|就|我|想|要|帮我|给我)*(?:退货|退款|退钱|退掉|退了|退|换货|换掉|换|取消)(?:掉|吧|了|一下|哈)*\W*",
    re.IGNORECASE,
)
"""A clause that names no thing says what is wanted with what was named before it: "围巾不想要了，退货"."""
BARE_NO = re.compile(
    r"\W*(?:(?:actually|no|oh|sorry|wait|well|i)\s+)*(?:(?:don't|dont|do not) (?:want|need) (?:it|that|this|them)"
    r"(?: any ?more| after all)?|(?:forget|scrap|drop|leave) (?:it|that|this|them)|never ?mind|changed my mind)\W*"
    r"|\W*(?:那|我|就|还是|都|先|这个|那个)*(?:不想?要|不买|不用|算|不弄|不办)了?(?:吧|哈|啊)?\W*",
    re.IGNORECASE,
)
"""A clause that turns down, and names nothing."""
WISHED = re.compile(
    r"\b(?:exchang|swap|switch|replac|chang|want|need|like to|would|could|can|please|send|return|back|refund|money"
    r"|instead|give|take|get me|bigger|smaller|another|other one|cancel)"
    r"|换|退|要|想|给我|改|取消|补|请|能不能|可以|麻烦",
    re.IGNORECASE,
)
"""Without such words a clause about goods says what is wrong with them, and wants nothing: "it doesn't fit"."""
BUYER = re.compile(
    r"\bcompany\b|\bpersonal\b|\bvat\b|\btax (?:number|no|id)\b|\bmade? (?:it )?out to\b|\bin the name of\b"
    r"|\b(?:ltd|limited|llc|inc|gmbh|plc|corp)\b|抬头|公司|单位|企业|个人的?$|税号|识别号|工作室|事务所|集团",
    re.IGNORECASE,
)
"""Whom an invoice is made out to."""
WAY_BACK = re.compile(
    r"\bpostage\b|\bfreight\b|\breturn (?:shipping |postage )?(?:costs?|fees?|charges?)\b"
    r"|\bpay (?:for )?(?:the )?(?:shipping|return|way back)\b|\bwho pays\b|运费|邮费|快递费",
    re.IGNORECASE,
)
"""What it costs to send goods back, and whom."""
TWO_WORDS = re.compile(r"\W*[A-Za-z'’-]+(?:\W+[A-Za-z0-9'’-]+)?\W*")
"""A word or two behind what was asked say more of it: "the sweater, in L"."""
ALL_OF_IT = re.compile(
    r"\W*(?:(?:and|please|just|so)\s+)*"
    r"(?:all|both|the (?:whole|entire) (?:lot|thing|order)|everything|every (?:single )?(?:one|bit|thing))"
    r"(?: (?:of (?:it|them|that|those)|in it))?(?: please)?\W*"
    r"|\W*(?:请|就)?(?:全部|全都|整单|一整单|所有的?|两[件个样]|都)(?:都)?(?:要|退|取消)?\W*",
    re.IGNORECASE,
)
"""A clause that says of how much what is asked for before it is asked."""
POINTS_BACK = re.compile(
    r"\b(?:it|its|that|this|they|them|those|these|then|other|others|another|rest|refund|money)\b"
    r"|[它其另剩]|那个|这个|别的|[这那](?=[件条双款])|退款|的?钱|然后",
    re.IGNORECASE,
)
"""A question about what was named before it stays behind it."""
DELIVERY_NOTE = re.compile(
    r"^\W*(?:and |please |just |so )*(?:leave|put|hand|give|ring|knock|call|don'?t|do not)\b(?:(?!\?).)*$"
    r"|^\W*(?:请|麻烦|就|帮我|直接)*(?:放|交给|备注|留言|别|不要|送货?前|提前|打电话)[^？?吗]*$",
    re.IGNORECASE,
)
"""What the carrier should do, beside where an order goes."""


def says_price(clause: str) -> bool:
    """Whether a clause says nothing but what something may cost: it restricts what was asked for before it."""
    words = [word for word in _AROUND_PRICE.findall(clause) if word.isascii()]
    rest = re.sub(r"[\W\d_£$€¥]+", "", _AROUND_PRICE.sub("", clause))
    return not rest and all(map(_PRICE_WORDS.fullmatch, words)) and _PRICE_WORD.search(clause) is not None


def asks(text: str, start: int, end: int) -> bool:
    """Whether a clause is a question or a complaint, not a story."""
    return text[end : end + 1] in ("?", "？") or ASKS.search(text[start:end]) is not None


DOES = re.compile(
    r"\b(?:cancel|call(?:ing)? off|drop|remove|delete|take|return|send|bring|give|get|exchange|swap|switch|change"
    r"|replace|refund|keep|buy|add|want|need|put|move|reserve|compare|(?<!my )(?<!the )(?<!last )(?<!latest )order)\b",
    re.IGNORECASE,
)
"""A clause with a verb of what is done with things."""
_TELLS_MORE = re.compile(
    r"\b(?:cancel|call off|send|give|exchange|swap|replace|refund|keep|buy|want|need|never|nothing|wrong|broken|broke"
    r"|damaged|missing|late|faulty|please)\b",
    re.IGNORECASE,
)
"""A clause that says something of its own of what it names."""
_NAMES_MORE = re.compile(
    r"^\W*(?:also )?(?:the|my|this|that|these|those|both|one|two|three|\d+)(?: of (?:the|my))? "
    r"(?!.*\b(?:is|are|isn'?t|aren'?t|was|were|has|have|had|should|shall|will|would|needs?|must|wants?|goes|go|does)\b)"
    r"(?!(?:money|refund|difference|rest|status|way back)\b)",
    re.IGNORECASE,
)
"""A clause that names another thing, and says nothing of it: "and my belt", "and the rug to a darker one"."""


def names_more(clause: str) -> bool:
    """Whether a clause names one more thing and neither says nor asks anything of it."""
    return _NAMES_MORE.match(clause) is not None and _TELLS_MORE.search(clause) is None and ASKS.search(clause) is None


CONDITION = re.compile(r"^\W*(?:and |but )?(?:if|unless)\b|要是|如果|假如|万一|若是", re.IGNORECASE)
"""A clause after which comes what to do then."""
