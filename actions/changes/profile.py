"""A shopper's profile: name, language, e-mail address, phone number, and the addresses of their book."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from actions.changes.account import AccountKind
from actions.changes.just_done import last_done
from actions.changes.kind import AccountProposal
from actions.changes.on_file import changed_on_file
from actions.changes.records import Records, address_candidate, address_of
from actions.changes.request import ChangeRequest
from actions.crm_client import CrmNotFound
from actions.desk import Desk, Turn, last_action
from actions.resolver import parse_address, read_recipient, resolve_address
from actions.resolver.saved_addresses import by_label
from actions.resolver.vocabulary import read

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

CONTACT: Final = "account.contact"
"""What the CRM calls the change of an e-mail address or a phone number."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_LANGUAGES = {
    "zh": re.compile(r"\bchinese\b|\bmandarin\b|中文|汉语|普通话", re.IGNORECASE),
    "en": re.compile(r"\benglish\b|英文|英语", re.IGNORECASE),
    "de": re.compile(r"\bgerman\b|德语|德文", re.IGNORECASE),
    "fr": re.compile(r"\bfrench\b|法语|法文", re.IGNORECASE),
    "es": re.compile(r"\bspanish\b|西班牙语", re.IGNORECASE),
}
_NAME = r"((?-i:[A-ZÀ-Ý])[\w'À-ÿ.-]*(?: (?-i:[A-ZÀ-Ý])[\w'À-ÿ.-]*){0,3})"
_BE = r"(?:(?: on (?:my|the) \w+)?\s*(?:is now|is|to be|to|should be|into|as|:|=)\s*)"
_SURNAME = re.compile(rf"\b(?:surname|last name|family name|married name|maiden name)\b.*?{_BE}{_NAME}", re.IGNORECASE)
_GIVEN = re.compile(
    rf"\b(?:first|given|fore)[ -]?name\b.*?{_BE}{_NAME}|\bcall me {_NAME}|叫我([\u4e00-\u9fff]{{1,4}})", re.IGNORECASE
)
_FULL = re.compile(
    rf"\bname\b.*?{_BE}{_NAME}|\bi'?m called {_NAME}"
    r"|(?:名字|姓名|昵称)(?:是|叫|改成|改为|换成|应该是|：|:)+\s*"
    r"([\u4e00-\u9fff]{2,4}?|[A-Za-z]+(?: [A-Za-z]+){0,2})(?=$|[\s，,。；！!吧了])"
    r"|我(?:现在)?(?:改名)?叫([\u4e00-\u9fff]{2,4}?)(?=$|[\s，,。；！!了])",
    re.IGNORECASE,
)
_PARTS = {
    "birthday": re.compile(r"\bbirth ?(?:day|date)\b|\bdate of birth\b|\bdob\b|\bborn\b|生日|出生", re.IGNORECASE),
    "email": re.compile(r"\be-?mail\b|邮箱|邮件|电邮", re.IGNORECASE),
    "phone": re.compile(r"\bphone\b|\bmobile\b|\bcell\b|\bnumber\b|电话|手机|号码", re.IGNORECASE),
    "language": re.compile(r"\blanguage\b|语言", re.IGNORECASE),
    "name": re.compile(r"\bname\b|\bsurname\b|名字|姓名|昵称", re.IGNORECASE),
}
_MAY_BE_NAME = re.compile(r"[^\d?？@:：,，。；;!！]{1,60}")
"""A name has no figures and is no sentence."""
_ADDRESS = re.compile(r"\baddress(?:es)?\b(?! ?(?:is )?\S*@)|\baddress book\b|地址|住址|住所", re.IGNORECASE)
_MAIL_ADDRESS = re.compile(r"\be-?mail address(?:es)?\b|邮箱地址|邮件地址|电邮地址", re.IGNORECASE)
_REMOVED = re.compile(r"\b(?:remove|delete|get rid of|take out|erase)\b|删|去掉|移除", re.IGNORECASE)
_DEFAULT = re.compile(r"\b(?:default|main|primary|standard)\b|默认|常用|首选", re.IGNORECASE)
_KEPT = re.compile(
    r"\b(?:add|save|store|keep|put)\b[^,.;!?]{0,30}\b(?:address(?:es)?|it|that|this)\b"
    r"[^.;!?]{0,20}\b(?:account|profile|address book|file)\b"
    r"|\b(?:add|save|store)\b (?:an?|the|this|that|my|another)?"
    r"(?: (?:new|other|second|delivery|shipping|home|work|office))* ?address\b"
    r"(?!.{0,30}\border\b)|\baddress book\b|\b(?:default|main|primary|standard|usual) address\b"
    r"|\b(?:my |the )?(?:account|profile)(?:'s)? address\b|\baddress (?:on|in|of) my (?:account|profile)\b"
    r"|\bfor my (?:account|profile|address book)\b"
    r"|\bas my (?:new )?(?:default|main|primary|home) ?(?:address)?\b"
    r"|(?:加|新增|添加|增加|存|保存|录入?)(?:[一1]?个|[一1]?下)?(?:新的?)?(?:收货)?地址|地址(?:帮我)?(?:存|保存)(?:着|一?下|起来|到)"
    r"|存(?:着|起来|[到进在](?:我的?)?(?:账户|账号|地址簿))|(?:账户|账号|帐户|帐号|地址簿|个人资料)(?:里|上|中)?(?:面)?的?(?:收货)?地址"
    r"|(?:账户|账号|帐户|地址簿)里?(?:也)?[^，。]{0,4}(?:存|加|新增|添加|保存|改|换)|默认(?:收货)?地址|[设改]为默认",
    re.IGNORECASE,
)
"""An address is to be kept in the book."""
_NO_ORDER = re.compile(
    r"\bnot? (?:for |on |of |about |to )?(?:the |an |my |this |that )?order\b|\bnot the order'?s?\b"
    r"|不是(?:改|要改)?(?:这个|这)?(?:订单|单子?)|跟订单(?:没关系|无关)|不用?[改动]订单|别[改动]订单",
    re.IGNORECASE,
)
_HOUSE_MOVED = re.compile(
    r"\b(?:mov(?:ed|ing) (?:house|home|flat|in)|(?:i|we)(?:'ve| have)?(?: just)? moved|new (?:flat|house|home|place))\b"
    r"|\bfrom now on\b|\ball (?:my )?future orders\b|搬家|搬到|搬了|以后(?:都|的订单)",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:that|it|this|same|the new|new address|to there|there)\b|这个|那个|刚才|刚刚|新的?地址|上面|它|该地址",
    re.IGNORECASE,
)
"""The address that was just spoken of."""
_LABEL = re.compile(
    r"\b(?:label(?:led)?(?: it)?(?: as)?:?|call it|save (?:it|this|that) as|named?:?) "
    r"[\"'“]?(?P<en>(?!(?:my|the|a|default)\b)[A-Za-z][\w-]{1,19})"
    r"|标签(?:是|为|叫|写|：|:)*(?P<zh>[\u4e00-\u9fff]{1,6}|[A-Za-z]{2,12})",
    re.IGNORECASE,
)
_ADDED = re.compile(r"\b(?:add|save|store|new|moved|put)\b|加|新增|新的|保存|存|搬", re.IGNORECASE)


