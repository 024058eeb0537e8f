"""Rounds in the browser: made, opened, answered, closed, revealed; with late answers, two windows and small groups."""

from collections.abc import Callable
from itertools import combinations
from random import Random
from time import perf_counter
from typing import Any
from uuid import uuid4

import pytest

from tests.client import Client, Page, form_values
from tests.factories import Cast, cast_ballot, make_councillors, make_round
from workbench.accounts.models import Membership
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.rounds import operations, queries
from workbench.rounds.methods import CALCULATIONS, WITHOUT_OPTIONS, Method
from workbench.rounds.models import Option, Round, State
from workbench.rounds.operations import Reply

CONTENTS: dict[Method, dict[str, Any]] = {
    Method.CHOOSE: {"picks": ["a", "b"]},
    Method.SENTENCE: {"text": "Iedereen hoort erbij."},
    Method.POSITION: {"places": {"a": 20, "b": 90}},
    Method.DOTS: {"dots": {"a": 3, "b": 2}},
    Method.POINTS: {"points": {"a": 70, "b": 30}},
    Method.RANKING: {"ranks": {"b": 1, "a": 2}},
    Method.PAIRWISE: {"pairs": [["a", "b"], ["c", "a"]]},
    Method.CONSENT: {"choice": "agree"},
    Method.STATEMENTS: {"votes": {"a": "agree", "b": "disagree"}},
}
FIELDS: dict[Method, dict[str, Any]] = {  # the same, as a browser sends it
    Method.CHOOSE: {"answer": ["0", "1"]},
    Method.SENTENCE: {"answer": "Iedereen hoort erbij."},
    Method.POSITION: {"answer_0": "20", "answer_1": "90"},
    Method.DOTS: {"answer_0": "3", "answer_1": "2"},
    Method.POINTS: {"answer_0": "70", "answer_1": "30"},
    Method.RANKING: {"answer_0": "2", "answer_1": "1"},
    Method.PAIRWISE: {"answer_0": "0", "answer_1": "1"},
    Method.CONSENT: {"answer": "agree"},
    Method.STATEMENTS: {"answer_0": "agree", "answer_1": "disagree"},
}


def opened(method: Method = Method.CHOOSE, **settings: Any) -> Round:
    labels = "" if method in (Method.SENTENCE, Method.CONSENT) else "Nabijheid Vertrouwen Keuze"
    made = make_round(method, labels, **settings)
    operations.open_round(made)
    db.commit()
    return made


def address(found: Round) -> str:
    return f"/almere/rondes/{found.id}"


def state_of(found: Round) -> State:
    db.expire_all()
    return db.get_one(Round, found.id).state


# --- From question to outcome ---------------------------------------------------------------------------------------


def test_a_round_goes_from_question_to_outcome(client: Client, cast: Cast) -> None:
    client.as_(cast["facilitator"])
    draft = client.submit(
        "/almere/rondes/nieuw",
        question="Wat staat bij ons voorop?",
        method="ranking",
        options="Nabijheid\nVertrouwen\n\nKeuze\nKeuze",
    )
    assert "Zo ziet een raadslid deze ronde" in draft.words
    found = db.query(Round).one()
    assert [option.label for option in found.options] == ["Nabijheid", "Vertrouwen", "Keuze"]
    assert "Raadsleden kunnen nu antwoord geven" in client.submit(address(found), "/openen").words
    for person, order in zip(
        [cast.councillor, *make_councillors(cast, 4)], ["123", "132", "123", "12", "1"], strict=True
    ):
        client.as_(person)
        fields = {f"answer_{place}": rank for place, rank in enumerate(order)}
        saved = client.submit(address(found), "/antwoord", **fields)
        assert "Uw antwoord is bewaard. Alleen u ziet het." in saved.words
    assert "5 van 5 klaar" in saved.words
    client.as_(cast.clerk)
    closed = client.submit(address(found), "/sluiten")
    assert "Wachten op de onthulling" in closed.words
    revealed = client.submit(address(found), "/onthullen")
    assert "Iedereen zet bovenaan: Nabijheid." in revealed.words
    assert revealed.soup is not None
    assert revealed.soup.find("table") is not None
    assert state_of(found) == State.REVEALED


