"""Which shape a folder's files have, judged by their columns and never by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from crm_backend.pipeline.canonical.columns import RecordType
from crm_backend.pipeline.canonical.types import RECORD_TYPES
from crm_backend.pipeline.errors import PipelineError
from crm_backend.pipeline.reading import InputFile, column_key

Shape = Literal["invoice-lines", "marketplace", "canonical"]


@dataclass(frozen=True, slots=True)
class Role:
    """What a file is within its shape.

    `columns` gives each column's other names; `required` must all be there; any of `telling` shows that a file means
    to be this, so that what it lacks can be named.
    """

    shape: Shape
    name: str
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    telling: tuple[str, ...]

    def positions(self, file: InputFile) -> dict[str, int]:
        """Where the role's columns are in the file; those that it lacks are left out."""
        there = file.positions()
        found: dict[str, int] = {}
        for column, others in self.columns.items():
            for name in (column, *others):
                position = there.get(column_key(name))
                if position is not None:
                    found[column] = position
                    break
        return found


def _role(shape: Shape, name: str, columns: Mapping[str, tuple[str, ...]], required: str, telling: str) -> Role:
    return Role(shape, name, columns, tuple(required.split()), tuple(telling.split()))


def _named(names: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(names.split(), ())


INVOICE_LINES = _role(
    "invoice-lines",
    "invoice_lines",
    {
        "invoice": ("invoice_no", "invoice_number"),
        "stock_code": ("sku", "item_code"),
        "description": ("product_description",),
        "quantity": ("qty",),
        "invoice_date": ("date", "invoice_datetime"),
        "price": ("unit_price",),
        "customer_id": ("customer", "customer_no", "customer_number"),
        "country": (),
    },
    required="invoice stock_code quantity invoice_date price",
    telling="invoice stock_code",
)

MARKETPLACE_ROLES: tuple[Role, ...] = (
    _role(
        "marketplace",
        "orders",
        _named(
            "order_id customer_id order_status order_purchase_timestamp order_approved_at"
            " order_delivered_carrier_date order_delivered_customer_date order_estimated_delivery_date"
        ),
        required="order_id order_status order_purchase_timestamp",
        telling="order_status order_purchase_timestamp",
    ),
    _role(
        "marketplace",
        "order_items",
        _named("order_id order_item_id product_id seller_id shipping_limit_date price freight_value"),
        required="order_id order_item_id product_id price",
        telling="order_item_id freight_value",
    ),
    _role(
        "marketplace",
        "payments",
        _named("order_id payment_sequential payment_type payment_installments payment_value"),
        required="order_id payment_type payment_value",
        telling="payment_type payment_value",
    ),
    _role(
        "marketplace",
        "customers",
        _named("customer_id customer_unique_id customer_zip_code_prefix customer_city customer_state"),
        required="customer_id customer_unique_id",
        telling="customer_unique_id customer_zip_code_prefix",
    ),
    _role(
        "marketplace",
        "category_translation",
        _named("product_category_name product_category_name_english"),
        required="product_category_name product_category_name_english",
        telling="product_category_name_english",
    ),
    _role(
        "marketplace",
        "products",
        {
            **_named("product_id product_category_name"),
            # The published files spell these two so.
            "product_name_length": ("product_name_lenght",),
            "product_description_length": ("product_description_lenght",),
            **_named("product_photos_qty product_weight_g product_length_cm product_height_cm product_width_cm"),
        },
        required="product_id product_category_name",
        telling="product_category_name product_weight_g",
    ),
)


@dataclass(frozen=True, slots=True)
class Classified:
    """A folder's shape and what each file is. `ignored` are files of no role, such as a marketplace's reviews."""

    shape: Shape
    roles: Mapping[str, Sequence[InputFile]]
    """Files by role name; of the canonical shape, by record type name."""
    ignored: Sequence[InputFile]


def classify(files: Sequence[InputFile], wanted: Literal["auto"] | Shape = "auto") -> Classified:
    """Tell the shape of the files and the role of each.

    Raises PipelineError when no file is of a known shape (or of the `wanted` one), when files of two shapes lie
    together, or when a file plainly means to be something but lacks a column.
    """
    shapes: dict[Shape, dict[str, list[InputFile]]] = {"canonical": {}, "invoice-lines": {}, "marketplace": {}}
    unknown: list[InputFile] = []
    for file in files:
        kind = canonical_kind(file) if wanted in ("auto", "canonical") else None
        if kind is not None:
            shapes["canonical"].setdefault(kind.name, []).append(file)
            continue
        role = next((role for role in _roles(wanted) if _has_all(role, file)), None)
        if role is None:
            unknown.append(file)
        else:
            shapes[role.shape].setdefault(role.name, []).append(file)
    found: list[Shape] = [shape for shape, roles in shapes.items() if roles]
    if len(found) > 1:
        names = {shape: ", ".join(file.name for group in shapes[shape].values() for file in group) for shape in found}
        listed = "; ".join(f"{shape}: {names[shape]}" for shape in found)
        raise PipelineError(f"The files are of more than one shape ({listed}); import each shape from its own folder.")
    for file in unknown:
        for role in _roles(wanted):
            if (not found or role.shape in found) and (missing := _missing_of(role, file)):
                raise PipelineError(
                    f"{file.name} looks like {role.name} of the {role.shape} shape but has no column"
                    f" {' and no '.join(missing)}; its columns are {', '.join(file.columns)}."
                )
    if not found:
        listed = "; ".join(f"{file.name}: {', '.join(file.columns) or 'empty'}" for file in files[:5])
        what = "any shape that can be imported" if wanted == "auto" else f"the {wanted} shape"
        raise PipelineError(f"No file has the columns of {what}. Found {listed}. See docs/data-format.md.")
    shape = found[0]
    if shape == "marketplace" and "orders" not in shapes[shape]:
        raise PipelineError(
            "There are marketplace files but none with the orders themselves"
            " (columns order_id, order_status, order_purchase_timestamp)."
        )
    return Classified(shape, shapes[shape], unknown)


def _roles(wanted: str) -> tuple[Role, ...]:
    everything = (INVOICE_LINES, *MARKETPLACE_ROLES)
    return everything if wanted == "auto" else tuple(role for role in everything if role.shape == wanted)


def _has_all(role: Role, file: InputFile) -> bool:
    there = role.positions(file)
    return all(column in there for column in role.required)


def _missing_of(role: Role, file: InputFile) -> list[str]:
    there = role.positions(file)
    if not any(column in there for column in role.telling) or 2 * sum(c in there for c in role.required) < len(
        role.required
    ):
        return []
    return [column for column in role.required if column not in there]


def canonical_kind(file: InputFile) -> RecordType | None:
    """The kind of canonical record that a file holds, or None when it has no `external_id` of any kind, nor a SKU.

    Of the kinds whose required columns it has, the one that knows most of its columns; where two fit equally well
    (`external_id,name` is a customer or a product), the file's name decides. Raises PipelineError when the file has
    canonical columns but lacks one, or fits two kinds.
    """
    if not file.columns:
        return next((kind for kind in RECORD_TYPES if kind.name == file.stem and file.delimiter is None), None)
    there = set(file.columns)
    if not any(column.endswith("external_id") for column in there):
        return None

    def fit(kind: RecordType) -> tuple[int, bool]:
        known = len(there & set(kind.names))
        return 2 * known - len(there), kind.name == file.stem

    fitting = sorted((kind for kind in RECORD_TYPES if there.issuperset(kind.required)), key=fit, reverse=True)
    nearest = max(RECORD_TYPES, key=fit)
    if not fitting or fit(nearest)[0] > fit(fitting[0])[0]:
        missing = [column for column in nearest.required if column not in there]
        raise PipelineError(
            f"{file.name} looks like {nearest.name} of the canonical format but has no column"
            f" {' and no '.join(missing)}; its columns are {', '.join(file.columns)}."
        )
    if len(fitting) > 1 and fit(fitting[0]) == fit(fitting[1]):
        names = " or ".join(kind.name for kind in fitting if fit(kind) == fit(fitting[0]))
        raise PipelineError(f"{file.name} could be {names}; name the file after what it holds.")
    return fitting[0]
