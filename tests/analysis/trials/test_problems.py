"""All that is wrong with a file of trials or its map is said at once, and nothing is written."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.problems import ExportError
from analysis.trials.__main__ import main
from analysis.trials.conversion import read_trials
from tests.analysis.trials.plain_trials import PLAIN, imported


def problems_of(folder: Path, csv: str, toml: str = PLAIN) -> list[str]:
    with pytest.raises(ExportError) as caught:
        imported(folder, csv, toml)
    assert not list(folder.glob("export*"))
    return list(caught.value.problems)


def test_everything_wrong_with_a_file_is_listed_at_once_with_its_lines(tmp_path):
    toml = PLAIN + (
        'kind = "kind"\nlabel = "label"\nconfidence = "p"\ndecision_time = "ms"\n'
        '[analysis]\npairs = [["x", "z"]]\n'
    )
    csv = """who,group,image,ai_right,decision,kind,label,p,ms
a,x,1,1,yes,natural,gull,0.9,10
a,x,2,perhaps,yes,natural,gull,0.9,10
a,x,3,1,maybe,natural,gull,0.9,10
a,x,4,1,hm,natural,gull,0.9,10
a,x,5,1,yes,odd,gull,0.9,10
a,x,6,1,yes,natural,gull,90,10
a,x,7,1,yes,natural,gull,"0,9",10
a,x,8,1,yes,natural,gull,0.9,-1
,x,9,1,yes,natural,gull,0.9,10
b,3-NN,1,0,yes,adversarial,tern,0.8,10
c,x,1,1,yes,natural,gull,0.9,10
c,y,10,1,yes,natural,gull,0.9,10
a,x,1,1,no,natural,gull,0.9,10
"a
b",x,11
d,y,,1,yes,natural,gull,0.9,10
"""
    problems = problems_of(tmp_path, csv, toml)
    file = "answers.csv"
    expected = [
        f"{file}: line 15 has 3 cells, the header has 9; correct it",
        f"{file}, column who: '' in line 10 must not be empty; fill it in",
        f"{file}, column image: '' in line 17 must not be empty; fill it in",
        f"{file}, column group: '3-NN' in line 11 cannot be the name of a condition",
        f"{file}, column ai_right: 'perhaps' in line 3 is none of 1, 1.0, true,",
        f"{file}, column decision: 'maybe' in line 4, 'hm' in line 5 is none of accept,",
        f"{file}, column kind: 'odd' in line 6 is none of natural, adversarial",
        f"{file}, column p: '90' in line 7, '0,9' in line 8 must be a number from 0 to 1",
        f"{file}, column ms: '-1' in line 9 must be a number of 0 or more",
        f"{file}, column group: participant 'c' has 'x' in line 12 and 'y' in line 13; a person",
        f"{file}, column ai_right: stimulus '1' has '1' in line 2 and '0' in line 11; a stimulus",
        f"{file}, column confidence: stimulus '1' has '0.9' in line 2 and '0.8' in line 11",
        f"{file}, column kind: stimulus '1' has 'natural' in line 2 and 'adversarial' in line 11",
        f"{file}, column label: stimulus '1' has 'gull' in line 2 and 'tern' in line 11",
        f"{file}: participant 'a' answers stimulus '1' in line 2 and in line 14; what is pooled",
        "map.toml, analysis.pairs: 'z' is no condition of the file (x, y); correct it",
    ]
    expected = [line.replace("column confidence:", "column p:") for line in expected]
    for start in expected:
        assert any(line.startswith(start) for line in problems), (start, problems)
    assert len(problems) == len(expected)


def test_many_wrong_cells_are_one_line_with_their_number(tmp_path):
    rows = "".join(f"a,x,{i},1,answer {i}\n" for i in range(50))
    (line,) = problems_of(tmp_path, "who,group,image,ai_right,decision\n" + rows)
    assert "'answer 2' in line 4 (50 rows in all) is none of" in line
    assert "answer 3" not in line


def test_everything_wrong_with_a_map_is_listed_at_once(tmp_path):
    toml = """
