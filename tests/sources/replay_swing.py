"""A stand-in for the Open Data Service of Swing, after its manual. See replay.py for its use and its controls.

No recording of the real service is known: every payload here is made up, in the words of the manual.
"""

import re
from typing import Any
from urllib.parse import unquote

from tests.sources.replay import FAULTS, Fault, Handler, Replay, Row

KEY = "geheime-sleutel-van-de-proef"
VARIABLE = "wmo_clienten"
AREAS = {
    "gemeente": {"gemeente_34": "Almere", "gemeente_106": "Assen", "gemeente_758": "Breda"},
    "nederland": {"nederland_1": "Nederland"},
    "wijk": {"wijk_003401": "Almere Haven"},
}
VALUES: dict[tuple[str, str], dict[str, str | None]] = {
    ("gemeente", "2022"): {"gemeente_34": "9310", "gemeente_106": "?", "gemeente_758": "x"},
    ("gemeente", "2023"): {"gemeente_34": "9420,5", "gemeente_106": "-", "gemeente_758": "-99998"},
    ("nederland", "2023"): {"nederland_1": "1182345"},
    ("wijk", "2023"): {"wijk_003401": "1310"},
}
FAULTS |= {"lost_mark"}  # a row without its value
PLACE = re.compile(
    r"/Variables\('(?P<variable>\w+)'\)"
    r"(/GeoLevels\('(?P<level>\w+)'\)/PeriodLevels\('year'\)/Periods(\('(?P<period>\w+)'\)/Values)?)?"
)
ITEMS = re.compile(r"/GeoLevels\('(?P<level>\w+)'\)/GeoItems")


class ReplaySwing(Replay):
    marker = "none"  # no folders: the payloads stand above

    def __init__(self, page_size: int = 100) -> None:
        super().__init__(page_size=page_size)
        self.about: Row = {
            "ExternalCode": VARIABLE,
            "Name": "Cliënten met hulp volgens de Wmo",
            "Description": "Aantal cliënten in het jaar.",
            "Unit": "aantal",
        }
        self.values = {place: dict(cells) for place, cells in VALUES.items()}

    @classmethod
    def handler(cls) -> type[Handler]:
        return HandlerSwing

    @property
    def base_url(self) -> str:
        return f"{self.origin}/ods/odata"

    def page_of(self, path: str, query: str, fault: str) -> Row:
        """Raises KeyError for what is not published."""
        rows: list[Row]
        if path == "/PeriodLevels":
            rows = [{"ExternalCode": "year", "Name": "jaar"}]
        elif found := ITEMS.fullmatch(path):
            rows = [{"ExternalCode": code, "Name": name} for code, name in AREAS[found["level"]].items()]
        else:
            found = PLACE.fullmatch(path)
            if found is None or found["variable"] != VARIABLE:
                raise KeyError(path)
            level, period = found["level"], found["period"]
            if level is None:
                return self.about
            if period is None:
                rows = [{"Period": year} for name, year in self.values if name == level]
                if not rows:
                    raise KeyError(path)
            else:
                rows = [
                    {
                        "ExternalCode": code,
                        "GeoLevel": level,
                        "PeriodLevel": "year",
                        "Period": period,
                        "ValueString": cell,
                    }
                    for code, cell in self.values[level, period].items()
                ]
        return self._cut(path, query, rows, fault)

    def _cut(self, path: str, query: str, rows: list[Row], fault: str) -> Row:
        start = int(dict(part.split("=") for part in query.split("&") if part).get("$skip", 0))
        page: list[dict[str, Any]] = rows[start : start + self.page_size]
        if fault == "empty":
            return {"value": []}
        if fault == "lost_mark":
            page = [{name: cell for name, cell in row.items() if name != "ValueString"} for row in page]
        if fault == "nonsense":
            page = [page[0] | {"ValueString": "veel"}, *page[1:]]
        if fault == "contradiction":
            page = [*page, page[0] | {"ValueString": "1"}]
        answer: Row = {"value": page}
        if start + self.page_size < len(rows) or fault == "wrong_host":
            host = "http://elsewhere.invalid" if fault == "wrong_host" else self.origin
            answer["@odata.nextLink"] = f"{host}/ods/odata{path}?$skip={start + self.page_size}"
        return answer


class HandlerSwing(Handler):
    def respond(self, path: str, query: str, fault: Fault) -> None:
        replay = self.server.replay
        assert isinstance(replay, ReplaySwing)
        if self.headers.get("apikey") != KEY:
            return self._send(401, {"error": {"message": f"no access with {self.headers.get('apikey')}"}})
        place = unquote(path).removeprefix("/ods/odata")
        return self._send(200, replay.page_of(place, query, fault.kind), fault=fault)
