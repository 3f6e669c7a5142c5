"""The browser study: people accept or reject an AI's answers. `create_app` makes the server."""

from collections.abc import Mapping

from flask import Flask

from study_app import cli, database
from study_app.config import configure
from study_app.dashboard.login import login
from study_app.dashboard.views import experimenter
from study_app.i18n import jinja
from study_app.session.heartbeat import heartbeat
from study_app.session.views import views
from study_app.session.withdrawal import withdrawal
from study_app.web import assets, security
from study_app.web.frames import frames
from study_app.web.media import media
from study_app.web.problem_pages import problem_pages
from study_app.web.service_worker import connection


def create_app(
    config: Mapping[str, object] | None = None, *, instance_path: str | None = None
) -> Flask:
    """The study server.

    Args:
        config: settings that win over `instance/config.py` and the environment.
        instance_path: the folder of database, secret key and `config.py`; `./instance` if None.
    """
    app = Flask(
        __name__,
        static_url_path=assets.static_path(),
        instance_path=instance_path,
        instance_relative_config=True,
    )
    configure(app, config or {})
    database.init_app(app)
    security.init_app(app)
    assets.init_app(app)
    jinja.init_app(app)
    for blueprint in (views, heartbeat, withdrawal):
        security.csrf.exempt(blueprint)  # they check a token that needs no cookie
        app.register_blueprint(blueprint)
    for blueprint in (problem_pages, frames, connection, media, login, experimenter):
        app.register_blueprint(blueprint)
    app.cli.add_command(cli.study)
    return app
