"""How long the files of a monitor with 40 figures take to make, in seconds."""

import time
from collections.abc import Iterator

from tests.monitors.test_export_files import figure, monitor, sheet
from workbench.monitors.contents import to_json
from workbench.monitors.exports.models import OF_A_FIGURE, OF_A_MONITOR, ON_ONE_SHEET
from workbench.monitors.exports.writing import write

FIGURES = 40


def measure() -> Iterator[str]:
    words = monitor(*(figure(f"Cijfer {place}") for place in range(FIGURES)))
    one_sheet = sheet(30, "Hulp in de buurt, zo dichtbij als het kan. " * 4)
    for form in (*OF_A_MONITOR, *OF_A_FIGURE):
        content = to_json(one_sheet if form in ON_ONE_SHEET else words)
        began = time.perf_counter()
        file = write(form, content, words.figures[0].id)
        yield f"{form}: {time.perf_counter() - began:.2f} s, {len(file) / 1000:,.0f} kB"
