"""Figures for the operator."""

import httpx
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tasks import metrics
from tests.bench.network import free_port
from workbench.core.db import db
from workbench.core.mail import send_mail


def test_the_operator_reads_runs_sources_mail_and_jobs(app: Flask, session: Session) -> None:
    send_mail("iemand@almere.example", "Onderwerp", "Tekst")
    db.commit()
    text = "\n".join(
        f"{sample.name}{sample.labels} {sample.value}"
        for family in metrics._Installation(app).collect()
        for sample in family.samples
    )
    assert "workbench_mail_waiting{} 1" in text
    assert "workbench_refresh_runs{'state': 'failed'} 0" in text
    assert "workbench_jobs_waiting{} 0" in text
    assert "almere" not in text


def test_metrics_are_served_on_loopback_and_a_taken_port_stops_nothing(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics._Installation, "collect", lambda _self: iter(()))
    port = free_port()
    metrics.serve(app, port)
    assert httpx.get(f"http://127.0.0.1:{port}/metrics").status_code == 200
    metrics.serve(app, port)
