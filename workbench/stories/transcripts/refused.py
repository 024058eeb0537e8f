"""Why a file gives no transcript, in one word. `reading` has the sentences."""

from enum import StrEnum


class Problem(StrEnum):
    """What is wrong with a file."""

    EMPTY = "empty"
    NOT_TEXT = "not_text"
    LOCKED = "locked"
    MACROS = "macros"
    BROKEN = "broken"
    SWOLLEN = "swollen"
    SCAN = "scan"
    PAGES = "pages"
    LONG = "long"
    LARGE = "large"
    HEAVY = "heavy"
    OTHER_OFFICE = "other_office"
    PACKED = "packed"
    SOUND = "sound"
    PICTURE = "picture"
    OLD_OFFICE = "old_office"
    RTF = "rtf"


class Refused(ValueError):
    """No transcript can be made of this file. Holds nothing of its text."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem
