"""Finding a template: by words, by filters, with the figures of one's own municipality, and beside another one."""

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.client import Client
from tests.factories import Cast, load_own_figures, make_goal, make_link, make_plan, make_story, make_value
from tests.indicators.figures import load
from workbench.accounts.models import Role
from workbench.core.db import db
from workbench.core.tenancy import act_as, act_for
from workbench.indicators.models import Area
from workbench.indicators.routes import THEME_NAMES
from workbench.showcase import operations, queries
from workbench.showcase.adopters.operations import count_in
from workbench.showcase.content import (
    PlanContent,
    SharedGoal,
    SharedQuestion,
    SharedStepQuestion,
    SharedValue,
)
from workbench.showcase.finding.queries import (
    PAGE_SIZE,
    Choice,
    Effort,
    find,
    known_figures,
    options,
    read_choice,
)
from workbench.showcase.finding.side_by_side import compare
from workbench.showcase.finding.words import plain
from workbench.showcase.models import SharedTemplate, TemplateKind
from workbench.vision.models import Plan
from workbench.vision.steps import QuestionKind


def shared(plan: Plan, description: str = "Zo doen wij het.") -> SharedTemplate:
    db.flush()
    texts = {"title": plan.title, "description": description, "context": "", "differently": ""}
    return operations.share(plan, queries.content_of(plan), fictitious=False, **texts)


@pytest.fixture
def templates(cast: Cast) -> dict[str, UUID]:
    """Of Almere: one about debts with a figure and stories, a small one about young people, one without figures."""
    debts = make_plan("Schulden eerder zien")
    goal = make_goal(
        make_value(debts, "Bestaanszekerheid"), "zij tijdig hulp bij schulden krijgen", laws=["wgs"]
    )
    for slug in ("inwoners", "huishoudensgrootte", "stedelijkheid"):
        make_link(goal, slug)
    make_story(goal)
    young = make_plan("Privé en gezond opgroeien")
    make_goal(make_value(young, "Nabijheid"), "jongeren meedoen", laws=["jeugdwet"])
    start = make_plan("Een begin")
    make_value(start, "Ruimte")
    made = {name: shared(plan).id for name, plan in (("debts", debts), ("young", young), ("start", start))}
    db.commit()
    return made


def found(**choice: object) -> set[UUID]:
    return {hit.template.id for hit in find(Choice(**choice)).hits}  # type: ignore[arg-type]


def test_words_find_names_values_goals_and_figures_without_accents_and_in_other_forms(
    templates: dict[str, UUID],
) -> None:
    for words, names in {
        "schulden": {"debts"},
        "SCHULD": {"debts"},
        "bestaanszekerheid": {"debts"},
        "prive": {"young"},
        "privé gezond": {"young"},
        "jongeren": {"young"},
        "huishoudens": {"debts"},
        "zo doen wij": {"debts", "young", "start"},
        "olifant": set(),
        "": {"debts", "young", "start"},
    }.items():
        assert found(words=words) == {templates[name] for name in names}, words


def test_a_mistyped_word_still_leads_somewhere_and_says_so(templates: dict[str, UUID]) -> None:
    result = find(Choice(words="schuldenn"))
    assert result.is_alike
    assert [hit.template.id for hit in result.hits] == [templates["debts"]]


def test_the_filters_narrow_alone_and_together(templates: dict[str, UUID]) -> None:
    debts, young, start = (templates[name] for name in ("debts", "young", "start"))
    assert found(kind=TemplateKind.PLAN) == {debts, young, start}
    assert found(kind=TemplateKind.SCRIPT) == set()
    assert found(theme="bevolking") == {debts}
    assert found(law="jeugdwet") == {young}
    assert found(value="Ruimte") == {start}
    assert found(size=150_000) == {debts, young, start}, "Almere has more than 150,000 inhabitants"
    assert found(size=0) == set()
    assert found(effort=Effort.SMALL) == {debts, young, start}
    assert found(effort=Effort.LARGE) == set()
    assert found(law="wgs", words="hulp") == {debts}
    assert found(law="jeugdwet", words="schulden") == set()


