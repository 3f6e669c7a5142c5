"""What all tables have in common: how their constraints are named and their types stored."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Enum, MetaData
from sqlalchemy.orm import DeclarativeBase

from stimuli.study import Outcome, Phase
from study_app.database import UtcDateTime
from study_app.enums import Decision, Input, Noticed, SubmissionStatus, Wave


def _enum_by_value(enum: type[StrEnum]) -> Enum:
    """An enum kept as its value, which is what exports and people read."""
    return Enum(
        enum,
        native_enum=False,
        length=20,
        create_constraint=True,
        name=enum.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can name them too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime,
        dict[str, int]: JSON,
        list[float]: JSON(none_as_null=True),
        list[str]: JSON,
        Phase: _enum_by_value(Phase),
        Decision: _enum_by_value(Decision),
        Input: _enum_by_value(Input),
        Noticed: _enum_by_value(Noticed),
        Outcome: _enum_by_value(Outcome),
        SubmissionStatus: _enum_by_value(SubmissionStatus),
        Wave: _enum_by_value(Wave),
    }
