"""Puts the workbench together: the only module that knows every slice."""

from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from workbench import styleguide
from workbench.accounts import access
from workbench.accounts import routes as accounts
from workbench.accounts.access import Permission, may
from workbench.accounts.theme import routes as theme
from workbench.api import routes as api
from workbench.comparison.queries import compared_with
from workbench.comparison.routes import bp as comparison
from workbench.core import db, drawn_once, health, logging, statements, text, web
from workbench.core.answered_before import AnsweredBefore
from workbench.core.settings import Settings
from workbench.core.text import current_language
from workbench.documents.routes import bp as documents
from workbench.documents.story_register import bp as story_register
from workbench.evidence.asking.routes import bp as asking
from workbench.evidence.coverage.routes import bp as coverage
from workbench.evidence.focus.routes import bp as focus
from workbench.evidence.follow_up.routes import bp as follow_up
from workbench.evidence.insight.queries import stories_of_round
from workbench.evidence.insight.routes import bp as insight
from workbench.evidence.looking_over import cards_of_step
from workbench.evidence.measuring.routes import bp as measuring
from workbench.evidence.routes import bp as evidence
from workbench.evidence.telling.routes import bp as telling
from workbench.indicators.area_routes import bp as areas
from workbench.indicators.events.routes import bp as events
from workbench.indicators.routes import bp as indicators
from workbench.knowledge.calendar.routes import bp as calendar
from workbench.knowledge.calendar.routes import feed_bp as calendar_feed
from workbench.knowledge.routes import bp as knowledge
from workbench.monitors import hearing, quoting, voices, waiting
from workbench.monitors import routes as monitors
from workbench.monitors.adopting.routes import bp as adopting
from workbench.monitors.conversation.queries import about_links
from workbench.monitors.conversation.routes import bp as conversation
from workbench.monitors.conversation.signals.routes import bp as signals
from workbench.monitors.exports.routes import bp as exports
from workbench.monitors.figure_door import FigureDocuments
from workbench.monitors.meeting.duo_routes import bp as duo
from workbench.monitors.meeting.routes import bp as meeting
from workbench.monitors.page_door import Pages, Voices
from workbench.monitors.publishing.public_routes import bp as public_monitor
from workbench.monitors.publishing.routes import bp as publishing
from workbench.monitors.shaping_routes import bp as shaping
from workbench.monitors.standing import standing
from workbench.monitors.telling import about_figure, balance_line, stories_lines
from workbench.monitors.three_lines.routes import bp as three_lines
from workbench.rounds.routes import bp as rounds
from workbench.showcase import queries as showcase
from workbench.showcase.adopters.queries import adopted_by, unread
from workbench.showcase.adopters.routes import bp as adopters
from workbench.showcase.arrival.routes import bp as arrival
from workbench.showcase.comparing.routes import bp as comparing_bp
from workbench.showcase.finding.routes import bp as finding_bp
from workbench.showcase.package.routes import bp as package_bp
from workbench.showcase.routes import bp as showcase_bp
from workbench.showcase.updating.routes import bp as updating
from workbench.sources import routes as sources
from workbench.sources.history import source_changes
from workbench.stories.coding.exchange_routes import bp as story_exchange
from workbench.stories.coding.label_routes import bp as story_labels
from workbench.stories.coding.routes import bp as coding
from workbench.stories.narrator import news
from workbench.stories.narrator.collector_routes import bp as narrator_doors
from workbench.stories.narrator.routes import bp as narrator
from workbench.stories.routes import bp as stories
from workbench.stories.taking_in.routes import bp as taking_in
from workbench.stories.taking_in.safe_routes import bp as making_safe
from workbench.stories.taking_in.settings_routes import bp as story_settings
from workbench.stories.taking_in.short_routes import bp as short_answers
from workbench.uploads.routes import bp as uploads
from workbench.vision.choosing.routes import bp as choosing
from workbench.vision.history_routes import bp as history
from workbench.vision.routes import bp as vision
from workbench.vision.step_routes import bp as plan_steps
from workbench.vision.together.queries import newcomers, origin_of
from workbench.vision.together.routes import bp as together
from workbench.workshops.harvest.queries import born_in
from workbench.workshops.harvest.routes import bp as harvest
from workbench.workshops.phone.routes import bp as phone
from workbench.workshops.running.routes import bp as running_workshops
from workbench.workshops.script.announcing_routes import bp as announcing
from workbench.workshops.script.announcing_routes import public_bp as announced
from workbench.workshops.script.queries import workshops as workshops_of_council
from workbench.workshops.script.routes import bp as workshops

