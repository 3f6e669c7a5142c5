"""A page for the experimenter: every stimulus with its truth, card and explanations.

It is one static HTML file beside the bundle, not in it: a bundle is never edited. Everything that
participants must not see is on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from stimuli.bundle import Bin, Bundle, Explanation, Kind, Prediction, Stimulus, Verdict
from stimuli.bundle.check import check_bundle
from stimuli.bundle.separation import separation_warnings
from stimuli.bundle.verdicts import verdicts_of
from stimuli.study.online import Phase


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A stimulus, what one classifier and its explainers made of it, and what reviewers now say."""

    stimulus: Stimulus
    prediction: Prediction
    explanations: Sequence[Explanation]
    verdicts: Sequence[Verdict]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading and the entries below it."""

    title: str
    entries: Sequence[Entry]


def write_review(folder: Path) -> Path:
    """Write `NAME-review.html` beside a bundle; its pictures are those of the bundle.

    Raises:
        BundleError: if the bundle has problems.
    """
    bundle = check_bundle(folder)
    environment = Environment(
        loader=PackageLoader("stimuli"), autoescape=True, undefined=StrictUndefined
    )
    sections = [s for c in bundle.manifest.classifiers for s in _sections(bundle, c.name)]
    page = environment.get_template("review.html").render(
        bundle=bundle,
        base=folder.resolve().name,
        warnings=separation_warnings(bundle.stimuli, bundle.predictions),
        sections=[section for section in sections if section.entries],
    )
    path = folder.with_name(folder.resolve().name + "-review.html")
    path.write_text(page, "utf-8")
    return path


def _sections(bundle: Bundle, classifier: str) -> list[Section]:
    """Test stimuli by kind and bin, then validation and practice; the surest answer first."""
    entries = _entries(bundle, classifier)
    cells = [(kind, bin, right) for kind in Kind for right in (True, False) for bin in Bin]
    return [
        *(
            Section(
                title=f"{classifier}: {kind}, {bin}, AI {'right' if right else 'wrong'}",
                entries=[
                    e
                    for e in entries
                    if e.stimulus.phase is Phase.TEST
                    and (e.stimulus.kind, e.prediction.bin, e.prediction.right)
                    == (kind, bin, right)
                ],
            )
            for kind, bin, right in cells
        ),
        *(
            Section(
                title=f"{classifier}: {phase}",
                entries=[e for e in entries if e.stimulus.phase is phase],
            )
            for phase in (Phase.VALIDATION, Phase.PRACTICE)
        ),
    ]


def _entries(bundle: Bundle, classifier: str) -> list[Entry]:
    new = [v for v in verdicts_of(bundle) if v not in bundle.manifest.verdicts]
    explanations: dict[str, list[Explanation]] = {}
    for explanation in bundle.explanations:
        if explanation.classifier == classifier:
            explanations.setdefault(explanation.stimulus_id, []).append(explanation)
    entries = [
        Entry(
            stimulus=bundle.stimulus_by_id[p.stimulus_id],
            prediction=p,
            explanations=explanations.get(p.stimulus_id, []),
            verdicts=[v for v in new if v.stimulus_id == p.stimulus_id],
        )
        for p in bundle.predictions
        if p.classifier == classifier
    ]
    return sorted(entries, key=lambda entry: -entry.prediction.confidence)
