"""Alembic's entry: compares and migrates the tables of `MODELS`."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from study_app import answer_models, identity_models, models
from study_app.database import UtcDateTime, db
from study_app.table_base import Base

MODELS = (
    models,
    answer_models,
    identity_models,
)  # importing them is what makes the metadata complete


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our own types as what they are in the database."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


def run() -> None:
    """Run the migrations on the app's database, in one transaction."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,  # SQLite alters a table by copying it
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
