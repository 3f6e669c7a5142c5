"""A number with its standard error: its interval, its p, and whether it is within a margin."""

import math
from dataclasses import dataclass

from scipy import stats

from analysis.export.facts import Alternative

LEVEL = 0.95
EQUIVALENCE_LEVEL = 0.90  # of the interval that goes with two one-sided tests at .05


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """An estimate whose distance from the truth, over its error, follows Student's t.

    Attributes:
        value: in any unit, on a scale on which errors are symmetric (points, log odds, log s).
        error: its standard error; NaN where too little is known for one.
        df: degrees of freedom of Student's t, 1 or more.
    """

    value: float
    error: float
    df: float

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """value ± t · error; NaN where the error is."""
        half = float(stats.t.ppf(0.5 + level / 2, self.df)) * self.error
        return self.value - half, self.value + half

    def p(self, alternative: Alternative = "two-sided") -> float:
        """p of the null hypothesis that the truth is 0; NaN where the error is NaN or 0."""
        if not self.error > 0:
            return math.nan
        t = self.value / self.error
        if alternative == "two-sided":
            return 2 * float(stats.t.sf(abs(t), self.df))
        return float(stats.t.sf(t if alternative == "greater" else -t, self.df))

    def p_within(self, margin: float) -> float:
        """p of the null hypothesis that the truth is `margin` or more away from 0.

        The larger p of two one-sided tests (Schuirmann 1987), below .05 where the 90 % interval is
        inside ± margin. NaN where the error is NaN or 0.
        """
        if not self.error > 0:
            return math.nan
        return float(stats.t.sf((margin - abs(self.value)) / self.error, self.df))