def test_only_what_occurs_is_offered_to_narrow_by(templates: dict[str, UUID]) -> None:
    there = options()
    assert set(there.laws) == {"wgs", "jeugdwet"}
    assert list(there.values) == ["Bestaanszekerheid", "Nabijheid", "Ruimte"]
    assert set(there.sizes) == {"150000"}
    assert set(there.themes) <= {theme.value for theme in THEME_NAMES}
    assert set(there.kinds) == {"plan"}


def test_an_address_that_somebody_made_up_narrows_nothing() -> None:
    assert read_choice({"soort": "x", "werk": "x", "grootte": "7", "gebruikt": "x"}) == Choice()
    assert read_choice({"grootte": "20000", "werk": "klein"}) == Choice(size=20_000, effort=Effort.SMALL)


def test_each_result_says_in_a_line_why_it_fits(templates: dict[str, UUID]) -> None:
    [hit] = find(Choice(words="jongeren")).hits
    assert hit.why == "Past bij ‘jongeren’: doel ‘jongeren meedoen’."
    [hit] = find(Choice(words="bestaanszekerheid")).hits
    assert hit.why == "Past bij ‘bestaanszekerheid’: waarde Bestaanszekerheid."
    [hit] = find(Choice(value="Bestaanszekerheid")).hits
    assert hit.why == "Past bij de waarde Bestaanszekerheid."
    [hit] = find(Choice(theme="bevolking")).hits
    assert hit.why == "Telt cijfers over het thema bevolking."
    [hit] = find(Choice(law="wgs")).hits
    assert hit.why == "Wat u bijhoudt: 3 cijfers en 1 soort verhalen."


def test_a_council_counts_once_however_often_it_copies(cast: Cast, templates: dict[str, UUID]) -> None:
    assert found(used=True) == set()
    act_for(db, cast.breda.id)
    for _ in range(2):
        count_in(templates["debts"], named=False)
        assert queries.used_by(templates.values()) == {templates["debts"]: 1}
    assert found(used=True) == {templates["debts"]}


def test_a_long_list_comes_in_pages(cast: Cast) -> None:
    for number in range(PAGE_SIZE + 1):
        plan = make_plan(f"Plan {number}")
        make_value(plan)
        shared(plan)
    first, second = find(Choice()), find(Choice(), 2)
    assert (first.total, first.pages, len(first.hits), len(second.hits)) == (PAGE_SIZE + 1, 2, PAGE_SIZE, 1)
    assert not {hit.template.id for hit in first.hits} & {hit.template.id for hit in second.hits}


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_a_member_sees_which_figures_have_data_about_the_own_municipality(
    client: Client, cast: Cast, templates: dict[str, UUID]
) -> None:
    area = db.scalars(sa.select(Area).where(Area.code == "GM0758")).one()
    hits = find(Choice(words="schulden")).hits
    some, every = known_figures(hits, area)[templates["debts"]]
    page = client.as_(cast.of_breda(Role.READER)).page("/etalage?q=schulden")
    assert f"Over Breda bekend: {some} van de {every} landelijke cijfers." in page.words
    assert every == 3
    assert "bekend:" not in client.as_(None).page("/etalage?q=schulden").words


def test_nothing_found_says_what_to_do(client: Client, templates: dict[str, UUID]) -> None:
    page = client.page("/etalage?q=olifant")
    assert "Niets gevonden" in page.words
    assert page.link("Bekijk alle voorbeelden") == "/etalage"
    assert "Terug naar de eerste bladzijde" in client.page("/etalage?pagina=9").words


def test_the_preview_has_the_visitors_own_figures_and_none_of_the_sharing_council(
    client: Client, cast: Cast
) -> None:
    load(
        "inwoners",
        ("GM0034", "2024JJ00", 226_543.0, "final", None),
        ("GM0758", "2024JJ00", 188_111.0, "final", None),
        ("GM0014", "2024JJ00", None, "final", "suppressed"),
    )
    act_for(db, cast.almere.id)
    plan = make_plan("Dichtbij")
    goal = make_goal(make_value(plan))
    make_link(goal, "inwoners")
    make_link(goal, load_own_figures())
    template = shared(plan)
    db.commit()
    address = f"/etalage/{template.id}/bekijken"

    page = client.as_(cast.of_breda(Role.READER)).page(address)
    assert page.title == "‘Dichtbij’ met de cijfers van Breda"
    assert "188.111" in page.words
    assert "2024" in page.words
    assert "CBS" in page.words
    assert "226.543" not in page.words
    assert "Dit telt een gemeente zelf. Landelijk is er geen cijfer." in page.words

    visitor = client.as_(None)
    assert "Kies hierboven een gemeente" in visitor.page(address).words
    chosen = visitor.page(f"{address}?gemeente=GM0014")
    assert "Nog geen cijfer over Groningen: niet getoond, te weinig mensen." in chosen.words
    for other in ("188.111", "226.543"):
        assert other not in chosen.words
    for wrong in ("NL01", "PV24", "x"):
        assert "Kies hierboven een gemeente" in visitor.page(f"{address}?gemeente={wrong}").words


