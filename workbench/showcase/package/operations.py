"""Making a package of what is shared, and using one: as an own template, or as the beginning of a plan."""

from typing import Any
from uuid import UUID, uuid5

from flask import current_app
from flask_babel import gettext as _

from workbench.core.language import AMSTERDAM
from workbench.indicators.queries import find_indicators
from workbench.showcase import operations, queries
from workbench.showcase.circles.models import Circle
from workbench.showcase.circles.operations import Opening
from workbench.showcase.content import PlanContent
from workbench.showcase.models import Licence, SharedTemplate, TemplateKind
from workbench.showcase.package import reading
from workbench.showcase.package.reading import Fault, Origin, Refused
from workbench.showcase.queries import Shown
from workbench.vision.models import Plan

Package = reading.Package[PlanContent]
KINDS = frozenset(kind.value for kind in TemplateKind)
KEYS = UUID("0f6b7c1e-0f0d-4c57-8f2f-3b0d9d8c6c11")  # of what came from elsewhere


def installation() -> str:
    return str(current_app.extensions["settings"].base_url).rstrip("/")


def write(shown: Shown) -> bytes:
    """The file, with what everyone who may read this template reads, but for the address to ask questions at."""
    template = shown.template
    return reading.write(
        {
            "format": reading.FORMAT,
            "version": reading.VERSION,
            "kind": template.kind.value,
            "title": template.title,
            "description": template.description,
            "context": template.context,
            "differently": template.differently,
            "licence": template.licence.value if template.licence else None,
            "fictitious": template.fictitious,
            "origin": {
                "installation": installation(),
                "council": shown.council,
                "key": str(template.id),
                "number": template.number,
                "shared_on": template.shared_at.astimezone(AMSTERDAM).date().isoformat(),
            },
            "content": shown.content.model_dump(mode="json"),
        }
    )


def read(data: bytes) -> Package:
    """Raises: Refused."""
    package = reading.read(data, PlanContent, KINDS)
    if package.licence is not None and package.licence not in set(Licence):
        raise Refused(Fault.FIELD, "licence")
    if package.kind == TemplateKind.PLAN and not package.content.values:
        raise Refused(Fault.EMPTY)
    return package


def unknown_here(content: PlanContent) -> list[str]:
    """The names of what this installation does not know; a figure among them becomes a request."""
    names = queries.names_in(content)
    figures = [figure for goal in content.goals for figure in goal.figures if figure.indicator]
    known = find_indicators({str(figure.indicator) for figure in figures})
    missing = [_("cijfer: %(name)s", name=item.name) for item in figures if item.indicator not in known]
    for goal in content.goals:
        missing += [_("wet: %(name)s", name=slug) for slug in goal.laws if slug not in names.laws]
        for item in goal.moments:
            if item.moment not in names.moments:
                missing.append(_("moment: %(name)s", name=item.moment))
            if item.instrument and item.instrument not in names.instruments:
                missing.append(_("middel: %(name)s", name=item.instrument))
    missing += [
        _("vraag: %(name)s", name=answer.question)
        for answer in content.answers
        if answer.question not in names.questions
    ]
    return list(dict.fromkeys(missing))


def key_of(origin: Origin) -> UUID:
    """What a template from elsewhere is known by here. What went out and comes back keeps its key."""
    if origin.installation == installation():
        return origin.key
    return uuid5(KEYS, f"{origin.installation} {origin.key}")


def keep(package: Package, title: str) -> SharedTemplate:
    """As a template that only the own council reads; the same package twice changes nothing."""
    origin = package.origin
    kind = TemplateKind(package.kind)
    subject = (kind, uuid5(KEYS, str(key_of(origin))))
    came_from = _(
        "Uit een pakket van %(council)s, versie %(number)s, gedeeld op %(address)s.",
        council=origin.council,
        number=origin.number,
        address=origin.installation,
    )
    texts = {
        "title": title,
        "description": package.description,
        "context": f"{came_from}\n\n{package.context}".strip(),
        "differently": package.differently,
        "contact": "",
    }
    kept = queries.find_template(*subject)
    same_content = kept and kept.is_shared and kept.content == package.content.model_dump(mode="json")
    if kept and same_content and all(getattr(kept, name) == text for name, text in texts.items()):
        return kept
    template = operations.share(
        None,
        package.content,
        fictitious=package.fictitious,
        subject=subject,
        opening=Opening(circle=Circle.OWN),
        changed="",
        licence=Licence.CC0,
        **texts,
    )
    template.licence = Licence(package.licence) if package.licence else None
    return template


def begin(package: Package, title: str, by: UUID | None, *, once_more: bool) -> Plan:
    """A plan with all of it at hand and nothing taken over. Raises: CopiedBefore."""
    about: dict[str, Any] = package.model_dump(include={"title", "fictitious"})
    template = SharedTemplate(
        id=key_of(package.origin),
        number=package.origin.number,
        kind=TemplateKind(package.kind),
        content=package.content.model_dump(mode="json"),
        **about,
    )
    shown = Shown(template, package.origin.council, package.content)
    is_foreign = package.origin.installation != installation()
    return operations.copy(shown, title, by, once_more=once_more, in_package=is_foreign)