class ChangeProfile(AccountKind):
    """Name, language, e-mail address and phone number."""

    key = "profile"
    name = "account.profile"
    intents = frozenset({"change_profile"})
    questions = frozenset({"profile"})

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """What is to be different; an address of the book is a change of its own."""
        spoken = _MAIL_ADDRESS.sub(" email ", text)
        if _ADDRESS.search(spoken) and not _EMAIL.search(text):
            request.kind, request.extras = BookAddress.key, {}
            _BOOK.read(text, request, records)
            return
        found = _profile_pieces(text)
        request.extras.update(found)
        part = next((name for name, words in _PARTS.items() if words.search(text)), None)
        if part is not None and not found:
            request.extras.setdefault("part", part)

    def answered(self, text: str, request: ChangeRequest) -> None:
        """A name alone; whatever else there is was read by its form."""
        words = text.strip().strip(".。!！\"“”'")
        if request.extras.get("part", "name") == "name" and _MAY_BE_NAME.fullmatch(words):
            request.extras["name"] = words

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """For what is to be different."""
        extras = dialogue.request.extras
        if extras.get("part") == "birthday" and not extras.keys() - {"part"}:
            # The CRM takes birthdays from the shop's own data alone.
            dialogue.say("utter_change_refused", why=dialogue.wording.say("changes.birthday_not_kept"))
            dialogue.offers_person = True
            dialogue.finish()
            return
        if not extras.keys() - {"part"}:
            dialogue.ask("profile", f"profile.{extras.get('part', 'any')}", {})

    async def proposals(self, dialogue: ChangeDialogue) -> Sequence[AccountProposal]:
        """Of what people are called, and of where they are reached."""
        extras = {name: value for name, value in dialogue.request.extras.items() if name != "part"}
        surname = extras.pop("surname", None)
        if surname is not None:
            profile = await dialogue.desk.crm.profile(dialogue.turn.conversation_id)
            given_name = profile.given_name or (profile.name or "").split(" ")[0]
            extras["name"] = f"{given_name} {surname}".strip()
        contacts = contacts_of(extras)
        first = dict(list(contacts.items())[:1])  # one is proven before the next is asked for
        others = {name: value for name, value in extras.items() if name not in contacts}
        given: tuple[tuple[str, dict[str, Any]], ...] = ((self.name, others), (CONTACT, first))
        return [AccountProposal(name, details) for name, details in given if details]


