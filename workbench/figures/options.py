"""What a council chose for one block. Stored as JSON; reading it back checks it."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Options(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TrendOptions(_Options):
    """A line through the years, with or without the band of comparable municipalities."""

    kind: Literal["trend"] = "trend"
    show_band: bool = True


class StripOptions(_Options):
    """The own place among comparable municipalities."""

    kind: Literal["strip"] = "strip"


class BulletOptions(_Options):
    """The newest figure against what the council set, with or without the middle half of others."""

    kind: Literal["bullet"] = "bullet"
    show_band: bool = True


class BeforeAfterOptions(_Options):
    """Two periods (CBS codes); empty: the oldest and the newest that can be compared."""

    kind: Literal["before_after"] = "before_after"
    show_band: bool = True
    first: str = ""
    last: str = ""


class MultiplesOptions(_Options):
    """Small lines for areas or groups, on one scale or each on its own."""

    kind: Literal["multiples"] = "multiples"
    same_scale: bool = True


class HeatOptions(_Options):
    """Periods by areas, groups or parts, or by the figures of one goal; with or without shades."""

    kind: Literal["heat"] = "heat"
    rows: Literal["areas", "goal"] = "areas"
    shade: bool = True


class CompositionOptions(_Options):
    """Parts of a whole through time."""

    kind: Literal["composition"] = "composition"


class StackingOptions(_Options):
    """Combinations of provisions."""

    kind: Literal["stacking"] = "stacking"


class RelationOptions(_Options):
    """Two figures of the same municipalities. `other`: the link of the second one; empty: the first of the same plan."""

    kind: Literal["relation"] = "relation"
    other: str = ""


class MoneyOptions(_Options):
    """Money above its outcome. `spending`: slug of what was spent; empty: what stands with the same goal, else all."""

    kind: Literal["money"] = "money"
    show_band: bool = True
    spending: str = ""


class MapOptions(_Options):
    """All municipalities in tints; only the own one can be found."""

    kind: Literal["map"] = "map"


class DistrictsOptions(_Options):
    """The own districts in tints."""

    kind: Literal["districts"] = "districts"


BlockOptions: TypeAlias = Annotated[
    TrendOptions
    | StripOptions
    | BulletOptions
    | BeforeAfterOptions
    | MultiplesOptions
    | HeatOptions
    | CompositionOptions
    | StackingOptions
    | RelationOptions
    | MoneyOptions
    | MapOptions
    | DistrictsOptions,
    Field(discriminator="kind"),
]

_ADAPTER: TypeAdapter[BlockOptions] = TypeAdapter(BlockOptions)


def parse_options(data: dict[str, Any]) -> BlockOptions:
    """Stored JSON to options. Raises pydantic.ValidationError for an unknown kind or field."""
    return _ADAPTER.validate_python(data)
