"""Alembic's entry: compares and migrates the tables of `MODELS`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from study_app import answer_models, identity_models, models
from study_app.database import UtcDateTime, db
from study_app.errors import RefusalError
from study_app.table_base import Base

MODELS = (
    models,
    answer_models,
    identity_models,
)  # importing them is what makes the metadata complete


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our own types as what they are in the database."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


@contextmanager
def no_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite drops a table to alter it, which it refuses while rows of others refer to it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()


def check_foreign_keys(connection: Connection) -> None:
    """See that every row still refers to one that is there.

    Raises:
        RefusalError: if not; nothing is changed then.
    """
    if connection.dialect.name == "sqlite":
        tables = sorted({row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")})
        if tables:
            problem = f"rows of {', '.join(tables)} refer to none; put a backup in its place"
            raise RefusalError("the database", [problem])


def run() -> None:
    """Run the migrations on the app's database, in one transaction."""
    with db.engine.connect() as connection, no_foreign_keys(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,  # SQLite alters a table by copying it
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
            check_foreign_keys(connection)


run()
