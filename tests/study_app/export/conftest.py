"""One export for all tests of the folder."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from study_app import create_app

LIST = (
    "Submission id,Participant id,Status,Age,Fluent languages\n"
    'eee333,5f9b2c1e0a7d4e3b8c6f1a20,APPROVED,31,"Czech, English"\n'
)


@dataclass(frozen=True, kw_only=True)
class Exported:
    """An export, with the server that wrote it."""

    app: Flask
    folder: Path

    def run(self, *arguments):
        """Run a study command."""
        return self.app.test_cli_runner().invoke(args=["study", *map(str, arguments)])


@pytest.fixture(scope="session")
def exported(tmp_path_factory, tools, bundle_path):
    """An export with somebody who finished and somebody who left in the middle."""
    folder = tmp_path_factory.mktemp("export")
    app = create_app({"TESTING": True}, instance_path=str(folder / "instance"))
    tools.load(app, bundle_path)
    query = "?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=sss222&SESSION_ID=eee333"
    tools.visitor(app.test_client()).start(query).walk()
    tools.visitor(app.test_client()).start().walk(until="card")
    export = Exported(app=app, folder=folder / "out")
    (folder / "list.csv").write_text(LIST)
    assert export.run("reconcile", folder / "list.csv").exit_code == 0
    assert export.run("export", export.folder).exit_code == 0
    yield export
    tools.close(app)