@pytest.mark.parametrize("method", Method)
def test_every_method_is_answered_changed_and_shown(client: Client, cast: Cast, method: Method) -> None:
    found = opened(method)
    people = [cast.councillor, *make_councillors(cast, 4)]
    for person in people:
        page = client.as_(person).submit(
            address(found), "/antwoord", **FIELDS[method], minority="Ik zie het anders."
        )
        assert page.status == 200, page.words
    changed = client.submit(address(found), "/antwoord", minority="Ik zie het heel anders.")
    assert "Uw antwoord is veranderd en bewaard" in changed.words
    operations.close_round(found)
    db.commit()
    assert "Ik zie het heel anders." in client.page(address(found)).words, "one's own answer"
    operations.reveal_round(found)
    db.commit()
    result = queries.result(found)
    assert result is not None
    checked = [CALCULATIONS[method].check(CONTENTS[method], found.keys, found.rules)] * 5
    assert result.summary == CALCULATIONS[method].summarise(checked, found.keys, found.rules)
    shown = client.as_(cast.clerk).page(address(found))
    assert "Minderheidsstandpunten" in shown.words
    assert "Ik zie het heel anders." in shown.words
    assert "Uw eigen antwoord" not in shown.words
    assert "Uw eigen antwoord" in client.as_(people[0]).page(address(found)).words


def test_a_form_comes_back_filled_with_ones_own_answer(client: Client, cast: Cast) -> None:
    for method in Method:
        found = opened(method)
        client.as_(cast.councillor).submit(address(found), "/antwoord", **FIELDS[method])
        filled = form_values(client.page(address(found)).form("/antwoord"))
        for name, value in FIELDS[method].items():
            assert filled[name] == (value if isinstance(value, list) else [value]), method


def test_i_do_not_know_is_an_answer_that_counts_apart(client: Client, cast: Cast) -> None:
    found = opened()
    people = make_councillors(cast, 3)
    for person in people:
        cast_ballot(found, person, Reply(CONTENTS[Method.CHOOSE]))
    client.as_(cast.councillor).submit(address(found), "/antwoord", blank="y")
    assert "4 van 4 klaar" in client.page(address(found)).words
    operations.close_round(found)
    operations.reveal_round(found)
    db.commit()
    words = client.page(address(found)).words
    assert "Er tellen 3 antwoorden mee." in words
    assert "1 lid weet het niet." in words


# --- Making and running ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "options", "sentence"),
    [
        ("choose", "Nabijheid", "vraagt minstens 2 mogelijkheden"),
        ("pairwise", "a\nb\nc\nd\ne\nf\ng\nh\ni", "hooguit 8 mogelijkheden"),
        ("position", "Nabijheid", "twee kanten"),
    ],
)
def test_a_round_with_unfit_options_is_refused_and_nothing_typed_is_lost(
    client: Client, cast: Cast, method: str, options: str, sentence: str
) -> None:
    page = client.as_(cast.clerk).submit(
        "/almere/rondes/nieuw", question="Wat staat voorop?", method=method, options=options
    )
    assert page.status == 422
    assert sentence in page.words
    assert "Wat staat voorop?" in page.text
    assert db.query(Round).count() == 0


def test_a_draft_can_be_changed_and_thrown_away_and_is_hidden_from_voters(client: Client, cast: Cast) -> None:
    client.as_(cast.clerk).submit(
        "/almere/rondes/nieuw",
        question="Waar staan wij?",
        method="position",
        options="Nabijheid / deskundigheid",
    )
    found = db.query(Round).one()
    assert found.options == [Option("0", "Nabijheid", "deskundigheid")]
    changed = client.submit(f"{address(found)}/bewerken", question="Waar staan wij nu?")
    assert changed.title == "Waar staan wij nu?"
    assert client.as_(cast.councillor).page(address(found)).status == 403
    assert "Waar staan wij nu?" not in client.page("/almere/rondes").words
    client.as_(cast.clerk).submit(address(found), "/verwijderen")
    assert db.query(Round).count() == 0


