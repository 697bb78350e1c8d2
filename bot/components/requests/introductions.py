"""Who asks, said before what is asked: "Ada Byron, zip 60614. The kettle: …". It tells nothing of the request."""

from __future__ import annotations

import re

from .wording import DOES

_WORD = (
    r"(?!(?:where|when|what|which|how|who|why|is|are|was|will|can|could|has|have|do|does|did|my|the|a|an|order|track"
    r"|number|status|please|not|no|it|in|on|for|to|about)\b)[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*"
)
_WORDS = rf"{_WORD}(?: {_WORD}){{1,3}}"
_CAPITALS = r"(?-i:[A-ZÀ-Þ][\w'’-]*(?: [A-ZÀ-Þ][\w'’-]*){1,3})"
_EMAIL = r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"
_LEADS = r"(?:my (?:full )?name(?:'?s| is)|i'?m|i am|this is|it'?s|name'?s)\s+"
_GREETING = r"(?:(?:hi|hello|hey|good (?:morning|afternoon|evening))\b\W*)?"
_CODE = r"(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"
"""A postcode that is known by its shape: an American or a British one."""
_ANY_CODE = r"(?=[A-Z]{0,2}\d)[A-Z\d]{2,6}(?: ?\d[A-Z]{2})?"
_ZIP = r"(?:(?:and |with )?(?:my |the )?(?:zip(?: ?code)?|post ?code)(?: is|:)?\s*)"
_NAMED = re.compile(
    rf"^\W*{_GREETING}(?:(?:{_LEADS})?{_WORDS}(?: here)?(?:[,.!;]\s*|\s+){_ZIP}{_ANY_CODE}"
    rf"|{_LEADS}{_WORDS}(?: here)?(?:[,.!;]\s*|\s+){_CODE}"
    rf"|{_CAPITALS}(?: here)?(?:[,.!;]\s*|\s+){_CODE})[.,!;:]*\s+(?:[-–]\s+)?(?=\S)"
    rf"|^\W*{_GREETING}"
    rf"(?:{_LEADS}{_CAPITALS}(?: here)?(?:[,;]?\s+(?:(?:and )?my e-?mail(?: address)?(?: is|:)?\s*)?{_EMAIL})?"
    rf"|{_CAPITALS}[,;]?\s+{_EMAIL})[,.!;:]+\s+(?=\S)"
    rf"|^(?=.*[\u4e00-\u9fff])\W*(?:(?:你好|您好|在吗)[，,！!\s]*)?我(?:是|叫)"
    r"(?:[A-Za-z]+(?: [A-Za-z]+){1,3}|[\u4e00-\u9fff]{2,4})"
    rf"[，,\s]*(?:邮箱[是:：\s]*)?{_EMAIL}[，,。;；\s]+(?=\S)"
    r"|^(?=.*[\u4e00-\u9fff])\W*(?:(?:你好|您好|在吗)[，,！!\s]*)?(?:我(?:是|叫)|姓名[:：]?)?\s*"
    r"(?:[A-Za-z]+(?: [A-Za-z]+){1,3}|(?!.{0,3}[查订单号])[\u4e00-\u9fff]{2,4}(?=[，,\s]*邮编))"
    r"[，,\s]*(?:邮编)?[是:：\s]*\d{5,6}[，,。;；\s]+(?=\S)",
    re.IGNORECASE,
)
"""A name with a postcode or an e-mail address, or with words that lead to it, before something else."""
_ONLY_NAME = re.compile(rf"\W*(?:{_LEADS})?{_CAPITALS}\W*", re.IGNORECASE)


def introduction_end(text: str) -> int:
    """Where the words end that say who asks; 0 where `text` does not begin with them, or is nothing else."""
    said = _NAMED.match(text)
    return said.end() if said is not None and not DOES.search(said.group()) else 0


def only_names(clause: str) -> bool:
    """Whether a clause is nothing but somebody's name."""
    return _ONLY_NAME.fullmatch(clause) is not None and not DOES.search(clause)
