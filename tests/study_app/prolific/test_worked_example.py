"""The worked example of docs/prolific.md: its commands and people, on either database."""

import csv
import os
import re
import shlex
import subprocess
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from study_app import create_app
from study_app.database import db
from study_app.identity_models import Identity
from study_app.models import Participant
from study_app.storage import deleted_rows
from tests.lab import ROOT
from tests.postgresql import client_programs
from tests.study_app.asking import COMPREHENSION, MISUNDERSTOOD, PHASES, UNDERSTOOD, WITH_COMMENTS
from tests.study_app.invented import build_bundle, study_text
from tests.study_app.prolific.listing import HEADER, row
from tests.study_app.sites import close, create_tables
from tests.study_app.visiting import Visitor, read_csv

DOCUMENTED = (ROOT / "docs/prolific.md").read_text("utf-8").partition("## A worked example\n")[2]
BEFORE, BETWEEN, PAYING, ERASING = re.findall(r"```\n(.*?)```", DOCUMENTED, flags=re.DOTALL)
ASKED = COMPREHENSION + "[assignment]\npilot = 2\nquota = 30\n"
STUDY = study_text(practice=1, validation=1, test=1).replace(PHASES, WITH_COMMENTS) + ASKED
TITLE, MISPRINT = "Is the butterfly expert right?", "Is the buterfly expert right?"
WRITTEN = {name: f"{name} keeps ospreys" for name in ("P1", "P2", "P4", "P5")}
TOWN = {"P1": "Ullapool", "P2": "Kirkwall-upon-Sea", "P4": "Wick", "P5": "Thurso"}
# What differs from one time to the next, and between the two databases.
VARIES = (
    (r"\b[0-9a-f]{12}\b", "(person)"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?", "(time)"),
    (r"\d+\.\d MB", "(size)"),
)
TABLE = ("person", "submission", "wave", "version", "outcome", "action", "amount", "reason")


def prolific_id(person: str) -> str:
    """As Prolific has it, of a person as the example calls them."""
    return f"5f9b2c1e0a7d4e3b8c6f{int(person[1:]):04x}"


def submission_id(name: str) -> str:
    """As Prolific has it, of a submission as the example calls it."""
    return f"65f0c2d4e1a9b8c7d6e5{int(name[1:]):04x}"


GONE = {prolific_id("P2"), submission_id("S2"), WRITTEN["P2"], TOWN["P2"]}


def lines_of_table() -> list[dict[str, str]]:
    """The table of the example."""
    lines = re.findall(r"^\| (P\d .*) \|$", DOCUMENTED, flags=re.MULTILINE)
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [dict(zip(TABLE, values, strict=True)) for values in cells]


@dataclass(kw_only=True)
class Example:
    """A server, its commands, and what became of people.

    Attributes:
        printed: what commands printed, by name and first argument.
        lists: the rows of Prolific's list of each study.
    """

    app: Flask
    folder: Path
    printed: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))

    def follow(self, block: str) -> None:
        """Run the commands of a block, which print what it says."""
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, expected = step.partition("\n")
            program, *arguments = shlex.split(command)
            assert (program, arguments[:3]) == ("flask", ["--app", "study_app", "study"])
            check_printed(self.run(arguments[3:]), expected, command)

    def run(self, arguments: list[str]) -> str:
        """What a command prints, with the example's names of folders, people and submissions."""
        own = [re.sub(r"^(?=instance/|mine\.toml)", f"{self.folder}/", a) for a in arguments]
        own = [prolific_id(a) if re.fullmatch(r"P\d", a) else a for a in own]
        result = self.app.test_cli_runner().invoke(args=["study", *own], input="y\n")
        assert result.exit_code == 0, result.output
        said = result.output.replace(f"{self.folder}/", "")
        for name in (f"S{n}" for n in range(1, 11)):
            said = said.replace(submission_id(name), name)
        self.printed[" ".join(arguments[:2])] = said
        return said.replace(f"Warning: {deleted_rows.POSTGRESQL_KEEPS}\n", "")

    def come(
        self, study: str, person: str, submission: str, visitor: Visitor | None = None
    ) -> Visitor:
        """Somebody takes a place on Prolific and presses Start."""
        visitor = visitor or Visitor(self.app.test_client())
        ids = f"STUDY_ID={study}&SESSION_ID={submission_id(submission)}"
        return visitor.start(f"?PROLIFIC_PID={prolific_id(person)}&{ids}")

    def finish(self, person: str, visitor: Visitor) -> Visitor:
        """Answer everything."""
        said = {"question-comments": WRITTEN[person]}
        return visitor.walk(filled=UNDERSTOOD | said)

    def submit(
        self, study: str, person: str, submission: str, visitor: Visitor | None, status: str = ""
    ) -> None:
        """Prolific lists a submission, with the code of the person's last page."""
        code = re.search(r"cc=(\w+)", visitor.response.text) if visitor and not status else None
        more = {
            "Submission id": submission_id(submission),
            "Participant id": prolific_id(person),
            "Completion code": code[1] if code else "NOCODE",
            "Town": TOWN.get(person, ""),
        }
        self.lists[study].append(row(0, status or "AWAITING REVIEW", **more))

    def table(self, name: str) -> list[dict[str, str]]:
        """A file that a command wrote."""
        return read_csv(self.folder / "instance" / name)

    def archive(self) -> str:
        """What the backup holds."""
        path = self.folder / "instance/backups/all.sqlite"
        if self.is_sqlite:
            return path.read_bytes().decode("latin-1")
        restored = ["pg_restore", "--file=-", str(path)]
        return subprocess.run(restored, capture_output=True, check=True, text=True).stdout

    def held_of(self, texts: Collection[str]) -> set[str]:
        """Which texts stand anywhere in SQLite's files.

        Another process reads them: whoever closes such a file lets go of SQLite's locks on it.
        """
        files = list((self.folder / "instance").glob("study.sqlite*"))
        stored = subprocess.run(["cat", *files], capture_output=True, check=True).stdout
        return {text for text in texts if text.encode() in stored}

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file."""
        return (self.folder / "instance/study.sqlite").exists()


def check_printed(printed: str, expected: str, command: str) -> None:
    """The lines stand there in this order, and nothing else but where `…` says so."""
    for pattern, name in VARIES:
        printed, expected = (re.sub(pattern, name, text) for text in (printed, expected))
    lines = re.sub(r"^…\\\n", r"(.*\\n)*", re.escape(expected), flags=re.MULTILINE)
    wildcard = lines.replace("…", ".*")
    assert re.fullmatch(wildcard, printed), f"{command} printed\n{printed}\nnot\n{expected}"


@pytest.fixture(scope="module")
def small_bundle(tmp_path_factory) -> Path:
    """A bundle of a short study."""
    return build_bundle(tmp_path_factory.mktemp("worked") / "mine", STUDY).path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def example(request, tmp_path, monkeypatch, small_bundle, compiled_templates) -> Iterator[Example]:
    """The bundle and the study file of the example, and a server without a study."""
    if request.param == "postgresql":
        monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("postgres_address"))
        monkeypatch.setenv("PATH", str(client_programs()), prepend=os.pathsep)
    bundles = tmp_path / "instance/bundles"
    bundles.mkdir(parents=True)
    (bundles / "mine").symlink_to(small_bundle)
    (tmp_path / "mine.toml").write_text(STUDY.replace(TITLE, MISPRINT), "utf-8")
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    app.jinja_env.bytecode_cache = compiled_templates
    create_tables(app)
    yield Example(app=app, folder=tmp_path)
    close(app)


def pilot(example: Example) -> None:
    """P1 and P2 finish, P3 does not agree; all read the misprint."""
    for person, submission in (("P1", "S1"), ("P2", "S2")):
        visitor = example.come("pilot", person, submission)
        example.submit("pilot", person, submission, example.finish(person, visitor))
        assert MISPRINT in "".join(visitor.texts)
    declined = example.come("pilot", "P3", "S3").press("decline")
    example.submit("pilot", "P3", "S3", declined)
    (example.folder / "mine.toml").write_text(STUDY, "utf-8")


def main_wave(example: Example) -> None:
    """P1 to P8 as the example tells, all by corrected words."""
    again = example.come("main", "P1", "S4")
    example.submit("main", "P1", "S4", again)
    example.submit("main", "P4", "S5", example.finish("P4", example.come("main", "P4", "S5")))
    back = example.come("main", "P5", "S6").walk(until="judge", filled=UNDERSTOOD)
    example.submit("main", "P5", "S6", back, "RETURNED")
    back = example.finish("P5", example.come("main", "P5", "S7", back))
    example.submit("main", "P5", "S7", back)
    failed = example.come("main", "P6", "S8").walk(until="comprehension")
    failed.press("continue", **MISUNDERSTOOD).press("continue", **MISUNDERSTOOD)
    example.submit("main", "P6", "S8", failed)
    example.submit("main", "P7", "S9", None)
    left = example.come("main", "P8", "S10").walk(until="judge", filled=UNDERSTOOD)
    example.submit("main", "P8", "S10", left, "RETURNED")
    for visitor in (again, back, failed, left):
        assert MISPRINT not in "".join(visitor.texts)
    assert TITLE in "".join(back.texts)


def download_lists(example: Example) -> None:
    """The pilot's as Prolific writes it, the main wave's as Excel saved it."""
    for study, separator, encoding in (("pilot", ",", "utf-8-sig"), ("main", ";", "utf-16")):
        path = example.folder / f"instance/{study}.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            if study == "main":
                file.write("sep=;\r\n")
            header = (*HEADER, "Town")
            writer = csv.DictWriter(file, header, restval="", delimiter=separator)
            writer.writeheader()
            writer.writerows(example.lists[study])


def test_the_commands_of_the_example_lead_from_a_pilot_to_the_archive(example):
    example.follow(BEFORE)
    pilot(example)
    example.follow(BETWEEN)
    main_wave(example)
    download_lists(example)
    example.follow(PAYING)
    names = names_of(example)
    check_payments(example)
    said = example.printed["reconcile instance/main.csv"]
    assert f"free again: {names['P8', 'main']}\n" in said
    assert not example.is_sqlite or example.held_of(GONE) == GONE
    example.follow(ERASING)
    check_people(example, names)
    check_erased(example, names["P2", "pilot"])


def names_of(example: Example) -> dict[tuple[str, str], str]:
    """How exports call people, by what the example calls them and their wave."""
    with example.app.app_context():
        query = select(Identity.prolific_pid, Participant.wave, Participant.participant_id)
        found = db.session.execute(query.join_from(Identity, Participant)).all()
    people = {prolific_id(f"P{n}"): f"P{n}" for n in range(1, 9)}
    return {(people[pid], wave): name for pid, wave, name in found}


def check_payments(example: Example) -> None:
    """A row for each submission, as the table has it."""
    paid = {row["submission_id"]: row for row in example.table("payments.csv")}
    for line in lines_of_table():
        found = paid.pop(submission_id(line["submission"]))
        assert found["prolific_pid"] == (prolific_id(line["person"]) if line["wave"] else "")
        assert [found[name] for name in TABLE[4:]] == [line[name] for name in TABLE[4:]]
    assert paid == {}


def check_people(example: Example, names: dict[tuple[str, str], str]) -> None:
    """Each person's line in the new exports; P2 is there for the counts alone."""
    found = {
        row["participant_id"]: (wave, row["version"], row["outcome"])
        for wave, name in (("pilot", "pilot-anew"), ("main", "main"))
        for row in example.table(f"exports/{name}/participants.csv")
    }
    expected = {
        names[line["person"], line["wave"]]: (line["wave"], line["version"], line["outcome"])
        for line in lines_of_table()
        if line["wave"]
    }
    expected[names["P2", "pilot"]] = ("pilot", "1", "withdrawn")
    assert found == expected
    towns = {
        row["participant_id"]: row["value"]
        for name in ("pilot-anew", "main")
        for row in example.table(f"exports/{name}/demographics.csv")
        if row["name"] == "Town"
    }
    agreed = (("P1", "pilot"), ("P4", "main"), ("P5", "main"))
    assert towns == {names[one]: TOWN[one[0]] for one in agreed}


def check_erased(example: Example, name: str) -> None:
    """Files of before hold P2, as the example says; the new ones and the database do not."""
    instance = example.folder / "instance"
    assert name in (instance / "exports/pilot/responses.csv").read_text("utf-8")
    for path in ("payments.csv", "pilot.csv"):
        assert prolific_id("P2") in (instance / path).read_text("utf-8")
    anew = [path for path in (instance / "exports/pilot-anew").rglob("*") if path.is_file()]
    holding = [path.name for path in anew if name in path.read_text("utf-8")]
    assert holding == ["participants.csv"]

    stay = {*WRITTEN.values(), *TOWN.values()}
    for line in lines_of_table():
        who = [prolific_id(line["person"])] if line["wave"] else []
        stay |= {submission_id(line["submission"]), *who}
    archive = example.archive()
    assert {text for text in stay if text not in archive} == GONE
    assert not example.is_sqlite or example.held_of(GONE) == set()