def test_each_state_allows_its_own_steps_only(client: Client, cast: Cast) -> None:
    made = make_round()
    db.commit()
    allowed = {
        State.DRAFT: {"openen"},
        State.OPEN: {"sluiten"},
        State.CLOSED: {"heropenen", "onthullen"},
        State.REVEALED: set(),
    }
    client.as_(cast.clerk)
    for state, steps in allowed.items():
        for step in {"openen", "sluiten", "heropenen", "onthullen", "verwijderen"} - steps:
            if (state, step) != (State.DRAFT, "verwijderen"):
                assert client.send(f"{address(made)}/{step}").status == 409, (state, step)
        assert state_of(made) == state
        if steps:
            client.send(f"{address(made)}/{sorted(steps)[-1]}")


def test_the_list_puts_open_rounds_first_and_says_what_waits_for_me(client: Client, cast: Cast) -> None:
    answered, waiting, closed = opened(), opened(), opened()
    operations.close_round(closed)
    cast_ballot(answered, cast.councillor, Reply(CONTENTS[Method.CHOOSE]))
    page = client.as_(cast.councillor).page("/almere/rondes")
    assert page.words.count("u bent klaar") == 1
    assert page.words.count("wacht op u") == 1
    assert page.words.index("gesloten, wacht") > page.words.rindex("wacht op u")
    assert "1 van 1 klaar" in page.words
    assert "wacht op u" not in client.as_(cast.clerk).page("/almere/rondes").words
    assert waiting.state == State.OPEN


# --- Answers that are late, doubled, refused or taken back ----------------------------------------------------------


def test_a_late_answer_is_refused_clearly_and_its_text_stays(client: Client, cast: Cast) -> None:
    found = opened(Method.SENTENCE)
    client.as_(cast.councillor)
    operations.close_round(found)
    db.commit()
    page = Page(client.post(f"{address(found)}/antwoord", data={"answer": "Te laat."}))
    assert page.status == 409
    assert "Deze ronde is niet open" in page.words
    assert "Te laat." in page.text
    assert queries.ready(found).n == 0
    client.as_(cast.clerk).submit(address(found), "/heropenen")
    client.as_(cast.councillor).submit(address(found), "/antwoord", answer="Net op tijd.")
    assert queries.ready(found).n == 1


def test_two_windows_of_one_member_lose_nothing(client: Client, cast: Cast) -> None:
    found = opened(Method.SENTENCE)
    client.as_(cast.councillor)
    old = form_values(client.page(address(found)).form("/antwoord"))
    client.submit(address(found), "/antwoord", answer="Uit het ene venster.")
    page = Page(client.post(f"{address(found)}/antwoord", data={**old, "answer": "Uit het andere venster."}))
    assert page.status == 409
    assert "Uit het ene venster." in page.words
    again = form_values(page.form("/antwoord"))
    assert again["answer"] == ["Uit het andere venster."]
    client.post(f"{address(found)}/antwoord", data=again)
    filled = form_values(client.page(address(found)).form("/antwoord"))
    assert filled["answer"] == ["Uit het andere venster."]


