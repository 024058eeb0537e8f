"""Settings are read once, and all that is missing is named at once."""

import pytest

from workbench.core.settings import Settings, SettingsMissing

NEEDED = {
    "database_url": "postgresql+psycopg://web@/x",
    "redis_url": "unix:///run/redis.sock",
    "secret_key": "geheim",
}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("WORKBENCH_"):
            monkeypatch.delenv(name)


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsMissing) as caught:
        Settings.load(source_pause="snel")
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SOURCE_PAUSE"):
        assert f"WORKBENCH_{name}" in str(caught.value)
    assert "snel" not in str(caught.value)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (NEEDED | {"source_pause": "2.5", "demo": "true"}).items():
        monkeypatch.setenv(f"WORKBENCH_{name.upper()}", value)
    settings = Settings.load()
    assert (settings.source_pause, settings.demo, settings.smtp_url) == (2.5, True, None)


def test_the_secret_key_does_not_show() -> None:
    assert "geheim" not in repr(Settings.load(**NEEDED))


@pytest.mark.parametrize(
    ("url", "secure"), [("https://werkbank.example", True), ("http://127.0.0.1:8000", False)]
)
def test_cookies_are_secure_when_the_address_is(url: str, secure: bool) -> None:
    assert Settings.load(**NEEDED, base_url=url).secure is secure


def test_one_redis_is_written_three_ways() -> None:
    settings = Settings.load(**NEEDED)
    assert settings.celery_redis_url == "redis+socket:///run/redis.sock"
    assert settings.limits_redis_url == "redis+unix:///run/redis.sock"
    assert (
        Settings.load(**NEEDED | {"redis_url": "redis://redis:6379/0"}).celery_redis_url
        == "redis://redis:6379/0"
    )
