"""What all screens of a workshop share, and telling them that it changed."""

import json
from typing import Any

import pytest
import redis
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import Cast
from tests.workshops.making_phone import attendee, begun, cards, running
from workbench.core.db import db
from workbench.core.tenancy import open_door
from workbench.live.channel import channel, read_token
from workbench.rounds import operations as rounds
from workbench.rounds.models import Round
from workbench.rounds.operations import Reply
from workbench.workshops import standing
from workbench.workshops.kinds import Kind
from workbench.workshops.models import Activity, ActivityState, Workshop


@pytest.fixture
def heard(app: Flask) -> Any:
    """What the screens of every workshop are told."""
    listener = app.extensions["redis"].pubsub(ignore_subscribe_messages=True)
    listener.psubscribe("workshop:*")
    listener.get_message(timeout=1)

    def messages() -> list[tuple[str, dict[str, Any]]]:
        found = []
        while message := listener.get_message(timeout=0.2):
            found.append((message["channel"].decode(), json.loads(message["data"])))
        return found

    yield messages
    listener.close()


def vote(activity: Activity, device: str) -> None:
    open_door(db, device)
    found = db.get_one(Round, activity.round_id)
    rounds.cast(found, Reply({"picks": ["a"]}, reason="grondwater"), device_hash=device)


def test_before_the_first_activity_the_screens_know_who_is_there(session: Session, cast: Cast) -> None:
    workshop = running()
    attendee(workshop)
    attendee(workshop, "weg", left_at=workshop.made_at)
    found = standing.stand(workshop)
    assert (found["state"], found["activity"], found["ready"], found["of"]) == ("running", None, 0, 1)


def test_a_vote_shows_how_many_are_ready_and_nothing_of_the_answers(session: Session, cast: Cast) -> None:
    workshop = running()
    for name in ("een", "twee", "drie"):
        attendee(workshop, name)
    activity = begun(workshop, Kind.DILEMMA)
    vote(activity, "een")
    vote(activity, "twee")
    found = standing.stand(workshop)
    assert (found["ready"], found["of"]) == (2, 3)
    assert found["activity"]["question"] == "Wat staat voorop?"
    assert [option["label"] for option in found["activity"]["options"]] == [
        "Nabijheid",
        "Vertrouwen",
        "Keuze",
    ]
    assert "grondwater" not in json.dumps(found)


def test_cards_count_by_the_people_who_sent_one(session: Session, cast: Cast) -> None:
    workshop = running()
    one, other = attendee(workshop, "een"), attendee(workshop, "twee")
    activity = begun(workshop, Kind.BRAINSTORM)
    cards(activity, one, ["schoon grondwater", "stille straten"])
    cards(activity, other, ["weg hiermee"], withdrawn_at=workshop.made_at)
    found = standing.stand(workshop)
    assert (found["ready"], found["of"]) == (1, 2)
    assert "grondwater" not in json.dumps(found)


def test_the_note_of_the_facilitator_stays_with_the_facilitator(session: Session, cast: Cast) -> None:
    workshop = running()
    activity = begun(workshop, Kind.CHECK_IN, secret_setting="vuurtoren")
    activity.note = "zonnewijzer"
    found = json.dumps(standing.stand(workshop))
    assert "zonnewijzer" not in found
    assert "vuurtoren" not in found


def test_the_version_changes_with_every_change_and_stays_without_one(session: Session, cast: Cast) -> None:
    workshop = running()
    person = attendee(workshop)
    activity = begun(workshop, Kind.BRAINSTORM)
    seen = [standing.stand(workshop)["version"]]

    def note() -> None:
        seen.append(standing.stand(workshop)["version"])

    [card] = cards(activity, person, ["een kaart"])
    note()
    cards(activity, person, ["nog een kaart"])  # the number of people stays the same
    note()
    card.cluster = "Samen"
    note()
    card.hidden_at = workshop.made_at
    note()
    activity.state = ActivityState.CLOSED
    note()
    assert len(set(seen)) == len(seen)
    assert standing.stand(workshop)["version"] == seen[-1]


def test_what_a_phone_draws_changes_only_with_what_it_must_draw(session: Session, cast: Cast) -> None:
    workshop = running()
    person = attendee(workshop)
    activity = begun(workshop, Kind.BRAINSTORM)
    before = standing.stand(workshop)["shows"]
    cards(activity, person, ["een kaart"])
    activity.ends_at = workshop.made_at
    assert standing.stand(workshop)["shows"] == before
    activity.state = ActivityState.REVEALED
    after = standing.stand(workshop)["shows"]
    assert after != before
    cards(activity, None, ["door de begeleider erbij geschreven"])
    assert standing.stand(workshop)["shows"] != after


def test_the_screens_hear_of_a_change_after_the_commit_and_never_after_a_rollback(
    session: Session, cast: Cast, heard: Any
) -> None:
    workshop = running()
    db.commit()
    standing.changed(workshop)
    assert heard() == []
    db.rollback()
    db.commit()
    assert heard() == []
    workshop = db.get_one(Workshop, workshop.id)
    begun(workshop, Kind.CHECK_IN)
    standing.changed(workshop)
    standing.changed(workshop)
    shows, ends_at = standing.stand(workshop)["shows"], standing.stand(workshop)["activity"]["ends_at"]
    db.commit()
    assert heard() == [(channel(workshop.id), {"shows": shows, "ends_at": ends_at})]


def test_a_redis_that_is_gone_keeps_nobody_from_answering(
    session: Session, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_args: object) -> None:
        raise redis.ConnectionError("gone")

    workshop = running()
    monkeypatch.setattr(app.extensions["redis"], "publish", gone)
    attendee(workshop)
    standing.changed(workshop)
    db.commit()
    assert standing.stand(workshop)["of"] == 1


def test_the_address_of_the_stream_is_for_this_workshop_and_tells_devices_apart(
    session: Session, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = running()
    assert standing.stream(workshop, "toestel") is None  # no live service: screens ask now and then
    settings = app.extensions["settings"].model_copy(update={"live_url": "http://127.0.0.1:9/live"})
    monkeypatch.setitem(app.extensions, "settings", settings)
    addresses = [standing.stream(workshop, holder) for holder in ("een", "een", "twee")]
    secret = settings.secret_key.get_secret_value()
    said = [read_token(secret, str(address).partition("?token=")[2]) for address in addresses]
    assert [found.workshop_id for found in said if found] == [workshop.id] * 3
    assert said[0] == said[1] != said[2]


def test_the_standing_of_a_workshop_is_one_question_to_the_database(
    session: Session, cast: Cast, query_count: list[str]
) -> None:
    workshop = running()
    begun(workshop, Kind.BRAINSTORM)
    db.commit()
    db.refresh(workshop)
    query_count.clear()
    standing.stand(workshop)
    assert len(query_count) == 1