@pytest.mark.parametrize(
    ("method", "fields", "sentence"),
    [
        (Method.CHOOSE, {}, "U hebt nog niets ingevuld"),
        (Method.CHOOSE, {"answer": ["0", "1", "2"]}, "Kies er hooguit 2"),
        (Method.DOTS, {"answer_0": "4"}, "hooguit 3 stippen bij één mogelijkheid"),
        (Method.DOTS, {"answer_0": "3", "answer_1": "3"}, "hooguit 5 stippen samen"),
        (Method.POINTS, {"answer_0": "70"}, "Verdeel er nog 30"),
        (Method.POINTS, {"answer_0": "70", "answer_1": "40"}, "Haal er 10 weg"),
        (Method.RANKING, {"answer_0": "9"}, "hele getallen in van 1 tot en met 3"),
        (Method.POSITION, {"answer_0": "101"}, "hele getallen in van 0 tot en met 100"),
        (Method.POSITION, {"answer_0": "half"}, "Vul een heel getal in"),
        (Method.CONSENT, {"answer": "objection"}, "wat uw opmerking of bezwaar is"),
        (Method.STATEMENTS, {"answer_0": "misschien"}, "Kies een van de mogelijkheden"),
    ],
)
def test_an_answer_that_does_not_fit_comes_back_with_what_to_do(
    client: Client, cast: Cast, method: Method, fields: dict[str, Any], sentence: str
) -> None:
    found = opened(method, most=2, dots=5, per_option=3)
    page = Page(
        client.as_(cast.councillor).post(
            f"{address(found)}/antwoord", data={**fields, "minority": "Dit blijft staan."}
        )
    )
    assert page.status == 422
    assert sentence in page.words
    assert "Dit blijft staan." in page.text
    assert queries.ready(found).n == 0


def test_a_withdrawn_answer_does_not_count_and_may_be_given_again(client: Client, cast: Cast) -> None:
    found = opened()
    client.as_(cast.councillor).submit(address(found), "/antwoord", answer=["0"])
    client.submit(address(found), "/intrekken")
    assert "0 van 1 klaar" in client.page(address(found)).words
    assert client.send(f"{address(found)}/intrekken").status == 409
    client.submit(address(found), "/antwoord", answer=["1"])
    assert "1 van 1 klaar" in client.page(address(found)).words


def test_someone_who_left_the_council_does_not_count(client: Client, cast: Cast) -> None:
    found = opened()
    people = make_councillors(cast, 3)
    for person in people:
        cast_ballot(found, person, Reply(CONTENTS[Method.CHOOSE], minority="Ik ga weg."))
    db.delete(db.query(Membership).filter_by(person_id=people[0].id).one())
    operations.close_round(found)
    db.flush()
    assert queries.ready(found).n == 2
    operations.reveal_round(found)
    db.commit()
    page = client.as_(cast.clerk).page(address(found))
    assert "Deze groep is te klein om spreiding te tonen" in page.words
    assert "Ik ga weg." not in page.text


@pytest.mark.parametrize(
    ("n", "words"), [(0, "geen antwoorden om te tonen"), (1, "Er is één antwoord"), (2, "2 antwoorden")]
)
def test_a_small_group_is_told_so(client: Client, cast: Cast, n: int, words: str) -> None:
    found = opened()
    for person in make_councillors(cast, 3)[:n]:
        cast_ballot(found, person, Reply(CONTENTS[Method.CHOOSE], "Omdat.", True, "Anders."))
    operations.close_round(found)
    operations.reveal_round(found)
    db.commit()
    page = client.as_(cast.clerk).page(address(found))
    assert words in page.words
    assert "Omdat." not in page.text
    assert "Anders." not in page.text


def test_factions_are_offered_by_name_and_shown_from_three_people(client: Client, cast: Cast) -> None:
    found = opened(Method.STATEMENTS, factions=["Rood", "Blauw", "Groen"])
    people = [cast.councillor, *make_councillors(cast, 7)]
    for person, faction in zip(people, ["Rood"] * 3 + ["Blauw"] * 3 + ["Groen", ""], strict=True):
        vote = "agree" if faction == "Rood" else "disagree"
        client.as_(person).submit(
            address(found), "/antwoord", answer_0="agree", answer_1=vote, faction=faction
        )
    operations.close_round(found)
    operations.reveal_round(found)
    db.commit()
    page = client.as_(cast.clerk).page(address(found))
    assert "Rood (3 mensen), overige (5 mensen)" in page.words
    assert "Groen" not in page.text
    bridges = page.words.split("Wat de groepen verbindt")[1]
    assert bridges.index("Nabijheid") < bridges.index("Wat de groepen verdeelt") < bridges.index("Vertrouwen")


# --- For higher slices ----------------------------------------------------------------------------------------------


