"""What the tables of a study file owe each other, beyond what each of them checks by itself."""

from stimuli.study.definition import StudyTables
from stimuli.study.network_consistency import network_problems
from stimuli.study.online import Outcome, Phase
from stimuli.study.scales import scale_problems
from stimuli.study.step_consistency import step_problems

# What the last screen asks, whose answers are exported beside those of `[[questions]]`.
RESERVED_NAMES = ("comments",)


def table_problems(study: StudyTables) -> list[str]:
    """Everything in which the tables do not agree."""
    return [
        *_name_problems(study),
        *_display_problems(study),
        *_score_problems(study),
        *network_problems(study),
        *_imported_problems(study),
        *_phase_problems(study),
        *_behaviour_problems(study),
        *_gate_problems(study),
        *scale_problems(study.scales, study.questions),
        *_comprehension_problems(study),
        *_attention_problems(study),
        *step_problems(study),
        *_analysis_problems(study),
    ]


def _name_problems(study: StudyTables) -> list[str]:
    classifiers = [c.name for c in study.classifiers]
    tables = {
        "classifiers": classifiers,
        "conditions": [c.name for c in study.conditions],
        "questions": [q.name for q in study.questions],
        "scales": [scale.name for scale in study.scales],
        "comprehension": [check.name for check in study.comprehension],
        "attention": [check.name for check in study.attention],
    }
    problems = [
        f"{table}: the name {name!r} is used more than once; rename one"
        for table, names in tables.items()
        for name in sorted({n for n in names if names.count(n) > 1})
    ]
    problems += [
        f"questions.{name}: is what the last screen is called; rename the question"
        for name in tables["questions"]
        if name in RESERVED_NAMES
    ]
    for condition in study.conditions:
        where = f"conditions.{condition.name}"
        if condition.classifier not in (None, *classifiers):
            problems.append(
                f"{where}.classifier: {condition.classifier!r} is none of {classifiers}"
            )
        problems += [
            f"{where}.panels: {panel!r} has no table [explainers.{panel}]; add it"
            for panel in condition.panels
            if panel not in study.explainers.names
        ]
    return problems


def _behaviour_problems(study: StudyTables) -> list[str]:
    """What is to be recorded although nothing is."""
    asked = study.trial.record_view and "record_view" in study.trial.model_fields_set
    problem = (
        "trial.record_view: is part of what [behaviour] does not record; remove it, or set "
        "behaviour.record to true"
    )
    return [problem] if asked and not study.behaviour.record else []


def _display_problems(study: StudyTables) -> list[str]:
    shown, seen = study.display_px, study.dataset.crop_px
    problem = (
        f"rendering.display_px: {shown} is below dataset.crop_px ({seen}), so people would see "
        "less than the AI; raise it, or remove it to show what the AI sees"
    )
    return [problem] if shown < seen else []


def _score_problems(study: StudyTables) -> list[str]:
    """Explainers of which a wanted score would mean nothing."""
    without = {
        ("robustness", "neighbours"): "draws no heat map",
        ("randomisation", "neighbours"): "draws no heat map",
        ("randomisation", "salient"): "knows no classifier, so that its maps are always the same",
    }
    problems = []
    for family in ("robustness", "randomisation"):
        for name in getattr(study.scores, family):
            if name not in study.explainers.names:
                reason = f"has no table [explainers.{name}]; add it, or remove the name"
            elif study.explainers.imported(name):
                reason = "was made elsewhere, so that nothing draws it again; remove the name"
            elif (family, name) in without:
                reason = f"{without[family, name]}; remove the name"
            else:
                continue
            problems.append(f"scores.{family}: {name!r} {reason}")
    return problems


def _imported_problems(study: StudyTables) -> list[str]:
    """Explanations of another tool, which there are of photographs alone."""
    shown = dict.fromkeys(panel for condition in study.conditions for panel in condition.panels)
    names = [n for n in shown if n in study.explainers.names and study.explainers.imported(n)]
    if not study.adversarial or not names:
        return []
    made = f"pictures are made by the build, so that {', '.join(names)}, made elsewhere, explains"
    return [f"adversarial: attacked {made} others; remove [adversarial], or show ours"]


