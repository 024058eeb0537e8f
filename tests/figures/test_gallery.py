"""The style guide's gallery holds every view, as the code draws it today, with figures that were published."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from seeds import gallery
from workbench import styleguide
from workbench.figures.registry import KINDS
from workbench.styleguide import gallery as stored


def test_the_stored_gallery_is_what_the_code_makes_now() -> None:
    now = {made["id"]: made for made in gallery.build()}
    assert list(now) == list(stored())
    for name, made in now.items():
        # Bokeh names its models anew at every build.
        assert made | {"bokeh": None} == stored()[name] | {"bokeh": None}, (
            "Run `python -m seeds.gallery` again."
        )


def test_the_gallery_has_every_view_and_each_suits_its_figures() -> None:
    assert set(stored()) == set(KINDS)
    assert all(made["suits"].startswith("Deze weergave past") for made in stored().values())


def test_what_is_invented_is_said() -> None:
    assert {name for name, made in stored().items() if made["invented"]} == {
        "trend",
        "bullet",
        "stacking",
        "districts",
    }


@pytest.fixture
def client() -> FlaskClient:
    """The style guide is not in the application that is tested: only where people develop or try the demo."""
    app = Flask(__name__)
    app.register_blueprint(styleguide.bp)
    return app.test_client()


def test_the_chart_of_a_view_comes_apart_and_an_unknown_one_is_not_found(client: FlaskClient) -> None:
    assert client.get("/stijlgids/weergaven/heat.json").json == {"bokeh": stored()["heat"]["bokeh"]}
    assert client.get("/stijlgids/weergaven/taart.json").status_code == 404
