"""Searching Dutch texts: by stem, as part of a longer word, and by words that look the same.

A table that can be searched has a `search` (weighted tsvector) and a `search_text` (all words, lower case), which
PostgreSQL keeps by itself.
"""

import unicodedata
from typing import Any

import sqlalchemy as sa

MOST_WORDS = 10
LONGEST_WORD = 100
ALIKE = 0.5  # share of three-letter parts that a mistyped word has in common with the word that was meant
SHORTEST_ALIKE = 4  # letters; shorter words resemble too much


def typed_words(text: str) -> list[str]:
    """The words that were typed, without characters that PostgreSQL cannot hold."""
    plain = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text[:2000])
    return [word[:LONGEST_WORD].lower() for word in plain.split()[:MOST_WORDS]]


def conditions(words: list[str], search: Any, search_text: Any, *, is_alike: bool) -> list[Any]:
    """One condition for each word. A word without meaning ('voor') need not be there, unless all of them are such."""
    some = sa.func.numnode(_dutch(" ".join(words))) > 0
    found = []
    for word in words:
        ways = [
            search.bool_op("@@")(_dutch(word)),
            search_text.contains(word, autoescape=True),
            sa.and_(some, sa.func.numnode(_dutch(word)) == 0),
        ]
        if is_alike and len(word) >= SHORTEST_ALIKE:
            ways.append(sa.func.word_similarity(word, search_text) >= ALIKE)
        found.append(sa.or_(*ways))
    return found


def relevance(words: list[str], search: Any, name: Any) -> Any:
    """Higher for words in the name and in what weighs more; for whole words than for parts."""
    meant: Any = sa.func.to_tsquery("")
    for word in words:
        meant = meant.bool_op("||")(_dutch(word))
    named = [sa.func.word_similarity(word, sa.func.lower(name)) for word in words]
    return sa.func.ts_rank(search, meant) + sum(named[1:], named[0]) / len(words)


def _dutch(text: str) -> Any:
    return sa.func.plainto_tsquery(sa.literal_column("'dutch'::regconfig"), text)
