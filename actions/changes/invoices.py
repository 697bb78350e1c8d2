"""Tax invoices (发票): one for an order, its state, and another in the place of one that is wrong (重开)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from actions.changes.kind import ChangeKind, given
from actions.changes.records import Records
from actions.changes.request import ChangeRequest
from shopdesk_schemas.crm import OrderState
from shopdesk_schemas.documents import InvoiceView

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

_PAID: Final[frozenset[OrderState]] = frozenset({"approved", "invoiced", "processing", "shipped", "delivered"})
_COMPANY: Final = re.compile(
    r"\bcompan(?:y|ies)\b|\bbusiness\b|\bfirm\b|\bemployer|\bvat\b|\btax (?:number|id)"
    r"|公司|企业|单位|专票|专用发票|税号",
    re.IGNORECASE,
)
_PERSONAL: Final = re.compile(r"\bpersonal\b|\bprivate\b|\bmyself\b|\bown name\b|个人|私人", re.IGNORECASE)
_WRONG: Final = re.compile(
    r"\bwrong\b|\bcorrect|\bre-?issue|\bredo\b|\bmis-?spel|\bmistake|another name|\bchange\b|\bdifferent\b|issued again"
    r"|重开|重新开|开错|错了|写错|填错|换个抬头|改抬头|修改|能改",
    re.IGNORECASE,
)
_EMAIL: Final = re.compile(r"(?<![^@\s，,；;：:（）()])[^@\s，,；;：:（）()]+@[^@\s，,；;：:（）()]+\.[A-Za-z0-9]+")
_TAX_NUMBER: Final = re.compile(
    r"(?<![A-Za-z0-9])(?=(?:[A-Za-z./-]*\d){6})[A-Za-z]{0,2}[0-9A-Za-z./-]{8,22}(?![A-Za-z0-9])"
)
_GIVEN_TAX_NUMBER: Final = re.compile(
    r"(?:\b(?:vat|tax)(?: (?:reg\w*|number|no\.?|id))*|税号|识别号)\s*(?:is|是|为|[:：=])?\s*"
    r"(?P<number>[A-Za-z]{0,2}\d[0-9A-Za-z]{5,})",
    re.IGNORECASE,
)
_CREDIT_CODE: Final = re.compile(
    r"(?<![A-Za-z0-9])(?=[0-9A-Z]*[0-9]{6})[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![A-Za-z0-9])",
    re.IGNORECASE,
)
"""A company's number in China (GB 32100-2015), which nothing else looks like."""
_VAT_NUMBER: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{8,12}(?![A-Za-z0-9])")
"""A number of that shape beside a company's name is its number too."""
_FIRM: Final = re.compile(
    r"\A(?:"
    r".{2,120}(?:公司|集团|事务所|工作室|研究[院所]|设计院|医院|大学|学院|学校|幼儿园|合作社|商行|经营部|协会|基金会)"
    r"|.{2,120} (?:ltd|limited|llc|inc|incorporated|gmbh|plc|corp|corporation|llp|s\.?a|b\.?v|ag|sarl|pty ltd"
    r"|& co|co)\.?"
    r")",
    re.IGNORECASE,
)
"""A whole part of a message that is the name of a company."""
_NO_FIRM: Final = re.compile(
    r"(?:^|[开写填要是为的用])(?:[一张个份家]*)(?:我们?|你们?|贵|这家?|那家?|一家)?(?:的)?公司$"
)
"""A company that is spoken of, without its name: 开公司, 我们公司."""
_TITLE_GIVEN: Final = re.compile(
    r"^.*?(?:抬头|公司(?:名称|名字|全称)|单位(?:名称|名字)|开票人|(?:名字|姓名)(?=[\s是叫写：:]|[\u4e00-\u9fff]{2,4}(?:\s|$))"
    r"|\bcompany name\b|\bmade out to\b|\bmake it out to\b|\bin the name of\b|\bname on (?:it|the invoice)\b"
    r"|\btitle (?=is\b|should\b|to\b))"
    r"\s*(?:(?:应该|直接|就)?(?:写成?|填|开成?|是|为|叫|用|is|should be|to)|[:：=])*\s*(?P<title>.+)$",
    re.IGNORECASE,
)
_KIND_ONLY: Final = re.compile(
    r"\A(?:"
    r"(?:(?:是|写|开|用|an?|my|our|the|us|me|we)\s*)*(?:个人|私人|公司|单位|企业|personal|company|business|me|us|myself)"
    r"(?:的|吧|name)?"
    r")",
    re.IGNORECASE,
)
"""What an invoice is made out to where only its kind is said."""
_BEFORE_NAME: Final = re.compile(
    r"^(?:[\s:：]|不对|错了?|应该|只要|只|就|写成?|开成?|填|个人|私人|的?名字|的?姓名|抬头|改成|换成|改为|是|叫|为|用)*+"
)
"""The sentence between 抬头 and a person's name."""
_AFTER_NAME: Final = re.compile(
    r"\s+(?:[\u4e00-\u9fff]*(?:这是|那是|不是|才是|[单订]单?的?$|那个|就行|谢谢).*)$"
    r"|\s+(?:for (?:the|my|that|this|order)|on (?:the|my|that|order)|not|instead|rather|please|pls|thanks)\b.*$",
    re.IGNORECASE,
)
"""What follows a name and is none of it: "曹梅 杯子那单的", "Priya Patel for the lamp order"."""
_NOBODY: Final = re.compile(
    r"(?:an? )?(?:private|personal|natural)(?: (?:person|name|individual))?|an? (?:person|individual)|me personally"
    r"|[\s]*(?:不对|错了?|这个|那个|个人|私人|我|自己|本人|我自己|我的?名字)[\s]*",
    re.IGNORECASE,
)
_BARE_NAME: Final = re.compile(r"[\u4e00-\u9fff·]{2,4}|[A-ZÀ-Ý][\w'’À-ÿ.-]*(?: [A-ZÀ-Ýa-z][\w'’À-ÿ.-]*){0,4}")
_LABELS: Final = re.compile(
    r"\b(?:the |our |my )?(?:company(?: name)?|name|title|(?:vat|tax) ?(?:number|no\.?|id)?|is|e-?mail(?: address)?|and"
    r"|made out to|make it out to|please)\b\s*[:：]?"
    r"|(?:公司|单位|企业|发票)?抬头|公司(?:名称|名字)?(?=[是：:])|纳税人识别号|税号|邮箱|名称|[是为]?[:：]",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(
    r"^(?:(?:please|it'?s|it is|we are|for|to|make it out to|the|my|our)\s+)+"
    r"|^(?:请|就|帮我|麻烦|给|开给|开成?|写成?|用|填|我们?\s*(?:是|叫)|是|叫)+",
    re.IGNORECASE,
)
"""What stands before a company's name."""
_EDGES: Final = " \t\n,，;；.。:：、-–"
_NO_NUMBER: Final = re.compile(
    r"\b(?:leave|skip|drop|without|no|don['’]?t have|haven['’]?t got|have no|not got)\b[^.,;!?]{0,24}\b(?:vat|tax|number)\b|没有?税号|税号(?:没有|不要|不填|不用)",  # noqa: E501
    re.IGNORECASE,
)
"""There is no tax number, or it is left off."""
_MASKED: Final = "–"


def read_buyer(text: str) -> dict[str, str]:
    """Title, tax number and e-mail address out of the answer to "who shall it be made out to?"."""
    found, parts = _without_numbers(text, _TAX_NUMBER)
    cleaned = [_LABELS.sub(" ", part).strip(_EDGES) for part in parts]
    if title := _title(parts) or max(cleaned, key=len, default=""):
        found["title"] = re.sub(r"\s+", " ", title)[:200]
    return found


def buyer_told(text: str) -> dict[str, str]:
    """The same out of a message that says something else too: only what is named so, or looks like nothing else."""
    title = _title(_without_numbers(text, _TAX_NUMBER)[1])
    number = _told_number(text)
    told = {"title": re.sub(r"\s+", " ", title)[:200]} if title else {}
    return told | ({"tax_number": _plain(number)} if number else {})


def _told_number(text: str) -> str:
    """The tax number of a message that may hold others; empty where nothing says that one is."""
    if given := _GIVEN_TAX_NUMBER.search(text):
        return given["number"]
    if code := _CREDIT_CODE.search(text):
        return code.group()
    vat = _VAT_NUMBER.search(text)
    return vat.group() if vat and _title(_without_numbers(text, _TAX_NUMBER)[1]) else ""


def _without_numbers(text: str, tax_number: re.Pattern[str]) -> tuple[dict[str, str], list[str]]:
    """Address and tax number of a message, and the parts of the rest."""
    found: dict[str, str] = {}
    if email := _EMAIL.search(text):
        found["email"] = email.group()
        text = text.replace(email.group(), ",")
    if number := tax_number.search(text):
        found["tax_number"] = _plain(number.group())
        text = text.replace(number.group(), ",")
    return found, re.split(r"[\n,，;；。]", text)


def _title(parts: Sequence[str]) -> str:
    """The part that is called a title, or that is the name of a company; empty where none is."""
    for part in parts:
        given = _TITLE_GIVEN.match(part)
        title = _named(_LABELS.sub(" ", given["title"]).strip(_EDGES)) if given else ""
        if len(title) > 1 and not _KIND_ONLY.fullmatch(title):
            return title
    for part in parts:
        title = _LEAD.sub("", _LABELS.sub(" ", part).strip(_EDGES))
        if _FIRM.fullmatch(title) and not _NO_FIRM.search(title):
            return title
    return ""


def _named(title: str) -> str:
    """A title without the sentence around a name; empty where nobody is named. A company's name stays as it is."""
    if _FIRM.fullmatch(title) and not _BEFORE_NAME.match(title)[0]:  # type: ignore[index]
        return title
    name = _AFTER_NAME.sub("", _BEFORE_NAME.sub("", title)).strip(_EDGES)
    return "" if _NOBODY.fullmatch(name) else name


def _personal_name(text: str) -> str:
    """The bare name behind "a personal one, …"; empty where there is none."""
    last = re.split(r"[\s,，;；。]", text.strip(_EDGES))[-1]
    return (
        last if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", last) and not re.search(r"发票|税号|个人|[吧了的]", last) else ""
    )


def _plain(number: str) -> str:
    return re.sub(r"[\s./-]", "", number).upper()


class Invoice(ChangeKind):
    """What asking for an invoice and asking for another one share."""

    states: ClassVar[frozenset[OrderState]] = _PAID
    questions = frozenset({"invoice_type", "invoice_buyer", "revision"})
    names = frozenset({"invoice_buyer"})

    def takes_over(self, other: ChangeKind) -> bool:
        """Never: it waits for a change that is being made."""
        return isinstance(other, Invoice)

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """Whom it is for; title, tax number and address where they were asked for."""
        asked = str(request.question.get("slot") or "")
        if asked == "invoice_buyer":
            if request.kind == RequestInvoice.key and (_NO_NUMBER.search(text) or _PERSONAL.search(text)):
                # Without a number it is no company's; the name that was given stays.
                request.extras["type"] = "personal"
                request.extras.pop("tax_number", None)
                if name := _personal_name(text):
                    request.extras["title"] = name
                return
            request.extras.update(read_buyer(text))
            return
        if buyer := buyer_told(text):
            request.extras.update(buyer)
            if "tax_number" in buyer or _FIRM.fullmatch(buyer["title"]):
                request.extras["type"] = "company"
        if _WRONG.search(text) and not request.proposals:
            # What is wrong with an offer is no invoice yet.
            request.kind = CorrectInvoice.key
        if email := _EMAIL.search(text):
            request.extras["email"] = email.group()
        if _COMPANY.search(text):
            request.extras["type"] = "company"
        elif _PERSONAL.search(text):
            request.extras["type"] = "personal"

    def answered(self, text: str, request: ChangeRequest) -> None:
        """A name alone, said to what should be different, is the one on the invoice."""
        name = _named(text.strip(_EDGES))
        if request.extras.get("type") and (_BARE_NAME.fullmatch(name) or _FIRM.fullmatch(name)):
            request.extras["title"] = name

    def names_no_order(self, text: str, number: str) -> bool:
        """A tax number, or a phone number."""
        told = _told_number(text)
        return (bool(told) and _plain(told) in _plain(number)) or super().names_no_order(text, number)

    def order_words(self, text: str) -> str:
        """Without the buyer's name, number and address, which name no goods whatever they resemble."""
        told = [buyer_told(text).get("title", ""), _told_number(text)]
        for words in [*told, *_EMAIL.findall(text)]:
            text = text.replace(words, " ") if words else text
        return text

    def goods_words(self, text: str) -> str:
        """The same."""
        return self.order_words(text)

    def read_wrongly(self, dialogue: ChangeDialogue) -> bool:
        """The tax number is none: it is asked for anew."""
        if "tax_number" not in dialogue.request.extras:
            return False
        number = dialogue.request.extras.pop("tax_number")
        dialogue.ask("invoice_buyer", "invoice.tax_number_wrong", {}, number=number)
        return True

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `invoice.request` and `invoice.correct`."""
        extras = request.extras
        return given(
            order=order,
            type=extras.get("type"),
            title=extras.get("title"),
            tax_number=extras.get("tax_number") if extras.get("type") != "personal" else None,
            email=extras.get("email"),
        )


class RequestInvoice(Invoice):
    """The invoice of an order; where there is one already, how far it is."""

    key = "invoice"
    name = "invoice.request"
    intents = frozenset({"ask_invoice"})

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """For a person or a company; a company's name and tax number."""
        request = dialogue.request
        number = request.orders[0]
        standing = await _standing(dialogue, number)
        if standing is not None:
            _tell(dialogue, standing)
            return
        if "type" not in request.extras:
            kinds = {
                f"extra=type:{kind}": dialogue.wording.say(f"changes.invoice.{kind}")
                for kind in ("personal", "company")
            }
            dialogue.ask("invoice_type", "invoice.type", kinds, order=number)
            return
        missing = {"title", "tax_number"} - set(request.extras)
        if request.extras["type"] == "company" and missing:
            key = "buyer" if len(missing) > 1 else missing.pop()
            dialogue.ask("invoice_buyer", f"invoice.{key}", {}, order=number)


class CorrectInvoice(Invoice):
    """Another invoice in the place of a wrong one."""

    key = "correct_invoice"
    name = "invoice.correct"

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """What should stand on it."""
        request = dialogue.request
        if not {"title", "tax_number", "email"} & set(request.extras):
            dialogue.ask("invoice_buyer", "invoice.correction", {}, order=request.orders[0])


async def _standing(dialogue: ChangeDialogue, number: str) -> InvoiceView | None:
    """The order's invoice that is asked for or issued."""
    invoices = (await dialogue.desk.crm.invoices(dialogue.turn.conversation_id)).invoices
    good = [each for each in invoices if each.order_number == number and each.state not in ("failed", "voided")]
    return good[0] if good else None


def _tell(dialogue: ChangeDialogue, invoice: InvoiceView) -> None:
    """How far an invoice is, over how much and for whom."""
    wording = dialogue.wording
    zone = dialogue.policies.shop.timezone
    moment = invoice.sent_at or invoice.issued_at or invoice.requested_at
    amount = wording.money(invoice.amount_minor, invoice.currency).text
    told = [
        wording.say(
            f"orders.invoice.{invoice.state}",
            order=invoice.order_number,
            amount=amount,
            day=wording.day_of(moment, zone),
            number=invoice.number or _MASKED,
        )
    ]
    if invoice.title:
        key = "title_and_number" if invoice.tax_number else "title"
        told.append(wording.say(f"orders.invoice.{key}", title=invoice.title, tax_number=invoice.tax_number or ""))
    if invoice.email and invoice.state != "requested":
        told.append(wording.say("orders.invoice.email", email=invoice.email))
    buttons = None
    if invoice.state in ("issued", "sent"):
        payload = f'/ask_invoice{{"order_number": "{invoice.order_number}", "choice": "correct"}}'
        buttons = [{"title": wording.say("changes.alternative.correct_invoice"), "payload": payload}]
    dialogue.say("utter_order_facts", answer=wording.sentences(*told), buttons=buttons)
    dialogue.touched.append(invoice.order_number)
    dialogue.finish()
