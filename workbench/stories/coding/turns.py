"""Whose turn it is to mark a story. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Turn(StrEnum):
    """What one person can do with the marks of a story now."""

    TOGETHER = "together"  # everybody marks, everybody sees all
    BLIND = "blind"  # this person reads blind
    WAITING = "waiting"  # this person is done, others still read blind
    CLOSED = "closed"  # others read blind, and this person is not asked
    COMPARING = "comparing"  # all blind readers are done
    SETTLED = "settled"  # one reading for all; who codes may mend it


MARKS = (Turn.TOGETHER, Turn.BLIND, Turn.SETTLED)


@dataclass(frozen=True)
class Reader:
    person_id: UUID
    is_blind: bool
    is_done: bool


def turn(readers: Sequence[Reader], person_id: UUID, *, is_settled: bool) -> Turn:
    if is_settled:
        return Turn.SETTLED
    blind = [reader for reader in readers if reader.is_blind]
    if not blind:
        return Turn.TOGETHER
    if all(reader.is_done for reader in blind):
        return Turn.COMPARING
    mine = next((reader for reader in blind if reader.person_id == person_id), None)
    if mine is None:
        return Turn.CLOSED
    return Turn.WAITING if mine.is_done else Turn.BLIND
