"""The house style of a council: contrast, the logo, looking first, and what everybody then sees."""

import io
import re
import zlib

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from werkzeug.datastructures import FileStorage

from tests.client import Client, form_values
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from workbench.accounts.models import Person
from workbench.accounts.theme import colours, operations
from workbench.accounts.theme.logo import KEPT, NotALogo, read_logo
from workbench.accounts.theme.models import HouseStyle
from workbench.core.db import db
from workbench.core.tenancy import act_for
from workbench.figures.style import DEFAULT
from workbench.monitors.building import build_blocks
from workbench.monitors.models import BlockDocument

every_colour = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")

# --- Colours --------------------------------------------------------------------------------------------------------


def test_contrast_is_what_wcag_says_it_is() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert colours.contrast("#0b5394", "#0b5394") == 1


@given(every_colour)
def test_every_colour_is_clear_everywhere_or_has_a_nearest_one_that_is(colour: str) -> None:
    offered = colours.nearest(colour)
    if offered != colour:
        with pytest.raises(colours.TooFaint) as refused:
            colours.scale(colour)
        assert refused.value.ratio < colours.TEXT
        assert refused.value.nearest == offered
    made = colours.scale(offered)
    assert made.accent == offered
    assert colours.contrast(made.accent, "#ffffff") >= 4.5
    assert colours.contrast("#ffffff", made.dark) >= 4.5
    assert colours.contrast(made.accent, made.tint) >= 4.5
    assert made.dark != made.accent


@given(every_colour)
def test_what_is_offered_has_the_same_hue_and_is_darker_than_what_was_asked(colour: str) -> None:
    offered = colours.nearest(colour)
    asked, given_ = colours._to_oklch(colour), colours._to_oklch(offered)
    assert given_[0] <= asked[0] + 0.01
    if given_[1] > 0.04:  # of what is nearly grey the hue says nothing
        turned = abs(asked[2] - given_[2]) % 6.2832
        assert min(turned, 6.2832 - turned) < 0.12


@given(every_colour)
def test_figures_take_the_colour_only_where_every_line_stays_apart(colour: str) -> None:
    palette = colours.palette(colours.nearest(colour))
    assert (palette.median, palette.band, palette.text) == (DEFAULT.median, DEFAULT.band, DEFAULT.text)
    assert colours.contrast(palette.own, palette.background) >= 4.5
    assert colours.contrast(palette.own, palette.band) >= 3
    assert all(colours.contrast(palette.text, shade) >= 4.5 for shade in palette.shades[:-1])
    assert colours.contrast(palette.background, palette.shades[-1]) >= 4.5


@given(every_colour)
def test_the_stylesheet_holds_nothing_but_tokens(colour: str) -> None:
    sheet = colours.stylesheet(colours.nearest(colour))
    assert re.fullmatch(r":root\{(--[a-z0-9-]+:#[0-9a-f]{6};?)+\}\n", sheet)


