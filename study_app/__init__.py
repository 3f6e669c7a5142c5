"""The browser study: people accept or reject an AI's answers. `create_app` makes the server."""

from collections.abc import Mapping

from flask import Flask

from study_app import assets, cli, database, language, responses, settings
from study_app.connection import connection
from study_app.experimenter import experimenter
from study_app.login import login
from study_app.media import media
from study_app.presence import presence
from study_app.views import views
from study_app.withdrawal import withdrawal


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
    settings.configure(app, config or {})
    database.init_app(app)
    responses.init_app(app)
    assets.init_app(app)
    language.init_app(app)
    for blueprint in (views, presence, connection, withdrawal, media, login, experimenter):
        app.register_blueprint(blueprint)
    app.cli.add_command(cli.study)
    return app
