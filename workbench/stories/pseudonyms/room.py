"""Which stretches of a text are taken already."""

from bisect import bisect_right, insort


class Room:
    """Stretches that do not overlap, in order."""

    def __init__(self) -> None:
        self._taken: list[tuple[int, int]] = []

    def takes(self, start: int, end: int) -> bool:
        """Take this stretch, unless it is empty or touches what was taken before."""
        place = bisect_right(self._taken, (start, start))
        before_it = place and self._taken[place - 1][1] > start
        behind_it = place < len(self._taken) and self._taken[place][0] < end
        if start >= end or before_it or behind_it:
            return False
        insort(self._taken, (start, end))
        return True
