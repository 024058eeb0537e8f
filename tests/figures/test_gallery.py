"""The style guide's gallery holds every view, as the code draws it today, with figures that were published."""

from seeds import gallery
from tests.client import Client
from workbench.figures.registry import KINDS
from workbench.styleguide import gallery as stored


def test_the_stored_gallery_is_what_the_code_makes_now():
    now = {made["id"]: made for made in gallery.build()}
    assert list(now) == list(stored())
    for name, made in now.items():
        # Bokeh names its models anew at every build.
        assert made | {"bokeh": None} == stored()[name] | {"bokeh": None}, (
            "Run `python -m seeds.gallery` again."
        )


def test_the_gallery_has_every_view_and_each_suits_its_figures():
    assert set(stored()) == set(KINDS)
    assert all(made["suits"].startswith("Deze weergave past") for made in stored().values())


def test_what_is_invented_is_said():
    assert {name for name, made in stored().items() if made["invented"]} == {"trend", "bullet", "stacking"}


def test_the_gallery_shows_words_table_drawing_and_what_a_printer_makes_of_it(client: Client):
    page = client.page("/stijlgids/weergaven")
    for made in stored().values():
        assert page.soup.select_one(f"#title-{made['id']}").text == made["title"]
        chart = page.soup.select_one(f"#chart-{made['id']}")
        assert chart["data-src"] == f"/stijlgids/weergaven/{made['id']}.json"
        assert chart.select_one("svg.figure-svg > title").text == made["title"]
        assert made["print_svg"] in page.html


def test_the_chart_of_a_view_comes_apart_and_an_unknown_one_is_not_found(client: Client):
    assert client.get("/stijlgids/weergaven/heat.json").json == {"bokeh": stored()["heat"]["bokeh"]}
    assert client.get("/stijlgids/weergaven/taart.json").status_code == 404
