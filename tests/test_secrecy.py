"""Nothing that reaches the browser before an answer tells whether the AI is right."""

import base64
import hashlib
import io
import json
import random
import re
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from urllib.parse import urljoin

import pytest
import requests
from PIL import Image, JpegImagePlugin

from stimuli.build.pipeline import build
from stimuli.bundle import Bundle, Kind, Prediction, read_bundle
from stimuli.bundle.files import write_sums
from stimuli.datasets.adaptors import open_dataset
from stimuli.study import Phase, parse_study
from study_app import create_app
from study_app.randomisation import Group, trial_list
from study_app.simulation.html import read_page
from study_app.simulation.server import serving
from tests.lab import Lab
from tests.stimuli.conftest import STUDY, new_machine
from tests.study_app.invented import LABELS, build_bundle, study_text
from tests.study_app.own_steps import (
    ADVICE,
    BEST,
    FIELDS,
    FILLED,
    FORWARD,
    ON_DEMAND,
    SURE,
    with_steps,
)
from tests.study_app.sites import close, load
from tests.study_app.visiting import Visitor, participants

TELLING = re.compile(r"\b(easy|medium|hard|natural|adversarial|correct|incorrect|bin)\b", re.I)
# Link, trial key, form token, and the number of the question.
CHANGING = re.compile(r'/p/[\w-]+|value="[\w.:-]{16,}"|\d+ of \d+|class="bar" value="\d+"')
CONDITIONS = "select condition from participant order by id"
DISPLAY_PX = 128
DRAWN = """adaptor = "species"
size = 128
min_side = 64
resize_px = 64
crop_px = 64
train_per_class = 12
val_per_class = 6
test_per_class = 16
"""
# The coloured pictures' study on drawn ones, with attacks.
LARGE = re.sub(r'adaptor = "folder"\n.*?\n\n', f"{DRAWN}\n", STUDY, flags=re.DOTALL) + (
    '[adversarial]\nper_bin = 2\nattacked = 30\nepsilon = 0.02\ncontrol = "flipped"\n'
    f"[rendering]\ndisplay_px = {DISPLAY_PX}\n"
)
FLIPPED = {"easy": "hard", "hard": "easy", "medium": "medium", None: None}


