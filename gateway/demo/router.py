"""The demo shop page: product tiles from the CRM's catalogue, the widget's loader tag, and what to try.

What to try (order numbers with their proofs) comes from `demo-card.json` in SHOPDESK_HOME, which `shopdesk demo`
writes. It is shown in development only: with it, anybody may read those orders.
"""

from __future__ import annotations

import json
import logging
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Annotated

from babel.numbers import format_currency, get_currency_precision
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from gateway import locales
from gateway.dependencies import GatewayServices
from gateway.errors import UpstreamError
from gateway.templates import Pages
from shopdesk_schemas.crm import CatalogueProduct
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.turn import Language

TILES = 12
CATALOGUE_LIMIT = 100
HUES = 12
"""Placeholder pictures come in so many colours (`hue-0` … in `demo.css`)."""

_HERE = Path(__file__).parent
_STATIC = {"demo.css": "text/css", "icon.svg": "image/svg+xml"}
_BABEL = {"en": "en", "zh": "zh_Hans_CN"}
_pages = Pages(_HERE / "templates")
_log = logging.getLogger("shopdesk.demo")

router = APIRouter(include_in_schema=False)


class DemoOrder(BaseModel):
    """One order to try, with what proves it."""

    model_config = ConfigDict(extra="ignore")

    order_number: str
    tracking_number: str | None = None
    postcode: str | None = None
    email: str | None = None
    phone_last4: str | None = None
    state: str | None = None
    note: str | dict[str, str] | None = None

    def note_in(self, language: str) -> str | None:
        """The note, which may be given per language."""
        return self.note.get(language) if isinstance(self.note, dict) else self.note


_demo_card: TypeAdapter[list[DemoOrder]] = TypeAdapter(list[DemoOrder])


class Tile(BaseModel):
    """One product as the page draws it."""

    name: str
    category: str | None
    price: str | None
    image_url: str | None
    initial: str
    hue: int
    available: bool


@router.get("/")
async def shop(
    request: Request,
    services: GatewayServices,
    language: Annotated[str | None, Query(alias="lang", max_length=10)] = None,
) -> Response:
    """The shop's page, in the language that is asked for or that the browser prefers."""
    chosen = locales.known(language) or locales.preferred_language(
        request.headers.get("accept-language"), services.settings.default_language
    )
    try:
        catalogue = await services.crm.catalogue(chosen, CATALOGUE_LIMIT)
        products = across_shelves(catalogue.products)[:TILES]
    except UpstreamError as error:
        _log.warning("the catalogue is away", extra={"fields": {"why": type(error).__name__}})
        products = None
    return _pages.render(
        "shop.html",
        language=chosen,
        headers={"Vary": "Accept-Language"},
        t=locales.texts(chosen, "demo"),
        tiles=[tile(product, chosen) for product in products or []],
        catalogue_away=products is None,
        orders=_read_card(services.settings.home) if services.settings.environment == "development" else [],
    )


@router.get("/demo/{name}")
async def static(name: str) -> Response:
    """The page's own style sheet and icon."""
    if name not in _STATIC:
        raise NotFound
    return FileResponse(
        _HERE / "static" / name, media_type=_STATIC[name], headers={"Cache-Control": "public, max-age=300"}
    )


def across_shelves(products: list[CatalogueProduct]) -> list[CatalogueProduct]:
    """The products so that each category shows one before any shows its second; their order within it stays."""
    shelves: dict[str | None, list[CatalogueProduct]] = {}
    for product in products:
        shelves.setdefault(product.category, []).append(product)
    rounds = zip_longest(*shelves.values())
    return [product for shown in rounds for product in shown if product is not None]


def tile(product: CatalogueProduct, language: Language) -> Tile:
    """A product as the page draws it. Pictures from other hosts are not loaded: the page's policy forbids them."""
    price = None
    if product.price_from_minor is not None and product.currency:
        amount = Decimal(product.price_from_minor).scaleb(-get_currency_precision(product.currency))
        price = format_currency(amount, product.currency, locale=_BABEL[language])
    image = product.image_url
    return Tile(
        name=product.name,
        category=product.category,
        price=price,
        image_url=image if image and image.startswith("/") and not image.startswith("//") else None,
        initial=product.name.strip()[:1].upper() or "·",
        hue=sum((product.category or product.name).encode()) % HUES,
        available=product.available,
    )


def _read_card(home: Path) -> list[DemoOrder]:
    path = home / "demo-card.json"
    try:
        return _demo_card.validate_python(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, ValidationError):
        _log.warning("demo-card.json cannot be read")
        return []
