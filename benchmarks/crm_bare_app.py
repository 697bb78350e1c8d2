"""The bare cost of what the CRM's benchmark measures: the same rows, FastAPI and SQLAlchemy, and nothing else.

    python benchmarks/crm_bare_app.py --url postgresql+psycopg://… --port 21100

Written as the two libraries' own tutorials do it: one plain `def` route for each request, a session from a dependency,
ORM models read off the tables, one query for each kind of row, a Pydantic response model, one commit. It answers with
the same facts as the CRM does (order with lines, parcels, scans and refunds; everything of a person; an offer and its
confirmation) and writes the same rows of the shop: proposal, order, lines, return, effects, refund.

What is stored is stored as the CRM stores it: the personal columns are sealed, by the CRM's own column types, and a row
that is answered with is opened as it is read, because no program could answer from these tables otherwise. Columns,
joins and answers are those of the CRM: of orders, parcels and payments in a list only what is shown is read, lines and
returns come joined, rows of one kind are written by one statement (the ids are declared as identities, without which
SQLAlchemy writes rows that are read off a table one by one).

What it leaves out is what the CRM is for: it does not ask who may call or what the shop's policy says, prices nothing
but the sum of the lines, checks no version and no earlier change, writes no request log, words no problem documents,
and knows one language. Unless `--lean` it writes the CRM's rows of bookkeeping too, as plain rows in the same
transactions: the stored answer of each proposal's idempotency key, and the audit entries, without the hash chain and
the turns that it takes to keep one. Without, it neither does that nor opens and seals: columns stay the texts they are,
and what it writes is in plain words.
"""

import argparse
import json
import secrets
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import BigInteger, Dialect, Engine, Identity, String, TypeDecorator, create_engine, func, insert, select
from sqlalchemy.ext.declarative import DeferredReflection
from sqlalchemy.orm import DeclarativeBase, Session, aliased, mapped_column, sessionmaker

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from crm_backend.encryption.columns import listen, sealed_columns
from crm_backend.models import Model as CrmModel

# --- Models: the columns are read off the tables when the program starts ------------------------------------------


class Base(DeferredReflection, DeclarativeBase):
    """Base of all."""

    __abstract__ = True


class Document(TypeDecorator[Any]):
    """JSON in a column of text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Its text."""
        return None if value is None else json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read."""
        return None if value is None else json.loads(value)


_DOCUMENTS = {"proposals": ("details", "offer", "outcome"), "effects": ("payload",)}
_SEALS = "--lean" not in sys.argv
if _SEALS:
    listen(Base)


def _model(table: str) -> Any:
    of_crm = CrmModel.metadata.tables[table]
    columns = {name: mapped_column(name, Document()) for name in _DOCUMENTS.get(table, ())}
    if _SEALS:
        columns |= {name: mapped_column(name, of_crm.c[name].type) for name in sealed_columns(of_crm)}
    if "id" in of_crm.c:
        columns["id"] = mapped_column("id", BigInteger, Identity(), primary_key=True)
    return type(table.title().replace("_", ""), (Base,), {"__tablename__": table, **columns})


(
    Conversation, Customer, Profile, ProfileMember, Address, Consent, PaymentMethod, LoyaltyEntry, Product, Variant,
    Order, OrderLine, Shipment, ShipmentLine, ScanEvent, Payment, Refund, Return, ReturnLine, Event, Case, Proposal,
    Effect, IdempotencyKey, AuditEntry, Curve, AnalysisRun, AnalysisStep, Publication,
) = (
    _model(table)
    for table in (
        "conversations", "customers", "profiles", "profile_members", "addresses", "consents", "payment_methods",
        "loyalty_entries", "products", "variants", "orders", "order_lines", "shipments", "shipment_lines",
        "scan_events", "payments", "refunds", "returns", "return_lines", "events", "cases", "proposals", "effects",
        "idempotency_keys", "audit_log", "delivery_curves", "analysis_runs", "analysis_steps", "analysis_publication",
    )
)  # fmt: skip


# --- Answers ------------------------------------------------------------------------------------------------------


class Answer(BaseModel):
    """Base of all."""

    model_config = ConfigDict(from_attributes=True)


class LineOut(Answer):
    """A line."""

    line_number: int
    kind: str
    sku: str | None
    title: str | None
    category: str | None
    options: dict[str, str]
    quantity: int
    cancelled_quantity: int
    returned_quantity: int
    unit_price_minor: int | None
    total_minor: int | None
    ship_by: datetime | None


class ScanOut(Answer):
    """A scan."""

    at: datetime | None
    code: str
    place: str | None
    description: str | None


class ShipmentOut(Answer):
    """A parcel."""

    carrier: str | None
    tracking_number: str | None
    state: str
    handed_over_at: datetime | None
    delivered_at: datetime | None
    promised_on: date | None
    lines: list[int] = []
    events: list[ScanOut] = []


class RefundOut(Answer):
    """A refund."""

    amount_minor: int
    currency: str
    state: str
    target: str | None
    requested_at: datetime | None
    paid_at: datetime | None


class OrderRow(Answer):
    """An order's own columns."""

    number: str
    state: str
    source_state: str | None
    placed_at: datetime
    approved_at: datetime | None
    cancelled_at: datetime | None
    currency: str
    subtotal_minor: int | None
    shipping_minor: int | None
    discount_minor: int | None
    tax_minor: int | None
    total_minor: int | None
    promised_on: date | None
    timezone: str


