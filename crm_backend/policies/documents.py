"""Receipts and tax invoices."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from crm_backend.policies.section import Country, Section, not_repeated

OrderState = Literal[
    "created", "approved", "invoiced", "processing", "shipped", "delivered", "unavailable", "cancelled"
]
InvoiceType = Literal["personal", "company"]


class Documents(Section):
    """Papers that the CRM draws itself."""

    link_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = Field(
        default=15, description="How long a link to a document can be opened, by whoever has it."
    )


class Invoices(Section):
    """The rules of `invoice.request` and `invoice.correct`."""

    offered: bool = Field(default=True, description="Whether the shop issues tax invoices at all.")
    types: Annotated[list[InvoiceType], Field(min_length=1), AfterValidator(not_repeated)] = Field(
        default=["personal", "company"], description="Whom one can be made out to."
    )
    country: Country | None = Field(
        default=None, description="Whose form a tax number must have; the shop's own when not given."
    )
    order_states: Annotated[list[OrderState], Field(min_length=1), AfterValidator(not_repeated)] = Field(
        default=["approved", "invoiced", "processing", "shipped", "delivered"],
        description="States of an order in which one can be asked for.",
    )
    window_days: Annotated[int, Field(ge=1, le=3650)] = Field(default=365, description="From the day of the order.")
    minimum_minor: dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Annotated[int, Field(ge=1)]] = Field(
        default={}, description="By currency: no invoice for less."
    )
    methods_without: Annotated[list[str], AfterValidator(not_repeated)] = Field(
        default=["gift_card"],
        description="Ways of paying that are left out of the amount: gift cards are invoiced when they are bought.",
    )
    corrections: Annotated[int, Field(ge=0, le=100)] = Field(
        default=2, description="How often the invoice of one order can be taken back and issued anew."
    )
    correction_days: Annotated[int, Field(ge=0, le=3650)] = Field(
        default=180, description="From the day on which the invoice was issued."
    )