@dataclass
class Seen:
    """What one person received before each decision, and all pictures with their headers.

    Attributes:
        condition: what balance gave.
        screens: by photo: the pages that were sent before the decision on it.
    """

    condition: str = ""
    screens: dict[str, list[str]] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    picture_headers: dict[str, dict[str, str]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    cookies: set[str] = field(default_factory=set)


@dataclass
class Visit:
    """A participant with a browser, who keeps everything that arrives."""

    session: requests.Session
    response: requests.Response
    seen: Seen = field(default_factory=Seen)
    waiting: list[str] = field(default_factory=list)

    def answer(self) -> bool:
        """Answer the page that is open; False if it has nothing to answer."""
        page, response, seen = read_page(self.response.text), self.response, self.seen
        if not page.forms:
            return False
        form = page.form
        seen.headers.append(dict(response.headers))
        seen.cookies |= set(self.session.cookies.values())
        fetch(self.session, response.url, page.pictures, seen)
        screen = form.fields.get("screen")
        if screen in ("seen", "card", "judge"):
            self.waiting.append(response.text)
        if screen == "judge":
            photo = next(picture for picture in page.pictures if "/media/" in picture)
            seen.screens[Path(photo).name] = self.waiting
            self.waiting = []
        answer = {"answer": form.choices[0]} if form.choices else {}
        chosen = {name: options[0] for name, options in form.radios.items()}
        address = urljoin(response.url, form.action)
        self.response = self.session.post(address, form.fields | chosen | answer)
        assert self.response.ok, self.response.text
        return True


@contextmanager
def visit(url: str) -> Iterator[Visit]:
    """Somebody who pressed Start."""
    with requests.Session() as session:
        session.trust_env = False  # no proxy stands before this machine
        visitor = Visit(session, session.get(url))
        visitor.answer()
        yield visitor


def fetch(session: requests.Session, base: str, pictures: list[str], seen: Seen) -> None:
    """Load the pictures of a page that are new."""
    for picture in pictures:
        if "/media/" in picture and picture not in seen.pictures:
            answer = session.get(urljoin(base, picture))
            seen.pictures[picture] = answer.content
            seen.picture_headers[picture] = dict(answer.headers)


@pytest.fixture(scope="module")
def everything(
    demo_bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Bundle, list[Seen]]:
    """What one person of each condition received."""
    return read_bundle(demo_bundle), crawl_all(demo_bundle, tmp_path_factory.mktemp("true"))


def crawl_all(folder: Path, instance: Path, *changes: str | Path) -> list[Seen]:
    """One person for each condition: balance gives people who are there together all of them."""
    lab = Lab(instance=instance)
    lab.study("load", folder, *changes)
    conditions = read_bundle(folder).study.conditions
    with ExitStack() as stack:
        url = stack.enter_context(serving(create_app(instance_path=str(instance))))
        visitors = [stack.enter_context(visit(url)) for _ in conditions]
        for visitor in visitors:
            while visitor.answer():
                pass
    crawled = [visitor.seen for visitor in visitors]
    for seen, (condition,) in zip(crawled, lab.rows(CONDITIONS), strict=True):
        seen.condition = str(condition)
    assert {seen.condition for seen in crawled} == {c.name for c in conditions}
    return crawled


def judged_in(bundle: Bundle, *phases: Phase) -> Mapping[str, Prediction]:
    """Predictions of some phases, validation and test if none is named, by their photo's name."""
    return {
        Path(bundle.stimulus_by_id[p.stimulus_id].image).name: p
        for p in bundle.predictions
        if bundle.stimulus_by_id[p.stimulus_id].phase in (phases or (Phase.VALIDATION, Phase.TEST))
    }


def test_no_page_before_an_answer_names_the_true_class_or_a_telling_word(
    everything: tuple[Bundle, list[Seen]],
) -> None:
    bundle, crawled = everything
    predictions, judged = judged_in(bundle), 0
    for seen in crawled:
        for photo, pages in seen.screens.items():
            if photo not in predictions:
                continue
            judged += 1
            prediction = predictions[photo]
            truth = bundle.stimulus_by_id[prediction.stimulus_id]
            for page in pages:
                text = page.replace(prediction.card.description, "")
                if not prediction.right:
                    assert truth.true_label.lower() not in text.lower()
                assert not TELLING.search(text), TELLING.search(text)
                assert truth.stimulus_id not in page
                assert truth.source not in page
    assert judged == 40 * len(crawled)


def flipped(bundle: Bundle, folder: Path) -> Path:
    """The same bundle in a world where every AI answer is right that was wrong, and vice versa.

    What feedback shows of the true class is another class's too.
    """
    shutil.copytree(bundle.path, folder)
    labels = {p.stimulus_id: (p.label_index, p.label, p.right) for p in bundle.predictions}
    other = {p.label_index: p.label for p in bundle.predictions}
    changes: dict[str, Callable[[dict[str, object]], dict[str, object]]] = {
        "predictions.jsonl": lambda row: {
            "right": not row["right"],
            "bin": FLIPPED[row["bin"]],  # type: ignore[index]
        },
        "stimuli.jsonl": lambda row: flipped_truth(labels[str(row["stimulus_id"])], other),
    }
    for name, change in changes.items():
        rows = [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]
        told = [row for row in rows if row.get("true_card")]
        cards = [row["true_card"] for row in told]
        for row, card in zip(told, [*cards[1:], *cards[:1]], strict=True):
            row["true_card"] = card
        lines = [json.dumps(row | change(row)) + "\n" for row in rows]
        (folder / name).write_text("".join(lines), "utf-8")
    write_sums(folder)
    return folder


def flipped_truth(said: tuple[int, str, bool], labels: Mapping[int, str]) -> dict[str, object]:
    """A true label that makes a right answer wrong and a wrong one right; and another kind."""
    index, label, right = said
    if right:
        index, label = next((i, name) for i, name in sorted(labels.items()) if i != index)
    return {"true_index": index, "true_label": label, "kind": "adversarial"}


def test_turning_the_truth_around_changes_no_byte_before_the_answer(
    everything: tuple[Bundle, list[Seen]], tmp_path: Path
) -> None:
    """If the truth took part in any page, picture or header, this would show it."""
    bundle, crawled = everything
    others = crawl_all(flipped(bundle, tmp_path / "bundle"), tmp_path / "instance")
    assert n_equal_screens(bundle, crawled, others) >= (5 + 10 + 3) * len(crawled)


def n_equal_screens(bundle: Bundle, crawled: list[Seen], others: list[Seen]) -> int:
    """How many trials people of the same condition met in both worlds, all of them equal.

    With the same screens: a label that somebody met before may bring fewer.
    """
    compared, judged = 0, judged_in(bundle, *Phase)
    for seen in crawled:
        for other in others:
            if seen.condition != other.condition:
                continue
            for photo in seen.screens.keys() & other.screens.keys():
                mine, theirs = (
                    [steady(page) for page in who.screens[photo]] for who in (seen, other)
                )
                if photo in judged and len(mine) == len(theirs):
                    compared += 1
                    assert mine == theirs
            for picture in seen.pictures.keys() & other.pictures.keys():
                assert seen.pictures[picture] == other.pictures[picture]
                assert timeless(seen.picture_headers[picture]) == timeless(
                    other.picture_headers[picture]
                )
    return compared


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Drawn butterflies, shown twice as large as what the AI sees of them; some are attacked."""
    folder, study = tmp_path_factory.mktemp("large"), parse_study(LARGE, subject="study.toml")
    dataset = open_dataset(study.dataset, None)
    return build(study, LARGE, dataset, new_machine(folder), folder / "bundle")


@pytest.mark.slow
def test_pictures_larger_than_what_the_ai_sees_tell_no_more(large: Bundle, tmp_path: Path) -> None:
    """Turning the truth around changes no byte; nor has a file another size or length. A minute."""
    assert {stimulus.kind for stimulus in large.stimuli} == set(Kind)
    crawled = crawl_all(large.path, tmp_path / "true")
    others = crawl_all(flipped(large, tmp_path / "bundle"), tmp_path / "flipped")
    assert n_equal_screens(large, crawled, others) >= 4 * len(crawled)
    photos = {Path(stimulus.image).name for stimulus in large.stimuli}
    lengths = set()
    for seen in crawled:
        for address, content in seen.pictures.items():
            with Image.open(io.BytesIO(content)) as image:
                assert image.size == (DISPLAY_PX, DISPLAY_PX)
            if Path(address).name in photos:
                lengths.add((len(content), seen.picture_headers[address]["Content-Length"]))
    assert len(lengths) == 1


def test_where_validation_is_interleaved_nothing_but_the_content_differs_from_the_test(
    demo_bundle: Path, tmp_path: Path
) -> None:
    """Neither the pages, nor the length of the photo or the headers of any picture."""
    bundle, changed = read_bundle(demo_bundle), tmp_path / "study.toml"
    text = bundle.study_text.replace("[gate]\n", "[gate]\ninterleaved = true\n")
    changed.write_text(text.replace('"first"', '"always"'))  # all trials have the same screens
    predictions = judged_in(bundle)
    for seen in crawl_all(demo_bundle, tmp_path / "instance", "--study", changed):
        kinds: dict[Phase, set[str]] = {Phase.VALIDATION: set(), Phase.TEST: set()}
        for photo in seen.screens.keys() & predictions.keys():
            shown = predictions[photo]
            kinds[bundle.stimulus_by_id[shown.stimulus_id].phase].add(form_of(photo, shown, seen))
        assert kinds[Phase.VALIDATION] == kinds[Phase.TEST]
        assert len(kinds[Phase.TEST]) == 1


def form_of(photo: str, shown: Prediction, seen: Seen) -> str:
    """All that was sent of a trial before the answer, without what is judged."""
    judged = re.compile(
        rf'{shown.label}|class="lead">[^<]*|/media/[\w.]+|\d+&nbsp;%|\ban? (?=<strong)'
    )
    plain = [judged.sub("", " ".join(steady(page))) for page in seen.screens[photo]]
    pages = [read_page(page) for page in seen.screens[photo]]
    pictures = [p for page in pages for p in page.pictures if "/media/" in p]
    headers = [sorted(seen.picture_headers[picture]) for picture in pictures]
    length = next(len(seen.pictures[picture]) for picture in pictures if picture.endswith(photo))
    return repr((plain, headers, length))


def steady(page: str) -> list[str]:
    """A page without what differs from person to person: tokens and the number of the question.

    And, while one picture is judged, which trial comes next, whose pictures are fetched ahead.
    """
    if 'name="screen" value="judge"' in page:
        page = re.sub(r'data-coming="[^"]*"', "", page)
    plain = re.sub(r'<p class="note">.*?</p>', "", page, flags=re.DOTALL)
    return CHANGING.sub("", plain).split()


def timeless(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers without the clock."""
    return {name: value for name, value in headers.items() if name != "Date"}


def test_all_pictures_have_one_size_one_encoding_and_names_that_are_digests(
    everything: tuple[Bundle, list[Seen]],
) -> None:
    _, crawled = everything
    encodings = set()
    for seen in crawled:
        for address, content in seen.pictures.items():
            assert Path(address).name == f"{hashlib.sha256(content).hexdigest()[:16]}.jpg"
            with Image.open(io.BytesIO(content)) as image:
                assert isinstance(image, JpegImagePlugin.JpegImageFile)
                assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
                assert image.size == (224, 224)
                encodings.add((str(image.quantization), JpegImagePlugin.get_sampling(image)))
    assert len(encodings) == 1


def test_headers_carry_no_file_times_and_cookies_only_the_persons_own_link(
    everything: tuple[Bundle, list[Seen]],
) -> None:
    _, crawled = everything
    for seen in crawled:
        for address, headers in seen.picture_headers.items():
            assert "Last-Modified" not in headers
            assert "Content-Disposition" not in headers
            assert headers["ETag"].strip('"').startswith(Path(address).stem)
        names = [frozenset(headers) for headers in seen.picture_headers.values()]
        assert len(set(names)) == 1
        for cookie in seen.cookies:
            assert set(contents(cookie)) <= {"participant"}


def contents(cookie: str) -> dict[str, object]:
    """What Flask's signed session cookie holds."""
    packed = cookie.startswith(".")
    payload = cookie.lstrip(".").split(".")[0]
    raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    return dict(json.loads(zlib.decompress(raw) if packed else raw))


def test_the_order_of_trials_says_nothing_about_the_bin() -> None:
    """Over 600 people, every cell stands in the middle of the list on average."""
    cells = tuple(tuple(f"{cell}-{n}" for n in range(10)) for cell in range(6))
    places: dict[str, list[int]] = {str(cell): [] for cell in range(6)}
    for number in range(600):
        group = Group(trials=30, cells=cells)
        order = trial_list([group], views={}, rng=random.Random(number))
        for place, stimulus in enumerate(order):
            places[stimulus.split("-")[0]].append(place)
    for own in places.values():
        # One place is uniform on 0 .. 29: standard deviation 8.66, and 3000 of them.
        assert abs(mean(own) - 14.5) < 4 * 8.66 / len(own) ** 0.5


def test_the_order_of_a_bundles_rows_says_nothing_either(demo_bundle: Path) -> None:
    ids = [s.stimulus_id for s in read_bundle(demo_bundle).stimuli]
    assert ids == sorted(ids)


# A study's own steps

# With and without groups that meet nothing of the AI, who cannot foresee what it says.
RECIPES = {
    **{name: (recipe, True) for name, recipe in (("advice", ADVICE), ("sure", SURE))},
    **{name: (recipe, True) for name, recipe in (("on demand", ON_DEMAND), ("best", BEST))},
    "fields": (FIELDS, True),
    "forward": (FORWARD, False),
}
TELLS_TRUTH = ("told",)
TELLS_NOTHING = ("alone", "place", "words")
COMING = re.compile(r'data-coming="([^"]*)"')


def steps_met(bundle: Path, instance: Path) -> dict[tuple[str, str, str], str]:
    """The pages of one person of each group, by group, photo and step."""
    app, met = create_app({"TESTING": True}, instance_path=str(instance)), {}
    load(app, bundle)
    for _ in read_bundle(bundle).study.conditions:
        visitor = Visitor(app.test_client()).start()
        condition = participants(app)[-1].condition
        while visitor.screen != "debrief":
            step = visitor.page.form.fields.get("trial", "").partition(":")[2]
            pictures = [Path(one).name for one in visitor.page.pictures if "/media/" in one]
            photo = pictures[0] if pictures else ""
            if step and photo:
                met[condition, photo, step] = visitor.response.text
            visitor.go_on(visitor.page.form.choices[0], **FILLED)
    close(app)
    return met


def changed(bundle: Bundle, folder: Path, world: str) -> Path:
    """The bundle in another world, where the same names occur.

    Args:
        world: "truth" turns it around: what was right is wrong, and vice versa; in that of
            "answer" the AI says another name of each picture, whose cards stay.
    """
    shutil.copytree(bundle.path, folder)
    said = {p.stimulus_id: p.label_index for p in bundle.predictions}
    true = {s.stimulus_id: s.true_index for s in bundle.stimuli}
    for place, name in enumerate(said):
        another = (said[name] + 1 + place % 3) % len(LABELS)
        if world == "answer":
            said[name] = another
        else:
            true[name] = another if said[name] == true[name] else said[name]
    for file in ("predictions.jsonl", "stimuli.jsonl"):
        rows = [json.loads(line) for line in (folder / file).read_text("utf-8").splitlines()]
        for row in rows:
            name = row["stimulus_id"]
            if file == "stimuli.jsonl":
                row |= {"true_index": true[name], "true_label": LABELS[true[name]]}
            else:
                right = said[name] == true[name]
                row |= {"label_index": said[name], "label": LABELS[said[name]], "right": right}
        (folder / file).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    write_sums(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("recipe", RECIPES)
def test_no_step_of_any_recipe_tells_the_truth_nor_the_ais_answer_before_its_time_32(
    recipe: str, tmp_path: Path
) -> None:
    """The truth changes no byte; what the AI says, none of a step that shows nothing of it."""
    trial, groups = RECIPES[recipe]
    text = with_steps(study_text(practice=2, validation=3, test=6), trial, groups=groups)
    bundle = build_bundle(tmp_path / "bundle", text, per_cell=1)
    mine = steps_met(bundle.path, tmp_path / "true")
    says_nothing = {name for _, _, name in mine} & {*TELLS_NOTHING}
    for world in ("truth", "answer") if says_nothing else ("truth",):
        folder = changed(bundle, tmp_path / f"in {world}", world)
        theirs, compared = steps_met(folder, tmp_path / world), 0
        for key in mine.keys() & theirs.keys():
            if key[2] in TELLS_TRUTH or (world == "answer" and key[2] not in TELLS_NOTHING):
                continue
            here, there = (steady(COMING.sub("", pages[key])) for pages in (mine, theirs))
            assert here == there, (world, key)
            compared += 1
        assert compared >= 11 * 2  # whoever fails the gate leaves a place to the same group


@pytest.mark.slow
def test_a_page_fetches_ahead_what_the_next_step_shows_and_no_more_32(tmp_path: Path) -> None:
    text = with_steps(study_text(practice=1, validation=1, test=1), ADVICE)
    met = steps_met(build_bundle(tmp_path / "bundle", text).path, tmp_path / "instance")
    for (condition, photo, step), page in met.items():
        [coming] = COMING.findall(page)
        ahead = {Path(one).name for one in coming.split()}
        if step == "alone" and condition != "alone":
            shown = read_page(met[condition, photo, "advised"]).pictures
            assert ahead == {Path(one).name for one in shown if "/media/" in one}
        elif condition == "alone":
            assert len(ahead) <= 1
            assert photo not in ahead


@pytest.mark.slow
def test_explanations_of_another_tool_tell_the_truth_no_more_than_ours(tmp_path: Path) -> None:
    """In a world where every right answer is wrong, pages, lengths and pictures are the same."""
    tables = "".join(
        f'[explainers.{what}]\nkind = "imported"\nshows = "{what}"\ncaption = "{what}"\n'
        for what in ("text", "photos", "pictures")
    )
    text = study_text(practice=1, validation=3, test=6)
    text = text.replace("[explainers.gradcam]\n", f"[explainers.gradcam]\n{tables}")
    text = text.replace('["gradcam"]', '["text", "photos", "pictures"]')
    bundle = build_bundle(tmp_path / "bundle", text, per_cell=1)
    folder = changed(bundle, tmp_path / "other", "truth")
    mine, theirs = (
        pages_judged(path, tmp_path / name) for path, name in ((bundle.path, "a"), (folder, "b"))
    )
    assert len(mine.keys() & theirs.keys()) >= 9
    for photo in mine.keys() & theirs.keys():
        assert steady(mine[photo]) == steady(theirs[photo])
        assert 'class="passage"' in mine[photo]


def pages_judged(bundle: Path, instance: Path) -> dict[str, str]:
    """The decision's pages, after practice, of one person who sees the explanations, by photo."""
    app, met = create_app({"TESTING": True}, instance_path=str(instance)), {}
    load(app, bundle)
    while not met:
        visitor = Visitor(app.test_client()).start()
        sees = participants(app)[-1].condition == "heatmap"
        while visitor.screen != "debrief" and sees:
            if visitor.screen == "judge":
                photo = next(p for p in visitor.page.pictures if "/media/" in p)
                met[Path(photo).name] = COMING.sub("", visitor.response.text)
            visitor.go_on(visitor.page.form.choices[0])
    close(app)
    return met