def test_a_higher_slice_maps_the_result_back_by_its_own_keys(cast: Cast) -> None:
    people = make_councillors(cast, 5)
    keys = [str(uuid4()) for _ in range(3)]
    found = operations.start_round(
        "Wat staat voorop?",
        Method.RANKING,
        [Option(key, name) for key, name in zip(keys, ["Nabijheid", "Vertrouwen", "Keuze"], strict=True)],
        by=None,
    )
    operations.open_round(found)
    for person in people:
        cast_ballot(found, person, Reply({"ranks": {keys[1]: 1, keys[0]: 2}}))
    assert queries.result(found) is None
    operations.close_round(found)
    operations.reveal_round(found)
    result = queries.result(found)
    assert result is not None
    assert result.summary["options"][keys[1]]["top"] == 5
    with pytest.raises(Conflict):
        operations.reveal_round(found)


def test_pages_stay_within_their_queries(client: Client, cast: Cast, query_count: list[str]) -> None:
    found = opened(Method.STATEMENTS, factions=["Rood", "Blauw"])
    people = make_councillors(cast, 20)
    for person in people:
        cast_ballot(found, person, Reply(CONTENTS[Method.STATEMENTS], faction="Rood"))
    for _ in range(10):
        opened()
    for step in (None, "sluiten", "onthullen"):
        if step:
            client.as_(cast.clerk).send(f"{address(found)}/{step}")
        for person in (cast.clerk, people[0]):
            for where in (address(found), "/almere/rondes", f"{address(found)}/stand"):
                query_count.clear()
                assert client.as_(person).page(where).status == 200
                assert len(query_count) <= 12, query_count


def test_forty_answers_are_revealed_in_a_few_queries(cast: Cast, query_count: list[str]) -> None:
    found = opened(Method.PAIRWISE)
    for person in make_councillors(cast, 40):
        cast_ballot(found, person, Reply(CONTENTS[Method.PAIRWISE]))
    operations.close_round(found)
    db.flush()
    query_count.clear()
    operations.reveal_round(found)
    db.flush()
    assert len(query_count) <= 6
    assert queries.result(found).n == 40  # type: ignore[union-attr]


# --- What the page says ---------------------------------------------------------------------------------------------


def revealed_words(client: Client, cast: Cast, found: Round, contents: list[dict[str, Any]]) -> str:
    """The words of the page after these answers."""
    for person, content in zip(make_councillors(cast, len(contents)), contents, strict=True):
        cast_ballot(found, person, Reply(content))
    operations.close_round(found)
    operations.reveal_round(found)
    db.commit()
    return client.as_(cast.clerk).page(address(found)).words


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        ([5, 10, 20, 30, 60], "Bijna iedereen staat dichter bij Nabijheid dan bij Controle."),
        ([95, 90, 80, 70, 50], "Bijna iedereen staat dichter bij Controle dan bij Nabijheid."),
        ([45, 50, 50, 55, 60], "Bijna iedereen staat in het midden tussen Nabijheid en Controle."),
        ([0, 5, 50, 95, 100], "Over Nabijheid of Controle is de groep verdeeld."),
        ([10, 25, 30, 50, 70], "Meer dan de helft staat dichter bij Nabijheid dan bij Controle."),
    ],
)
def test_a_line_is_told_in_one_plain_sentence(
    client: Client, cast: Cast, places: list[int], sentence: str
) -> None:
    found = make_round(Method.POSITION, "Nabijheid")
    operations.open_round(found)
    contents = [{"places": {"a": place}} for place in places]
    assert sentence in revealed_words(client, cast, found, contents)


@pytest.mark.parametrize(
    ("orders", "sentences"),
    [
        (["abc"] * 5, ["Iedereen zet bovenaan: Nabijheid.", "De volgordes lijken sterk op elkaar."]),
        (
            ["abc", "abc", "bac", "cba", "cba"],
            [
                "Niets wordt door meer dan de helft",
                "de groep verdeeld",
                "anderen onderaan: Nabijheid en Keuze",
            ],
        ),
    ],
)
def test_orders_are_told_with_how_far_they_agree(
    client: Client, cast: Cast, orders: list[str], sentences: list[str]
) -> None:
    contents = [{"ranks": {key: place + 1 for place, key in enumerate(order)}} for order in orders]
    words = revealed_words(client, cast, opened(Method.RANKING), contents)
    assert all(sentence in words for sentence in sentences), words


