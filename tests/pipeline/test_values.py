"""Amounts, local times, countries and stock codes, as files write them."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_backend.pipeline.countries import country_code, currency_of, timezone_of
from crm_backend.pipeline.invoice_lines import line_kind
from crm_backend.pipeline.local_time import day_order_of, parse_local
from crm_backend.pipeline.money import parse_amount, to_minor

LONDON = ZoneInfo("Europe/London")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@pytest.mark.parametrize(
    ("text", "comma", "amount"),
    [
        ("6.95", False, "6.95"),
        ("-53594.36", False, "-53594.36"),
        ("1,234.50", False, "1234.50"),
        ("1.234,50", False, "1234.50"),
        ("2,55", False, "2.55"),
        ("1,234", False, "1234"),
        ("1,234", True, "1.234"),
        (" 12 ", False, "12"),
        ("1e3", False, "1000"),
    ],
)
def test_amounts_are_read_as_written(text: str, comma: bool, amount: str) -> None:
    assert parse_amount(text, decimal_comma=comma) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "£5", "nan", "inf", "1e99"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_amount(text)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_amounts_of_two_places_lose_nothing(amount: Decimal) -> None:
    assert Decimal(to_minor(parse_amount(str(amount)), 2)) == amount * 100


@pytest.mark.parametrize(
    ("amount", "exponent", "minor"), [("0.001", 2, 0), ("0.005", 2, 1), ("-0.005", 2, -1), ("500", 0, 500)]
)
def test_finer_amounts_are_rounded_half_away_from_zero(amount: str, exponent: int, minor: int) -> None:
    assert to_minor(Decimal(amount), exponent) == minor


@pytest.mark.parametrize(
    ("text", "order", "instant"),
    [
        ("2010-12-01 08:26:00", "month_first", datetime(2010, 12, 1, 8, 26, tzinfo=UTC)),
        ("12/1/2010 8:26", "month_first", datetime(2010, 12, 1, 8, 26, tzinfo=UTC)),
        ("1.12.2010 08:26", "day_first", datetime(2010, 12, 1, 8, 26, tzinfo=UTC)),
        ("1/12/2010 8:26 PM", "day_first", datetime(2010, 12, 1, 20, 26, tzinfo=UTC)),
        ("01/07/10 00:00", "day_first", datetime(2010, 6, 30, 23, 0, tzinfo=UTC)),
        ("2010-07-01T08:26:00Z", "month_first", datetime(2010, 7, 1, 8, 26, tzinfo=UTC)),
        ("2010-07-01 08:26+02:00", "month_first", datetime(2010, 7, 1, 6, 26, tzinfo=UTC)),
    ],
)
def test_local_times_become_instants(text: str, order: str, instant: datetime) -> None:
    found = parse_local(text, order, LONDON)  # type: ignore[arg-type]
    assert (found.instant, found.rule) == (instant, None)


def test_an_hour_that_happens_twice_is_its_first() -> None:
    found = parse_local("2010-10-31 01:30:00", "month_first", LONDON)
    assert (found.instant, found.rule) == (datetime(2010, 10, 31, 0, 30, tzinfo=UTC), "overlap")


def test_an_hour_that_does_not_happen_is_moved_on_by_the_gap() -> None:
    found = parse_local("2017-10-15 00:30:00", "month_first", SAO_PAULO)
    assert (found.instant, found.rule) == (datetime(2017, 10, 15, 3, 30, tzinfo=UTC), "gap")
    assert found.instant.astimezone(SAO_PAULO).hour == 1


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["1/2/2010 8:00", "12/25/2010 8:00"], "month_first"),
        (["1/2/2010 8:00", "25/12/2010 8:00"], "day_first"),
        (["1/2/2010 8:00"], "month_first"),
        (["1.2.2010 8:00"], "day_first"),
    ],
)
def test_a_files_dates_tell_their_order(texts: list[str], order: str) -> None:
    assert day_order_of(texts) == order


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("United Kingdom", "GB"),
        ("EIRE", "IE"),
        ("RSA", "ZA"),
        ("USA", "US"),
        ("usa", "US"),
        ("Korea", "KR"),
        ("Czech Republic", "CZ"),
        ("Hong Kong", "HK"),
        ("Côte d'Ivoire", "CI"),
        ("DE", "DE"),
        ("GBR", "GB"),
        ("中国", "CN"),
        ("Channel Islands", None),
        ("European Community", None),
        ("West Indies", None),
        ("Unspecified", None),
        ("", None),
    ],
)
def test_country_names_become_codes_or_nothing(name: str, code: str | None) -> None:
    assert country_code(name) == code


def test_a_country_implies_only_what_it_has_one_of() -> None:
    assert (currency_of("GB"), timezone_of("GB")) == ("GBP", "Europe/London")
    assert timezone_of("BR") is None


@pytest.mark.parametrize(
    ("code", "description", "kind"),
    [
        ("85123A", "WHITE HANGING HEART T-LIGHT HOLDER", "item"),
        ("22123", "VINTAGE POSTAGE STAMP BOX", "item"),
        ("POST", "POSTAGE", "shipping"),
        ("POST", None, "shipping"),
        ("DOT", "DOTCOM POSTAGE", "shipping"),
        ("C2", "CARRIAGE", "shipping"),
        ("D", "Discount", "discount"),
        ("S", "SAMPLES", "sample"),
        ("BANK CHARGES", "Bank Charges", "fee"),
        ("AMAZONFEE", "AMAZON FEE", "fee"),
        ("AMAZONFEE", None, "fee"),
        ("CRUK", "CRUK Commission", "fee"),
        ("M", "Manual", "adjustment"),
        ("B", "Adjust bad debt", "adjustment"),
        ("ADJUST2", "Adjustment by Peter on Jun 25 2010", "adjustment"),
        ("TEST001", "This is a test product.", "adjustment"),
        ("C3", None, "adjustment"),
        ("GIFT_0001_30", "Dotcomgiftshop Gift Voucher £30.00", "gift_voucher"),
        ("GIFT_0001_30", None, "gift_voucher"),
        ("PADS", "PADS TO MATCH ALL CUSHIONS", "item"),
        ("DCGSSGIRL", "GIRLS PARTY BAG", "item"),
        ("A1", "BLUE MUG", "item"),
    ],
)
def test_stock_codes_stand_for_goods_or_for_something_else(code: str, description: str | None, kind: str) -> None:
    assert line_kind(code, description) == kind
