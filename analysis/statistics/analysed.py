"""What every section starts from: who is analysed, and their answered test trials."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.export.read import Export
from analysis.export.registered import Registration
from analysis.statistics.looks import Look, this_look
from analysis.statistics.measures import accuracy, compared
from analysis.statistics.measures.steps import answered_steps
from analysis.statistics.measures.steps.chance_level import options_offered
from analysis.statistics.pairs import Pair, judged_others, pairs_of
from analysis.statistics.sample import exclusions, kinds
from analysis.statistics.sample.gate import chosen_threshold
from analysis.statistics.sample.looks_taken import looks_taken


@dataclass(frozen=True, kw_only=True)
class Analysed:
    """An export after the exclusions.

    Attributes:
        export: as it was read.
        min_correct: the threshold that was applied; None where there was no validation.
        rehearsal: whether the people analysed are simulated.
        participants: `exclusions.dispositions`.
        answered: `accuracy.test_trials`, each with its kind as `kinds.as_judged` tells it.
        trials: those that are pooled: on natural pictures, and on adversarial ones of the very AI
            that was judged.
        users: `accuracy.per_user`.
        reproduce_paper: whether the paper's own test is reported too.
        full: whether tables are made too that take long where there are many trials.
        registration: that the study is held against; None where none was given.
    """

    export: Export
    min_correct: int | None
    rehearsal: bool
    participants: pd.DataFrame
    answered: pd.DataFrame
    trials: pd.DataFrame
    users: pd.DataFrame
    reproduce_paper: bool = False
    full: bool = False
    registration: Registration | None = None

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions in the order in which they are reported."""
        return self.export.facts.condition_names

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs of conditions that are tested."""
        return pairs_of(self.export.facts).tested

    @cached_property
    def apart(self) -> tuple[Pair, ...]:
        """Those of them whose people judged adversarial pictures of their own AI."""
        return judged_others(self.trials, self.export.stimuli, self.pairs)

    @property
    def advised(self) -> tuple[str, ...]:
        """The conditions whose people are shown the AI: of the others there is no reliance."""
        without = self.export.facts.without_ai
        return tuple(name for name in self.conditions if name not in without)

    @cached_property
    def decided(self) -> pd.DataFrame:
        """Those of `trials` in which people who were shown the AI accepted or rejected it."""
        shown = self.trials["condition"].isin(self.advised) & self.trials["decision"].notna()
        if shown.all():
            return self.trials
        kept = self.trials[shown].reset_index(drop=True)
        names = kept["condition"].astype("category").cat.remove_unused_categories()
        return kept.assign(condition=names)

    @property
    def asks_decisions(self) -> bool:
        """Whether acceptance can be told: somebody accepted or rejected, or nobody is analysed."""
        return self.trials.empty or not self.decided.empty

    @property
    def primary_pairs(self) -> tuple[Pair, ...]:
        """Those of `pairs` of which the primary measure tells."""
        facts = self.export.facts
        return tuple(compared.told_of(facts.analysis.measure, self.pairs, facts.without_ai))

    @cached_property
    def primary(self) -> pd.DataFrame:
        """The primary measure of those pairs, as `compared.primary` compares it."""
        settings = self.export.facts.analysis
        return compared.primary(
            self.trials, self.primary_pairs, settings, apart=self.apart, look=self.look
        )

    @property
    def n_analysed(self) -> int:
        """How many people are analysed, in all conditions."""
        return int((self.participants["step"] == exclusions.ANALYSED).sum())

    @property
    def planned_people(self) -> int | None:
        """How many people the study asks for, in all conditions; None where it does not say.

        The quota is that of the main wave.
        """
        quota = self.export.study.assignment.quota
        is_planned = quota is not None and self.export.facts.wave == "main"
        return quota * len(self.conditions) if quota is not None and is_planned else None

    @cached_property
    def looks_taken(self) -> pd.DataFrame:
        """When the data of these people could be looked at, as `looks_taken` tells it."""
        return looks_taken(self.export.facts, self.export.participants, self.participants)

    @cached_property
    def look(self) -> Look | None:
        """Which of its looks this is; None for a study that is analysed once, and for nobody."""
        looks, planned = self.export.facts.analysis.looks, self.planned_people
        if not (looks and planned and self.n_analysed):
            return None
        *before, now = (self.looks_taken["n_analysed"] / planned).tolist()
        return this_look(looks, now, before)

    @cached_property
    def test_steps(self) -> pd.DataFrame:
        """The answered steps of their test trials (`answered_steps.of_the_test`)."""
        people = self.participants.loc[
            self.participants["step"] == exclusions.ANALYSED, "participant_id"
        ]
        return answered_steps.of_the_test(self.export.steps, self.export.responses, people)

    @property
    def options_of_steps(self) -> dict[str, int | None]:
        """How many answers each step has to choose from; None where people write or set one."""
        export = self.export
        labels = {*export.stimuli["true_label"].dropna(), *export.predictions["label"].dropna()}
        offered = export.study.labels_offered
        return {step.name: options_offered(step, labels, offered) for step in export.facts.steps}

    @property
    def gate_was_moved(self) -> bool:
        """Whether another threshold was applied than the study's."""
        return self.min_correct != self.export.min_correct

    @property
    def natural(self) -> pd.DataFrame:
        """The trials on natural stimuli."""
        return self.trials[self.trials["kind"] == "natural"]


def analysed(
    export: Export,
    *,
    threshold: int | None = None,
    reproduce_paper: bool = False,
    full: bool = False,
    registration: Registration | None = None,
) -> Analysed:
    """Apply the exclusions.

    Args:
        export: as it was read.
        threshold: right validation answers to ask for instead of the study's gate.
        reproduce_paper: whether the paper's own test is reported too.
        full: whether tables are made too that take long where there are many trials.
        registration: that the study is held against.

    Raises:
        ExportError: if that threshold cannot be applied.
    """
    min_correct = chosen_threshold(export, threshold)
    participants = exclusions.dispositions(export.participants, min_correct=min_correct)
    answered = kinds.as_judged(accuracy.test_trials(export.responses, participants), export.stimuli)
    trials = kinds.pooled(answered)
    return Analysed(
        export=export,
        min_correct=min_correct,
        rehearsal=exclusions.is_rehearsal(export.participants),
        participants=participants,
        answered=answered,
        trials=trials,
        users=accuracy.per_user(trials),
        reproduce_paper=reproduce_paper,
        full=full,
        registration=registration,
    )
