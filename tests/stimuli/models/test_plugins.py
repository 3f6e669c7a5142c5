"""Explainers that a lab brings are found, and told what is wrong with them before any work."""

import hashlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stimuli.models.plugins import found_plugins, keywords_of, plugin_settings
from stimuli.study import Study, parse_study
from tests.stimuli.conftest import STUDY

LIME = """
def lime(classifier, images, labels, *, n_samples, width=1.0, seed=None):
    return images.mean(1)

EXPLAINERS = {"lime": lime}
"""


def study_with(table: str = "n_samples = 5", *, name: str = "lime") -> Study:
    own = f"[explainers.{name}]\nkind = 'plugin'\n{table}\n[explainers.gradcam]"
    return parse_study(STUDY.replace("[explainers.gradcam]", own), subject="study.toml")


def write(folder: Path, text: str, name: str = "lime.py") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def problems_of(*paths: Path, study: Study | None = None) -> list[str]:
    return found_plugins(study or study_with(), paths)[1]


def install(folder: Path, module: str, *entries: str, name: str = "mylab") -> None:
    """A distribution as pip leaves it: its module, its metadata and its entry points."""
    (folder / f"{name}_maps.py").write_text(module)
    facts = folder / f"{name}-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text("\n".join(["[lorikeet.explainers]", *entries, ""]))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed distributions, whose modules are forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    yield tmp_path
    for name in [n for n in sys.modules.keys() - before if n.startswith("my")]:
        del sys.modules[name]


def test_a_file_gives_what_it_lists_with_the_digest_that_sha256sum_tells(tmp_path: Path) -> None:
    path = write(tmp_path, LIME)
    found, problems = found_plugins(study_with(), [path])
    assert problems == []
    assert found.keys() == {"lime"}
    assert found["lime"].source == "lime.py"
    assert found["lime"].digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert list(tmp_path.iterdir()) == [path]  # no compiled copy beside it


def test_the_function_has_the_settings_of_its_table_and_the_seed_if_it_takes_one(
    tmp_path: Path,
) -> None:
    study = study_with("n_samples = 5\nsigned = true")
    found, _ = found_plugins(study, [write(tmp_path, LIME)])
    settings = plugin_settings(study)["lime"]
    assert keywords_of(found["lime"], settings, seed=3) == {"n_samples": 5, "seed": 3}
    unseeded, _ = found_plugins(study, [write(tmp_path, LIME.replace(", seed=None", ""))])
    assert keywords_of(unseeded["lime"], settings, seed=3) == {"n_samples": 5}


def test_a_file_that_changed_within_a_second_is_run_as_it_is_now(tmp_path: Path) -> None:
    """Python itself would take the compiled copy of a file of that size and time."""
    values = []
    for value in (1, 2):
        path = write(
            tmp_path, f"def lime(c, i, l, **_): return {value}\nEXPLAINERS={{'lime':lime}}"
        )
        os.utime(path, (1e9, 1e9))
        found, _ = found_plugins(study_with(), [path])
        values.append((found["lime"].function(0, 0, 0), found["lime"].digest))
    assert [value for value, _ in values] == [1, 2]
    assert values[0][1] != values[1][1]


