"""What every visitor may read."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.client import Client
from tests.factories import Cast


@pytest.mark.parametrize(
    ("address", "title"), [("/toegankelijkheid", "Toegankelijkheid"), ("/privacy", "Privacy")]
)
def test_everyone_reads_the_statement_and_finds_it_from_every_page(
    client: Client, cast: Cast, address: str, title: str
) -> None:
    assert client.page(address).title == title
    assert client.application.extensions["settings"].contact in client.page(address).words
    footer = client.as_(cast["reader"]).page("/almere").soup.footer  # type: ignore[union-attr]
    assert title in [link.text for link in footer.select(f'a[href="{address}"]')]  # type: ignore[union-attr]


def test_a_finder_of_a_leak_reads_where_to_report_it_in_a_file_that_is_not_stale(client: Client) -> None:
    answer = client.get("/.well-known/security.txt")
    assert answer.mimetype == "text/plain"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"].startswith("mailto:")
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=366)
    assert fields["Canonical"].endswith("/.well-known/security.txt")
