"""How much of what says who somebody is is found in two sets of thirty texts, and how long a story takes.

Recall: found whole and with its kind. Precision: the proposal is about something that was marked. The hold-out texts
were written with the others and not looked at while the rules were tuned. The fresh set is harder and was written by
somebody who had not seen the rules: before they were mended for its first half, 0.82 of the direct identifiers and 0.72
of all were found there, and 0.87 and 0.71 in its hold-out half.
"""

import time
from collections.abc import Iterator

from tests.stories.pseudonyms.marked import FRESH, TEXTS, tally, texts
from workbench.stories.pseudonyms import find

WORDS = 1500  # a long story


def measure() -> Iterator[str]:
    for file, name in ((TEXTS, "first"), (FRESH, "fresh")):
        for hold_out in (False, True):
            marked = [one for one in texts(file) if one.hold_out is hold_out]
            yield f"{len(marked)} {name} texts, {'hold-out' if hold_out else 'the rules were tuned on them'}"
            for line in tally(marked, find).lines():
                yield "  " + line
    words = " ".join(one.text for one in texts()).split(" ")[:WORDS]
    spent = []
    for _ in range(5):
        begun = time.perf_counter()
        find(" ".join(words))
        spent.append(time.perf_counter() - begun)
    yield f"a story of {WORDS} words: {sorted(spent)[2] * 1000:.0f} ms"
