"""The `[rounds]` table of an experiment: how much is labelled when. Imports no torch."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from stimuli.study.offline import Facts

# Sizes are counts of images, fractions are written with few digits.
ROUNDING = 1e-9


class RoundSettings(Facts):
    """`[rounds]`: which share of the training set is labelled at each training.

    From `start` on, `query` more each time, until all of it is; or at exactly these `points`.
    People draw masks until `change_point`, which must be one of them.
    """

    start: float = Field(default=0.05, gt=0, le=1)
    query: float = Field(default=0.05, gt=0, le=1)
    points: tuple[Annotated[float, Field(gt=0, le=1)], ...] = ()
    change_point: float = Field(default=0.2, gt=0, le=1)

    @model_validator(mode="after")
    def _points_rise_and_change(self) -> Self:
        shares = self.shares
        problems = []
        if any(b <= a for a, b in zip(shares, shares[1:], strict=False)):
            problems.append(f"points must rise, not {list(shares)}")
        if not self.reaches(self.change_point):
            problems.append(
                f"change_point ({self.change_point:g}) is reached by no round, only "
                f"{', '.join(f'{share:g}' for share in shares)}; choose one of these"
            )
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def reaches(self, labelled_share: float) -> bool:
        """Whether exactly this share is labelled at some training."""
        return any(abs(share - labelled_share) < ROUNDING for share in self.shares)

    @property
    def shares(self) -> tuple[float, ...]:
        """The labelled share of each round, rising, at most 1."""
        if self.points:
            return self.points
        steps = int((1 - self.start) / self.query + ROUNDING)
        regular = tuple(round(self.start + k * self.query, 9) for k in range(steps + 1))
        return regular if regular[-1] > 1 - ROUNDING else (*regular, 1.0)

    def sizes(self, n: int) -> tuple[int, ...]:
        """The same as counts of `n` images."""
        return tuple(round(share * n) for share in self.shares)

    def change_size(self, n: int) -> int:
        """How many of `n` images people draw masks of."""
        return round(self.change_point * n)
