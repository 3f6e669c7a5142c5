"""`[analysis]`: what is compared, fixed before data are seen."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from stimuli.study.offline import Facts

Measure = Literal["accuracy", "over_reliance", "under_reliance", "d_prime", "criterion", "time"]
SHARES = ("accuracy", "over_reliance", "under_reliance")  # of trials, whose differences are points
Look = Annotated[float, Field(gt=0, le=1)]


class Analysis(Facts):
    """`[analysis]`: the primary test, fixed before data are seen.

    Attributes:
        measure: what is compared between conditions.
        pairs: pairs of conditions, which are the family of the test; empty means all pairs.
        alternative: the first of a pair against the second.
        secondary: measures that are compared too, in a family of their own.
        equivalence_points: how many points of a share a difference may have and still not matter.
        equivalence_because: why, in a sentence for the report; there is no margin without it.
        looks: when the primary test is made, in shares of the people that `[assignment] quota`
            asks for, the last of them 1; empty means once, at the end.
    """

    measure: Measure = "accuracy"
    pairs: tuple[tuple[str, str], ...] = ()
    alternative: Literal["two-sided", "less", "greater"] = "two-sided"
    secondary: tuple[Measure, ...] = ()
    equivalence_points: Annotated[float, Field(gt=0, lt=100)] | None = None
    equivalence_because: str = ""
    looks: tuple[Look, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _outcome_of_before(cls, table: Any) -> Any:
        if isinstance(table, dict) and table.get("outcome") == "accuracy":
            return {key: value for key, value in table.items() if key != "outcome"}
        return table

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.equivalence_points is None) != (not self.equivalence_because):
            raise ValueError(
                "equivalence_points and equivalence_because belong together: a margin, and in a "
                "sentence why a difference within it does not matter"
            )
        if self.equivalence_points is not None and self.measure not in SHARES:
            raise ValueError(
                f"equivalence_points are points of a share, and {self.measure} is none; leave "
                f"them out, or take one of {', '.join(SHARES)} as measure"
            )
        if len({self.measure, *self.secondary}) < 1 + len(self.secondary):
            raise ValueError(
                "secondary: a measure is there twice, or is the primary one; remove it"
            )
        if self.looks and (self.looks[-1] != 1 or list(self.looks) != sorted(set(self.looks))):
            raise ValueError(
                f"looks: {list(self.looks)} must increase up to 1, the last look, as [0.5, 1]"
            )
        return self