class DeliveryOut(Answer):
    """Where an order goes."""

    recipient: str | None
    line1: str | None
    line2: str | None
    district: str | None
    city: str | None
    region: str | None
    postcode: str | None
    country: str | None
    contact_phone: str | None
    delivery_note: str | None


class PaidOut(Answer):
    """How an order was paid."""

    method: str
    brand: str | None
    last4: str | None
    amount_minor: int
    currency: str
    state: str


class OrderOut(OrderRow):
    """An order."""

    lines: list[LineOut] = []
    shipments: list[ShipmentOut] = []
    refunds: list[RefundOut] = []
    delivery: DeliveryOut | None = None
    payments: list[PaidOut] = []


class MemberOut(Answer):
    """A customer."""

    source: str
    external_id: str
    name: str | None
    given_name: str | None
    email: str | None
    phone: str | None
    language: str | None
    country: str | None
    gender: str | None
    birth_date: date | None
    registered_at: datetime | None


class AddressOut(Answer):
    """An address."""

    label: str | None
    recipient: str | None
    phone: str | None
    line1: str | None
    line2: str | None
    district: str | None
    city: str | None
    region: str | None
    postcode: str | None
    country: str | None
    is_default: bool


class ConsentOut(Answer):
    """A consent."""

    purpose: str
    channel: str | None
    granted: bool
    at: datetime
    origin: str | None


class MethodOut(Answer):
    """A saved method."""

    kind: str
    brand: str | None
    last4: str | None
    balance_minor: int | None
    currency: str | None
    is_default: bool


class CustomerOrderOut(Answer):
    """An order, in short."""

    source: str
    number: str
    kind: str
    sales_channel: str | None
    state: str
    placed_at: datetime
    currency: str
    total_minor: int | None


class ParcelOut(Answer):
    """A parcel, in short."""

    order_id: int
    carrier: str | None
    tracking_number: str | None
    state: str
    handed_over_at: datetime | None
    delivered_at: datetime | None
    promised_on: date | None


class ReturnOut(Answer):
    """A return."""

    order_id: int
    number: str
    kind: str
    state: str
    reason: str
    refund_minor: int
    currency: str
    requested_at: datetime


class PaymentOut(Answer):
    """A payment."""

    order_id: int
    method: str
    brand: str | None
    last4: str | None
    amount_minor: int
    currency: str
    state: str
    paid_at: datetime | None


class VisitOut(Answer):
    """A visit."""

    source: str
    kind: str
    at: datetime
    store_external_id: str | None
    details: dict[str, Any]


class ConversationOut(Answer):
    """A conversation."""

    conversation_id: str
    language: str | None
    level: str
    created_at: datetime


class CaseOut(Answer):
    """A case."""

    public_id: str
    kind: str
    state: str
    due_at: datetime
    created_at: datetime
    closed_at: datetime | None