@pytest.mark.parametrize("text", ["", "rood", "#12", "#1234567", "#0b5394;}body{display:none"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(colours.NotAColour):
        colours.read_colour(text)


def test_a_colour_is_read_as_people_type_it() -> None:
    assert [colours.read_colour(text) for text in ("05A", " #0055aa ", "0055AA")] == ["#0055aa"] * 3


# --- The logo -------------------------------------------------------------------------------------------------------


def picture(
    kind: str = "PNG", size: tuple[int, int] = (300, 100), mode: str = "RGB", **options: object
) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, "teal" if mode != "CMYK" else (100, 0, 0, 0)).save(written, kind, **options)
    return written.getvalue()


def test_nothing_of_the_file_but_its_pixels_goes_on() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Jan Jansen")
    kept = read_logo(picture(pnginfo=info) + b"<script>alert(1)</script>")
    assert b"Jansen" not in kept.png
    assert b"script" not in kept.png
    assert set(re.findall(rb"(IHDR|PLTE|tRNS|IDAT|IEND|tEXt|eXIf|iCCP)", kept.png)) <= {
        b"IHDR",
        b"IDAT",
        b"IEND",
    }
    exif = Image.Exif()
    exif[0x010E] = "Jan Jansen"
    assert b"Jansen" not in read_logo(picture("JPEG", exif=exif)).png


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK"])
def test_pictures_of_every_kind_become_a_small_png(mode: str) -> None:
    kept = read_logo(picture("JPEG" if mode == "CMYK" else "PNG", (1500, 900), mode))
    with Image.open(io.BytesIO(kept.png)) as shown:
        assert shown.format == "PNG"
        assert shown.size == (kept.width, kept.height)
        assert shown.size <= KEPT


def test_what_is_see_through_stays_so() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(written, "PNG")
    with Image.open(io.BytesIO(read_logo(written.getvalue()).png)) as shown:
        assert shown.getpixel((5, 5)) == (0, 0, 0, 0)


def bomb() -> bytes:
    """A few bytes that say they are 30,000 by 30,000 pixels."""
    header = b"IHDR" + (30_000).to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    data = b"IDAT" + zlib.compress(bytes(1000))
    chunks = [header, data, b"IEND"]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (len(chunk) - 4).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4) for chunk in chunks
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "svg"),
        (b'<?xml version="1.0"?><svg/>', "svg"),
        (bytes(500_001), "too_heavy"),
        (b"geen plaatje", "unreadable"),
        (picture("GIF"), "unreadable"),
        (picture()[:60], "unreadable"),
        (picture(size=(4001, 20)), "too_large"),
        (bomb(), "too_large"),
        (picture(size=(300, 10)), "too_small"),
    ],
)
def test_what_cannot_be_a_logo_is_refused_with_its_reason(data: bytes, problem: str) -> None:
    with pytest.raises(NotALogo) as refused:
        read_logo(data)
    assert refused.value.problem == problem


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(data: bytes) -> None:
    for spoiled in (data, picture(size=(20, 20))[:40] + data):
        with pytest.raises(NotALogo):
            read_logo(spoiled)


# --- On the pages ---------------------------------------------------------------------------------------------------


def file(data: bytes, name: str = "logo.png") -> FileStorage:
    return FileStorage(io.BytesIO(data), name)


def use(colour: str = "#7a1f5c", logo: bytes | None = None) -> HouseStyle:
    tried = operations.try_out(colour, read_logo(logo) if logo else None, keeps_logo=True)
    shown = operations.take_into_use(operations.version_of(tried), None)
    db.commit()
    return shown


