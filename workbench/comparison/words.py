"""Why municipalities are comparable, in words."""

from datetime import datetime

from workbench.comparison.models import ComparisonGroup
from workbench.core.language import Language
from workbench.indicators.compare import (
    FEWEST,
    INHABITANTS,
    SHARES,
    URBANITY,
    Group,
    Kind,
    Municipality,
    size_class,
)


def group_name(decision: ComparisonGroup | None, language: Language) -> str:
    """'vergelijking: groep 2, gekozen op 3 mei 2026'."""
    if decision is None:
        return language.gettext("vergelijking: standaardgroep van de werkbank")
    return language.gettext(
        "vergelijking: groep %(number)s, gekozen op %(date)s",
        number=decision.number,
        date=language.date(decision.decided_at),
    )


def standing(kind: Kind, decided_at: datetime | None, language: Language) -> str:
    """Which group the band shows, and since when: 'De band toont … Zo vergelijkt de raad sinds 3 mei 2026.'"""
    named = {
        Kind.SIZE: language.gettext("De band toont gemeenten met ongeveer evenveel inwoners."),
        Kind.PROVINCE: language.gettext("De band toont de andere gemeenten in onze provincie."),
        Kind.URBANITY: language.gettext("De band toont gemeenten die even stedelijk zijn."),
        Kind.PROFILE: language.gettext("De band toont gemeenten met een bevolking die op de onze lijkt."),
        Kind.CHOSEN: language.gettext("De band toont gemeenten die de raad zelf koos."),
    }[kind]
    if decided_at is None:
        since = language.gettext("De raad koos nog niets; dit doet de werkbank vanzelf.")
    else:
        since = language.gettext("Zo vergelijkt de raad sinds %(day)s.", day=language.date(decided_at))
    return f"{named} {since}"


def because(
    kind: Kind, own: Municipality, group: Group, names: dict[str, str], language: Language
) -> str | None:
    """'150.000 inwoners of meer, 21 gemeenten'; None without a group. `names`: of areas, by code."""
    if group.lacking:
        return None
    count = language.ngettext("%(num)d gemeente", "%(num)d gemeenten", len(group.members))
    return f"{_shared(kind, own, names, language)}, {count}"


def _shared(kind: Kind, own: Municipality, names: dict[str, str], language: Language) -> str:
    match kind:
        case Kind.SIZE:
            return _size(own, language)
        case Kind.PROVINCE:
            province = own.province or ""
            return language.gettext("ook in de provincie %(name)s", name=names.get(province, province))
        case Kind.URBANITY:
            return language.gettext("ook %(urbanity)s", urbanity=urbanity(own.figures[URBANITY], language))
        case Kind.PROFILE:
            return language.gettext("de bevolking lijkt het meest op de onze")
        case Kind.CHOSEN:
            return language.gettext("de raad koos deze gemeenten zelf")


def _size(own: Municipality, language: Language) -> str:
    size = size_class(own.figures[INHABITANTS])
    if size.high is None:
        return language.gettext("%(low)s inwoners of meer", low=language.number(size.low))
    if size.low == 0:
        return language.gettext("minder dan %(high)s inwoners", high=language.number(size.high))
    return language.gettext(
        "%(low)s tot %(high)s inwoners", low=language.number(size.low), high=language.number(size.high)
    )


def urbanity(figure: float, language: Language) -> str:
    """The five classes of Statistics Netherlands."""
    names = {
        1: language.gettext("zeer sterk stedelijk"),
        2: language.gettext("sterk stedelijk"),
        3: language.gettext("matig stedelijk"),
        4: language.gettext("weinig stedelijk"),
        5: language.gettext("niet stedelijk"),
    }
    return names.get(round(figure), language.gettext("in dezelfde klasse van stedelijkheid"))


def why_not(area: str, group: Group, language: Language) -> str | None:
    """Why there is nothing to compare with; None when there is."""
    if group.lacking:
        return language.gettext(
            "Er is geen vergelijking: van %(area)s is niet bekend: %(lacking)s.",
            area=area,
            lacking=", ".join(_lacking(item, language) for item in group.lacking),
        )
    if not group.is_enough:
        return language.ngettext(
            "Er is geen vergelijking: er is %(num)d vergelijkbare gemeente. Onder de %(fewest)d zou een enkele"
            " gemeente te herkennen zijn.",
            "Er is geen vergelijking: er zijn %(num)d vergelijkbare gemeenten. Onder de %(fewest)d zou een enkele"
            " gemeente te herkennen zijn.",
            len(group.members),
            fewest=FEWEST,
        )
    return None


def _lacking(item: str, language: Language) -> str:
    young, old, alone = SHARES
    return {
        INHABITANTS: language.gettext("het aantal inwoners"),
        URBANITY: language.gettext("de stedelijkheid"),
        young: language.gettext("het aandeel inwoners tot 15 jaar"),
        old: language.gettext("het aandeel inwoners van 65 jaar en ouder"),
        alone: language.gettext("het aandeel huishoudens van één persoon"),
    }.get(item, language.gettext("de provincie"))
