"""The migrations build the schema that the models say, and can be taken back."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect

from crm_backend.database.engine import Database
from crm_backend.migrations import alembic_config, migrate
from crm_backend.models import Model


def test_the_migrations_build_what_the_models_say(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Model.metadata) == []


def test_checks_of_the_models_are_in_the_database(database: Database) -> None:
    """Alembic does not compare them; their names do."""
    with database.engine.connect() as connection:
        inspector = inspect(connection)
        for table in Model.metadata.sorted_tables:
            said = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
            assert {str(check["name"]) for check in inspector.get_check_constraints(table.name)} == said, table.name


def test_every_revision_can_be_taken_back_and_made_again(database: Database) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    command.downgrade(alembic_config(url), "base")
    with database.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    migrate(url)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Model.metadata) == []