class PersonOut(Answer):
    """Everything of one person."""

    profile_id: str | None
    analysed_at: datetime | None
    members: list[MemberOut]
    addresses: list[AddressOut]
    consents: list[ConsentOut]
    payment_methods: list[MethodOut]
    loyalty_points: int
    orders: list[CustomerOrderOut]
    shipments: list[ParcelOut]
    returns: list[ReturnOut]
    payments: list[PaymentOut]
    refunds: list[RefundOut]
    visits: list[VisitOut]
    conversations: list[ConversationOut]
    cases: list[CaseOut]


class AskIn(BaseModel):
    """What is to be cancelled or given back."""

    conversation: str
    order: str


class EffectOut(Answer):
    """An effect."""

    public_id: str
    kind: str
    state: str


class ProposalOut(Answer):
    """An offer and what became of it."""

    public_id: str
    kind: str
    state: str
    expires_at: datetime
    offer: dict[str, Any]
    outcome: dict[str, Any] | None
    effects: list[EffectOut] = []


# --- The program --------------------------------------------------------------------------------------------------


def create(engine: Engine, *, bookkeeping: bool = False) -> FastAPI:
    """The application on this engine."""
    global _bookkeeping
    _bookkeeping = bookkeeping
    Base.prepare(engine)
    sessions = sessionmaker(engine, expire_on_commit=False)
    app = FastAPI()

    def open_session() -> Iterator[Session]:
        with sessions() as session:
            yield session

    Database = Annotated[Session, Depends(open_session)]  # noqa: N806 - a type

    @app.get("/conversations/{conversation_id}/orders/{number}")
    def order_detail(conversation_id: str, number: str, session: Database) -> OrderOut:
        order = _own_order(session, conversation_id, number)
        answer = OrderOut(**OrderRow.model_validate(order).model_dump())
        answer.lines = [
            LineOut(
                line_number=line.line_number,
                kind=line.kind,
                sku=line.sku,
                title=line.title or (product.name if product else None),
                category=product.category if product else None,
                options=line.options,
                quantity=line.quantity,
                cancelled_quantity=line.cancelled_quantity,
                returned_quantity=line.returned_quantity,
                unit_price_minor=line.unit_price_minor,
                total_minor=line.total_minor,
                ship_by=line.ship_by,
            )
            for line, _variant, product in _lines(session, order.id)
        ]
        answer.shipments = _parcels(session, order.id)
        answer.refunds = [RefundOut.model_validate(one) for one in _of_order(session, Refund, order.id)]
        answer.delivery = DeliveryOut.model_validate(order)
        answer.payments = [PaidOut.model_validate(one) for one in _of_order(session, Payment, order.id)]
        return answer

    @app.get("/customers/{external_id}")
    def person(external_id: str, source: str, session: Database) -> PersonOut:
        customer = session.scalars(
            select(Customer).where(Customer.source == source, Customer.external_id == external_id)
        ).first()
        if customer is None:
            raise HTTPException(404)
        own = aliased(ProfileMember)
        of_profile = session.execute(
            select(Customer, Profile.public_id)
            .join(ProfileMember, ProfileMember.customer_id == Customer.id)
            .join(Profile, Profile.id == ProfileMember.profile_id)
            .join(own, own.profile_id == Profile.id)
            .where(own.customer_id == customer.id)
        ).all()
        members = [row[0] for row in of_profile] or [customer]
        ids = [one.id for one in members]

        def of_customers(model: Any, *order_by: Any) -> list[Any]:
            return list(session.scalars(select(model).where(model.customer_id.in_(ids)).order_by(*order_by)))

        def of_orders(model: Any, answer: type[Answer]) -> Sequence[Any]:
            return session.execute(
                _columns(model, answer).where(model.order_id.in_(order_ids)).order_by(model.id)
            ).all()

        orders = session.execute(
            _columns(Order, CustomerOrderOut)
            .add_columns(Order.id)
            .where(Order.customer_id.in_(ids))
            .order_by(Order.placed_at.desc(), Order.id.desc())
            .limit(200)
        ).all()
        order_ids = [order.id for order in orders]
        newest_consents = (
            select(Consent)
            .where(Consent.customer_id.in_(ids))
            .distinct(Consent.customer_id, Consent.purpose, Consent.channel)
            .order_by(Consent.customer_id, Consent.purpose, Consent.channel, Consent.at.desc())
        )
        published = session.execute(
            select(AnalysisRun, AnalysisStep)
            .join(Publication, Publication.run_id == AnalysisRun.id)
            .join(AnalysisStep, AnalysisStep.run_id == AnalysisRun.id)
            .where(AnalysisStep.step == "traits")
        ).first()
        return PersonOut.model_validate(
            {
                "profile_id": of_profile[0][1] if of_profile else None,
                "analysed_at": published[1].finished_at if published else None,
                "members": members,
                "addresses": of_customers(Address, Address.id),
                "consents": session.scalars(newest_consents).all(),
                "payment_methods": of_customers(PaymentMethod, PaymentMethod.id),
                "loyalty_points": session.scalar(
                    select(func.sum(LoyaltyEntry.points)).where(LoyaltyEntry.customer_id.in_(ids))
                )
                or 0,
                "orders": orders,
                "shipments": of_orders(Shipment, ParcelOut),
                "returns": of_orders(Return, ReturnOut),
                "payments": of_orders(Payment, PaymentOut),
                "refunds": of_orders(Refund, RefundOut),
                "visits": session.execute(
                    _columns(Event, VisitOut)
                    .where(
                        Event.source.in_([one.source for one in members]),
                        Event.customer_external_id.in_([one.external_id for one in members]),
                    )
                    .order_by(Event.at.desc())
                    .limit(50)
                ).all(),
                "conversations": session.execute(
                    _columns(Conversation, ConversationOut)
                    .where(Conversation.customer_id.in_(ids))
                    .order_by(Conversation.created_at.desc())
                    .limit(50)
                ).all(),
                "cases": session.execute(
                    _columns(Case, CaseOut).where(Case.customer_id.in_(ids)).order_by(Case.created_at.desc()).limit(50)
                ).all(),
            }
        )

    @app.post("/cancellations", status_code=201)
    def propose_cancellation(asked: AskIn, session: Database) -> ProposalOut:
        order = _own_order(session, asked.conversation, asked.order)
        lines = [line for line, _variant, _product in _lines(session, order.id)]
        _contents(session, order.id)
        payments = _of_order(session, Payment, order.id)
        _of_order(session, Refund, order.id)
        _returns(session, order.id)
        offer = {
            "quantities": {str(line.line_number): line.quantity for line in lines},
            "amount_minor": order.total_minor,
            "payment": payments[0].external_id if payments else None,
        }
        return _proposed(session, asked, order, "order.cancel", offer)

    @app.post("/returns", status_code=201)
    def propose_return(asked: AskIn, session: Database) -> ProposalOut:
        order = _own_order(session, asked.conversation, asked.order)
        lines = [line for line, _variant, _product in _lines(session, order.id)]
        _contents(session, order.id)
        payments = _of_order(session, Payment, order.id)
        _of_order(session, Refund, order.id)
        _returns(session, order.id)
        offer = {
            "quantities": {str(line.line_number): line.quantity for line in lines},
            "worth": {str(line.line_number): line.total_minor for line in lines},
            "amount_minor": sum(line.total_minor for line in lines),
            "payment": payments[0].external_id if payments else None,
        }
        return _proposed(session, asked, order, "return.create", offer)

    @app.post("/conversations/{conversation_id}/cancellations/{public_id}/confirm")
    def confirm_cancellation(conversation_id: str, public_id: str, session: Database) -> ProposalOut:
        proposal, order = _to_confirm(session, conversation_id, public_id)
        for line in _rows(session, OrderLine, order.id, OrderLine.line_number):
            line.cancelled_quantity = line.quantity
        now = datetime.now(UTC)
        order.state, order.cancelled_at, order.version = "cancelled", now, order.version + 1
        effects = [_effect(session, proposal, kind, proposal.offer) for kind in ("order.cancel", "payment.refund")]
        session.flush()
        session.add(
            Refund(
                order_id=order.id, external_id=effects[1].public_id, payment_external_id=proposal.offer["payment"],
                amount_minor=proposal.offer["amount_minor"], currency=order.currency, target="original",
                state="requested", requested_at=now, effect_id=effects[1].id,
            )
        )  # fmt: skip
        return _confirmed(session, proposal, effects)

    @app.post("/conversations/{conversation_id}/returns/{public_id}/confirm")
    def confirm_return(conversation_id: str, public_id: str, session: Database) -> ProposalOut:
        proposal, order = _to_confirm(session, conversation_id, public_id)
        now = datetime.now(UTC)
        returned = Return(
            public_id=f"ret_{secrets.token_hex(16)}", number=f"RT{secrets.token_hex(6).upper()}", order_id=order.id,
            kind="refund", state="approved", reason="changed_mind", condition="as_new", currency=order.currency,
            goods_minor=proposal.offer["amount_minor"], shipping_minor=0, restocking_minor=0, freight_minor=0,
            refund_minor=proposal.offer["amount_minor"], charge_minor=0, insured_minor=0, target="original",
            method="label", fraud_signals={}, requested_at=now, approved_at=now, send_by=now + timedelta(days=14),
        )  # fmt: skip
        session.add(returned)
        session.flush()
        session.add_all(
            ReturnLine(
                return_id=returned.id, line_number=int(number), quantity=quantity, reason="changed_mind",
                worth_minor=proposal.offer["worth"][number], restocking_minor=0,
            )
            for number, quantity in proposal.offer["quantities"].items()
        )  # fmt: skip
        order.version += 1
        return _confirmed(session, proposal, [_effect(session, proposal, "return.expect", proposal.offer)])

    return app


