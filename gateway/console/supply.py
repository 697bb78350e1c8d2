"""`/console/deliveries` and `/console/stock`: parcels that will probably be late, and what to order again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from gateway.console import charts
from gateway.console.rendering import ConsoleRequest
from gateway.console.tables import csv_file

LEVELS = (0.1, 0.3, 0.5, 0.8)
SHOWN = 100
MOST = 5000
PARCEL = ("order_number", "shipment", "tracking_number", "carrier", "country", "state", "promised_on", "predicted_on",
          "predicted_by", "late_probability", "overdue_days")  # fmt: skip
ARTICLE = ("sku", "store", "store_name", "available", "on_order", "demand_per_day", "demand_spread", "cover_days",
           "safety_stock", "reorder_point", "order_up_to", "due", "quantity", "order_on", "supplier")  # fmt: skip

router = APIRouter()


@router.get("/deliveries")
async def deliveries(
    console: ConsoleRequest,
    at_least: Annotated[float, Query(ge=0, le=1)] = 0.3,
    form: Annotated[str, Query(pattern=r"^(page|csv)$")] = "page",
) -> Response:
    """Parcels at risk, and how far the forecasts can be trusted; `form=csv` gives the parcels as a file."""
    visitor = await console.signed_in()
    found = await console.services.staff.delivery_risk(visitor.staff, at_least, MOST if form == "csv" else SHOWN)
    if form == "csv":
        return csv_file(
            "parcels-at-risk.csv", PARCEL, [[getattr(one, name) for name in PARCEL] for one in found.parcels]
        )
    scores = found.model_card.get("scores")
    return console.page(
        "deliveries.html", visitor,
        s=console.texts("supply"), found=found, at_least=at_least, levels=LEVELS,
        scores=scores, card=found.model_card,
        chart=charts.calibration([(row["told"], row["late"]) for row in scores["reliability"]]) if scores else None,
    )  # fmt: skip


@router.get("/stock")
async def stock(
    console: ConsoleRequest, due: bool = False, form: Annotated[str, Query(pattern=r"^(page|csv)$")] = "page"
) -> Response:
    """How long stock lasts and what to order; `form=csv` gives it as a file."""
    visitor = await console.signed_in()
    found = await console.services.staff.reorder(visitor.staff, due=due)
    if form == "csv":
        heads = [*ARTICLE, "lead_time_days", "lead_time_from"]
        lines = [
            [*(getattr(one, name) for name in ARTICLE), one.lead_time.days, one.lead_time.known_from]
            for one in found.suggestions
        ]
        return csv_file("reorder.csv", heads, lines)
    shown = found.suggestions[:SHOWN]
    return console.page(
        "stock.html", visitor,
        s=console.texts("supply"), found=found, shown=shown, due=due,
        lengths=charts.bars([min(one.cover_days or 0.0, 90.0) for one in shown]),
    )  # fmt: skip
