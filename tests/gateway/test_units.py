"""Pure parts: limits, addresses, origins, languages, settings, locale files, migrations."""

from __future__ import annotations

import string
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError
from sqlalchemy import create_engine, make_url
from starlette.requests import HTTPConnection

from gateway import locales
from gateway.console import places
from gateway.conversations.cards import mask_card_numbers, passes_luhn
from gateway.conversations.contents import publish
from gateway.limits import RateLimit
from gateway.migrations import is_current, migrate
from gateway.models import Model
from gateway.network import client_address, is_https, origin_allowed
from gateway.search.models import described
from gateway.secrets import Tokens
from gateway.settings import GatewaySettings
from shopdesk_schemas.content import content_adapter, internal_content_adapter


def connection(peer: str | None, scheme: str = "http", **headers: str) -> HTTPConnection:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection(
        {"type": "http", "scheme": scheme, "path": "/", "query_string": b"", "server": ("gateway", 80),
         "headers": raw, "client": (peer, 1) if peer else None}
    )  # fmt: skip


PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1/128"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.5", "1.2.3.4", "203.0.113.5"),
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "1.2.3.4, 10.0.0.9", "1.2.3.4"),
        ("10.0.0.1", "10.0.0.8, 10.0.0.9", "10.0.0.8"),
        ("10.0.0.1", "1.2.3.4, garbage", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        (None, "1.2.3.4", None),
    ],
)
def test_the_clients_address(peer: str | None, forwarded: str, address: str | None) -> None:
    assert client_address(connection(peer, x_forwarded_for=forwarded), PROXIES) == address


def test_tls_is_believed_from_a_proxy_only() -> None:
    assert is_https(connection("10.0.0.1", x_forwarded_proto="https"), PROXIES)
    assert not is_https(connection("1.2.3.4", x_forwarded_proto="https"), PROXIES)
    assert is_https(connection("1.2.3.4", "https"), ())


@given(st.text(max_size=80))
def test_no_odd_origin_is_allowed(origin: str) -> None:
    allowed = ("https://shop.example",)
    if origin_allowed(origin, "desk.example", allowed):
        assert origin.lower() in {"https://shop.example", "https://desk.example", "http://desk.example"}


@given(st.lists(st.floats(0, 50), max_size=60), st.integers(1, 5))
def test_a_limit_is_never_exceeded_in_its_window(pauses: list[float], count: int) -> None:
    now = 0.0
    limit = RateLimit(count, 60.0, now=lambda: now)
    taken: list[float] = []
    for pause in pauses:
        now += pause
        if limit.wait("key") == 0:
            limit.take("key")
            taken.append(now)
        else:
            assert limit.wait("key") >= 1
    # A full bucket and what flowed in meanwhile: never more than twice the count in one window.
    for start in taken:
        assert sum(start <= at < start + 60 for at in taken) <= 2 * count


def test_a_limits_memory_is_bounded_and_waiting_helps() -> None:
    now = 0.0
    limit = RateLimit(1, 60.0, capacity=3, now=lambda: now)
    for key in string.ascii_letters:
        limit.take(key)
    assert len(limit._buckets) == 3
    wait = limit.wait("Z")
    assert 0 < wait <= 60
    now += wait
    assert limit.wait("Z") == 0


@pytest.mark.parametrize(
    ("words", "language"),
    [("我的订单", "zh"), ("order SF123 到哪了", "zh"), ("SF1234567890", "de?"), ("where is it", "en"), ("", "de?")],
)
def test_the_language_of_words(words: str, language: str) -> None:
    assert locales.language_of(words, "de?") == language


@given(st.text(max_size=200))
def test_any_accept_language_gives_a_language(header: str) -> None:
    assert locales.preferred_language(header, "zh") in locales.LANGUAGES


@pytest.mark.parametrize("topic", ["chat", "console", "demo"])
def test_locale_files_have_the_same_keys_and_values_in_every_language(topic: str) -> None:
    def shape(language: str) -> dict[str, object]:
        shapes: dict[str, object] = {}
        for key, value in locales.texts(language, topic).items():
            if isinstance(value, list):
                shapes[key] = [item["payload"] for item in value]
            else:
                assert isinstance(value, str), key
                assert value.strip(), key
                shapes[key] = sorted(field for _, field, _, _ in string.Formatter().parse(value) if field)
        return shapes

    first, *others = (shape(language) for language in locales.LANGUAGES)
    assert all(other == first for other in others)


def test_tokens_are_random_and_their_hashes_keyed() -> None:
    one, other = Tokens(SecretStr("one")), Tokens(SecretStr("other"))
    token, stored = one.make()
    assert one.hash(token) == stored != other.hash(token)
    assert token not in stored
    assert one.make()[0] != token
    assert one.keyed("a", "b") != one.keyed("b", "a")


