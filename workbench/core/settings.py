"""Everything that differs between installations, read from WORKBENCH_* once at start."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from workbench.core.errors import WorkbenchError


class SettingsMissing(WorkbenchError):
    """One or more settings are missing or wrong; the sentence names them all."""


class Settings(BaseSettings):
    """Settings of one process. Secrets have no default."""

    model_config = SettingsConfigDict(env_prefix="WORKBENCH_", extra="ignore", frozen=True)

    database_url: str  # role `web`
    platform_database_url: str | None = None  # role `platform`: worker and operator's commands
    owner_database_url: str | None = None  # role `owner`: migrations
    backup_database_url: str | None = None  # role `backup`
    redis_url: str
    secret_key: SecretStr
    story_key: SecretStr | None = None  # under it stands the key of every story; without it none can come in
    base_url: str = "http://127.0.0.1:8000"
    live_url: str = ""  # of the live service, as browsers reach it; empty: screens ask every few seconds
    home: Path = Path("var")
    smtp_url: str | None = None  # smtp://user:password@host:port; without it mail becomes files
    mail_from: str = "Monitorwerkbank <noreply@monitorwerkbank.example>"
    cbs_v4_url: str = "https://datasets.cbs.nl/odata/v1/CBS"
    cbs_v3_url: str = "https://opendata.cbs.nl"
    dataderden_url: str = "https://dataderden.cbs.nl"
    swing_url: str | None = None  # with swing_key: the Open Data Service of Waarstaatjegemeente
    swing_key: SecretStr | None = None
    geo_url: str = "https://service.pdok.nl/cbs/gebiedsindelingen"  # empty: off
    contact: str = "beheer@monitorwerkbank.example"  # in the User-Agent of every request to a source
    force_ipv4: bool = False
    source_pause: float = 1.0  # seconds between two requests to a source: fair use
    operator_port: int = 9000
    demo: bool = False
    development: bool = False

    @classmethod
    def load(cls, **values: object) -> Self:
        """Read the environment; all missing or wrong settings are named at once."""
        try:
            return cls(**values)  # type: ignore[arg-type]
        except ValidationError as error:
            names = ", ".join(f"WORKBENCH_{'_'.join(map(str, e['loc'])).upper()}" for e in error.errors())
            raise SettingsMissing(f"Missing or wrong settings: {names}. See .env.example.") from None

    @property
    def secure(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def celery_redis_url(self) -> str:
        """The same Redis, as Celery writes it."""
        return self.redis_url.replace("unix://", "redis+socket://", 1)

    @property
    def limits_redis_url(self) -> str:
        """The same Redis, as the rate limiter writes it."""
        return self.redis_url.replace("unix://", "redis+unix://", 1)