_bookkeeping = False


def _note(session: Session, proposal: Any, actions: Sequence[str]) -> None:
    """The audit entries of a change."""
    if _bookkeeping:
        session.execute(
            insert(AuditEntry),
            [
                {
                    "at": datetime.now(UTC), "actor_kind": "shopper", "actor_id": proposal.actor_id, "action": action,
                    "conversation_id": proposal.actor_id, "subject_type": "proposal", "subject_id": proposal.public_id,
                    "details": {"kind": proposal.kind}, "previous_hash": "", "entry_hash": secrets.token_hex(32),
                }
                for action in actions
            ],
        )  # fmt: skip


# --- Queries ------------------------------------------------------------------------------------------------------


def _own_order(session: Session, conversation_id: str, number: str) -> Any:
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        raise HTTPException(404)
    order = session.scalars(
        select(Order).where(Order.number_key == number, Order.customer_id == conversation.customer_id)
    ).first()
    if order is None:
        raise HTTPException(404)
    return order


def _lines(session: Session, order_id: int) -> Sequence[Any]:
    return session.execute(
        select(OrderLine, Variant, Product)
        .outerjoin(Variant, Variant.id == OrderLine.variant_id)
        .outerjoin(Product, Product.id == Variant.product_id)
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.line_number)
    ).all()


