"""What a column of the export means. One that is stored as it is exported says so in its table."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

YES_NO = ("0", "1")
TIME = "ISO 8601, UTC"
EXPORTED = "exported"  # where a column of a table keeps what it means


@dataclass(frozen=True, kw_only=True)
class ExportColumn:
    """What a column means.

    Attributes:
        levels: every value it may have, in their order; None where that is not a closed list.
    """

    description: str
    unit: str | None = None
    levels: tuple[str, ...] | None = None

    def facts(self) -> dict[str, object]:
        """As in `columns.json`, without what does not apply."""
        facts = {"description": self.description, "unit": self.unit, "levels": self.levels}
        return {key: value for key, value in facts.items() if value is not None}


def exported_column(
    description: str,
    *,
    unit: str | None = None,
    levels: tuple[str, ...] | None = None,
    **options: Any,
) -> MappedColumn[Any]:
    """A column of a table that the export has too, under the same name and with this meaning.

    Args:
        options: as `mapped_column` takes them.
    """
    meaning = ExportColumn(description=description, unit=unit, levels=levels)
    return mapped_column(info={EXPORTED: meaning}, **options)


def exported_columns(table: type[DeclarativeBase]) -> dict[str, ExportColumn]:
    """The columns of a table that the export has, in the order of the table."""
    columns = table.__table__.columns
    return {column.key: column.info[EXPORTED] for column in columns if EXPORTED in column.info}