YEAR = 365 * 24 * 3600


def create_app(settings: Settings, **config: Any) -> Flask:
    """The web application; `config` overrides Flask's, for tests."""
    logging.configure(development=settings.development)
    app = Flask(__name__, template_folder=str(Path(__file__).parent.parent / "templates"))
    app.extensions["settings"] = settings
    app.extensions["redis"] = health.connect_redis(settings)
    app.url_map.strict_slashes = False
    web.begin_requests(app)
    access.init_app(app)
    db.init_app(app)
    web.init_app(app)
    text.init_app(app)
    drawn_once.init_app(app, standing, hearing.spoken_late)
    statements.init_app(app)
    accounts.init_app(app)
    for blueprint in (
        theme.bp,
        knowledge,
        calendar,
        calendar_feed,
        vision,
        plan_steps,
        history,
        choosing,
        together,
        evidence,
        measuring,
        focus,
        telling,
        insight,
        asking,
        coverage,
        stories,
        narrator,
        narrator_doors,
        taking_in,
        making_safe,
        short_answers,
        story_settings,
        coding,
        story_labels,
        story_exchange,
        follow_up,
        documents,
        story_register,
        indicators,
        areas,
        events,
        uploads,
        sources.bp,
        sources.everywhere,
        comparison,
        monitors.bp,
        shaping,
        three_lines,
        adopting,
        conversation,
        meeting,
        duo,
        signals,
        exports,
        publishing,
        public_monitor,
        rounds,
        showcase_bp,
        finding_bp,
        comparing_bp,
        package_bp,
        arrival,
        updating,
        adopters,
        workshops,
        announcing,
        announced,
        phone,
        running_workshops,
        harvest,
    ):
        app.register_blueprint(blueprint)
    api.init_app(app)
    if settings.development or settings.demo:
        app.register_blueprint(styleguide.bp)
    news.offer(quoting.news_for_narrator)
    waiting.offer(unread)
    # The start page and the pages about figures, rounds and plans also tell what slices above them know.
    app.jinja_env.globals.update(
        house_style=theme.house_style,
        source_changes=source_changes,
        uses_of=monitors.uses_of,
        compared_with=compared_with,
        figure_for=monitors.figure_for,
        said_about=about_links,
        origin_of=origin_of,
        examples_of=showcase.examples_of,
        script_origin=showcase.script_origin,
        adopted_by=adopted_by,
        shared_example=showcase.example,
        newcomers_of=newcomers,
        cards_of_step=cards_of_step,
        balance_line=balance_line,
        stories_lines=lambda item: stories_lines(item, current_language()),
        about_figure=about_figure,
        voice_in=lambda heard, excerpt_id, *kept: voices.from_all(heard, UUID(str(excerpt_id)), *kept),
        stories_of_round=stories_of_round,
        place_of=hearing.place_of,
        born_in=born_in,
        all_workshops=workshops_of_council,
    )
    app.jinja_env.filters.update(
        told_by=lambda voice: voices.told_by(voice, current_language()),
        why_not=lambda voice: voices.why_not(voice, current_language()),
    )
    app.config.update(config)
    app.context_processor(lambda: {"navigation": _navigation()})
    access.check_marks(app)
    return app


def serve_app(settings: Settings) -> Flask:
    """The application behind a web server: static files with gzip and long cache, a door for what was drawn before, one trusted proxy."""
    app = create_app(settings)
    static = WhiteNoise(app.wsgi_app, max_age=YEAR)
    static.add_files(str(web.STATIC), prefix="static/")
    voices_now = Voices(db.lasting_connection, app.jinja_env)
    pages = Pages(drawn_once.addresses(app), db.lasting_connection, voices_now)
    inner = AnsweredBefore(app, static, FigureDocuments(db.lasting_connection), pages)
    app.extensions["door"] = inner
    app.wsgi_app = ProxyFix(inner, x_for=1, x_proto=1) if settings.secure else inner  # type: ignore[method-assign]
    return app