def test_two_templates_lie_side_by_side(client: Client, templates: dict[str, UUID]) -> None:
    here = f"/etalage/{templates['debts']}"
    page = client.page(here)
    page = client.page(page.link("Leg het naast een ander voorbeeld"))
    page = client.page(page.link("Privé en gezond opgroeien"))
    assert "Alleen in ‘Schulden eerder zien’" in page.words
    assert page.words.index("Bestaanszekerheid") < page.words.index("Nabijheid")
    assert client.page(f"{here}/naast/{uuid4()}").status == 404


def test_pages_of_finding_need_at_most_twelve_queries(
    client: Client, cast: Cast, templates: dict[str, UUID], query_count: list[str]
) -> None:
    act_as(db, None)
    here = f"/etalage/{templates['debts']}"
    for address in (
        "/etalage",
        "/etalage?q=schulden&wet=wgs",
        here,
        f"{here}/bekijken",
        f"{here}/naast",
        f"{here}/naast/{templates['young']}",
    ):
        client.as_(cast.of_breda(Role.CLERK))
        query_count.clear()
        assert client.get(address).status_code == 200
        assert len(query_count) <= 12, (address, len(query_count))


# --- Side by side, whatever the content ---------------------------------------------------------------------------------

NAMES = st.sampled_from(["Nabijheid", "nabijheid", "Privé", "Prive", "Rust", "Ruimte", "Zorg"])


def value(name: str) -> SharedValue:
    texts = dict.fromkeys(
        ("own_words", "seen_when", "not_this", "short_changed", "counter_value", "bottom_line"), ""
    )
    return SharedValue(key=uuid4(), revision=1, mark=0, name=name, library_slug=None, **texts)


def goal(sentence: str, question: str) -> SharedGoal:
    return SharedGoal(
        key=uuid4(), revision=1, sentence=sentence, values=(), aim=None, laws=(), duty=None, target_group="",
        horizon=None, actor=None, needs=(), figures=(), stories=(), moments=(),
        questions=(SharedQuestion(key=uuid4(), revision=1, text=question),),
    )  # fmt: skip


CONTENTS = st.builds(
    lambda names, goals, own: PlanContent(
        values=tuple(value(name) for name in names),
        goals=tuple(goal(*pair) for pair in goals),
        own_questions=tuple(
            SharedStepQuestion(step=5, text=text, hint="", example="", kind=QuestionKind.LONG) for text in own
        ),
    ),
    st.lists(NAMES, max_size=5),
    st.lists(st.tuples(NAMES, NAMES), max_size=4),
    st.lists(NAMES, max_size=3),
)


@given(CONTENTS, CONTENTS)
def test_everything_stands_on_one_side_or_on_both_and_changing_sides_changes_nothing(
    left: PlanContent, right: PlanContent
) -> None:
    difference, turned = compare(left, right), compare(right, left)
    for part, other in ((difference.values, turned.values), (difference.questions, turned.questions)):
        assert {(plain(pair.left), plain(pair.right)) for pair in part.both} == {
            (plain(pair.right), plain(pair.left)) for pair in other.both
        }
        assert (set(map(plain, part.left)), set(map(plain, part.right))) == (
            set(map(plain, other.right)),
            set(map(plain, other.left)),
        )
        assert not set(map(plain, part.left)) & set(map(plain, part.right))
    names = {plain(item.name) for item in left.values}
    told = [plain(pair.left) for pair in difference.values.both] + list(map(plain, difference.values.left))
    assert sorted(told) == sorted(names), "each once"


@given(CONTENTS)
def test_beside_itself_nothing_stands_alone(content: PlanContent) -> None:
    difference = compare(content, content)
    assert not any(
        part.left or part.right for part in (difference.values, difference.goals, difference.questions)
    )