def test_the_clerk_looks_first_and_then_everybody_sees_it_at_once(client: Client, cast: Cast) -> None:
    assert "huisstijl-" not in client.as_(cast.councillor).page("/almere").text
    client.as_(cast.clerk)
    preview = client.submit("/almere/huisstijl", colour="#7A1F5C", logo=file(picture()))
    assert "Alleen u ziet dit nu" in preview.words
    assert "data:image/png;base64," in preview.text
    assert "#7a1f5c" in client.get("/almere/huisstijl/voorbeeld.css").text
    assert "huisstijl-" not in client.as_(cast.councillor).page("/almere").text
    client.as_(cast.clerk)
    done = client.submit("/almere/huisstijl/voorbeeld")
    assert "De huisstijl is in gebruik." in done.words
    page = client.as_(cast.councillor).page("/almere").text
    [sheet] = re.findall(r'href="(/almere/huisstijl-[^"]+\.css)"', page)
    [logo] = re.findall(r'src="(/almere/logo-[^"]+\.png)"', page)
    client.as_(None)
    answer = client.get(sheet)
    assert answer.text == colours.stylesheet("#7a1f5c")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"
    picture_ = client.get(logo)
    assert (picture_.mimetype, picture_.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert picture_.data.startswith(b"\x89PNG")
    assert sheet in client.get("/inloggen?next=/almere/monitor").text


def test_going_back_to_the_ordinary_style_is_seen_at_once_too(client: Client, cast: Cast) -> None:
    use()
    assert "huisstijl-" in client.as_(cast.councillor).page("/almere").text
    client.as_(cast.clerk).submit("/almere/huisstijl", "/huisstijl/gewoon")
    assert "huisstijl-" not in client.as_(cast.councillor).page("/almere").text
    assert db.scalars(sa.select(HouseStyle)).all() == []


def test_a_colour_that_is_too_faint_gets_an_offer_and_the_logo_is_not_lost(
    client: Client, cast: Cast
) -> None:
    client.as_(cast.clerk)
    refused = client.submit("/almere/huisstijl", colour="#ffcc00", logo=file(picture()))
    nearest = colours.nearest("#ffcc00")
    assert (
        f"Letters in #ffcc00 zijn niet overal goed te lezen: het contrast is 1,4 en moet minstens 4,5 zijn. {nearest} lijkt er het meest op"
        in refused.words
    )
    assert refused.status == 422
    typed = form_values(refused.form("/huisstijl"))
    assert client.send("/almere/huisstijl", **typed, nearest=nearest).location.endswith(
        "/almere/huisstijl/voorbeeld"
    )
    tried = operations.find(is_tried=True)
    assert tried is not None
    assert (tried.colour, tried.logo_width) == (nearest, 300)


def test_svg_is_refused_with_what_to_do(client: Client, cast: Cast) -> None:
    client.as_(cast.clerk)
    refused = client.submit("/almere/huisstijl", colour="", logo=file(b"<svg/>", "logo.svg"))
    assert "Een SVG-bestand kan niet" in refused.words
    assert "Bewaar het logo als PNG" in refused.words


def test_what_a_colleague_changed_meanwhile_is_not_taken_into_use_unseen(client: Client, cast: Cast) -> None:
    operations.try_out("#7a1f5c", None, keeps_logo=True)
    db.commit()
    page = client.as_(cast.clerk).page("/almere/huisstijl/voorbeeld")
    seen = form_values(page.form())
    operations.try_out("#0b5394", None, keeps_logo=True)
    db.commit()
    refused = client.send("/almere/huisstijl/voorbeeld", **seen)
    assert refused.status == 409
    assert "Een collega veranderde dit voorbeeld" in refused.words


def test_a_former_address_shows_the_present_style_and_is_not_kept(client: Client, cast: Cast) -> None:
    former = use().stylesheet_version
    use("#00593c")
    answer = client.as_(None).get(f"/almere/huisstijl-{former}.css")
    assert answer.text == colours.stylesheet("#00593c")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert client.get(f"/breda/huisstijl-{former}.css").status_code == 404


def test_a_council_reads_its_own_style_and_what_it_tries_out_stays_its_own(
    client: Client, cast: Cast
) -> None:
    clerk = cast.of_breda("clerk")
    clerk_id, breda_id = clerk.id, cast.breda.id
    use()
    operations.try_out("#00593c", None, keeps_logo=True)
    db.commit()
    act_for(db, breda_id)
    assert operations.find(is_tried=False) is None
    assert [style.is_tried for style in db.scalars(sa.select(HouseStyle))] == [False]
    assert "huisstijl-" not in client.as_(db.get_one(Person, clerk_id)).page("/breda").text


def test_figures_are_drawn_anew_in_the_colour_with_another_version_and_back_again(cast: Cast) -> None:
    make_link(make_goal(make_value(make_plan())))

    def build() -> tuple[str, str]:
        build_blocks()
        db.commit()
        document = db.scalars(sa.select(BlockDocument).where(BlockDocument.language == "nl")).one()
        return document.version, document.content["svg"]

    before = build()
    use()
    version, svg = build()
    assert version != before[0]
    assert "#7a1f5c" in svg
    assert DEFAULT.own not in svg
    assert build_blocks() == 0, "once is enough"
    operations.go_back(None)
    assert build() == before
