"""What residents read: the page, its figures, one block for another website, and the picture beside a link.

Open to everyone, without cookies. Everything is asked of PostgreSQL at every request and nothing is remembered: what is
revoked is gone with the next request, also for caches, that must ask each time.
"""

import gzip
import hashlib
from uuid import UUID

from flask import Blueprint, Response, current_app, g, request, url_for
from flask.typing import ResponseReturnValue

from workbench.core.language import LANGUAGES
from workbench.core.settings import Settings
from workbench.core.web import public
from workbench.monitors.contents import GoalWords, MonitorWords
from workbench.monitors.hearing import hear
from workbench.monitors.publishing import pages, queries
from workbench.monitors.publishing.queries import Open
from workbench.monitors.voices import Voice
from workbench.stories.kept.visibility import Audience

bp = Blueprint("public_monitor", __name__, url_prefix="/<council>/monitor/openbaar")


@bp.before_request
def as_a_visitor() -> None:
    """Whoever comes, with an account or not, is a visitor here; the language stands in the address."""
    asked = request.args.get("taal", "nl")
    g.language = asked if asked in LANGUAGES else "nl"
    g.without_cookies = True


@bp.get("")
@public
def show() -> ResponseReturnValue:
    found = queries.open_to_all(g.get("council_slug"), g.language)
    if found is None:
        return _gone()
    style = _style_key(found)
    slug = found.council.slug
    html = pages.draw(
        "publishing/public.html",
        g.language,
        **resident_values(found.words, slug, g.language),
        draw=pages.drawing(found.words, pages.chart_address(slug, g.language), _heard(found.words)),
        published_at=found.publication.published_at,
        quiet_until=found.settings.quiet_until if found.is_quiet else None,
        og=_open_graph(found),
        style_key=style,
    )
    return _kept(Response(html, mimetype="text/html"), found, style)


@bp.get("/blok/<uuid:block_id>")
@public
def block(block_id: UUID) -> ResponseReturnValue:
    """One block by itself, to stand in a page of a website that the council allowed."""
    found = queries.open_to_all(g.get("council_slug"), g.language)
    item = next((item for item in found.words.items if item.id == block_id), None) if found else None
    if found is None or item is None or isinstance(item, GoalWords):
        return _gone()
    style = _style_key(found)
    slug = found.council.slug
    alone = found.words.model_copy(
        update={"sections": (found.words.sections[0].model_copy(update={"items": (item,)}),)}
    )
    html = pages.draw(
        "publishing/block.html",
        g.language,
        item=item,
        words=found.words,
        draw=pages.drawing(found.words, pages.chart_address(slug, g.language), _heard(alone)),
        page_address=pages.page_address(slug, g.language, external=True),
        published_at=found.publication.published_at,
        style_key=style,
    )
    return _kept(Response(html, mimetype="text/html"), found, style, ancestors=found.settings.hosts)


@bp.get("/figuren/<uuid:block_id>.json")
@public
def chart(block_id: UUID) -> ResponseReturnValue:
    """The chart of a figure as it was published."""
    found = queries.open_chart(g.get("council_slug"), block_id, g.language)
    if found is None:
        return _gone()
    response = Response(mimetype="application/json")
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(found.version)
    if request.if_none_match.contains(found.version):
        response.status_code = 304
    elif request.accept_encodings["gzip"]:
        response.data = found.chart
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.data = gzip.decompress(found.chart)
    return response


@bp.get("/beeld.png")
@public
def picture() -> ResponseReturnValue:
    found = queries.open_picture(g.get("council_slug"), g.language)
    if found is None:
        return _gone()
    response = Response(found, mimetype="image/png")
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    return response.make_conditional(request)


def _gone() -> ResponseReturnValue:
    """The same, whether there is no such council, nothing was published, or it was revoked."""
    return Response(pages.draw("publishing/gone.html", g.language), mimetype="text/html", status=404)


def resident_values(words: MonitorWords, slug: str, language: str) -> dict[str, object]:
    """What the page needs, published or looked at beforehand."""
    return {
        "words": words,
        "has_charts": any(figure.svg and figure.version for figure in words.figures),
        "other_language": pages.page_address(slug, "en" if language == "nl" else "nl"),
    }


def _heard(words: MonitorWords) -> dict[UUID, Voice]:
    """The voices on this page, as a visitor may hear them at this moment; PostgreSQL shows no others through the door."""
    return hear(words.excerpt_ids, Audience.PUBLIC)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _open_graph(found: Open) -> dict[str, str]:
    """What other websites show beside a link to this page. Without a request's host: the address is ours."""
    base = _settings().base_url.rstrip("/")
    slug, language = found.council.slug, g.language
    values = {"url": base + pages.page_address(slug, language), "locale": pages.TERRITORIES[language]}
    if found.has_picture:
        taal = language if language != "nl" else None
        values["image"] = base + url_for(
            "public_monitor.picture", council=slug, v=str(found.publication.id)[:8], taal=taal
        )
    return values


def _style_key(found: Open) -> str:
    """Lets BokehJS make its styles. The same for as long as the page is the same, so that a cache may keep both; no
    script runs by it.
    """
    return hashlib.sha256(f"{found.publication.id} {g.language}".encode()).hexdigest()[:24]


def _kept(
    response: Response, found: Open, style: str, *, ancestors: list[str] | None = None
) -> ResponseReturnValue:
    """With the policy of a page for everyone, and a tag by which a cache asks whether it still holds."""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{style}'; img-src 'self' data:;"
        " font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none';"
        " frame-ancestors " + " ".join(ancestors or ["'none'"])
    )
    response.headers["Cache-Control"] = "public, no-cache"
    if found.council.is_demo:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.add_etag()
    return response.make_conditional(request)
