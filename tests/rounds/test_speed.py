"""A reveal does not keep a meeting waiting."""

import time

import pytest
from sqlalchemy.orm import Session

from tests.factories import Cast, make_councillors, make_round
from tests.filling import MEMBERS, answer_all
from workbench.rounds import operations as rounds
from workbench.rounds.methods import Method

THIRTY = " ".join(f"waarde-{n}" for n in range(30))


@pytest.mark.parametrize(
    ("method", "labels"),
    [(Method.POSITION, THIRTY), (Method.RANKING, "a b c d e f g h"), (Method.DOTS, "a b c d e f")],
)
def test_a_reveal_of_forty_answers_takes_less_than_a_second(
    session: Session, cast: Cast, method: Method, labels: str
) -> None:
    people = [person.id for person in (cast.councillor, *make_councillors(cast, MEMBERS - 1))]
    found = make_round(method, labels)
    rounds.open_round(found)
    session.flush()
    contents = {
        Method.POSITION: {"places": dict.fromkeys(found.keys, 40)},
        Method.RANKING: {"ranks": {key: place + 1 for place, key in enumerate(found.keys)}},
        Method.DOTS: {"dots": {found.keys[0]: 3}},
    }
    answer_all(found, contents[method], people, reveals=False)
    rounds.close_round(found)
    begun = time.perf_counter()
    rounds.reveal_round(found)
    session.flush()
    assert time.perf_counter() - begun < 1
    assert found.result is not None
    assert found.result["n"] == MEMBERS
