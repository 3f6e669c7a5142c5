"""The ceilings of a bundle as files: a page, a table and what decided them."""

import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from markupsafe import Markup

from stimuli.bundle import Bundle
from stimuli.ceiling.ceiling_figure import figure_svg
from stimuli.ceiling.ceiling_tables import (
    as_shown,
    by_kind_and_bin,
    compared,
    under_natural_weights,
    with_permuted_truth,
)
from stimuli.ceiling.ceilings import Ceilings, ceilings, with_a_ceiling
from stimuli.ceiling.findings import (
    leaks,
    on_confidence,
    on_learning,
    on_panels,
    on_two_classifiers,
)
from stimuli.ceiling.readers import FOLDS, REPEATS
from stimuli.problems import ProblemsError
from stimuli.review.page_frame import design, templates_of
from stimuli.study.online import Phase

SCHEMA_VERSION = 1
TOLD = (on_two_classifiers, on_panels, on_learning, on_confidence)  # in this order
PACKAGES = ("scikit-learn", "numpy", "scipy", "statsmodels")


class CeilingError(ProblemsError):
    """Ceilings that cannot be written where they should be."""


def write_ceiling(bundle: Bundle, out: Path, *, permutations: int, seed: int) -> Path:
    """Write `ceiling.html`, `ceiling.csv` and `ceiling.json` into a folder, which is made.

    Returns:
        The path of the page.

    Raises:
        CeilingError: if the folder lies in the bundle, or no condition has a ceiling.
    """
    if out.resolve().is_relative_to(bundle.path.resolve()):
        raise CeilingError(str(out), ["lies in the bundle, which is never edited; choose another"])
    if not with_a_ceiling(bundle):
        problem = "no condition shows all of the AI without texts, so that there is nothing to read"
        raise CeilingError(str(bundle.path), [problem])
    found = ceilings(bundle, permutations=permutations, seed=seed)
    out.mkdir(parents=True, exist_ok=True)
    found.rows.to_csv(out / "ceiling.csv", index=False, lineterminator="\n")
    facts = json.dumps(facts_of(bundle, found, seed), indent=2)
    (out / "ceiling.json").write_text(facts + "\n", "utf-8")
    page = out / "ceiling.html"
    page.write_text(render(bundle, found, seed), "utf-8")
    return page


def facts_of(bundle: Bundle, found: Ceilings, seed: int) -> dict[str, object]:
    """`ceiling.json`: of which bundle, and everything that decided the numbers."""
    return {
        "schema_version": SCHEMA_VERSION,
        "study": bundle.manifest.study,
        "bundle_digest": bundle.digest,
        "seed": seed,
        "folds": FOLDS,
        "repeats": REPEATS,
        "permutations": found.permutations,
        "ceiling": "the mean of the probabilities of both readers",
        "covered_shares": found.covered_shares,
        "features": found.features,
        "versions": {name: version(name) for name in PACKAGES},
    }


def render(bundle: Bundle, found: Ceilings, seed: int) -> str:
    """The page."""
    stimuli = {s.stimulus_id for s in bundle.of_phase(Phase.TEST)}
    first = bundle.study.classifiers[0].name
    answers = [p for p in bundle.predictions if p.stimulus_id in stimuli and p.classifier == first]
    return (
        templates_of("stimuli.ceiling")
        .get_template("ceiling.html")
        .render(
            bundle=bundle,
            base=bundle.path.resolve().name,
            found=found,
            seed=seed,
            n_stimuli=len(stimuli),
            right_share=sum(p.right for p in answers) / max(len(answers), 1),
            sentences=[told for on in TOLD for told in on(found)],
            leaks=[*leaks(found)],
            covered=_in_words([*found.covered_shares.values()]),
            figure=Markup(figure_svg(found)),
            shown=as_shown(found),
            natural=under_natural_weights(found),
            differences=compared(found),
            parts=by_kind_and_bin(found),
            permuted=with_permuted_truth(found),
            nonce=None,
            **design(),
        )
    )


def _in_words(shares: Sequence[float]) -> str:
    """Shares of conditions, which mostly are the same."""
    return " or ".join(dict.fromkeys(f"{100 * share:.0f} %" for share in shares))