[study]
name = "x"
[file]
encoding = "martian"
separator = ";;"
[columns]
participant = "who"
condition = "group"
stimulus = "image"
ai_right = "right"
hue = "hue"
[values]
right = ["0"]
[values.conditions]
"A" = "Not Ours"
[confidence]
scale = 10
[bins]
low_below = 0.5
[classifier]
threshold = 0.5
[natural_weights]
right = { easy = -1, medium = 1 }
"""
    text = "\n".join(problems_of(tmp_path, "", toml))
    for expected in [
        "map.toml, study.title: is missing",
        "map.toml, file.encoding: 'martian' is not known; try utf-8, cp1252 or utf-16",
        "map.toml, file.separator: String should have at most 1 character",
        "map.toml, columns.hue: is not known here",
        "map.toml, values.conditions.A: String should match pattern",
        "map.toml, confidence.scale: Input should be 1 or 100; it is 10",
        "map.toml, bins: the bands must not overlap",
        "map.toml, classifier: threshold and chosen_on go together",
        "map.toml, natural_weights.right.hard: is missing",
        "map.toml, natural_weights.wrong: is missing",
    ]:
        assert expected in text, expected


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        (PLAIN + "[values]\nright = 0\n", "'0' means both right and wrong"),
        (PLAIN + 'team_right = "d"\n', "name either decision"),
        (PLAIN.replace('decision = "decision"', ""), "name either decision"),
        (PLAIN + "[gate]\nmin_correct = 3\n", "a gate needs columns.phase"),
        ("[study", "map.toml: is not TOML"),
    ],
)
def test_a_map_that_contradicts_itself_says_so(tmp_path, toml, expected):
    (problem,) = problems_of(tmp_path, "", toml)
    assert expected in problem


@pytest.mark.parametrize(("sign", "shown"), [(";", '";"'), ("\t", r'"\t"'), ("|", '"|"')])
def test_a_wrong_separator_is_named(tmp_path, sign, shown):
    csv = sign.join(["who", "group", "image", "ai_right", "decision"]) + "\n"
    (problem,) = problems_of(tmp_path, csv)
    assert f"has only one column, {csv.strip()!r}, when split at ','" in problem
    assert problem.endswith(f"set separator = {shown} in [file]")


@pytest.mark.parametrize(
    ("csv", "expected"),
    [
        ("", "is no CSV in utf-8 (it is empty)"),
        ("who,group,image,ai_right,decision\n", "has no row under the header"),
        ("who,group,picture,ai_right,decision,decision\n", "column image: is not there, and"),
        ("who,group,picture,ai_right,decision,decision\n", "column decision: is there more than"),
        ('who,group,image,ai_right,decision\na,x,1,1,"yes"s\n', "is no CSV in utf-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, csv, expected):
    assert any(expected in problem for problem in problems_of(tmp_path, csv))


def test_a_file_in_another_encoding_says_so_and_ends_with_status_1(tmp_path):
    (tmp_path / "a.csv").write_bytes(
        "who,group,image,ai_right,decision\nÄ,x,1,1,1\n".encode("cp1252")
    )
    (tmp_path / "m.toml").write_text(PLAIN)
    arguments = [str(tmp_path / "a.csv"), "--map", str(tmp_path / "m.toml"), "--out"]
    result = CliRunner().invoke(main, [*arguments, str(tmp_path / "e")])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "name another encoding in [file]" in result.stderr
    (tmp_path / "m.toml").write_text(PLAIN + '[file]\nencoding = "latin-1"\n')
    result = CliRunner().invoke(main, [*arguments, str(tmp_path / "e")])
    assert result.exit_code == 0, result.output
    assert Path(result.output.strip()) == tmp_path / "e"
    again = CliRunner().invoke(main, [*arguments, str(tmp_path / "e")])
    assert "is there already" in again.stderr


def test_missing_files_are_both_named(tmp_path):
    with pytest.raises(ExportError) as caught:
        read_trials(tmp_path / "a.csv", tmp_path / "m.toml")
    assert "m.toml: cannot be read" in str(caught.value)
    assert "a.csv: is not there" in str(caught.value)