def test_options_stand_as_they_were_asked_never_by_result(client: Client, cast: Cast) -> None:
    words = revealed_words(client, cast, opened(), [{"picks": ["c"]}] * 5)
    table = words.split("Hoeveel mensen dit kozen")[1]
    assert table.index("Nabijheid") < table.index("Vertrouwen") < table.index("Keuze")
    assert "1e" not in words
    assert "winnaar is" not in words


def test_pairs_that_go_round_in_a_circle_are_named(client: Client, cast: Cast) -> None:
    circle = {"pairs": [["a", "b"], ["b", "c"], ["c", "a"]]}
    straight = {"pairs": [["a", "b"], ["b", "c"], ["a", "c"]]}
    words = revealed_words(
        client, cast, opened(Method.PAIRWISE), [circle, circle, straight, straight, straight]
    )
    assert "2 antwoorden draaien in een kringetje rond." in words
    assert "Nabijheid, Vertrouwen en Keuze: 2 antwoorden" in words


@pytest.mark.parametrize(
    ("method", "sentence"),
    [
        (Method.CHOOSE, "Iedereen kiest: Nabijheid en Vertrouwen."),
        (Method.DOTS, "Iedereen plakt stippen bij: Nabijheid en Vertrouwen."),
        (Method.POINTS, "Iedereen geeft punten aan: Nabijheid en Vertrouwen."),
        (Method.RANKING, "Iedereen zet bovenaan: Vertrouwen."),
        (Method.PAIRWISE, "Iedereen kiest dit steeds boven iets anders: Keuze."),
        (Method.STATEMENTS, "Iedereen is het eens met: ‘Nabijheid’."),
        (Method.CONSENT, "Niemand heeft bezwaar. U kunt verder met het voorstel."),
        (Method.POSITION, "Iedereen staat dichter bij Nabijheid dan bij Controle."),
    ],
)
def test_three_answers_are_told_by_what_they_share_and_why_no_more(
    client: Client, cast: Cast, method: Method, sentence: str
) -> None:
    words = revealed_words(client, cast, opened(method), [CONTENTS[method]] * 3)
    assert sentence in words
    assert "Er zijn maar 3 antwoorden. Daarom ziet u alleen wat voor iedereen geldt" in words
    assert "Toon de tabel" not in words


@pytest.mark.parametrize(
    ("method", "contents", "sentence"),
    [
        (Method.CHOOSE, [{"picks": [key]} for key in "abc"], "er is niets wat bij iedereen terugkomt"),
        (
            Method.CONSENT,
            [{"choice": "agree"}, {"choice": "agree"}, {"choice": "objection"}],
            "Er is minstens één bezwaar. Bespreek het voordat u verdergaat.",
        ),
        (
            Method.POSITION,
            [{"places": {"a": place}} for place in (0, 50, 100)],
            "Over Nabijheid of Controle lopen de antwoorden uiteen.",
        ),
    ],
)
def test_three_answers_that_differ_are_told_so_and_no_more(
    client: Client, cast: Cast, method: Method, contents: list[dict[str, Any]], sentence: str
) -> None:
    found = opened(method)
    for person, content in zip(make_councillors(cast, 3), contents, strict=True):
        cast_ballot(found, person, Reply(content, "Omdat het schuurt."))
    operations.close_round(found)
    operations.reveal_round(found)
    db.commit()
    words = client.as_(cast.clerk).page(address(found)).words
    assert sentence in words
    assert "Toon de tabel" not in words


