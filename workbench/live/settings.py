"""What the live service needs to know; the same variables as elsewhere, and none of a database."""

from urllib.parse import urlsplit

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class LiveSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="WORKBENCH_", extra="ignore", frozen=True)

    redis_url: str
    secret_key: SecretStr
    base_url: str = "http://127.0.0.1:8000"

    @property
    def origin(self) -> str:
        """Of the pages that may listen."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"
