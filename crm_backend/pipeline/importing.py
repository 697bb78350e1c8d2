"""Files of any known shape into the CRM: the whole of `shopdesk import`."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Engine

from crm_backend.identity.keys import LookupKeys
from crm_backend.pipeline.adapter import Adapter, Facts
from crm_backend.pipeline.canonical.columns import DEFAULT_SOURCE
from crm_backend.pipeline.canonical_files import CanonicalFiles
from crm_backend.pipeline.canonical_own import OwnLoader
from crm_backend.pipeline.countries import country_code, currency_of, timezone_of
from crm_backend.pipeline.errors import PipelineError
from crm_backend.pipeline.invoice_lines import InvoiceLines
from crm_backend.pipeline.loader import Loader
from crm_backend.pipeline.marketplace import Marketplace
from crm_backend.pipeline.money import known_currency
from crm_backend.pipeline.reading import discover
from crm_backend.pipeline.report import FileCount, ImportReport
from crm_backend.pipeline.shapes import Classified, Shape, classify
from crm_backend.pipeline.staging import Staging
from crm_backend.quality import service as quality
from shopdesk_schemas.clock import wall_now


class Progress(Protocol):
    """Hears how far an import or export is."""

    def start(self, stage: Literal["reading", "loading", "writing"], total: int) -> None:
        """A stage begins; `total` is in bytes when reading, in rows when loading, in records when writing."""

    def advance(self, amount: int) -> None:
        """So much more of the stage is done."""


class NoProgress:
    """Hears and says nothing."""

    def start(self, stage: Literal["reading", "loading", "writing"], total: int) -> None:
        """Nothing."""

    def advance(self, amount: int) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the person at the command line knows and the files do not say. None: take the shape's default."""

    shape: Literal["auto"] | Shape = "auto"
    timezone: str | None = None
    currency: str | None = None
    country: str | None = None
    source: str | None = None
    encoding: str | None = None
    rejected: Path | None = None
    """Where rejected rows are written; None writes them nowhere."""
    now: datetime | None = None
    """When what the files change is taken to have changed; the machine's time when not given."""
    keys: LookupKeys | None = None
    """Tell who was erased; needed as soon as anybody was."""


@dataclass(frozen=True, slots=True)
class _ShapeDefaults:
    source: str
    timezone: str | None = None
    currency: str | None = None
    country: str | None = None
    """The country in which customers live who are said to live in none."""


_DEFAULTS: Mapping[Shape, _ShapeDefaults] = {
    # The published files of this shape are a British shop's, in pounds and London time; the country is a column.
    "invoice-lines": _ShapeDefaults("invoices", timezone="Europe/London", currency="GBP"),
    # Those of this shape are a Brazilian marketplace's; postcodes and states are Brazil's.
    "marketplace": _ShapeDefaults("marketplace", timezone="America/Sao_Paulo", currency="BRL", country="BR"),
    "canonical": _ShapeDefaults(DEFAULT_SOURCE),
}

_ADAPTERS: Mapping[Shape, type[Adapter]] = {
    "invoice-lines": InvoiceLines,
    "marketplace": Marketplace,
    "canonical": CanonicalFiles,
}


def import_folder(
    engine: Engine, folder: Path, options: ImportOptions | None = None, progress: Progress | None = None
) -> ImportReport:
    """Import the files of a folder (or one file) into the database of `engine`, whose schema must be there.

    Nothing is written before every file was read once. Then each batch is one transaction: an import that is cut off
    leaves whole records, and doing it again completes it. Doing a complete one again changes nothing.

    Raises PipelineError, before anything is written, when the folder, a file or an option cannot be used.
    """
    options = options or ImportOptions()
    progress = progress or NoProgress()
    began = time.monotonic()
    checked = _checked(options)
    files = discover(folder, encoding=options.encoding)
    classified = classify(files, options.shape)
    facts, report = _facts(classified, checked)
    for name, group in classified.roles.items():
        for file in group:
            report.files[file.id] = FileCount(file.name, name)
    report.ignored = [file.name for file in classified.ignored]
    with Staging(report) as staging:
        adapter = _ADAPTERS[classified.shape](classified, facts, staging)
        used = [file for group in classified.roles.values() for file in group]
        progress.start("reading", sum(file.path.stat().st_size for file in used))
        adapter.stage(progress.advance)
        settled = report.rows("rejected") + report.rows("merged")
        progress.start("loading", report.rows() - settled)
        loader = Loader(
            engine, report, unsaid=adapter.unsaid(), now=options.now, keys=options.keys, on_rows=progress.advance
        )
        for stream in adapter.aggregates():
            loader.load(stream)
        loader.finish()
        own = OwnLoader(engine, report, staging, keys=options.keys, on_rows=progress.advance)
        for kind, rows in adapter.own():
            own.load(kind, rows)
        if options.rejected is not None and staging.write_rejected(used, options.rejected):
            report.rejected_file = str(options.rejected)
    lost = [file.name for file in report.files.values() if not file.accounted()]
    if lost:
        raise AssertionError(f"rows without an outcome in {', '.join(lost)}: a fault of the importer")
    report.seconds = time.monotonic() - began
    quality.note_import(engine, report, wall_now())
    return report


def _checked(options: ImportOptions) -> ImportOptions:
    """The options in one form. Raises PipelineError naming the option that cannot be used."""
    if options.timezone is not None:
        try:
            ZoneInfo(options.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise PipelineError(
                f"--timezone {options.timezone} is not an IANA time zone such as Europe/London."
            ) from error
    currency = options.currency.upper() if options.currency else None
    if currency is not None and not known_currency(currency):
        raise PipelineError(f"--currency {options.currency} is not an ISO 4217 code such as EUR.")
    country = country_code(options.country)
    if options.country is not None and country is None:
        raise PipelineError(f"--country {options.country} is not a country's ISO code or English name.")
    source = options.source.strip() if options.source is not None else None
    if source == "":
        raise PipelineError("--source is empty; name the system that the files come from.")
    return replace(options, currency=currency, country=country, source=source)


def _facts(classified: Classified, options: ImportOptions) -> tuple[Facts, ImportReport]:
    """What the import takes for given, and a report that says which of it nobody stated."""
    defaults = _DEFAULTS[classified.shape]
    source = options.source or defaults.source
    report = ImportReport(classified.shape, source)
    foreign = classified.shape != "canonical"
    elsewhere = options.country is not None and options.country != (defaults.country or "GB")
    chosen: dict[str, str | None] = {}
    for name, given, implied, default in (
        ("timezone", options.timezone, timezone_of(options.country or ""), defaults.timezone),
        ("currency", options.currency, currency_of(options.country or ""), defaults.currency),
        ("country", options.country, None, defaults.country),
    ):
        value = given
        if value is None and foreign:
            # The shape's default is one country's; another country has its own, when it has only one.
            value = implied if elsewhere else default
            if value is None and elsewhere and name != "country":
                raise PipelineError(f"{options.country} has more than one {name}; give --{name}.")
            if value is not None:
                report.assumed[name] = value
        if given is not None:
            report.given[name] = given
        chosen[name] = value
    zone = chosen["timezone"]
    facts = Facts(
        source, ZoneInfo(zone) if zone else None, chosen["currency"], chosen["country"], options.now or wall_now()
    )
    report.cleaned = Counter()
    return facts, report
