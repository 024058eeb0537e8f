"""With whom a council compares itself: the list, its reason, its history, and what figures know of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from tests.indicators.figures import forget_figures, load
from workbench.comparison import queries
from workbench.comparison.models import ComparisonGroup
from workbench.comparison.operations import DecidedMeanwhile, decide
from workbench.core.audit import AuditEntry
from workbench.core.db import as_platform, db
from workbench.core.errors import Conflict
from workbench.core.jobs import Job
from workbench.core.language import Language
from workbench.indicators.compare import NEAREST, Kind
from workbench.indicators.models import Area
from workbench.indicators.queries import find_indicator, group_values_of
from workbench.monitors.building import build_blocks
from workbench.monitors.models import BlockDocument

ADDRESS = "/almere/vergelijking"
NL = Language("nl")
FINAL = ("final", None)
FIVE = ("GM0014", "GM0080", "GM0106", "GM0114", "GM0119")


def area(code: str = "GM0034") -> Area:
    return db.scalars(sa.select(Area).where(Area.code == code)).one()


def codes(found: queries.Comparables) -> set[str]:
    return {item.code for item in found.group.members}


def shown(page: Page) -> list[str]:
    """The names in the list."""
    assert page.soup is not None
    return [item.get_text(strip=True) for item in page.soup.select("main ul.wb-values li")]


# --- Who is comparable ----------------------------------------------------------------------------------------------


def test_without_a_decision_comparable_means_of_one_size_and_never_oneself(session: Session) -> None:
    load(
        "inwoners",
        ("NL01", "2024JJ00", 17_000_000.0, *FINAL),
        ("PV24", "2024JJ00", 230_000.0, *FINAL),
        ("GM0034", "2024JJ00", 220_000.0, *FINAL),
        ("GM0758", "2024JJ00", 185_000.0, *FINAL),
        ("GM0363", "2024JJ00", 900_000.0, *FINAL),
        ("GM0171", "2024JJ00", 49_000.0, *FINAL),
        ("GM0344", "2023JJ00", 160_000.0, *FINAL),
    )
    found = queries.comparables(area())
    assert (found.number, found.kind, codes(found)) == (0, Kind.SIZE, {"GM0758", "GM0363"})
    assert found.area_ids == [], "two are too few"
    assert "2 vergelijkbare gemeenten" in str(found.why_not(NL))


@pytest.mark.parametrize(
    ("kind", "because"),
    [
        (Kind.SIZE, "150.000 inwoners of meer, "),
        (Kind.PROVINCE, "ook in de provincie Flevoland, 5 gemeenten"),
        (Kind.URBANITY, "ook sterk stedelijk, "),
        (Kind.PROFILE, f"de bevolking lijkt het meest op de onze, {NEAREST} gemeenten"),
    ],
)
def test_each_kind_has_its_reason_in_a_sentence(cast: Cast, kind: Kind, because: str) -> None:
    found = queries.candidates(kind)
    assert found is not None
    assert found.group.is_enough
    assert str(found.because(NL)).startswith(because)
    assert "Almere" not in found.names()


def test_municipalities_that_no_longer_exist_are_not_in_the_group(session: Session) -> None:
    everyone = queries.municipality_names(area())
    assert len(everyone) == 341
    assert "Weesp" not in everyone.values()
    assert list(everyone.values()) == sorted(everyone.values(), key=str.casefold)


def test_a_municipality_counts_only_in_years_in_which_it_existed(session: Session) -> None:
    forget_figures("inwoners")
    load(
        "inwoners",
        ("GM1991", "2021JJ00", 1.0, *FINAL),  # Maashorst exists since 2022
        ("GM1991", "2022JJ00", 2.0, *FINAL),
        ("GM0457", "2022JJ00", 3.0, *FINAL),  # Weesp until 24 March 2022
        ("GM0457", "2023JJ00", 4.0, *FINAL),
    )
    indicator = find_indicator("inwoners")
    assert indicator is not None
    found = group_values_of([indicator], [area("GM1991").id, area("GM0457").id])["inwoners"]
    assert {code: sorted(values) for code, values in found.items()} == {"2022JJ00": [2.0, 3.0]}


def test_what_is_not_known_of_us_is_said(cast: Cast) -> None:
    forget_figures("stedelijkheid")
    found = queries.candidates(Kind.URBANITY)
    assert found is not None
    assert found.area_ids == []
    assert found.why_not(NL) == "Er is geen vergelijking: van Almere is niet bekend: de stedelijkheid."
    assert found.because(NL) is None


# --- Deciding -------------------------------------------------------------------------------------------------------


def test_a_decision_closes_the_one_before_and_numbers_go_on(
    cast: Cast, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    first = decide(Kind.PROVINCE, "Wij werken samen.", cast.councillor.id, base=0)
    second = decide(Kind.CHOSEN, "Groeikernen.", cast.councillor.id, base=1, chosen=FIVE)
    db.commit()
    db.refresh(first)
    assert (first.number, first.closed_at is None) == (1, False)
    assert (second.number, second.closed_at, second.chosen) == (2, None, sorted(FIVE))
    assert first.closed_at == second.decided_at
    assert codes(queries.comparables(area())) == set(FIVE)
    assert [job for job, _payload in sent_jobs] == [Job.BUILD_BLOCKS]
    assert [entry.action for entry in db.scalars(sa.select(AuditEntry))].count(
        "comparison_group_decided"
    ) == 2


def test_deciding_the_same_again_changes_nothing(cast: Cast) -> None:
    first = decide(Kind.PROVINCE, "Wij werken samen.", cast.councillor.id, base=0)
    assert decide(Kind.PROVINCE, "Wij werken samen.", cast.clerk.id, base=1) is first
    assert len(queries.groups()) == 1


def test_who_decides_second_is_told_what_holds_now(cast: Cast) -> None:
    first = decide(Kind.PROVINCE, "Wij werken samen.", cast.councillor.id, base=0)
    with pytest.raises(DecidedMeanwhile) as caught:
        decide(Kind.SIZE, "Even groot.", cast.clerk.id, base=0)
    assert caught.value.present is first


def test_too_few_municipalities_are_refused(cast: Cast) -> None:
    with pytest.raises(Conflict, match="minstens 5"):
        decide(Kind.CHOSEN, "Vrienden.", cast.councillor.id, base=0, chosen=FIVE[:4])
    with pytest.raises(Conflict, match="minstens 5"):
        decide(
            Kind.CHOSEN, "Met onszelf.", cast.councillor.id, base=0, chosen=(*FIVE[:4], "GM0034", "GM9999")
        )


def test_the_list_of_a_moment_is_the_same_whenever_it_is_asked(cast: Cast) -> None:
    before = queries.comparables(area())
    facts = before.facts
    db.commit()
    decide(Kind.PROVINCE, "Wij werken samen.", None, base=0)
    load("inwoners", ("GM0034", "2026JJ00", 10_000.0, *FINAL), at=datetime.now(UTC) + timedelta(minutes=1))
    assert codes(queries.comparables(area())) != codes(before)
    again = queries.recall(area(), int(str(facts["number"])), datetime.fromisoformat(str(facts["known_at"])))
    assert again is not None
    assert codes(again) == codes(before) != set()
    assert again.because(NL) == before.because(NL)
    assert queries.recall(area(), 7, before.known_at) is None


# --- Figures --------------------------------------------------------------------------------------------------------


@pytest.fixture
def built(cast: Cast) -> None:
    make_link(make_goal(make_value(make_plan())), "huishoudensgrootte")
    build_blocks()


def document() -> BlockDocument:
    db.flush()
    db.expire_all()
    return db.scalars(sa.select(BlockDocument).where(BlockDocument.language == "nl")).one()


def test_a_figure_knows_with_which_group_it_was_made_and_is_made_again_after_a_decision(
    built: None, cast: Cast
) -> None:
    assert document().content["comparison"]["number"] == 0
    assert "standaardgroep van de werkbank" in document().content["source"]
    assert build_blocks() == 0
    decide(Kind.PROVINCE, "Wij werken samen.", cast.councillor.id, base=0)
    assert build_blocks() == 1
    content = document().content
    assert content["comparison"]["number"] == 1
    assert "vergelijking: groep 1, gekozen op" in content["source"]
    assert "ook in de provincie Flevoland, 5 gemeenten" in content["sentence"]
    assert build_blocks() == 0


def test_a_group_that_became_too_small_gives_no_band_and_the_reason(built: None, cast: Cast) -> None:
    decide(Kind.CHOSEN, "Groeikernen.", None, base=0, chosen=FIVE)
    db.commit()
    with as_platform():
        db.execute(sa.update(Area).where(Area.code == FIVE[0]).values(valid_until=date(2020, 1, 1)))
    assert build_blocks() == 1
    content = document().content
    assert content["comparison"] is None
    assert "Mediaan" not in content["table_html"]
    [note] = [note["text"] for note in content["notes"] if note["kind"] == "comparison"]
    assert note.startswith("Er is geen vergelijking: er zijn 4 vergelijkbare gemeenten.")


def test_from_a_figure_one_reads_with_whom_it_was_compared(built: None, client: Client, cast: Cast) -> None:
    expected = queries.comparables(area()).names()
    db.commit()
    decide(Kind.PROVINCE, "Wij werken samen.", None, base=0)
    db.commit()
    page = client.as_(cast.councillor).page("/almere/monitor", follow_redirects=True)
    listed = client.page(page.link("Met wie is vergeleken"))
    assert shown(listed) == expected
    assert "Met deze lijst is de figuur gemaakt" in listed.words
    assert page.link("Welke gemeenten dat zijn") == ADDRESS


# --- Pages ----------------------------------------------------------------------------------------------------------


def test_the_page_names_the_group_by_alphabet_and_tells_why_without_figures(
    client: Client, cast: Cast
) -> None:
    decide(Kind.PROVINCE, "Wij werken <b>samen</b> 🙂.", cast.councillor.id, base=0)
    db.commit()
    page = client.as_(cast["reader"]).page(ADDRESS)
    assert shown(page) == ["Dronten", "Lelystad", "Noordoostpolder", "Urk", "Zeewolde"]
    assert "Wij werken <b>samen</b> 🙂." in page.words
    assert "gekozen op" in page.words
    assert cast.councillor.name in page.words
    assert "Anders vergelijken" not in page.words


@pytest.mark.parametrize(
    "question",
    [
        "?dag=2026-02-31", "?dag=gisteren", "?dag=1-1-2999", "?dag=0001-01-01", "?dag=" + "9" * 900, "?dag=%00",
        "?dag=%F0%9F%99%82", "?dag=%3Cscript%3E",
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_gives_a_sentence_and_the_present_list(
    client: Client, cast: Cast, question: str
) -> None:
    page = client.as_(cast.clerk).page(ADDRESS + question)
    if page.status == 400:
        return
    assert "Dit is geen dag waarvan een lijst kan bestaan" in page.words
    assert shown(page)


def test_the_list_of_a_day_is_of_the_group_that_held_then(client: Client, cast: Cast) -> None:
    group = decide(Kind.PROVINCE, "Wij werken samen.", None, base=0)
    group.decided_at = datetime(2026, 3, 3, 12, tzinfo=UTC)
    load("inwoners", *(("GM" + code, "2025JJ00", 200_000.0, *FINAL) for code in ("0034", "0050", "0171")), at=datetime(2026, 1, 5, tzinfo=UTC))  # fmt: skip
    client.as_(cast.clerk)
    after = client.page(ADDRESS + "?dag=4-3-2026")
    assert "Zo was het op 4 maart 2026" in after.words
    assert shown(after) == ["Noordoostpolder", "Zeewolde"]
    before = client.page(ADDRESS + "?dag=2026-03-02")
    assert "De raad heeft hier niets over besloten" in before.words


@pytest.mark.parametrize(
    "question",
    ["?groep=9&stand=2026-01-01T00:00:00%2B00:00", "?groep=x", "?groep=0", "?groep=0&stand=gisteren", "?groep=-1&stand=2026-01-01",
     "?groep=99999999999999999999&stand=2026-01-01T00:00:00%2B00:00"],
)  # fmt: skip
def test_an_unknown_group_is_a_404(client: Client, cast: Cast, question: str) -> None:
    assert client.as_(cast.clerk).get(ADDRESS + question).status_code == 404


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.CHOSEN])
def test_choosing_shows_the_names_first_and_asks_for_a_reason(client: Client, cast: Cast, kind: Kind) -> None:
    found = queries.candidates(kind)
    assert found is not None
    names = found.names()
    db.commit()
    address = f"{ADDRESS}/kiezen?soort={kind}"
    page = client.as_(cast.councillor).page(address)
    assert shown(page) == names == sorted(names, key=str.casefold)
    refused = client.submit(address)
    assert refused.status == 422
    assert "Schrijf op waarom" in refused.words
    assert queries.present_group() is None
    done = client.submit(address, reason="Daarom.")
    assert done.title == "Met wie wij ons vergelijken"
    assert shown(done) == names
    present = queries.present_group()
    assert present is not None
    assert (present.kind, present.reason, present.decided_by_id) == (kind, "Daarom.", cast.councillor.id)


def test_choosing_by_hand_needs_five_and_keeps_what_was_ticked(client: Client, cast: Cast) -> None:
    address = f"{ADDRESS}/kiezen?soort=chosen"
    client.as_(cast.councillor)
    refused = client.submit(address, reason="Groeikernen.", chosen=list(FIVE[:4]))
    assert refused.status == 422
    assert "minstens 5" in refused.words
    assert refused.soup is not None
    ticked = [box["value"] for box in refused.soup.select("input[name=chosen][checked]")]
    assert sorted(map(str, ticked)) == sorted(FIVE[:4])
    done = client.submit(address, reason="Groeikernen.", chosen=list(FIVE))
    assert len(shown(done)) == 5


@pytest.mark.parametrize("reason", ["", "   ", "x" * 10_000])
def test_a_reason_that_cannot_be_is_refused_and_stays(client: Client, cast: Cast, reason: str) -> None:
    page = client.as_(cast.councillor).submit(f"{ADDRESS}/kiezen?soort=province", reason=reason)
    assert page.status == 422
    assert reason.strip() in page.text
    assert queries.present_group() is None


def test_an_unknown_kind_shows_the_choice_again(client: Client, cast: Cast) -> None:
    page = client.as_(cast.councillor).page(f"{ADDRESS}/kiezen?soort=ranglijst")
    assert page.title == "Met wie wilt u vergelijken?"
    assert client.send(f"{ADDRESS}/kiezen?soort=ranglijst", reason="x").status == 200
    assert queries.present_group() is None


def test_the_second_of_two_who_choose_at_once_sees_both_choices(client: Client, cast: Cast) -> None:
    address = f"{ADDRESS}/kiezen?soort=profile"
    page = client.as_(cast.councillor).page(address)
    decide(Kind.PROVINCE, "Wij werken samen.", cast.clerk.id, base=0)
    db.commit()
    assert page.soup is not None
    base = page.soup.select_one("input[name=base]")["value"]  # type: ignore[index]
    second = client.send(address, base=base, reason="Zij lijken op ons.")
    assert second.status == 409
    for text in ("Wij werken samen.", "Zij lijken op ons.", "dezelfde provincie"):
        assert text in second.words
    assert second.soup is not None
    base = second.soup.select_one("input[name=base]")["value"]  # type: ignore[index]
    assert client.send(address, base=base, reason="Zij lijken op ons.").status == 302
    assert [group.kind for group, _name in queries.groups()] == [Kind.PROFILE, Kind.PROVINCE]


def test_an_officer_reads_and_does_not_choose(client: Client, cast: Cast) -> None:
    client.as_(cast.officer)
    assert client.page(ADDRESS).status == 200
    assert client.get(f"{ADDRESS}/kiezen").status_code == 403


def test_a_council_without_an_area_has_nothing_to_compare(client: Client, cast: Cast) -> None:
    from workbench.indicators.models import CouncilArea

    db.scalars(sa.select(CouncilArea)).one().valid_until = date(2020, 1, 1)
    db.commit()
    client.as_(cast.councillor)
    for address in (ADDRESS, f"{ADDRESS}/kiezen", f"{ADDRESS}/kiezen?soort=size"):
        assert "hoort nog niet bij een gemeente" in client.page(address).words


def test_one_open_group_is_all_the_database_takes(cast: Cast) -> None:
    for number in (1, 2):
        db.add(ComparisonGroup(number=number, kind=Kind.SIZE, chosen=[], reason="x"))
    with pytest.raises(sa.exc.IntegrityError, match="ix_comparison_group_present"):
        db.flush()


def test_pages_about_figures_say_which_group_a_band_shows_and_since_when(
    client: Client, built: None, cast: Cast
) -> None:
    pages = ("/almere/cijfers", "/almere/cijfers/inwoners", "/almere/bronnen", "/almere/monitor")
    by_itself = "ongeveer evenveel inwoners. De raad koos nog niets; dit doet de werkbank vanzelf."
    db.commit()
    client.as_(cast.clerk)
    for address in pages:
        assert by_itself in client.page(address, follow_redirects=True).words, address
    decide(Kind.PROVINCE, "Wij werken samen.", None, base=0)
    build_blocks()
    db.commit()
    for address in pages:
        page = client.page(address, follow_redirects=True)
        assert (
            "De band toont de andere gemeenten in onze provincie. Zo vergelijkt de raad sinds" in page.words
        )
        assert page.link(
            "Met wie is vergeleken" if address.endswith("monitor") else "Met welke gemeenten"
        ).startswith(ADDRESS)