def contacts_of(extras: Mapping[str, str]) -> dict[str, str]:
    """The new contacts among what is to be different, in the order in which they are proven."""
    return {name: extras[name] for name in ("email", "phone") if name in extras}


def _profile_pieces(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if emails := _EMAIL.findall(text):
        found["email"] = emails[-1].rstrip(".")
    rest = _EMAIL.sub(" ", text)
    if phone := read_recipient(rest).phone:
        found["phone"] = phone
    for name, pattern in (("surname", _SURNAME), ("given_name", _GIVEN), ("name", _FULL)):
        said = pattern.search(rest)
        if said is not None:
            found[name] = next(group for group in said.groups() if group).strip(" .")
            break
    if _PARTS["language"].search(text) or re.search(r"用(?:中文|英文)|\bin (?:chinese|english)\b", text, re.IGNORECASE):
        spoken = [(match.start(), code) for code, words in _LANGUAGES.items() if (match := words.search(text))]
        if spoken:
            found["language"] = max(spoken)[1]
    return found


class BookAddress(AccountKind):
    """An address of the address book: another one, one less, or the one that is usual."""

    key = "book_address"
    name = "account.address.add"
    moves = True
    questions = frozenset({"book_address"})

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """What is to happen to which."""
        if _replaces(text):
            request.extras["do"] = "replace"
        elif _REMOVED.search(text):
            request.extras["do"] = "remove"
        elif _ADDED.search(text):
            request.extras["do"] = "add"
        elif _DEFAULT.search(text):
            request.extras["do"] = "default"
        if _DEFAULT.search(text) or _HOUSE_MOVED.search(text):
            request.extras["is_default"] = "yes"
        if (label := _LABEL.search(text)) is not None:
            request.extras["label"] = (label["en"] or label["zh"]).capitalize()

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """For the address: one of the book, or a new one. The newest words count."""
        request = dialogue.request
        book = await dialogue.records.addresses()
        if (dialogue.chosen or "").startswith("extra=address:"):
            return
        if request.extras.get("do", "add") == "replace":
            await _replace(dialogue, book)
            return
        if request.extras.get("do", "add") == "add" and _is_whole(request.address):
            return
        wanted = request.extras.get("do", "add")
        for text in (dialogue.turn.text, request.text):
            found = resolve_address(
                # "Make that my default address" means no address that is the default already.
                _DEFAULT.sub(" ", text) if wanted != "remove" else text,
                [address_candidate(each) for each in book],
                country=dialogue.policies.shop.country,
                focus=dialogue.focus,
                today=dialogue.records.today,
            )
            if found.status == "one" and found.first.source != "typed" and wanted != "add":
                request.extras["address"] = found.first.key
            elif found.status == "one" and found.first.source == "typed" and wanted != "remove":
                request.extras["do"] = "add"
                return
            if "address" in request.extras:
                return
        if wanted != "remove" and await _just_used(dialogue):
            return
        if wanted == "add":
            dialogue.ask("book_address", "book_address.typed", {})
            return
        choices = {f"extra=address:{each.id}": address_words(each) for each in book}
        dialogue.ask("book_address", f"book_address.{wanted}", choices)

    async def proposals(self, dialogue: ChangeDialogue) -> Sequence[AccountProposal]:
        """One."""
        extras, wanted = dialogue.request.extras, dialogue.request.extras.get("do", "add")
        default = {"is_default": True} if extras.get("is_default") else {}
        if wanted == "remove":
            return [AccountProposal("account.address.remove", {"address": extras["address"]})]
        if wanted == "default":
            return [AccountProposal("account.address.change", {"address": extras["address"], "is_default": True})]
        address = {name: value for name, value in dialogue.request.address.items() if name != "note"}
        if wanted == "replace":
            return [AccountProposal("account.address.change", {"address": extras["address"], **address})]
        label = {"label": extras["label"]} if "label" in extras else {}
        return [AccountProposal(self.name, {**address, **label, **default})]


_BOOK = BookAddress()


def _is_whole(address: Mapping[str, str]) -> bool:
    return bool(address.get("line1") and address.get("city"))


def _replaces(text: str) -> bool:
    """Whether an address on file becomes another one; the usual address is made so beside those that there are."""
    kept = changed_on_file(text)
    return bool(kept) or (kept == "" and _DEFAULT.search(text) is None)


async def _replace(dialogue: ChangeDialogue, book: Sequence[Any]) -> None:
    """What the address of the book that is called so becomes: the place told now, or the one an order was just sent to.

    Where the book has none of that name, the place is added under it.
    """
    request, texts = dialogue.request, (dialogue.turn.text, dialogue.request.text)
    kept = next((kind for text in texts if (kind := changed_on_file(text))), "default")
    found = by_label(kept, [address_candidate(each) for each in book])
    old = next((each for each in book if found and found.status == "one" and each.id == found.first.key), None)
    new = await _new_place(dialogue, old)
    if new is None:
        request.address = {}
        dialogue.ask("book_address", "book_address.typed", {})
    elif old is None:
        request.address, request.extras["do"] = new, "add"
        if kept != "default":
            request.extras.setdefault("label", kept.capitalize())
    else:
        request.address, request.extras["address"] = new, old.id


async def _new_place(dialogue: ChangeDialogue, old: Any) -> dict[str, str] | None:
    request, done = dialogue.request, last_done(dialogue.turn)
    sent: dict[str, str] = {}
    if done.get("kind") == "address" and done.get("order"):
        try:
            sent = address_of(await dialogue.records.order(done["order"]))
        except CrmNotFound:
            sent = {}
    typed = parse_address(dialogue.turn.text) or parse_address(request.text)
    street = typed.lines[0].casefold() if typed is not None and typed.lines else ""
    for place in (request.address, sent):
        fits = not street or place.get("line1", "").casefold() == street
        if _is_whole(place) and fits and not (old is not None and _same_place(old, place)):
            return dict(place)
    return None


async def _just_used(dialogue: ChangeDialogue) -> bool:
    """Takes the place of the order spoken of last for one pointed at ("make that my default"); whether it did."""
    request, number = dialogue.request, next(iter(dialogue.focus.orders), None)
    if number is None or not _POINTS.search(f"{request.text}\n{dialogue.turn.text}"):
        return False
    try:
        place = address_of(await dialogue.records.order(number))
    except CrmNotFound:
        return False
    if not _is_whole(place):
        return False
    kept = next((each for each in await dialogue.records.addresses() if _same_place(each, place)), None)
    if kept is not None and request.extras.get("is_default"):
        request.extras |= {"do": "default", "address": kept.id}
    else:
        request.address, request.extras["do"] = place, "add"
    return True


def _same_place(address: Any, place: Mapping[str, str]) -> bool:
    names = ("line1", "city", "postcode")
    return all((getattr(address, name) or "").casefold() == place.get(name, "").casefold() for name in names)


def keeps_in_book(text: str) -> bool:
    """Whether an address is to be kept in the address book, or be its default."""
    return _KEPT.search(text) is not None or changed_on_file(text) is not None


def is_default(text: str) -> bool:
    """Whether an address is to be the one that is usual."""
    return _DEFAULT.search(text) is not None


def for_the_book_alone(text: str) -> bool:
    """Whether it is said that no order is meant, but the address book: 不是改订单 是新地址存着."""
    return _NO_ORDER.search(text) is not None and (keeps_in_book(text) or _ADDRESS.search(text) is not None)


def moved_house(text: str) -> bool:
    """Whether a shopper lives elsewhere now: all open orders go there, and those to come."""
    return _HOUSE_MOVED.search(text) is not None


def removes_an_address(text: str) -> bool:
    """Whether one is to be removed, and none is given."""
    return bool(_REMOVED.search(text) and _ADDRESS.search(text)) and parse_address(text) is None


def removes_a_place(text: str) -> bool:
    """Whether what is to be removed is called by a place: that is an address of the book, and no order."""
    return _removed_place().search(text) is not None


@cache
def _removed_place() -> re.Pattern[str]:
    names = sorted({str(name) for known in read("places").values() for name in known}, key=len, reverse=True)
    english = "|".join(re.escape(name) for name in names if name.isascii())
    han = "|".join(re.escape(name) for name in names if not name.isascii())
    return re.compile(
        rf"\b(?:delete|remove|erase|get rid of)(?: the| my)?(?: old)?(?: one in| one)? (?:{english})"
        rf"(?: (?:one|address))?(?: (?:please|too|then|instead|from my (?:address book|account|profile)))*\W*$"
        rf"|(?:{han})的?(?:那个|那条|那一个|那边|那里)?的?(?:地址)?(?:给我|也|都|就)?(?:删|去掉|移除)",
        re.IGNORECASE,
    )


async def removes_one_told(desk: Desk, turn: Turn) -> bool:
    """Whether one of the addresses that were told just now is to be removed: "delete the one in York"."""
    if not turn.pressed and removes_a_place(turn.text):
        return True
    if last_action(turn) != "action_ask_profile" or not _REMOVED.search(turn.text):
        return False
    try:
        book = [address_candidate(each) for each in (await desk.crm.addresses(turn.conversation_id)).addresses]
    except CrmNotFound:
        return False
    return bool(resolve_address(turn.text, book, today=desk.clock.now().date()).matches)


def address_words(address: Any) -> str:
    """An address in one line."""
    parts = [address.label, address.line1, address.city, address.postcode]
    return ", ".join(part for part in parts if part)
