"""Who is who leaves only where it is asked for."""

import stat

from tests.study_app.visiting import read_csv


def test_ids_leave_only_where_they_are_asked_for_with_a_warning(exported, tools):
    assert not (exported.folder / "identities.csv").exists()
    folder = exported.folder.with_name("with ids")
    result = exported.run("export", folder, "--with-ids")
    assert "says who is who: never share it" in result.output
    path = folder / "identities.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    [row] = read_csv(path)
    assert row == {
        "participant_id": tools.participants(exported.app)[0].participant_id,
        "prolific_pid": "5f9b2c1e0a7d4e3b8c6f1a20",
        "study_id": "sss222",
        "session_id": "eee333",
    }
    assert "exported the main wave to" in exported.run("audit").output.splitlines()[-1]
    assert exported.run("audit").output.rstrip().endswith("with ids of Prolific")
    others = [path for path in folder.rglob("*.*") if path.name != "identities.csv"]
    assert "5f9b2c1e0a7d4e3b8c6f1a20" not in "".join(other.read_text("utf-8") for other in others)
