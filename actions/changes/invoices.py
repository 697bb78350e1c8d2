"""Tax invoices (发票): one for an order, its state, and another in the place of one that is wrong (重开)."""

from __future__ import annotations

import re
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
_EMAIL: Final = re.compile(r"[^@\s，,；;：:（）()]+@[^@\s，,；;：:（）()]+\.[A-Za-z0-9]+")
_TAX_NUMBER: Final = re.compile(
    r"(?<![A-Za-z0-9])(?=(?:[A-Za-z./-]*\d){6})[A-Za-z]{0,2}[0-9A-Za-z./-]{8,22}(?![A-Za-z0-9])"
)
_GIVEN_TAX_NUMBER: Final = re.compile(
    r"(?:\b(?:vat|tax)(?: (?:reg\w*|number|no\.?|id))*|税号|识别号)\s*(?:is|是|为|[:：=])?\s*"
    r"(?P<number>[A-Za-z]{0,2}\d[0-9A-Za-z]{5,})",
    re.IGNORECASE,
)
_TITLE_GIVEN: Final = re.compile(r"抬头|公司|\bcompany\b|made out to|make it out to", re.IGNORECASE)
_LABELS: Final = re.compile(
    r"\b(?:the |our |my )?(?:company(?: name)?|name|title|(?:vat|tax) ?(?:number|no\.?|id)?|is|e-?mail(?: address)?|and"
    r"|made out to|make it out to|please)\b\s*[:：]?"
    r"|(?:公司|单位|企业|发票)?抬头|公司(?:名称|名字)?(?=[是：:])|纳税人识别号|税号|邮箱|名称|[是为]?[:：]",
    re.IGNORECASE,
)
_EDGES: Final = " \t\n,，;；.。:：、-–"
_MASKED: Final = "–"


def read_buyer(text: str) -> dict[str, str]:
    """Title, tax number and e-mail address out of the answer to "who shall it be made out to?"."""
    found: dict[str, str] = {}
    if email := _EMAIL.search(text):
        found["email"] = email.group()
        text = text.replace(email.group(), ",")
    if number := _TAX_NUMBER.search(text):
        found["tax_number"] = re.sub(r"[\s./-]", "", number.group()).upper()
        text = text.replace(number.group(), ",")
    parts = [_LABELS.sub(" ", part).strip(_EDGES) for part in re.split(r"[\n,，;；]", text)]
    if title := max(parts, key=len, default=""):
        found["title"] = re.sub(r"\s+", " ", title)[:200]
    return found


class _Invoice(ChangeKind):
    """What asking for an invoice and asking for another one share."""

    states: ClassVar[frozenset[OrderState]] = _PAID
    questions = frozenset({"invoice_type", "invoice_buyer"})
    names = frozenset({"invoice_buyer"})

    def takes_over(self, other: ChangeKind) -> bool:
        """Never: it waits for a change that is being made."""
        return isinstance(other, _Invoice)

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """Whom it is for; title, tax number and address where they were asked for."""
        asked = str(request.question.get("slot") or "")
        if asked == "invoice_buyer":
            request.extras.update(read_buyer(text))
            return
        if _GIVEN_TAX_NUMBER.search(text):
            buyer = read_buyer(text)
            if not (asked and _TITLE_GIVEN.search(text)):
                # Beside the request itself the longest part is a sentence, and no company.
                buyer.pop("title", None)
            request.extras.update(buyer, type="company")
        if _WRONG.search(text):
            request.kind = CorrectInvoice.key
        if email := _EMAIL.search(text):
            request.extras["email"] = email.group()
        if _COMPANY.search(text):
            request.extras["type"] = "company"
        elif _PERSONAL.search(text):
            request.extras["type"] = "personal"

    def names_no_order(self, text: str, number: str) -> bool:
        """A tax number."""
        given = _GIVEN_TAX_NUMBER.search(text)
        return given is not None and given["number"].casefold() in number.casefold()

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


class RequestInvoice(_Invoice):
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


class CorrectInvoice(_Invoice):
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
