"""The migrations build exactly the models' schema."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from crm_backend.database.engine import Database
from crm_backend.migrations import migrate
from crm_backend.models import Model


def test_models_and_migrations_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Model.metadata) == []


def test_check_constraints_are_migrated_too(database: Database) -> None:
    # Alembic's comparison does not see these.
    with database.engine.connect() as connection:
        for table in Model.metadata.sorted_tables:
            wanted = {str(c.name) for c in table.constraints if type(c).__name__ == "CheckConstraint"}
            assert {c["name"] for c in inspect(connection).get_check_constraints(table.name)} == wanted, table.name


def test_migrating_again_changes_nothing(crm_database_url: str) -> None:
    migrate(crm_database_url)
    migrate(crm_database_url)
