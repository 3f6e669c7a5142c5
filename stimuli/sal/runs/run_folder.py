"""A run and its folder: a curve that grows by a line each round, and at the end the model.

experiment.json is written first, so that no other experiment is begun there. curve.csv is whole
after every round. run.json and checkpoint.pt are written last: a folder that has run.json is
finished, and running it again changes nothing. It holds the digest of the pictures, labels and
masks, so that a run is not taken for one on those of today.
"""

import csv
import io
import json
import logging
from collections.abc import Mapping
from pathlib import Path

import pandas

from explainers.classifier import save_checkpoint
from stimuli.cache import digest, write_bytes
from stimuli.progress_bars import tqdm
from stimuli.sal.experiment import Experiment, ExperimentError, checked_experiment
from stimuli.sal.learning.context import RunContext
from stimuli.sal.runs.dataset_names import dataset_name, named
from stimuli.sal.runs.progress import CURVE
from stimuli.sal.runs.rounds import Round, rounds

log = logging.getLogger(__name__)

BEGUN, FACTS, CHECKPOINT = "experiment.json", "run.json", "checkpoint.pt"


def run(context: RunContext, out: Path) -> None:
    """Do all rounds and leave the curve, the facts and the last accuracy model in `out`.

    Raises:
        ExperimentError: if the folder holds another experiment, or this one on other data.
    """
    if finished(out, context.experiment, data=data_digest(context)):
        log.info("%s: is finished", out)
        return
    facts = {"experiment": context.experiment.model_dump(mode="json")}
    _write(out / BEGUN, facts)
    shares = context.experiment.rounds.shares
    rows: list[Mapping[str, float]] = []
    last: Round | None = None
    for last in tqdm(rounds(context), desc=out.name, total=len(shares), unit="round", leave=False):
        rows.append(last.row)
        # Python writes floats with every digit that they have.
        table = io.StringIO()
        writer = csv.DictWriter(table, fieldnames=list(last.row), lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: "" if v != v else v for k, v in row.items()} for row in rows)
        write_bytes(out / CURVE, [table.getvalue().encode()])
    if last is None:
        raise ValueError("an experiment has at least one round")
    whole, config = last.model.whole, facts["experiment"]
    save_checkpoint(out / CHECKPOINT, whole, metrics=last.row, config=config)
    _write(out / FACTS, facts | {"data_sha256": data_digest(context), "result": last.row})


def data_digest(context: RunContext) -> str:
    """SHA-256 of the classes and of all pictures, labels and masks of a run, in hexadecimal."""
    data = context.data
    splits = (data.train.digest, data.val.digest, data.test.digest)
    return digest(data.classes, *splits, context.file_masks.tobytes())


def require_same(out: Path, experiment: Experiment, data: Path | None) -> None:
    """Refuse a folder with another experiment before a picture is read; errors as of `finished`.

    Args:
        data: folder of the data set, which names what has no name.
    """
    finished(out, named(experiment, dataset_name(experiment.dataset, data)))


def finished(out: Path, experiment: Experiment, *, data: str | None = None) -> bool:
    """Whether this very experiment ended in the folder.

    Args:
        data: of `data_digest`. Runs of before it was kept are taken for runs on this data.

    Raises:
        ExperimentError: if another one was begun in it, or one on a data set of another name, or
            if it ended on other data.
    """
    for path in (out / BEGUN, out / FACTS):
        if not path.is_file():
            continue
        stored = checked_experiment(json.loads(path.read_text())["experiment"], subject=str(path))
        # Runs of before data sets had names are of this one.
        stored = named(stored, experiment.dataset.name)
        name, other = experiment.dataset.name, stored.dataset.name
        if name != other:
            problem = f"holds runs on the data set {other!r}, and this is {name!r}"
            advice = (
                f"choose another --out, or, if they are the same, name = {other!r} in [dataset]"
            )
            raise ExperimentError(str(out), [f"{problem}; {advice}"])
        if stored != experiment:
            problem = "holds another experiment; remove it or choose another --out"
            raise ExperimentError(str(out), [problem])
    if not (out / FACTS).is_file():
        return False
    require_same_data(out, data)
    return True


def require_same_data(out: Path, data: str | None) -> None:
    """Refuse a finished run on other data, if both say what theirs is; errors as of `finished`."""
    stored = json.loads((out / FACTS).read_text()).get("data_sha256", data)
    if data is not None and stored != data:
        problem = "ended on other pictures, labels or masks than those that are given now"
        advice = "give the data of then, or choose another --out, or remove the folder to run again"
        raise ExperimentError(str(out), [f"{problem}; {advice}"])


def finished_experiment(out: Path) -> Experiment:
    """The experiment of a finished run; one of before data sets had names has its adaptor's."""
    experiment = Experiment.model_validate(json.loads((out / FACTS).read_text())["experiment"])
    return named(experiment, experiment.dataset.adaptor)


def read_curve(out: Path) -> pandas.DataFrame:
    """A line per round: `labelled_share`, what was paid for, and scores from 0 to 1."""
    return pandas.read_csv(out / CURVE)


def _write(path: Path, facts: Mapping[str, object]) -> None:
    write_bytes(path, [json.dumps(facts, indent=1).encode()])
