"""Aim and signal limit in words: where the newest figure lies, never whether that is good."""

from workbench.core.language import Language
from workbench.figures.frame import TrendFrame
from workbench.figures.targets import Aim, Limit, Wish
from workbench.figures.words import Measured, Note, movement, short_text, value_text, when


def aim_label(language: Language) -> str:
    return language.gettext("streefwaarde")


def limit_label(language: Language) -> str:
    return language.gettext("signaalgrens")


def limit_text(limit: Limit, frame: Measured, language: Language) -> str:
    """'boven € 3.000'."""
    value = short_text(limit.value, frame.unit, frame.decimals, language)
    if limit.side == "above":
        return language.gettext("boven %(value)s", value=value)
    return language.gettext("onder %(value)s", value=value)


def next_aim(frame: TrendFrame) -> Aim | None:
    """The first aim that is not in the past of the newest figure, else the last one."""
    newest = frame.valued[-1].year if frame.valued else float("-inf")
    return next((aim for aim in frame.aims if aim.year >= newest), frame.aims[-1] if frame.aims else None)


def target_sentences(frame: TrendFrame, language: Language) -> list[str]:
    texts = []
    if aim := next_aim(frame):
        texts.append(_aim_sentence(frame, aim, language))
    if frame.limit is not None:
        texts.append(_limit_sentence(frame.limit, frame, language))
    return [*texts, *wish_sentences(frame, language)]


def wish_sentences(frame: TrendFrame, language: Language) -> list[str]:
    """Where the council wants the figure to go, and which way it went; nothing where it did not choose that."""
    wish = frame.wish
    if wish is None:
        return []
    if wish.direction == "band":
        return _band_sentences(wish, frame, language)
    wanted = (
        language.gettext("De raad kiest: hoger is beter.")
        if wish.direction == "up"
        else language.gettext("De raad kiest: lager is beter.")
    )
    alike = frame.comparable_own
    if len(alike) < 2:
        return [wanted]
    first, last = alike[0], alike[-1]
    since = when(first, language)
    moved = movement(first.value or 0.0, last.value or 0.0, frame, language)
    if not moved:
        return [wanted, language.gettext("Sinds %(since)s bleef het cijfer ongeveer gelijk.", since=since)]
    if (moved > 0) == (wish.direction == "up"):
        return [wanted, language.gettext("Sinds %(since)s ging het cijfer die kant op.", since=since)]
    return [wanted, language.gettext("Sinds %(since)s ging het cijfer de andere kant op.", since=since)]


def _band_sentences(wish: Wish, frame: TrendFrame, language: Language) -> list[str]:
    low, high = wish.low or 0.0, wish.high or 0.0
    texts = [
        language.gettext(
            "De raad kiest: tussen %(low)s en %(high)s is goed.",
            low=short_text(low, frame.unit, frame.decimals, language),
            high=short_text(high, frame.unit, frame.decimals, language),
        )
    ]
    if not frame.valued:
        return texts
    newest, value = when(frame.valued[-1], language), frame.valued[-1].value or 0.0
    if value < low:
        texts.append(language.gettext("Het cijfer over %(newest)s ligt daaronder.", newest=newest))
    elif value > high:
        texts.append(language.gettext("Het cijfer over %(newest)s ligt daarboven.", newest=newest))
    else:
        texts.append(language.gettext("Het cijfer over %(newest)s ligt daartussen.", newest=newest))
    return texts


def wish_notes(frame: TrendFrame, language: Language) -> list[Note]:
    """Why the council wants that, in its own words."""
    if frame.wish is None or not frame.wish.reason:
        return []
    text = language.gettext("Waarom de raad dit kiest: %(reason)s", reason=frame.wish.reason)
    return [Note(kind="reading", text=text)]


def _aim_sentence(frame: TrendFrame, aim: Aim, language: Language) -> str:
    facts = {
        "period": when(aim, language),
        "aim": value_text(aim.value, frame.unit, frame.decimals, language),
        "newest": when(frame.valued[-1], language) if frame.valued else "",
    }
    newest = frame.valued[-1].value if frame.valued else None
    if newest is None:
        return language.gettext("De streefwaarde voor %(period)s is %(aim)s.", **facts)
    if _shown_equal(newest, aim.value, frame, language):
        return language.gettext(
            "De streefwaarde voor %(period)s is %(aim)s. Het cijfer over %(newest)s is daaraan gelijk.",
            **facts,
        )
    if newest > aim.value:
        return language.gettext(
            "De streefwaarde voor %(period)s is %(aim)s. Het cijfer over %(newest)s ligt daarboven.", **facts
        )
    return language.gettext(
        "De streefwaarde voor %(period)s is %(aim)s. Het cijfer over %(newest)s ligt daaronder.", **facts
    )


def _limit_sentence(limit: Limit, frame: TrendFrame, language: Language) -> str:
    where = limit_text(limit, frame, language)
    newest = frame.valued[-1] if frame.valued else None
    if newest is None or newest.value is None:
        return language.gettext("De signaalgrens ligt %(where)s.", where=where)
    facts = {"where": where, "newest": when(newest, language)}
    if limit.is_passed_by(newest.value):
        return language.gettext(
            "De signaalgrens ligt %(where)s. Het cijfer over %(newest)s is die grens voorbij.", **facts
        )
    return language.gettext(
        "De signaalgrens ligt %(where)s. Het cijfer over %(newest)s is die grens niet voorbij.", **facts
    )


def _shown_equal(one: float, other: float, frame: TrendFrame, language: Language) -> bool:
    texts = {short_text(value, frame.unit, frame.decimals, language) for value in (one, other)}
    return len(texts) == 1
