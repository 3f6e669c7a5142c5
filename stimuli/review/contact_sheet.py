"""A page for the experimenter: every stimulus with its truth, card and explanations.

It is one static HTML file beside the bundle, not in it: a bundle is never edited. Everything that
participants must not see is on it.
"""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from stimuli.bundle import Bin, Bundle, Explanation, Kind, Prediction, Ruling, Stimulus, Verdict
from stimuli.bundle.check import check_bundle
from stimuli.bundle.mask_facts import mask_line, mask_warnings
from stimuli.bundle.records import Card
from stimuli.bundle.separation import answered_classes, one_answer_warnings, separation_warnings
from stimuli.bundle.verdicts import verdicts_of, verdicts_path
from stimuli.review.page_frame import TEMPLATES, design, templates_of
from stimuli.study.online import Phase

ENVIRONMENT = templates_of("stimuli.review")
PHASES = (Phase.TEST, Phase.VALIDATION, Phase.PRACTICE)  # what most looks are for comes first


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A stimulus, what every classifier and its explainers made of it, and what reviewers now say.

    Attributes:
        answers: of the classifiers, in the study's order: the first one's bins choose stimuli.
        true_card: of the true class, where no answer is that and the bundle has one.
    """

    stimulus: Stimulus
    answers: Sequence[Prediction]
    explanations: Sequence[Explanation]
    verdicts: Sequence[Verdict]
    true_card: Card | None

    @property
    def rulings(self) -> tuple[Ruling, ...]:
        """What somebody or other wants with it."""
        return tuple(dict.fromkeys(v.ruling for v in self.verdicts))

    @property
    def place(self) -> tuple[int, int, bool, int]:
        """Where it stands: test stimuli by kind, right and wrong, and bin; then the items."""
        first, phase = self.answers[0], PHASES.index(self.stimulus.phase)
        if phase or first.bin is None:
            return phase, 0, False, 0
        kind, bin = list(Kind).index(self.stimulus.kind), list(Bin).index(first.bin)
        return phase, kind, not first.right, bin

    @property
    def title(self) -> str:
        """The heading below which it stands."""
        first, stimulus = self.answers[0], self.stimulus
        if stimulus.phase is not Phase.TEST:
            return stimulus.phase.capitalize()
        return (
            f"{stimulus.kind.capitalize()}, {first.bin}, AI {'right' if first.right else 'wrong'}"
        )


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where verdicts are taken: a server on this machine.

    Attributes:
        token: without it, nothing is written.
        nonce: of the page's own style and script, for its Content-Security-Policy.
    """

    token: str
    nonce: str


def write_review(folder: Path) -> Path:
    """Write `NAME-review.html` beside a bundle; its pictures are those of the bundle.

    Raises:
        BundleError: if the bundle has problems.
        VetoError: if the verdicts beside it cannot be read.
    """
    page = render(check_bundle(folder))
    path = folder.with_name(folder.resolve().name + "-review.html")
    path.write_text(page, "utf-8")
    return path


def render(bundle: Bundle, desk: Desk | None = None) -> str:
    """The page; with a desk it takes verdicts, without one it says what to type.

    Raises:
        VetoError: if the verdicts beside the bundle cannot be read.
    """
    entries = sorted(_entries(bundle), key=lambda e: (e.place, -e.answers[0].confidence))
    masks = bundle.manifest.masks
    return ENVIRONMENT.get_template("review.html").render(
        bundle=bundle,
        base=bundle.path.resolve().name,
        folder=shlex.quote(str(bundle.path)),
        verdicts_file=shlex.quote(str(verdicts_path(bundle.path))),
        desk=desk,
        warnings=separation_warnings(bundle.stimuli, bundle.predictions),
        one_answer=one_answer_warnings(bundle.stimuli, bundle.predictions),
        answered=answered_classes(bundle.stimuli, bundle.predictions),
        mask_warnings=mask_warnings(masks) if masks else [],
        masks=mask_line(masks) if masks else "",
        entries=entries,
        sections=[list(group) for _, group in groupby(entries, key=lambda e: e.place)],
        counts={r: sum(r in e.rulings for e in entries) for r in Ruling},
        filters=_filters(bundle),
        several=len(bundle.manifest.classifiers) > 1,
        conditions=[
            {"name": c.name, "classifier": bundle.study.classifier_of(c), "panels": c.panels}
            for c in bundle.study.conditions
        ],
        script=Markup((TEMPLATES / "review.js").read_text("utf-8")),
        nonce=desk.nonce if desk else None,
        **design(),
    )


def rulings_on(bundle: Bundle) -> dict[str, dict[str, str]]:
    """What reviewers now say of each stimulus that has, or had, a verdict: words and lines of HTML.

    Raises:
        VetoError: if the verdicts beside the bundle cannot be read.
    """
    macros = ENVIRONMENT.get_template("_entry.html").module
    followed = bundle.manifest.verdicts
    return {
        entry.stimulus.stimulus_id: {
            "rulings": " ".join(entry.rulings),
            "html": str(macros.verdict_lines(entry, followed, True)),  # type: ignore[attr-defined]
        }
        for entry in _entries(bundle)
        if entry.verdicts or entry.stimulus.debatable
    }


def _filters(bundle: Bundle) -> list[tuple[str, str, dict[str, str]]]:
    """The name and label of each choice, and its values with their words."""
    return [
        ("condition", "Condition", {c.name: c.name for c in bundle.study.conditions}),
        ("bin", "Bin", {**{b: b for b in Bin}, "none": "in no bin"}),
        ("ai", "AI", {"right": "right", "wrong": "wrong"}),
        ("kind", "Kind", {k: k for k in Kind}),
        ("phase", "Phase", {p: p for p in PHASES}),
        ("verdict", "Verdict", {"veto": "vetoed", "debatable": "debatable", "none": "unmarked"}),
    ]


def _entries(bundle: Bundle) -> Iterable[Entry]:
    """Every stimulus, in the bundle's order."""
    names = [c.name for c in bundle.manifest.classifiers]
    answers = {(p.stimulus_id, p.classifier): p for p in bundle.predictions}
    explanations: dict[str, list[Explanation]] = {}
    for explanation in sorted(bundle.explanations, key=lambda e: names.index(e.classifier)):
        explanations.setdefault(explanation.stimulus_id, []).append(explanation)
    cards = {p.label: p.card for p in bundle.predictions}
    verdicts: dict[str, list[Verdict]] = {}
    for verdict in verdicts_of(bundle):
        verdicts.setdefault(verdict.stimulus_id, []).append(verdict)
    for stimulus in bundle.stimuli:
        key, truth = stimulus.stimulus_id, stimulus.true_label
        said = [answers[key, name] for name in names if (key, name) in answers]
        yield Entry(
            stimulus=stimulus,
            answers=said,
            true_card=None if truth in {p.label for p in said} else cards.get(truth),
            explanations=explanations.get(key, []),
            verdicts=verdicts.get(key, []),
        )
