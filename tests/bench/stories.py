"""Two thousand invented stories of fifteen hundred words in Almere, with twenty thousand marked passages.

The words are drawn as in real texts: few words often, many words seldom; so a search finds much, little or one story.
"""

import json
import random
import time
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

STORIES, WORDS, MARKS, TAGS = 2_000, 1_500, 10, 40
SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "de",
    "do",
    "fa",
    "ga",
    "ge",
    "ha",
    "he",
    "ka",
    "ke",
    "ko",
    "la",
    "le",
    "lo",
    "ma",
    "me",
    "mo",
    "na",
    "ne",
    "pa",
    "pe",
    "ra",
    "re",
    "ro",
    "sa",
    "se",
    "ta",
    "te",
    "to",
    "wa",
    "we",
    "zo",
]
KNOWN = [
    "hulp",
    "wachten",
    "thuis",
    "school",
    "zorg",
    "gemeente",
    "kind",
    "moeder",
    "gesprek",
    "buurt",
    "geld",
    "werk",
    "samen",
    "alleen",
    "luisteren",
]
SEARCHES = {
    "one word": "wachten",
    "two words": "hulp school",
    "a phrase": '"alleen thuis"',
    "a rare word": "zilvervis",
}


def _vocabulary(chance: random.Random) -> tuple[list[str], list[float]]:
    made = {"".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))) for _ in range(6_000)}
    found = KNOWN + sorted(made)
    return found, [1 / (place + 10) for place in range(len(found))]


def _text(chance: random.Random, words: list[str], weights: list[float]) -> str:
    drawn = chance.choices(words, weights, k=WORDS)
    sentences = [" ".join(drawn[at : at + 12]).capitalize() + "." for at in range(0, WORDS, 12)]
    return "\n".join(" ".join(sentences[at : at + 6]) for at in range(0, len(sentences), 6))


def fill(home: Path) -> UUID:
    """Make them in the demo's database; gives one story to open."""
    environment = json.loads((home / "running.json").read_text())["environment"]
    url = environment["WORKBENCH_OWNER_DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    chance = random.Random(7)
    words, weights = _vocabulary(chance)
    begun = time.perf_counter()
    with psycopg.connect(url, autocommit=True) as connection:
        [council, person] = (
            connection.execute(
                "SELECT council.id, person.id FROM council, person"
                " WHERE council.slug = 'almere' AND person.email = 'griffier@almere.example'"
            ).fetchone()
            or ()
        )
        connection.execute("SELECT set_config('app.council_id', %s, false)", [str(council)])
        connection.execute("SELECT set_config('app.person_id', %s, false)", [str(person)])
        story_ids = _stories(connection, chance, words, weights)
        connection.execute("ANALYZE")
    print(f"{STORIES:,} stories, {STORIES * MARKS:,} passages, filled in {time.perf_counter() - begun:.0f} s")
    return story_ids[STORIES // 2]


def _stories(
    connection: psycopg.Connection[tuple[object, ...]],
    chance: random.Random,
    words: list[str],
    weights: list[float],
) -> list[UUID]:
    source, story_ids, tags = uuid4(), [uuid4() for _ in range(STORIES)], [uuid4() for _ in range(TAGS)]
    card = "key, version, revision, created_at, edited_at"
    anew = "gen_random_uuid(), 1, 1, now(), now()"
    connection.execute(
        f"INSERT INTO story_source (id, name, kind, from_whom, collector, spread, purpose, basis_why, topics, stage,"
        f" special_data, special_why, asks_narrator, {card}) VALUES (%s, 'Veel gesprekken', 'interviews', 'inwoners', '', '', '', '',"
        f" '', 'coding', false, '', false, {anew})",
        [source],
    )
    texts = {story_id: _text(chance, words, weights) for story_id in story_ids}
    texts[story_ids[3]] = f"Zilvervis. {texts[story_ids[3]]}"
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO tag (id, name, description, look, {card}) VALUES (%s, %s, '', %s, {anew})",
            [(tag, f"Label {place}", place % 12) for place, tag in enumerate(tags)],
        )
        cursor.executemany(
            "INSERT INTO story (id, source_id, number, way, state, problem, lang, asks_narrator, is_sensitive,"
            " received_at, reach, quotes_only, gone)"
            " VALUES (%s, %s, %s, 'typed', 'ready', '', 'nl', false, false, now(), 'council', %s, '{}')",
            [(story, source, 10_000 + place, place % 5 == 0) for place, story in enumerate(story_ids)],
        )
        cursor.executemany(
            "INSERT INTO story_words (id, story_id, text, teller, traits, edition)"
            " VALUES (gen_random_uuid(), %s, %s, 'bewoner', '{}', 1)",
            list(texts.items()),
        )
        marks = [
            (uuid4(), story, at, at + 90, text[at : at + 90])
            for story, text in texts.items()
            for at in chance.sample(range(0, len(text) - 100, 10), MARKS)
        ]
        cursor.executemany(
            "INSERT INTO excerpt (id, story_id, start_at, end_at, words, made_at) VALUES (%s, %s, %s, %s, %s, now())",
            marks,
        )
        cursor.executemany(
            "INSERT INTO coding (id, excerpt_id, tag_id, made_at) VALUES (gen_random_uuid(), %s, %s, now())",
            [(mark[0], chance.choice(tags)) for mark in marks],
        )
    return story_ids


def pages(home: Path) -> dict[str, str]:
    """What to measure: name -> address."""
    story_id = fill(home)
    searches = {f"stories, {name}": f"/almere/verhalen?q={words}" for name, words in SEARCHES.items()}
    return {"stories": "/almere/verhalen", **searches, "coding": f"/almere/verhalen/{story_id}"}