@pytest.mark.parametrize(
    "content",
    [
        {"kind": "text", "text": "x"},
        {"kind": "quick_replies", "text": "x", "buttons": [{"label": "a", "payload": "/b"}]},
        {"kind": "product_cards", "text": "x", "products": [{"sku": "1", "title": "t"}]},
        {"kind": "order_card", "text": "x", "order_number": "1", "state": "s", "state_text": "s",
         "buttons": [{"label": "a", "payload": "/b"}]},
        {"kind": "shipment_timeline", "text": "x", "order_number": "1",
         "parcels": [{"state": "s", "state_text": "s"}]},
        {"kind": "store_cards", "text": "x", "stores": [{"name": "n", "address": "a"}]},
        {"kind": "proposal", "text": "x", "proposal_id": "1", "expires_at": "2026-01-01T00:00:00Z",
         "changes": [{"label": "l"}], "buttons": [{"label": "Yes", "payload": "/confirm"}]},
        {"kind": "image", "text": "x", "url": "/i"},
    ],
)  # fmt: skip
def test_every_kind_is_published_without_payloads(content: dict[str, object]) -> None:
    document, offered = publish(internal_content_adapter.validate_python(content))
    assert content_adapter.validate_python(document).kind == content["kind"]
    given_buttons = content.get("buttons", [])
    assert isinstance(given_buttons, list)
    assert [button.payload for button in offered] == [button["payload"] for button in given_buttons]
    assert [button["id"] for button in document.get("buttons", [])] == [button.id for button in offered]
    assert "payload" not in str(document)


def test_settings_read_lists_and_refuse_nonsense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPDESK_ALLOWED_ORIGINS", "https://Shop.example, http://localhost:3000")
    monkeypatch.setenv("SHOPDESK_TRUSTED_PROXIES", "10.0.0.1,fd00::/8")
    settings = GatewaySettings()
    assert settings.allowed_origins == ("https://shop.example", "http://localhost:3000")
    assert settings.trusted_proxies == (ip_network("10.0.0.1/32"), ip_network("fd00::/8"))
    for name, value in [
        ("SHOPDESK_ALLOWED_ORIGINS", "https://shop.example/path"),
        ("SHOPDESK_ALLOWED_ORIGINS", "*"),
        ("SHOPDESK_TRUSTED_PROXIES", "proxy.example"),
    ]:
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            with pytest.raises(ValidationError, match=name.removeprefix("SHOPDESK_").lower()):
                GatewaySettings()


def test_production_refuses_development_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOPDESK_SESSION_SECRET", raising=False)
    with pytest.raises(ValidationError, match="development value"):
        GatewaySettings(home=tmp_path, environment="production", service_token=SecretStr("of our own"))


def test_migrations_build_what_the_models_say(gateway_url: str) -> None:
    migrate(gateway_url)
    url = make_url(gateway_url)
    engine = create_engine(url.set(drivername="sqlite") if url.get_backend_name() == "sqlite" else url)
    with engine.connect() as opened:
        assert is_current(opened)
        context = MigrationContext.configure(opened, opts={"include_object": described})
        assert compare_metadata(context, Model.metadata) == []
    engine.dispose()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("my card is 4111 1111 1111 1111, save it", "my card is •••• 1111, save it"),
        ("5555-5555-5555-4444", "•••• 4444"),
        ("amex 378282246310005 thanks", "amex •••• 0005 thanks"),
        ("卡号6200000000000005，帮我绑一下", "卡号•••• 0005，帮我绑一下"),
        ("卡号４１１１１１１１１１１１１１１１", "卡号•••• 1111"),
        ("4111 1111 1111 1112", "4111 1111 1111 1112"),  # its check digit is wrong
        ("parcel 7700000000000000 and TR4111111111111111GB", "parcel 7700000000000000 and TR4111111111111111GB"),
        ("订单４１１１", "订单４１１１"),
        ("+44 7700 900123 4111", "+44 7700 900123 4111"),
    ],
)
def test_card_numbers_are_masked_and_nothing_else(said: str, kept: str) -> None:
    assert mask_card_numbers(said) == kept


@given(st.text(alphabet="0123456789", min_size=15, max_size=18))
def test_one_check_digit_fits(digits: str) -> None:
    assert sum(passes_luhn(digits + str(check)) for check in range(10)) == 1


@given(st.datetimes(timezones=st.just(UTC)), st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_a_link_leads_back_to_the_place_that_it_was_made_of(at: datetime, key: str) -> None:
    assert places.read(places.write(at.isoformat(), key), places.moment) == (at, key)


@given(st.text())
def test_what_is_no_link_of_ours_begins_at_the_first_page(link: str) -> None:
    found = places.read(link, float)
    assert found is None or isinstance(found[0], float)
