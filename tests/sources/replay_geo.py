"""A stand-in for the national geo service (WFS 2.0, GeoJSON). See replay.py for its use and its controls.

No recording of the service itself is at hand: the features are made up, in the form that its users describe.
"""

from typing import Any
from urllib.parse import parse_qs

from tests.sources.replay import Fault, Handler, Replay, Row

LAYERS = {"gebiedsindelingen:gemeente_gegeneraliseerd": "GM", "gebiedsindelingen:wijk_gegeneraliseerd": "WK"}


def square(code: str, column: int, row: int) -> Row:
    """A tile of a kilometre, in metres of the Dutch grid."""
    left, low = 100_000 + 1000 * column, 400_000 + 1000 * row
    ring = [[left, low], [left + 1000, low], [left + 1000, low + 1000], [left, low + 1000], [left, low]]
    return {
        "type": "Feature",
        "properties": {"statcode": code, "statnaam": f"Gebied {code}", "jrstatcode": f"2025{code}"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


class ReplayGeo(Replay):
    marker = "none"  # no folders: the features are made here

    def __init__(self, codes: list[str], years: tuple[str, ...] = ("2025",)) -> None:
        super().__init__(page_size=1000)
        self.years = years
        self.features = [square(code, *divmod(index, 40)) for index, code in enumerate(codes)]

    @classmethod
    def handler(cls) -> type[Handler]:
        return HandlerGeo

    @property
    def base_url(self) -> str:
        return f"{self.origin}/cbs/gebiedsindelingen"

    def page_of(self, path: str, options: dict[str, str], fault: str) -> Row:
        """Raises KeyError for what is not published."""
        year, _slash, rest = path.removeprefix("/cbs/gebiedsindelingen/").partition("/")
        if rest != "wfs/v1_0" or year not in self.years:
            raise KeyError(path)
        letters = LAYERS[options["typeNames"]]
        layer = [item for item in self.features if item["properties"]["statcode"].startswith(letters)]
        start = int(options["startIndex"])
        page: list[Any] = layer[start : start + int(options["count"])]
        if fault == "empty":
            page = []
        if fault == "nonsense":
            page = [page[0] | {"geometry": {"type": "Polygon", "coordinates": [[["x", "y"]]]}}, *page[1:]]
        if fault == "lost_column":
            return {"type": "FeatureCollection", "numberMatched": len(layer)}
        return {"type": "FeatureCollection", "numberMatched": len(layer), "features": page}


class HandlerGeo(Handler):
    def respond(self, path: str, query: str, fault: Fault) -> None:
        replay = self.server.replay
        assert isinstance(replay, ReplayGeo)
        if fault.kind == "wrong_host":
            return self._send(302, "", {"Location": "http://elsewhere.invalid/"})
        options = {name: values[-1] for name, values in parse_qs(query).items()}
        return self._send(200, replay.page_of(path, options, fault.kind), fault=fault)
