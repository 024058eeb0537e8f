"""The bundled figures as a recorded CBS table, so that a refresh of everything they cover can be replayed."""

import json
import shutil
from pathlib import Path
from typing import Any

from seeds import read
from tests.sources.replay import PAYLOADS

TABLE = "03759ned"


def record(folder: Path) -> Path:
    """Write the table below `folder`; gives the folder to replay."""
    target = folder / TABLE
    shutil.copytree(PAYLOADS / TABLE, target)
    _change(
        target / "properties.json", lambda facts: facts | {"Title": "Bevolking op 1 januari en gemiddeld"}
    )
    files = [file for file in read.figures() if file.key[:2] == ("cbs-v4", TABLE) and file.computed is None]
    observations = [
        {
            "Measure": file.measure,
            "ValueAttribute": "None",
            "Value": figure.value,
            "StringValue": None,
            "BurgerlijkeStaat": "T001019",
            "Geslacht": "T001038",
            "Leeftijd": "10000",
            "RegioS": figure.area,
            "Perioden": figure.period,
        }
        for file in files
        for figure in file.rows()
    ]
    numbered = [{"Id": number, **row} for number, row in enumerate(observations)]
    _change(target / "observations-page-1.json", lambda page: page | {"value": numbered})
    names = {area.code: area.name for area in read.areas()}
    regions = [
        {
            "Identifier": code,
            "Index": index,
            "Title": names[code],
            "Description": "",
            "DimensionGroupId": None,
        }
        for index, code in enumerate(sorted({row["RegioS"] for row in observations}))
    ]
    _change(target / "codes-RegioS.json", lambda page: page | {"value": regions})
    return folder


def _change(file: Path, change: Any) -> None:
    file.write_text(json.dumps(change(json.loads(file.read_text("utf-8")))), "utf-8")