def _rows(session: Session, model: Any, order_id: int, order_by: Any) -> Sequence[Any]:
    return session.scalars(select(model).where(model.order_id == order_id).order_by(order_by)).all()


def _of_order(session: Session, model: Any, order_id: int) -> Sequence[Any]:
    return _rows(session, model, order_id, model.id)


def _columns(model: Any, answer: type[Answer]) -> Any:
    """What an answer shows of a row."""
    return select(*(getattr(model, name) for name in answer.model_fields))


def _contents(session: Session, order_id: int) -> Sequence[Any]:
    return session.execute(
        select(Shipment, ShipmentLine.line_number)
        .outerjoin(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .where(Shipment.order_id == order_id)
        .order_by(Shipment.id, ShipmentLine.line_number)
    ).all()


def _returns(session: Session, order_id: int) -> Sequence[Any]:
    return session.execute(
        select(Return, ReturnLine)
        .outerjoin(ReturnLine, ReturnLine.return_id == Return.id)
        .where(Return.order_id == order_id)
        .order_by(Return.id, ReturnLine.line_number)
    ).all()


def _parcels(session: Session, order_id: int) -> list[ShipmentOut]:
    inside = _contents(session, order_id)
    shipments = list(dict.fromkeys(shipment for shipment, _line in inside))
    if not shipments:
        return []
    scans = session.execute(
        _columns(ScanEvent, ScanOut)
        .add_columns(ScanEvent.shipment_id)
        .where(ScanEvent.shipment_id.in_([one.id for one in shipments]))
        .order_by(ScanEvent.shipment_id, ScanEvent.sequence)
    ).all()
    if under_way := [one.id for one in shipments if one.delivered_at is None]:
        session.execute(
            select(Curve.shipment_id, Curve.since, Curve.waiting, Curve.slope, Curve.intercept, Curve.by_level)
            .join(AnalysisStep, AnalysisStep.rows_run_id == Curve.run_id)
            .join(Publication, Publication.run_id == AnalysisStep.run_id)
            .where(AnalysisStep.step == "delivery", Curve.shipment_id.in_(under_way))
        ).all()
    return [
        ShipmentOut(
            carrier=one.carrier,
            tracking_number=one.tracking_number,
            state=one.state,
            handed_over_at=one.handed_over_at,
            delivered_at=one.delivered_at,
            promised_on=one.promised_on,
            lines=[line for shipment, line in inside if shipment is one and line is not None],
            events=[ScanOut.model_validate(scan) for scan in scans if scan.shipment_id == one.id],
        )
        for one in shipments
    ]


def _proposed(session: Session, asked: AskIn, order: Any, kind: str, offer: dict[str, Any]) -> ProposalOut:
    now = datetime.now(UTC)
    proposal = Proposal(
        public_id=f"prop_{secrets.token_hex(16)}", kind=kind, details={"order": asked.order}, offer=offer, state="open",
        caller=f"shopper:{asked.conversation}", actor_kind="shopper", actor_id=asked.conversation,
        customer_id=order.customer_id, order_id=order.id, created_at=now, expires_at=now + timedelta(minutes=15),
    )  # fmt: skip
    session.add(proposal)
    session.flush()
    answer = ProposalOut.model_validate(
        {name: getattr(proposal, name) for name in ProposalOut.model_fields if name != "effects"}
    )
    if _bookkeeping:
        key = IdempotencyKey(
            caller=proposal.caller, key=secrets.token_hex(16), request_hash="", status=201, created_at=now,
            body=answer.model_dump_json(), media_type="application/json",
        )  # fmt: skip
        session.add(key)
    _note(session, proposal, ["change.proposed"])
    session.commit()
    return answer


def _to_confirm(session: Session, conversation_id: str, public_id: str) -> tuple[Any, Any]:
    conversation = session.get(Conversation, conversation_id)
    proposal = session.scalars(
        select(Proposal)
        .where(Proposal.public_id == public_id, Proposal.caller == f"shopper:{conversation_id}")
        .with_for_update()
    ).first()
    if conversation is None or proposal is None or proposal.state != "open":
        raise HTTPException(404)
    return proposal, session.get_one(Order, proposal.order_id, with_for_update=True)


def _effect(session: Session, proposal: Any, kind: str, payload: dict[str, Any]) -> Any:
    now = datetime.now(UTC)
    effect = Effect(
        public_id=f"eff_{secrets.token_hex(16)}", kind=kind, order_id=proposal.order_id, proposal_id=proposal.id,
        payload=payload, state="pending", attempts=0, created_at=now, next_try_at=now,
    )  # fmt: skip
    session.add(effect)
    return effect


def _confirmed(session: Session, proposal: Any, effects: Sequence[Any]) -> ProposalOut:
    proposal.state, proposal.settled_at = "confirmed", datetime.now(UTC)
    proposal.outcome = {"effects": [effect.public_id for effect in effects]}
    _note(session, proposal, ["change.confirmed", proposal.kind, *(effect.kind for effect in effects)])
    session.commit()
    return ProposalOut.model_validate(
        {
            **{name: getattr(proposal, name) for name in ProposalOut.model_fields if name != "effects"},
            "effects": effects,
        }
    )


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--lean", action="store_true", help="no idempotency keys, no audit entries, nothing sealed")
    arguments = parser.parse_args()
    engine = create_engine(arguments.url, pool_size=10, max_overflow=10)
    uvicorn.run(
        create(engine, bookkeeping=not arguments.lean),
        host="127.0.0.1",
        port=arguments.port,
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
