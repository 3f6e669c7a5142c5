"""What must hold between the rows of a bundle, its pictures and its study."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from stimuli.bundle.manifest import Bundle
from stimuli.bundle.records import Explanation, Kind, Prediction
from stimuli.bundle.scored_pictures import score_problems
from stimuli.study.online import Phase


def reference_problems(bundle: Bundle) -> list[str]:
    """Rows that contradict each other, their pictures or the study."""
    true_index = {s.stimulus_id: s.true_index for s in bundle.stimuli}
    return [
        *_duplicates("stimuli.jsonl", [s.stimulus_id for s in bundle.stimuli]),
        *_duplicates(
            "predictions.jsonl", [(p.stimulus_id, p.classifier) for p in bundle.predictions]
        ),
        *_duplicates(
            "explanations.jsonl",
            [(e.stimulus_id, e.classifier, e.explainer) for e in bundle.explanations],
        ),
        *_missing_rows(bundle),
        *_image_problems(bundle),
        *_phase_problems(bundle),
        *score_problems(bundle.explanations),
        *(
            f"predictions.jsonl: {p.stimulus_id} of {p.classifier} says right = {p.right}, "
            f"but its label is {p.label_index}, the true one {true_index[p.stimulus_id]}"
            for p in bundle.predictions
            if p.stimulus_id in true_index
            and p.right != (p.label_index == true_index[p.stimulus_id])
        ),
        *_repeated_pictures(bundle),
    ]


def _duplicates(name: str, keys: Sequence[object]) -> list[str]:
    return [
        f"{name}: {key} stands there {count} times; each may stand once"
        for key, count in Counter(keys).items()
        if count > 1
    ]


def _missing_rows(bundle: Bundle) -> list[str]:
    """A prediction for each stimulus and condition, and an explanation for each panel."""
    study, problems = bundle.study, []
    predicted = {(p.stimulus_id, p.classifier) for p in bundle.predictions}
    explained = {(e.stimulus_id, e.classifier, e.explainer) for e in bundle.explanations}
    for stimulus in bundle.stimuli:
        for condition in filter(partial(bundle.shows, stimulus), study.conditions):
            key = (stimulus.stimulus_id, study.classifier_of(condition))
            if key not in predicted:
                problems.append(f"predictions.jsonl: nothing for stimulus, classifier {key}")
            problems += [
                f"explanations.jsonl: nothing for stimulus, classifier, explainer {(*key, panel)}"
                for panel in condition.panels
                if (*key, panel) not in explained
            ]
    known = bundle.stimulus_by_id.keys()
    rows: tuple[Prediction | Explanation, ...] = (*bundle.predictions, *bundle.explanations)
    strangers = sorted({row.stimulus_id for row in rows} - known)
    problems += [f"stimuli.jsonl: {s} is missing, though other files name it" for s in strangers]
    return list(dict.fromkeys(problems))


def _image_problems(bundle: Bundle) -> list[str]:
    used = {s.image for s in bundle.stimuli}
    cards = (card for p in bundle.predictions for card in (p.card, p.true_card) if card)
    used |= {image for card in cards for image in card.images}
    used |= {image for e in bundle.explanations for image in e.images}
    here = {path for path in bundle.checksums if path.startswith("images/")}
    misnamed = [p for p in here if not Path(p).stem == bundle.checksums[p][:16]]
    return [
        *(f"{path}: is named in a row but missing" for path in sorted(used - here)),
        *(f"{path}: no row names it; remove it" for path in sorted(here - used)),
        *(f"{path}: its name is not the start of its checksum" for path in sorted(misnamed)),
    ]


def _phase_problems(bundle: Bundle) -> list[str]:
    study = bundle.study
    needed = {Phase.TEST: study.test_trials}
    if study.has_phase(Phase.PRACTICE):
        needed[Phase.PRACTICE] = study.practice.items
    if study.has_phase(Phase.VALIDATION):
        needed[Phase.VALIDATION] = study.validation.items
    counts = {phase: len(bundle.of_phase(phase)) for phase in needed}
    return [
        f"stimuli.jsonl: {counts[phase]} stimuli for {phase}, but the study shows {count}"
        for phase, count in needed.items()
        if counts[phase] < count
    ]


def _repeated_pictures(bundle: Bundle) -> list[str]:
    natural = {s.source for s in bundle.stimuli if s.kind is Kind.NATURAL}
    tests = bundle.of_phase(Phase.TEST)
    images, sources = {s.image for s in tests}, {s.source for s in tests}
    return [
        # A picture and its perturbed version would give each other away.
        *(
            f"stimuli.jsonl: {s.stimulus_id} perturbs {s.source}, which is a natural stimulus too"
            for s in bundle.stimuli
            if s.kind is not Kind.NATURAL and s.source in natural
        ),
        # What was practised is no test any more.
        *(
            f"stimuli.jsonl: {s.stimulus_id} of {s.phase} shows a picture that is a test stimulus "
            "too"
            for s in bundle.stimuli
            if s.phase is not Phase.TEST and (s.image in images or s.source in sources)
        ),
    ]
