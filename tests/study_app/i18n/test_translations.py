"""What `study words` prints, and what `study load` refuses of a study in another language."""

import tomllib

import pytest

from stimuli.build.rationales import rationale
from stimuli.datasets.base import ClassInfo
from stimuli.datasets.species.ten_species import TEN_SPECIES
from stimuli.study import Texts, parse_study, read_study
from study_app.i18n import translations
from study_app.i18n.catalogue import sentences
from study_app.i18n.translations import translation_problems
from study_app.session.comments import comment_questions
from tests.every_page import in_language
from tests.lab import ROOT
from tests.languages import table

DEMO, GERMAN_DEMO = (ROOT / f"stimuli/studies/{name}.toml" for name in ("demo", "demo_de"))


def test_words_are_printed_as_a_table_to_fill(run, bundle_path):
    printed = tomllib.loads(run("words", "--bundle", bundle_path).output)
    assert list(printed["words"]) == sentences()
    assert set(printed["words"].values()) == {""}
    assert "Blue Morpho" in printed["names"]
    assert "A butterfly, number 2." in printed["names"]
    assert "Look at the tips of its wings." in printed["names"]


def test_words_that_are_there_are_filled_in_and_others_are_named(run, study_file, tools):
    file = study_file(tools.study_text() + '[words]\n"I agree" = "Einverstanden"\n"Hi" = "Hallo"\n')
    output = run("words", file).output
    printed = tomllib.loads(output)["words"]
    assert printed["I agree"] == "Einverstanden"
    assert "Hi" not in printed
    assert '# "Hi" = "Hallo"' in output
    assert output.index("# Consent") < output.index('"I agree"') < output.index("# The end")


# Problems


def refused(run, bundle_path, file):
    """What `study load` says of a study file that it refuses."""
    result = run("load", bundle_path, "--study", file)
    assert result.exit_code == 1, result.output
    return result.output


def test_everything_that_a_language_lacks_is_named_at_once(run, study_file, tools, bundle_path):
    text = in_language(tools.study_text(), "de", title="Titel")
    said = refused(run, bundle_path, study_file(text + '[words]\n"I agree" = "Ja"\n'))
    assert f"{len(sentences()) - 1} like this: words: " in said
    assert f"{len(Texts.model_fields)} like this: texts." in said
    assert "8 like this: names: 'Amber Fritillary' has no translation; add it" in said
    study, bundle = parse_study(text, subject="study.toml"), tools.read(bundle_path)
    problems = translation_problems(study, bundle)
    missing = [one for one in sentences() if one != "I agree"]
    assert {f"words: {one!r} has no translation; add it" for one in missing} < {*problems}
    assert "names: 'A butterfly, number 2.' has no translation; add it" in problems
    assert not any("Look at the tips" in problem for problem in problems)  # may be left out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"I agre": "Ja"}, "no page says 'I agre'; did you mean 'I agree'?"),
        ({"Qwertz": "Ja"}, "no page says 'Qwertz'; remove it"),
        (
            {"This is %(thing)s.": "Richtig."},
            "'Richtig.' leaves out %(thing)s of 'This is %(thing)s.'; put it in",
        ),
        (
            {"I agree": "Ja, %(name)s"},
            "'Ja, %(name)s' has %(name)s, which 'I agree' has not; remove it",
        ),
        ({"I agree": "100 %"}, "'100 %' has a % that stands for no fact; write %%"),
        ({"Y": "N"}, "'Y' is not told apart from another answer; word it otherwise"),
        ({"Y": "Ja"}, "'Y' is a key to press, one letter, not 'Ja'"),
        (
            {"I am not sure": "All of them looked like ordinary pictures"},
            "'I am not sure' is not told apart from another answer",
        ),
    ],
)
def test_what_is_wrong_with_words_is_named(run, study_file, tools, bundle_path, words, problem):
    said = refused(run, bundle_path, study_file(tools.study_text() + table("words", words)))
    assert f"words: {problem}" in said


def test_names_that_only_another_bundle_shows_are_allowed(run, study_file, tools, bundle_path):
    file = study_file(tools.study_text() + table("names", {"Red Admiral": "Admiral"}))
    assert run("load", bundle_path, "--study", file).exit_code == 0
    output = run("words", file, "--bundle", bundle_path).output
    assert '# This bundle does not say these.\n# "Red Admiral" = "Admiral"' in output


def test_a_language_that_nobody_knows_is_refused(run, study_file, tools, bundle_path):
    file = study_file(in_language(tools.study_text(), "xx", title="Titel"))
    assert "study.language: nobody knows 'xx'" in refused(run, bundle_path, file)


def test_a_study_in_force_stays_so_in_a_version_that_says_other_sentences(
    run, study_file, tools, bundle_path, monkeypatch
):
    file = study_file(tools.study_text() + table("words", {"I agree": "I take part"}))
    assert run("load", bundle_path, "--study", file).exit_code == 0
    later = [sentence for sentence in sentences() if sentence != "I agree"]
    monkeypatch.setattr(translations, "sentences", lambda: later)
    result = run("load", bundle_path, "--study", file)
    assert result.exit_code == 0
    assert "Already in force: invented" in result.output
    assert "Warning: words: no page says 'I agree'" in result.output


def test_an_english_study_may_word_some_sentences_otherwise(
    run, study_file, tools, bundle_path, empty_app
):
    text = tools.study_text() + table("words", {"I agree": "I take part", "Start": ""})
    text += table("names", {"Blue Morpho": "Emperor"})
    assert run("load", bundle_path, "--study", study_file(text)).exit_code == 0
    visitor = tools.visitor(empty_app.test_client()).start()
    assert "I take part" in visitor.response.text
    assert ">I do not agree<" in visitor.response.text
    pages = visitor.walk().texts
    assert any('an <strong translate="no">Emperor</strong>' in page for page in pages)
    assert not any("Blue Morpho" in page for page in pages)
    assert any("Look at the tips of its wings." in page for page in pages)


def test_the_german_demo_is_complete_and_fits_the_bundle_of_the_demo():
    demo, german = read_study(DEMO), read_study(GERMAN_DEMO)
    assert german.offline() == demo.offline()
    assert list(german.words) == sentences()
    said = [text for s in TEN_SPECIES for text in (s.name, s.description)]
    assert set(said) < set(german.names)
    assert {*german.names} - {*said} == set(rationales_of_species())
    assert german.texts.model_fields_set == set(Texts.model_fields)


def rationales_of_species():
    """Those that a build makes of right answers, and of taking a species for its twin."""
    classes = [ClassInfo(name=s.name, description=s.description) for s in TEN_SPECIES]
    for truth, own in enumerate(classes):
        yield rationale(truth, {truth}, classes, "Sam")
        for guess, other in enumerate(classes):
            if guess != truth and own.name.split()[-1] == other.name.split()[-1]:
                yield rationale(truth, {guess}, classes, "Sam")


def test_the_questions_at_the_end_are_asked_in_german():
    first, second = comment_questions(read_study(GERMAN_DEMO))
    assert (first.text, second.text) == (
        "Wie sahen die Bilder für Sie aus?",
        "Möchten Sie uns noch etwas mitteilen?",
    )


def test_title_name_of_the_ai_and_language_need_no_rebuild(tools):
    english = tools.study_text()
    other = in_language(english, "de", title="Titel", ai_name="Sami")
    one, two = (parse_study(text, subject="study.toml") for text in (english, other))
    assert one.offline() == two.offline()
    assert one.study.title != two.study.title
