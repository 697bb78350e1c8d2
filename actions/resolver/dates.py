"""Days in words, as ranges of days: "last week", 上个月, "3 May", "on Monday", 后天, "between the 3rd and the 5th"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Literal

from actions.resolver.numbers import HAN_NUMBER, number_pattern, parse_number
from actions.resolver.resolution import Match, Reason, Resolution, Span, nothing
from actions.resolver.text import fold
from actions.resolver.vocabulary import mapping, phrases, read

Direction = Literal["past", "future"]


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from `first` to `last`, both included. `about` when said loosely ("a couple of weeks ago")."""

    first: date
    last: date
    about: bool = False

    @property
    def is_day(self) -> bool:
        """Whether it is one single day."""
        return self.first == self.last

    def contains(self, day: date) -> bool:
        """Whether `day` is in the range."""
        return self.first <= day <= self.last


_Reading = Callable[["re.Match[str]", date, Direction], DateRange | None]


def _day(day: date, about: bool = False) -> DateRange:
    return DateRange(day, day, about)


def _week(today: date, weeks: int) -> DateRange:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    return DateRange(monday, monday + timedelta(days=6))


def _month(year: int, month: int) -> DateRange:
    return DateRange(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _months(today: date, count: int) -> DateRange:
    index = today.year * 12 + today.month - 1 + count
    return _month(index // 12, index % 12 + 1)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest_year(today: date, month: int, day: int, direction: Direction) -> date | None:
    """That day this year, or the year before or after where it would be on the wrong side of today."""
    years = (0, -1) if direction == "past" else (0, 1)
    for offset in years:
        made = _made(today.year + offset, month, day)
        if made and (made <= today if direction == "past" else made >= today):
            return made
    return _made(today.year, month, day)


def _number(text: str | None) -> int:
    if not text:
        return 1
    if text in ("a", "an", "one"):
        return 1
    if text.startswith(("couple", "a couple")):
        return 2
    if text.startswith(("few", "a few", "several", "some", "几", "好几")):
        return 3
    return int(parse_number(text) or 1)


def _ago(today: date, count: int, unit: str, loose: bool, sign: int) -> DateRange:
    if unit.startswith(("day", "天", "日")):
        day = today + sign * timedelta(days=count)
        return DateRange(day - timedelta(days=2), day + timedelta(days=2), True) if loose else _day(day)
    if unit.startswith(("week", "周", "星期", "礼拜", "个星期", "个礼拜")):
        day = today + sign * timedelta(weeks=count)
        slack = timedelta(days=4 if not loose else 8)
        return DateRange(day - slack, day + slack, True)
    if unit.startswith(("month", "个月", "月")):
        month = _months(today, sign * count)
        slack = timedelta(days=5 if not loose else 31)
        return DateRange(month.first - slack, month.last + slack, True)
    return DateRange(date(today.year + sign * count, 1, 1), date(today.year + sign * count, 12, 31), True)


@cache
def _rules() -> list[tuple[re.Pattern[str], _Reading]]:
    weekdays = {fold(w): int(d) for d, ws in mapping("dates", "weekdays").items() for w in ws}
    months = {fold(w): int(m) for m, ws in read("en")["dates"]["months"].items() for w in ws}
    english_days = "|".join(sorted((w for w in weekdays if w.isascii()), key=len, reverse=True))
    month_names = "|".join(sorted(months, key=len, reverse=True))
    number = number_pattern()
    count = rf"(?:a couple(?: of)?|couple(?: of)?|a few|few|several|some|an?|{number})"
    ordinal = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
    left, right = r"(?<![a-z0-9/.-])", r"(?![a-z0-9])"

    def relative(name: str) -> str:
        return "|".join(re.escape(fold(word)) for word in sorted(phrases("dates", name), key=len, reverse=True))

    def weekday(today: date, index: int, which: str, direction: Direction) -> DateRange:
        if which in ("last", "上", "上个", "previous", "past"):
            if which.startswith("上"):
                return _day(_week(today, -1).first + timedelta(days=index))
            return _day(today - timedelta(days=(today.weekday() - index - 1) % 7 + 1))
        if which in ("next", "下", "下个"):
            return _day(_week(today, 1).first + timedelta(days=index))
        if which in ("这", "本", "这个", "this") and direction == "future":
            return _day(_week(today, 0).first + timedelta(days=index))
        if direction == "past" and which not in ("coming",):
            return _day(today - timedelta(days=(today.weekday() - index) % 7))
        return _day(today + timedelta(days=(index - today.weekday() - 1) % 7 + 1))

    def english_weekday(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        return weekday(today, weekdays[m["day"]], (m["which"] or "").strip(), direction)

    def han_weekday(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        index = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}[m["day"]]
        which = m["which"] or ""
        if which.startswith("上上"):
            return _day(_week(today, -2).first + timedelta(days=index))
        return weekday(today, index, which, direction)

    def english_period(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        step = {"last": -1, "previous": -1, "past": -1, "this": 0, "next": 1, "coming": 1}[m["which"]]
        unit = m["unit"]
        if unit == "week":
            return replace(_week(today, step), about=True)
        if unit == "weekend":
            week = _week(today, step if step != -1 or today.weekday() >= 0 else 0)
            return DateRange(week.first + timedelta(days=5), week.last)
        if unit == "month":
            return _months(today, step)
        return DateRange(date(today.year + step, 1, 1), date(today.year + step, 12, 31))

    def han_week(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        which = m["which"]
        step = -2 if which.startswith("上上") else -1 if "上" in which else 1 if "下" in which else 0
        if m["end"]:
            week = _week(today, step)
            return DateRange(week.first + timedelta(days=5), week.last)
        return replace(_week(today, step), about=True)

    def han_month(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        which = m["which"]
        step = -2 if which.startswith("上上") else -1 if "上" in which else 1 if "下" in which else 0
        month = _months(today, step)
        if m["day"]:
            made = _made(month.first.year, month.first.month, int(parse_number(m["day"]) or 0))
            return _day(made) if made else None
        part = m["part"] or ""
        if part in ("初", "月初"):
            return DateRange(month.first, month.first + timedelta(days=9), True)
        if part in ("底", "末", "月底"):
            return DateRange(month.last - timedelta(days=9), month.last, True)
        if part == "中":
            return DateRange(month.first + timedelta(days=9), month.first + timedelta(days=19), True)
        return month

    def written(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        month = months[m["m"]]
        day = int(m["d"])
        year = m["y"]
        made = _made(int(year), month, day) if year else _nearest_year(today, month, day, direction)
        return _day(made) if made else None

    def month_only(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        month = months[m["m"]]
        if m["y"]:
            return _month(int(m["y"]), month)
        year = today.year
        if direction == "past" and month > today.month:
            year -= 1
        if direction == "future" and month < today.month:
            year += 1
        return _month(year, month)

    def han_date(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        month = int(parse_number(m["m"]) or 0)
        if not 1 <= month <= 12:
            return None
        said = m["y"] or ""
        year = {"去年": today.year - 1, "今年": today.year, "前年": today.year - 2, "明年": today.year + 1}.get(said)
        if said and year is None:
            year = int(said.rstrip("年"))
        if m["d"]:
            day = int(parse_number(m["d"]) or 0)
            made = _made(year, month, day) if year else _nearest_year(today, month, day, direction)
            return _day(made) if made else None
        if year is None:
            year = today.year
            year += -1 if direction == "past" and month > today.month else 0
            year += 1 if direction == "future" and month < today.month else 0
        found = _month(year, month)
        if m["part"] in ("初",):
            return DateRange(found.first, found.first + timedelta(days=9), True)
        if m["part"] in ("底", "末"):
            return DateRange(found.last - timedelta(days=9), found.last, True)
        return found

    def day_of_month(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        day = int(parse_number(m["d"]) or 0)
        for step in (0, -1) if direction == "past" else (0, 1):
            month = _months(today, step).first
            made = _made(month.year, month.month, day)
            if made and (made <= today if direction == "past" else made >= today):
                return _day(made)
        return None

    def iso(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        made = _made(int(m["y"]), int(m["m"]), int(m["d"]))
        return _day(made) if made else None

    def slashed(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        """Day before month, as most of the world writes it; the other way round where only that can be."""
        first, second = int(m["a"]), int(m["b"])
        year = m["y"]
        for month, day in ((second, first), (first, second)):
            if year:
                made = _made(int(year) + (2000 if int(year) < 100 else 0), month, day)
            else:
                made = _nearest_year(today, month, day, direction)
            if made:
                return _day(made)
        return None

    def ago(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        said = m["n"] or ""
        return _ago(
            today,
            _number(said),
            m["unit"],
            said.startswith(("couple", "a c", "few", "a few", "sev", "some", "几", "好几")),
            -1,
        )

    def ahead(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        return _ago(today, _number(m["n"]), m["unit"], False, 1)

    def within(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        days = _number(m["n"]) * (1 if m["unit"][0] in "d天日" else 7 if m["unit"][0] in "w周星礼" else 31)
        return DateRange(today - timedelta(days=days), today, True)

    def whole_year(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
        said = m["y"]
        year = {"去年": today.year - 1, "今年": today.year, "前年": today.year - 2, "明年": today.year + 1}.get(said)
        if year is None:
            year = int(said.rstrip("年"))
        if m["part"] == "初":
            return DateRange(date(year, 1, 1), date(year, 2, 28), True)
        if m["part"] in ("底", "末"):
            return DateRange(date(year, 11, 1), date(year, 12, 31), True)
        return DateRange(date(year, 1, 1), date(year, 12, 31))

    def fixed(days: int) -> _Reading:
        return lambda m, today, direction: _day(today + timedelta(days=days))

    def festival(month: int, day: int) -> _Reading:
        def read_festival(m: re.Match[str], today: date, direction: Direction) -> DateRange | None:
            made = _nearest_year(today, month, day, direction)
            return DateRange(made - timedelta(days=2), made + timedelta(days=2), True) if made else None

        return read_festival

    year = r"(?:,?\s+(?P<y>(?:19|20)\d\d))?"
    return [
        (re.compile(rf"{left}(?P<y>(?:19|20)\d\d)[-/.年](?P<m>\d{{1,2}})[-/.月](?P<d>\d{{1,2}})[日号]?(?!\d)"), iso),
        (re.compile(rf"{left}(?P<a>\d{{1,2}})[/.](?P<b>\d{{1,2}})(?:[/.](?P<y>\d{{4}}|\d{{2}}))?(?![\d./]|\s?(?:ml|cl|l|kg|g|cm|mm|m|元|块)\b)"),
         lambda m, t, d: slashed(m, t, d) if "/" in m.group() or m["y"] else None),
        (re.compile(rf"(?:{relative('day_three_before')})"), fixed(-3)),
        (re.compile(rf"(?:{relative('day_three_after')})"), fixed(3)),
        (re.compile(rf"{left}(?:{relative('day_before_yesterday')})(?!几|两|些|一|三)"), fixed(-2)),
        (re.compile(rf"{left}(?:{relative('day_after_tomorrow')})"), fixed(2)),
        (re.compile(rf"(?<![a-z])(?:{relative('today')})"), fixed(0)),
        (re.compile(rf"(?<![a-z])(?:{relative('yesterday')})"), fixed(-1)),
        (re.compile(rf"(?<![a-z])(?:{relative('tomorrow')})"), fixed(1)),
        (re.compile(rf"{left}(?:the )?{ordinal}(?: of)? (?P<m>{month_names})\.?{year}{right}"), written),
        (re.compile(rf"{left}(?P<m>{month_names})\.? (?:the )?{ordinal}{year}{right}(?!\s?(?:ml|kg|cm|items?))"), written),  # noqa: E501
        (re.compile(rf"{left}(?:in|from|since|during|back in|of|last|this|next|early|late|mid|my) (?P<m>{month_names}){year}{right}"), month_only),  # noqa: E501
        (re.compile(rf"{left}(?P<m>{'|'.join(m for m in months if len(m) > 4)})(?:'s)?{year}{right}"), month_only),
        (re.compile(rf"(?P<y>(?:19|20)\d\d年|去年|今年|前年|明年)?(?:的)?(?P<m>\d{{1,2}}|{HAN_NUMBER})月(?:份)?(?:(?P<d>\d{{1,2}}|{HAN_NUMBER})[日号]?|(?P<part>初|底|末|中旬))?"), han_date),  # noqa: E501
        (re.compile(r"(?P<which>上上个?|上个?|这个?|本|下个?)(?:周|星期|礼拜)(?P<day>[一二三四五六日天])"), han_weekday),  # noqa: E501
        (re.compile(r"(?P<which>上上个?|上个?|这个?|本|下个?)(?:周|星期|礼拜)(?P<end>末)?"), han_week),
        (re.compile(rf"(?P<which>上上个?|上个?|这个?|本|下个?)月(?P<part>初|底|末|中)?(?:(?P<day>\d{{1,2}}|{HAN_NUMBER})[日号])?"), han_month),  # noqa: E501
        (re.compile(r"(?P<which>)(?:周|星期|礼拜)(?P<day>[一二三四五六日天])"), han_weekday),
        (re.compile(rf"{left}(?:the )?(?P<which>last|this|next|previous|past|coming) (?P<unit>week|weekend|month|year)(?:'s)?{right}"), english_period),  # noqa: E501
        (re.compile(rf"{left}(?:on )?(?P<which>last |this |next |coming |past )?(?P<day>{english_days})(?:'s)?{right}"), english_weekday),  # noqa: E501
        (re.compile(rf"{left}(?P<n>{count})\s+(?P<unit>days?|weeks?|months?|years?) (?:ago|back){right}"), ago),
        (re.compile(rf"(?P<n>\d+|{HAN_NUMBER}|好?几)(?P<unit>天|日|周|个星期|个礼拜|星期|个月|年)(?:以|之)?前"), ago),
        (re.compile(rf"{left}in (?:the )?(?:last|past) (?P<n>{count})\s*(?P<unit>days?|weeks?|months?){right}"), within),  # noqa: E501
        (re.compile(rf"(?:最近|近|这|过去)(?P<n>\d+|{HAN_NUMBER}|几)(?P<unit>天|日|周|个星期|个月)"), within),
        (re.compile(rf"{left}in (?P<n>{count})\s+(?P<unit>days?|weeks?|months?){right}"), ahead),
        (re.compile(rf"(?P<n>\d+|{HAN_NUMBER})(?P<unit>天|周|个星期|个月)(?:以|之)?后"), ahead),
        (re.compile(r"前(?:几|两|些|一|三)(?:天|日)|the other day|a few days back"), lambda m, t, d: DateRange(t - timedelta(days=6), t, True)),  # noqa: E501
        (re.compile(r"(?P<y>去年|今年|前年|明年|(?:19|20)\d\d年)(?P<part>初|底|末)?"), whole_year),
        (re.compile(rf"{left}(?:in|from|since) (?P<y>(?:19|20)\d\d)(?P<part>\b)"), lambda m, t, d: DateRange(date(int(m["y"]), 1, 1), date(int(m["y"]), 12, 31))),  # noqa: E501
        (re.compile(rf"{left}(?:on|of|by|until|till|before|after|from|to|and) the (?P<d>\d{{1,2}})(?:st|nd|rd|th)(?! (?:one|order|item|of|[a-z]+ one))"), day_of_month),  # noqa: E501
        (re.compile(r"(?<![\d第月#])(?P<d>[1-3]?\d)[号日](?![码楼院线室店门])"), day_of_month),
        (re.compile(rf"{left}(?:at |over |for )?(?:{relative('christmas')}){right}|圣诞节?"), festival(12, 25)),
        (re.compile(r"双十一|双11"), festival(11, 11)),
        (re.compile(r"(?<!\d)618(?!\d)(?=大促|买|下单|的|活动)"), festival(6, 18)),
    ]  # fmt: skip


_HINT = re.compile(
    r"day|week|month|year|ago|yest|tomorrow|tmr|tonight|this |\d|last|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mas"  # noqa: E501
    r"|[今昨明前后天日号月年周期礼双圣]"
)


def dates_in(text: str, *, today: date, direction: Direction) -> list[tuple[DateRange, Span]]:
    """The days that `text` speaks of, in its order, with where they stand. Two that belong together are one range."""
    folded = fold(text)
    if not _HINT.search(folded):
        return []
    found: list[tuple[DateRange, Span]] = []
    for pattern, reading in _rules():
        for match in pattern.finditer(folded):
            span = Span(match.start(), match.end())
            if span.end == span.start or any(span.start < s.end and s.start < span.end for _, s in found):
                continue
            days = reading(match, today, direction)
            if days is not None:
                found.append((days, span))
    found.sort(key=lambda each: each[1].start)
    joined: list[tuple[DateRange, Span]] = []
    for days, span in found:
        if joined and re.fullmatch(
            r"\s*(?:to|until|till|-|–|and|到|至|~)\s*(?:the\s+)?", folded[joined[-1][1].end : span.start]
        ):
            earlier, before = joined[-1]
            lead = folded[max(0, before.start - 9) : before.start]
            separator = folded[before.end : span.start].strip()
            if days.last >= earlier.first and (separator != "and" or "between" in lead):
                joined[-1] = (
                    DateRange(earlier.first, days.last, earlier.about or days.about),
                    Span(before.start, span.end),
                )
                continue
        joined.append((days, span))
    return joined


def resolve_date(text: str, *, today: date, direction: Direction = "future") -> Resolution[DateRange]:
    """The days that `text` speaks of.

    `direction` decides what "Monday" and "3 May" mean without a year: the next one (a delivery) or the last one (an
    order).
    """
    found = dates_in(text, today=today, direction=direction)
    if not found:
        return nothing(text)
    matches = [Match(days, 0.9 if days.about else 0.97, [Reason("date", span.of(text), span)]) for days, span in found]
    spans = [span for _, span in found]
    rest = fold(text)
    for span in reversed(spans):
        rest = text[: span.start] + text[span.end :] if rest == fold(text) else rest[: span.start] + rest[span.end :]
    return Resolution("one" if len(matches) == 1 else "many", matches, " ".join(rest.split()), spans)