@pytest.mark.parametrize(
    ("method", "contents", "sentence"),
    [
        (Method.DOTS, [{"dots": dict.fromkeys("abc", 1)}] * 5, "Alle mogelijkheden kregen evenveel stippen."),
        (
            Method.DOTS,
            [{"dots": {"a": 1, "b": 1}}] * 5,
            "De meeste stippen staan bij: Nabijheid en Vertrouwen.",
        ),
        (
            Method.POINTS,
            [{"points": {"a": 50, "b": 50}}] * 5,
            "Gemiddeld gaan de meeste punten naar: Nabijheid en Vertrouwen.",
        ),
        (
            Method.RANKING,
            [{"ranks": {"a": 1, "b": 1}}] * 5,
            "Iedereen zet bovenaan: Nabijheid en Vertrouwen.",
        ),
        (
            Method.PAIRWISE,
            [{"pairs": [["a", "b"], ["b", "c"], ["c", "a"]]}] * 5,
            "De mogelijkheden wegen voor deze groep ongeveer even zwaar.",
        ),
        (
            Method.STATEMENTS,
            [{"votes": {"a": vote}} for vote in ("agree", "agree", "disagree", "disagree", "pass")],
            "Sommigen zijn het eens en anderen oneens met: ‘Nabijheid’.",
        ),
    ],
)
def test_ties_are_told_without_a_winner(
    client: Client, cast: Cast, method: Method, contents: list[dict[str, Any]], sentence: str
) -> None:
    assert sentence in revealed_words(client, cast, opened(method, dots=5), contents)


# --- What stands, stands --------------------------------------------------------------------------------------------


def test_what_was_revealed_stays_the_same_whoever_comes_late_or_leaves(client: Client, cast: Cast) -> None:
    """Two outcomes of one round, before and after, would show the answer of one person by their difference."""
    found = opened()
    people = [cast.councillor, *make_councillors(cast, 5)]
    for person in people[:5]:
        cast_ballot(found, person, Reply(CONTENTS[Method.CHOOSE]))
    operations.close_round(found)
    operations.reveal_round(found)
    db.commit()
    before = client.as_(cast.clerk).page(address(found)).words
    assert client.as_(people[5]).send(f"{address(found)}/antwoord", answer=["2"]).status == 409
    assert client.as_(people[0]).send(f"{address(found)}/intrekken").status == 409
    db.delete(db.query(Membership).filter_by(person_id=people[1].id).one())
    db.commit()
    assert client.as_(cast.clerk).send(f"{address(found)}/heropenen").status == 409
    assert client.send(f"{address(found)}/onthullen").status == 409
    assert client.page(address(found)).words == before


def test_who_withdrew_before_the_closing_is_not_in_the_outcome(client: Client, cast: Cast) -> None:
    found = opened(Method.SENTENCE)
    people = [cast.councillor, *make_councillors(cast, 3)]
    for place, person in enumerate(people):
        cast_ballot(found, person, Reply({"text": f"Zin {place}."}, minority=f"Anders {place}."))
    client.as_(people[0]).submit(address(found), "/intrekken")
    for step in ("/sluiten", "/onthullen"):
        page = client.as_(cast.clerk).submit(address(found), step)
    assert "Er zijn 3 zinnen." in page.words
    assert "Zin 0." not in page.words
    assert "Anders 0." not in page.words


def test_a_group_of_one_is_told_so_and_nothing_of_the_answer(client: Client, cast: Cast) -> None:
    found = opened(Method.STATEMENTS, members=[str(cast.councillor.id)])
    cast_ballot(found, cast.councillor, Reply(CONTENTS[Method.STATEMENTS], "Omdat.", True, "Anders."))
    assert "1 van 1 klaar" in client.as_(cast.clerk).page(address(found)).words
    for step in ("/sluiten", "/onthullen"):
        page = client.submit(address(found), step)
    assert "Er is één antwoord. Deze groep is te klein om spreiding te tonen." in page.words
    assert "Anders." not in page.words


# --- Factions that the plan knows -----------------------------------------------------------------------------------


