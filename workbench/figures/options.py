"""What a council chose for one block. Stored as JSON; reading it back checks it."""

from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, TypeAdapter


class TrendOptions(BaseModel):
    """A line through the years, with or without the band of comparable municipalities."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["trend"] = "trend"
    show_band: bool = True


# The second kind makes this Annotated[TrendOptions | ..., Field(discriminator="kind")].
BlockOptions: TypeAlias = TrendOptions

_ADAPTER: TypeAdapter[BlockOptions] = TypeAdapter(BlockOptions)


def parse_options(data: dict[str, Any]) -> BlockOptions:
    """Stored JSON to options. Raises pydantic.ValidationError for an unknown kind or field."""
    return _ADAPTER.validate_python(data)