def _phase_problems(study: StudyTables) -> list[str]:
    names = [phase.name for phase in study.phases]
    problems = []
    if names != [phase for phase in Phase if phase in names]:
        problems.append(f"phases: must follow the order {', '.join(Phase)}, each at most once")
    for required in (Phase.CONSENT, Phase.INSTRUCTIONS, Phase.TEST, Phase.DEBRIEF):
        if required not in names:
            problems.append(f"phases: {required.value!r} is missing; add it")
    for phase in study.phases:
        if phase.name is Phase.TEST and phase.trials is None:
            problems.append("phases.test.trials: is missing; say how many trials there are")
        if phase.name is not Phase.TEST and phase.trials is not None:
            problems.append(
                f"phases.{phase.name}.trials: only the test phase has it; "
                "[practice] and [validation] say their own number of items"
            )
    trials = sum(phase.trials or 0 for phase in study.phases if phase.name is Phase.TEST)
    groups = study.assignment.groups
    if groups and trials and sum(groups.values()) != trials:
        problems.append(
            f"assignment: {sum(groups.values())} right, wrong and adversarial trials, but the "
            f"test phase has {trials}; make them agree"
        )
    return problems


def _gate_problems(study: StudyTables) -> list[str]:
    gate, validates = study.gate, study.has_phase(Phase.VALIDATION)
    problems = []
    if validates and gate.min_correct > study.validation.items:
        problems.append(
            f"gate.min_correct: {gate.min_correct} of {study.validation.items} "
            "validation items cannot be reached; lower it"
        )
    if gate.interleaved and not validates:
        problems.append(
            "gate.interleaved: there are no validation trials to mix among those of the test; "
            'add [[phases]] name = "validation" before the test, or remove it'
        )
    if gate.interleaved and any(p.name is Phase.TEST and p.trials == 1 for p in study.phases):
        problems.append(
            "phases.test.trials: 1, but interleaved validation trials stand between two test "
            "trials; raise it, or remove gate.interleaved"
        )
    if Outcome.FAILED_VALIDATION in study.pay.partial and not (gate.live and validates):
        problems.append(
            "pay.partial.failed_validation: no session ends so without a validation and "
            "gate.live; remove it, or say `live = true` in [gate]"
        )
    return problems


def _comprehension_problems(study: StudyTables) -> list[str]:
    if Outcome.FAILED_COMPREHENSION not in study.pay.partial or study.comprehension:
        return []
    problem = "no session ends so without questions on the instructions"
    advice = "remove it, or add [[comprehension]]"
    return [f"pay.partial.failed_comprehension: {problem}; {advice}"]


def _attention_problems(study: StudyTables) -> list[str]:
    trials = study.counted_trials
    problems = [
        f"attention.{check.name}.after_trial: {check.after_trial}, but there are {trials} "
        f"{'test and validation' if study.gate.interleaved else 'test'} trials; lower it"
        for check in study.attention
        if trials and check.after_trial > trials
    ]
    if study.attention and len(study.attention) < study.least_failed:
        problems.append(
            f"attention: a study of {study.pay.minutes} minutes needs {study.least_failed} "
            f"checks, since nobody may be rejected for fewer; there is {len(study.attention)}"
        )
    return problems


def _analysis_problems(study: StudyTables) -> list[str]:
    classifiers = {condition.name: study.classifier_of(condition) for condition in study.conditions}
    names = [condition.name for condition in study.conditions]
    problems = [
        f"analysis.pairs: {name!r} is none of the conditions {names}"
        for pair in study.analysis.pairs
        for name in pair
        if name not in names
    ]
    if study.analysis.looks and study.assignment.quota is None:
        problems.append(
            "analysis.looks: are shares of the people that are planned, and nobody says how many; "
            "add quota to [assignment], or remove them"
        )
    if study.bins.pairing == "matched":
        return problems
    return problems + [
        f"analysis.pairs: {a!r} and {b!r} judge different classifiers ({classifiers[a]!r} and "
        f"{classifiers[b]!r}), so that a difference would be one of AI and explanation together; "
        'remove the pair, or set pairing = "matched" in [bins]'
        for a, b in study.analysis.pairs
        if a in classifiers and b in classifiers and classifiers[a] != classifiers[b]
    ]