def test_a_member_is_offered_the_own_faction_only_and_may_decline(client: Client, cast: Cast) -> None:
    people = [cast.councillor, *make_councillors(cast, 5)]
    faction_of = {str(person.id): "Rood" if n % 2 == 0 else "Blauw" for n, person in enumerate(people)}
    found = opened(Method.POSITION, members=list(faction_of), faction_of=faction_of)
    page = client.as_(cast.councillor).page(address(found))
    assert "Telt uw antwoord mee bij uw fractie? " in page.words
    assert "Ja, bij Rood" in page.words
    assert "Blauw" not in page.words
    client.submit(address(found), "/antwoord", answer_0="10")
    assert form_values(client.page(address(found)).form("/antwoord"))["faction"] == ["Rood"]
    client.submit(address(found), "/antwoord", answer_0="10", faction="")
    assert form_values(client.page(address(found)).form("/antwoord"))["faction"] == [""]
    assert client.send(f"{address(found)}/antwoord", answer_0="10", faction="Blauw").status == 422


@pytest.mark.parametrize("names", [["Rood"], ["Rood"] * 6, ["Rood", "Rood", "Rood", "Blauw", "Blauw"]])
def test_a_faction_is_not_asked_for_where_no_two_groups_can_come_out(
    client: Client, cast: Cast, names: list[str]
) -> None:
    people = [cast.councillor, *make_councillors(cast, len(names) - 1)]
    faction_of = {str(person.id): name for person, name in zip(people, names, strict=True)}
    found = opened(Method.STATEMENTS, members=list(faction_of), faction_of=faction_of)
    assert "fractie?" not in client.as_(cast.councillor).page(address(found)).words
    client.send(f"{address(found)}/antwoord", answer_0="agree", faction="Rood")
    assert "Uw fractie" not in client.page(address(found)).words


# --- Forty answers --------------------------------------------------------------------------------------------------

EIGHT = "Nabijheid Vertrouwen Keuze Rust Samen Vrij Veilig Eerlijk"


@pytest.mark.parametrize("method", Method)
def test_forty_answers_are_revealed_within_a_second(client: Client, cast: Cast, method: Method) -> None:
    """From the press on the button to the page that shows the outcome, with eight options and answers all different."""
    found = make_round(method, "" if method in WITHOUT_OPTIONS else EIGHT)
    operations.open_round(found)
    random = Random(40)
    for place, person in enumerate(make_councillors(cast, 40)):
        content = many_sided(method, found.keys, random)
        faction = ["Rood", "Blauw", "Groen"][place % 3]
        cast_ballot(found, person, Reply(content, f"Omdat {place}.", True, f"Anders {place}.", faction))
    operations.close_round(found)
    db.commit()
    client.as_(cast.clerk).page("/almere/rondes")  # what every page needs is loaded
    start = perf_counter()
    answer = client.post(f"{address(found)}/onthullen")
    shown = client.get(answer.headers["Location"])
    seconds = perf_counter() - start
    assert shown.status_code == 200
    assert "Anders 39." in shown.get_data(as_text=True)
    assert seconds < 1, seconds


def many_sided(method: Method, keys: list[str], random: Random) -> dict[str, Any]:
    """As full an answer as the method takes."""
    shuffled = random.sample(keys, len(keys))
    made: dict[Method, Callable[[], dict[str, Any]]] = {
        Method.CHOOSE: lambda: {"picks": shuffled[:3]},
        Method.SENTENCE: lambda: {"text": f"Zin {random.random()}."},
        Method.POSITION: lambda: {"places": {key: random.randint(0, 100) for key in keys}},
        Method.DOTS: lambda: {"dots": {shuffled[0]: 3, shuffled[1]: 2}},
        Method.POINTS: lambda: {"points": {shuffled[0]: 61, shuffled[1]: 22, shuffled[2]: 17}},
        Method.RANKING: lambda: {"ranks": {key: place for place, key in enumerate(shuffled, 1)}},
        Method.PAIRWISE: lambda: {"pairs": [random.sample(pair, 2) for pair in combinations(keys, 2)]},
        Method.CONSENT: lambda: {"choice": random.choice(["agree", "remark", "objection"])},
        Method.STATEMENTS: lambda: {
            "votes": {key: random.choice(["agree", "disagree", "pass"]) for key in keys}
        },
    }
    return made[method]()