def _navigation() -> list[dict[str, object]]:
    """The menu of a council for the member who is here."""
    if g.get("membership") is None:
        return []
    entries = [
        (_("Begin"), "monitors.home", Permission.VIEW_COUNCIL),
        (_("Traject"), "evidence.plan_list", Permission.READ_PLAN),
        (_("Rondes"), "rounds.index", Permission.READ_ROUNDS),
        (_("Leerateliers"), "workshops.index", Permission.READ_WORKSHOPS),
        (_("Monitor"), "monitors.monitor", Permission.READ_MONITOR),
        (_("Gesprek"), "conversation.index", Permission.READ_CONVERSATION),
        (_("Verhalen"), "coding.index", Permission.READ_STORIES),
        (_("Kalender"), "calendar.index", Permission.READ_CALENDAR),
        (_("Cijfers"), "indicators.index", Permission.READ_CATALOGUE),
        (_("Eigen cijfers"), "uploads.index", Permission.UPLOAD_FIGURES),
        (_("Bronnen"), "sources.index", Permission.READ_SOURCES),
        (_("Leden"), "accounts.members", Permission.MANAGE_MEMBERS),
        (_("Logboek"), "accounts.audit_trail", Permission.READ_AUDIT),
    ]
    current = _current_entry()
    return [
        {"label": label, "href": url_for(endpoint), "current": endpoint == current}
        for label, endpoint, permission in entries
        if may(permission)
    ]


def _current_entry() -> str:
    """Which menu entry the present page belongs to."""
    endpoint = request.endpoint or ""
    if endpoint in ("monitors.plan_monitor", "monitors.monitor"):
        return "monitors.monitor"
    if endpoint in ("accounts.audit_trail", "monitors.home"):
        return endpoint
    blueprint = endpoint.partition(".")[0]
    return {
        "vision": "evidence.plan_list",
        "choosing": "evidence.plan_list",
        "together": "evidence.plan_list",
        "steps": "evidence.plan_list",
        "history": "evidence.plan_list",
        "evidence": "evidence.plan_list",
        "follow_up": "evidence.plan_list",
        "documents": "evidence.plan_list",
        "measuring": "evidence.plan_list",
        "focus": "evidence.plan_list",
        "telling": "evidence.plan_list",
        "insight": "evidence.plan_list",
        "three_lines": "evidence.plan_list",
        "asking": "evidence.plan_list",
        "coverage": "evidence.plan_list",
        "stories": "evidence.plan_list",
        "narrator_doors": "evidence.plan_list",
        "taking_in": "evidence.plan_list",
        "making_safe": "evidence.plan_list",
        "short_answers": "evidence.plan_list",
        "story_settings": "evidence.plan_list",
        "coding": "coding.index",
        "labels": "coding.index",
        "exchange": "coding.index",
        "indicators": "indicators.index",
        "events": "indicators.index",
        "comparison": "monitors.monitor",
        "shaping": "monitors.monitor",
        "meeting": "monitors.monitor",
        "duo": "monitors.monitor",
        "publishing": "monitors.monitor",
        "adopting": "monitors.monitor",
        "areas": "indicators.index",
        "uploads": "uploads.index",
        "conversation": "conversation.index",
        "calendar": "calendar.index",
        "sources": "sources.index",
        "rounds": "rounds.index",
        "workshops": "workshops.index",
        "announcing": "workshops.index",
        "harvest": "workshops.index",
        "showcase": "evidence.plan_list",
        "arrival": "evidence.plan_list",
        "updating": "evidence.plan_list",
        "adopters": "evidence.plan_list",
        "theme": "accounts.members",
        "signals": "accounts.members",
        "accounts": "accounts.members",
    }.get(blueprint, "")
