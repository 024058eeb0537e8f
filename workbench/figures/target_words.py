"""Aim and signal limit in words: where the newest figure lies, never whether that is good."""

from workbench.core.language import Language
from workbench.figures.frame import TrendFrame
from workbench.figures.targets import Aim, Limit
from workbench.figures.words import Measured, short_text, value_text, when


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
    return texts


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
