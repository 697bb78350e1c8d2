"""`shopdesk export-person` and `shopdesk erase-person`: what privacy law asks for, in every store."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crm_backend.privacy.service import Subject
    from shopdesk_schemas.privacy import ErasureReceipt

Customer = Annotated[str | None, typer.Option(metavar="ID", help="The shop's own id of the customer.")]
Source = Annotated[str | None, typer.Option(help="The system whose id it is, where several have it.")]
Email = Annotated[str | None, typer.Option(help="Everybody with this e-mail address instead, guests' orders included.")]
WholeProfile = Annotated[
    bool, typer.Option("--whole-profile", help="All customers who are this person, by their profile.")
]


class PageLanguage(StrEnum):
    """Languages of the page in an export."""

    EN = "en"
    ZH = "zh"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""

    @app.command("export-person")
    def export_person(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="The ZIP to write; must not be there yet.")],
        customer: Customer = None,
        source: Source = None,
        email: Email = None,
        whole_profile: WholeProfile = False,
        language: Annotated[
            list[PageLanguage] | None, typer.Option(help="Of the page in it; once for each [default: both]")
        ] = None,
    ) -> None:
        """Write all that is known of a person to a ZIP: JSON, and a page to read."""
        from crm_backend.changes.kind import Actor
        from crm_backend.identity.keys import LookupKeys
        from crm_backend.privacy import service
        from crm_backend.settings import CrmSettings
        from shopdesk.crm_database import crm_database
        from shopdesk.databases import stores
        from shopdesk.people.exporting import LANGUAGES, gather, write_zip
        from shopdesk_schemas.clock import Clock

        settings = CrmSettings()
        subject = _subject(customer, source, email, whole_profile)
        with crm_database() as database, database.write() as session:
            person = service.export_person(
                session,
                subject,
                LookupKeys(settings.lookup_key),
                Clock(settings.fixed_now()),
                Actor("system", "command line"),
            )
            found = gather(person, stores())
            wanted = [one for one in LANGUAGES if language is None or one in {chosen.value for chosen in language}]
            write_zip(file, person, found, wanted)
        for store, tables in found.items():
            for table, rows in tables.items():
                typer.echo(f"{len(rows):>12,} {store} {table}")
        if person.shared_conversations:
            typer.echo(f"Left out: {len(person.shared_conversations)} conversations that somebody else used too.")
        _say_same_profile(person.same_profile)
        typer.echo(f"Written to {file}. It holds personal data: hand it over safely and delete it.")

    @app.command("erase-person")
    def erase_person(
        customer: Customer = None,
        source: Source = None,
        email: Email = None,
        whole_profile: WholeProfile = False,
        yes: Annotated[bool, typer.Option("--yes", help="Do it. Without this, say what would be done.")] = False,
        despite_open: Annotated[
            bool, typer.Option("--despite-open", help="Though orders or cases are not finished.")
        ] = False,
        receipt_file: Annotated[
            Path | None, typer.Option("--receipt", metavar="FILE", help="Write the receipt as JSON, too.")
        ] = None,
        finish: Annotated[
            bool, typer.Option("--finish", help="Finish erasures that agents asked for or that were cut off.")
        ] = False,
    ) -> None:
        """Erase a person in every store. What the law makes a shop keep of orders stays, without who it was.

        A dry run unless --yes is given. Erasing again changes nothing; an import does not bring the person back.
        """
        from crm_backend.changes.kind import Actor
        from crm_backend.identity.keys import LookupKeys
        from crm_backend.policies.policy import load_policies
        from crm_backend.privacy import service
        from crm_backend.settings import CrmSettings
        from shopdesk.crm_database import crm_database
        from shopdesk.databases import stores
        from shopdesk.people.erasing import finish as finish_erasure
        from shopdesk.people.following import finish_open
        from shopdesk_schemas.clock import Clock

        settings = CrmSettings()
        if finish:
            finished = finish_open()
            for one in finished:
                _tell(one)
            typer.echo(f"{len(finished)} erasures finished.")
            return
        clock, actor = Clock(settings.fixed_now()), Actor("system", "command line")
        with crm_database(forget=True) as database:
            with database.write() as session:
                receipt = service.erase_person(
                    session,
                    _subject(customer, source, email, whole_profile),
                    LookupKeys(settings.lookup_key),
                    load_policies(settings.shop),
                    clock,
                    actor,
                    dry_run=not yes,
                    despite_open=despite_open,
                )
            receipt = finish_erasure(database, stores(), receipt, clock, actor)
        _tell(receipt)
        if receipt_file is not None:
            receipt_file.write_text(receipt.model_dump_json(indent=2) + "\n", "utf-8")
        if (settings.home / "rejected.csv").exists():
            typer.echo(f"Rows that an import rejected are in {settings.home / 'rejected.csv'}: delete it.")


def _subject(customer: str | None, source: str | None, email: str | None, whole_profile: bool) -> Subject:
    from crm_backend.privacy.service import Subject

    if (customer is None) == (email is None):
        raise typer.BadParameter("give one of them", param_hint="--customer / --email")
    return Subject(external_id=customer, source=source, email=email, whole_profile=whole_profile)


def _tell(receipt: ErasureReceipt) -> None:
    # Sorted: PostgreSQL gives the names back in an order of its own.
    for store, tables in sorted(receipt.counts.items()):
        for table, counts in sorted(tables.items()):
            for what, count in counts.items():
                typer.echo(f"{count:>12,} {store} {table} {what}")
    _say_same_profile(receipt.same_profile)
    if receipt.dry_run:
        typer.echo(f"             and {len(receipt.conversations)} conversations. Nothing was done; --yes does it.")
        return
    typer.echo(f"Erased on {receipt.at:%Y-%m-%d %H:%M} UTC: receipt {receipt.id}, hash {receipt.receipt_hash}.")


def _say_same_profile(count: int) -> None:
    if count:
        typer.echo(f"{count} other customers are in the same profile; --whole-profile takes them too.")
