"""The log of what experimenters do."""

from study_app.audit import audit_text, latest_acts
from study_app.database import db, now, writing
from study_app.models import AuditEntry


def test_a_wrong_password_again_and_again_fills_one_line_of_the_log(app):
    with app.app_context():
        with writing():
            db.session.add_all(
                AuditEntry(at=now(), act=act)
                for act in ("paused recruiting", *["refused a wrong password"] * 9, "exported")
            )
        newest = latest_acts(2)
        assert [(one.act, one.times) for one in newest] == [
            ("exported", 1),
            ("refused a wrong password", 9),
        ]
        _, first, second, third = audit_text().splitlines()  # after "loaded the study"
    assert first.endswith("UTC  paused recruiting")
    assert second.endswith("refused a wrong password (× 9)")
    assert third.endswith("exported")


def test_everything_that_an_experimenter_does_is_in_the_log(app, console, visitor, tmp_path):
    visitor.start("?PROLIFIC_PID=ann&STUDY_ID=s&SESSION_ID=one").walk()
    (tmp_path / "list.csv").write_text("Submission id,Participant id,Status\none,ann,APPROVED\n")
    password = "a long enough password\n"
    for arguments in (
        ("export", tmp_path / "export"),
        ("export", tmp_path / "with ids", "--with-ids"),
        ("prolific-setup",),
        ("reconcile", tmp_path / "list.csv"),
        ("payments", tmp_path / "payments.csv"),
        ("backup", tmp_path / "backup.sqlite"),
        ("erase", "--prolific", "ann", "--yes"),
        ("password",),
    ):
        args = ["study", *map(str, arguments)]
        result = app.test_cli_runner().invoke(args=args, input=password * 2)
        assert result.exit_code == 0, result.output
    printed = app.test_cli_runner().invoke(args=["study", "audit"]).output.splitlines()
    for line, words in zip(
        printed,
        (
            "loaded the study invented",
            "signed in by the link",
            f"exported the main wave to {tmp_path / 'export'}",
            f"exported the main wave to {tmp_path / 'with ids'}, with ids of Prolific",
            "printed the completion codes",
            "reconciled 1 submissions",
            "payments",
            "backed up the database, ids included",
            "erased what",
            "set the experimenter's password",
        ),
        strict=True,
    ):
        assert words in line