def test_two_files_of_one_name_do_not_replace_each_other(tmp_path: Path) -> None:
    """A class of the first is still found where its module looks for it."""
    paths = []
    for name in ("lime", "shap"):
        (tmp_path / name).mkdir()
        text = (
            "from __future__ import annotations\nfrom dataclasses import dataclass\n"
            "@dataclass\nclass Fit:\n    name: str\n"
            f"def draw(c, i, l): return Fit({name!r}).name\nEXPLAINERS = {{{name!r}: draw}}"
        )
        paths.append(write(tmp_path / name, text, "maps.py"))
    tables = "[explainers.shap]\nkind = 'plugin'"
    found, problems = found_plugins(study_with(tables), paths)
    assert problems == []
    assert [found[name].function(0, 0, 0) for name in ("lime", "shap")] == ["lime", "shap"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EXPLAINERS = {", r"cannot be run: SyntaxError: .* \(\S*lime\.py, line 1\); correct it"),
        (
            "\nimport nosuch",
            r"ModuleNotFoundError: No module named 'nosuch' \(\S*lime\.py, line 2\)",
        ),
        (
            "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('x') from e",
            r"ZeroDivisionError: division by zero \(\S*lime\.py, line 2\)",
        ),
        ("import json\njson.loads('')", r"JSONDecodeError: .* \(\S*lime\.py, line 2\)"),
        ("import sys\nsys.exit(3)", r"SystemExit: 3 \(\S*lime\.py, line 2\)"),
        ("def lime(): pass", r"lists no explainers; end it with EXPLAINERS = \{\"NAME\": function"),
        ("EXPLAINERS = [max]", "lists no explainers"),
        ("EXPLAINERS = {'gradcam': max}", "'gradcam' is the name of one of ours; rename it"),
        ("EXPLAINERS = {'My Lime': max}", "'My Lime' can be no explainer's name"),
        ("EXPLAINERS = {3: max}", "3 can be no explainer's name"),
        ("EXPLAINERS = {'lime': 'lime'}", "'lime' is no function but 'lime'"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_with_cause_and_line(
    text: str, expected: str, tmp_path: Path
) -> None:
    (problem,) = problems_of(write(tmp_path, text))
    assert re.search(expected, problem), problem


def test_a_file_that_is_not_there_or_is_no_python_is_told(tmp_path: Path) -> None:
    nowhere, text = tmp_path / "nowhere.py", write(tmp_path, LIME, "lime.txt")
    gone, other = problems_of(nowhere, text)
    assert gone == f"--plugin {nowhere}: No such file or directory; give a file of Python"
    assert other == f"--plugin {text}: is no file of Python; its name must end in .py"


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    unused = write(tmp_path, LIME.replace("lime", "shap"), "shap.py")
    table = "[explainers.other]\nkind = 'plugin'"
    problems = problems_of(write(tmp_path, LIME), unused, study=study_with(table))
    assert [problem.split(": ", 1)[0] for problem in problems] == [
        f"--plugin {unused}",
        "explainers.lime.n_samples",
    ]
    assert (
        "the study has no use for it, it has shap; remove it, or add [explainers.shap]"
        in (problems[0])
    )


def test_a_table_without_a_plugin_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    study = study_with(name="shap")
    two = LIME.replace('{"lime": lime}', '{"lime": lime, "shap": lime}')
    (problem,) = problems_of(study=study)
    assert problem == (
        "explainers.shap: no plugin has this name, there is none; give the file that has it with "
        "--plugin FILE.py, or install the distribution that does"
    )
    more = study_with("n_samples = 5\n[explainers.other]\nkind = 'plugin'")
    (problem,) = problems_of(write(tmp_path, two), study=more)
    assert "explainers.other: no plugin has this name, there are lime, shap; give" in problem


def test_two_plugins_of_one_name_are_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(write(tmp_path, LIME), write(tmp_path, LIME, "copy.py"))
    assert problem.startswith("explainer lime: lime.py and copy.py both have one of this name")


def test_settings_that_the_function_does_not_take_or_lacks_are_named(tmp_path: Path) -> None:
    problems = problems_of(write(tmp_path, LIME), study=study_with("samples = 5\nwidht = 2"))
    taken = "lime.py knows no such setting, it takes n_samples, width, seed; remove it or correct"
    assert problems == [
        f"explainers.lime.samples: {taken} its spelling",
        f"explainers.lime.widht: {taken} its spelling",
        "explainers.lime.n_samples: lime.py needs this setting; add it",
    ]


@pytest.mark.parametrize(
    "arguments", ["classifier, images", "*, classifier, images, labels, n_samples", ""]
)
def test_a_function_that_does_not_take_classifier_images_and_labels_is_refused(
    arguments: str, tmp_path: Path
) -> None:
    text = f"def lime({arguments}): pass\nEXPLAINERS = {{'lime': lime}}"
    study = study_with("" if "n_samples" not in arguments else "n_samples = 5\nclassifier=1")
    problems = problems_of(write(tmp_path, text), study=study)
    assert problems
    assert all(problem.startswith("explainers.lime") for problem in problems)


def test_a_function_may_take_whatever_a_table_has(tmp_path: Path) -> None:
    text = "def lime(*given, **settings): pass\nEXPLAINERS = {'lime': lime}"
    assert problems_of(write(tmp_path, text), study=study_with("anything = [1, 2]")) == []


def test_an_entry_point_is_found_by_its_name(site: Path) -> None:
    install(site, LIME, "lime = mylab_maps:lime")
    found, problems = found_plugins(study_with(), [])
    assert problems == []
    assert found["lime"].source == "mylab 1.0, mylab_maps:lime"
    assert found["lime"].function.__name__ == "lime"


def test_an_entry_point_that_the_study_does_not_name_is_not_run(site: Path) -> None:
    install(site, "1 / 0", "shap = mylab_maps:shap", "gradcam_2 = mylab_maps:shap")
    assert found_plugins(parse_study(STUDY, subject="study.toml"), []) == ({}, [])


def test_the_digest_of_an_entry_point_is_of_all_code_of_its_package(
    site: Path,
) -> None:
    install(site, "", "lime = mypackage.maps:lime")
    (site / "mypackage").mkdir()
    write(site / "mypackage", "", "__init__.py")
    write(site / "mypackage", LIME, "maps.py")
    digests = []
    for text in ("HALF = 0.5", "HALF = 0.50", "HALF = 0.5"):
        write(site / "mypackage", text, "helper.py")
        digests.append(found_plugins(study_with(), [])[0]["lime"].digest)
    assert digests[0] == digests[2]
    assert digests[0] != digests[1]


def test_an_entry_point_that_cannot_be_used_is_told(site: Path) -> None:
    install(site, LIME, "gradcam = mylab_maps:lime", "lime = mylab_maps:lemon")
    ours, gone = problems_of()
    assert ours == (
        "entry point gradcam (mylab 1.0, mylab_maps:lime): 'gradcam' is the name of one of ours; "
        "rename it"
    )
    assert gone.startswith("entry point lime (mylab 1.0, mylab_maps:lemon): cannot be run: Attrib")


def test_a_file_and_an_entry_point_of_one_name_are_refused(site: Path) -> None:
    install(site, LIME, "lime = mylab_maps:lime")
    (problem,) = problems_of(write(site, LIME))
    assert "mylab 1.0, mylab_maps:lime and lime.py both have one of this name" in problem
