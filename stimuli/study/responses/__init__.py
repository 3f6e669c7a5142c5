"""Kinds of response: every module of this folder but `base` declares one as `KIND`."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, SerializeAsAny, ValidationError, create_model

from stimuli.problems import validation_problems
from stimuli.study.responses.base import Button, Hint, Problem, Response, Saying, When, sentence

__all__ = [
    "RESPONSE_KINDS",
    "AnyResponse",
    "Button",
    "Hint",
    "Problem",
    "Response",
    "Saying",
    "When",
    "sentence",
]


RESPONSE_KINDS: Mapping[str, type[Response]] = MappingProxyType(
    {
        kind.model_fields["kind"].default: kind
        for module in pkgutil.iter_modules(__path__)
        if module.name != "base"
        for kind in [import_module(f"{__name__}.{module.name}").KIND]
    }
)
"""The class of each kind, by name."""


def read_response(table: Any) -> Response:
    """A table of a study file as the kind of response that it names.

    Raises:
        pydantic.ValidationError, ValueError: with every problem.
    """
    if isinstance(table, Response):
        return table
    kind = RESPONSE_KINDS.get(str(table.get("kind"))) if isinstance(table, dict) else None
    if kind is None:
        expected: Any = Literal[tuple(RESPONSE_KINDS)]
        create_model("ResponseOfAnyKind", kind=(expected, ...)).model_validate(table)
        raise AssertionError("a table without a known kind is no valid table")
    kinds = {key: k for k in RESPONSE_KINDS.values() for key in k.settings() & {*table}}
    misplaced_keys = {key: other for key, other in kinds.items() if key not in kind.settings()}
    words = [other.MISPLACED.format(kind=table["kind"]) for other in misplaced_keys.values()]
    problems = [f"{table.get('name')}.{problem}" for problem in dict.fromkeys(words)]
    try:
        response = kind.model_validate({k: v for k, v in table.items() if k not in misplaced_keys})
    except ValidationError as error:
        if not problems:
            raise
        problems = validation_problems(error) + problems
    if problems:
        raise ValueError("\n".join(problems))
    return response


AnyResponse = Annotated[SerializeAsAny[Response], BeforeValidator(read_response)]
