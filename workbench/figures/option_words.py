"""What a council can choose for a view, in plain words: for the form that asks it."""

from typing import NamedTuple

from workbench.core.language import Language


class Question(NamedTuple):
    """One option: the field of the options, what it is called, and what it does."""

    field: str
    label: str
    hint: str


def questions(kind: str, language: Language) -> list[Question]:
    """Empty for a view that has nothing to choose."""
    band = Question(
        "show_band",
        language.gettext("Laat vergelijkbare gemeenten zien"),
        language.gettext("Dan staat de middelste helft van vergelijkbare gemeenten erbij, zonder namen."),
    )
    found = {
        "trend": [band],
        "bullet": [band],
        "before_after": [
            band,
            Question(
                "first",
                language.gettext("Toen"),
                language.gettext("Leeg: de oudste periode die te vergelijken is met nu."),
            ),
            Question("last", language.gettext("Nu"), language.gettext("Leeg: de nieuwste periode.")),
        ],
        "multiples": [
            Question(
                "same_scale",
                language.gettext("Alle kleine grafieken op dezelfde schaal"),
                language.gettext("Dan kunt u de hoogtes vergelijken. Zonder dit ziet u vooral de vorm."),
            )
        ],
        "relation": [
            Question(
                "other",
                language.gettext("Naast welk cijfer?"),
                language.gettext(
                    "Een ander cijfer van dit traject. Dat twee cijfers samengaan, is geen oorzaak."
                ),
            )
        ],
        "money": [
            band,
            Question(
                "spending",
                language.gettext("Welk geld staat ernaast?"),
                language.gettext("Uitgaven per inwoner, volgens de jaarrekening of de begroting."),
            ),
        ],
        "heat": [
            Question(
                "rows",
                language.gettext("Wat staat er onder elkaar?"),
                language.gettext(
                    "Cijfers bij hetzelfde doel staan er alleen bij als zij dezelfde eenheid hebben."
                ),
            ),
            Question(
                "shade",
                language.gettext("Geef de vakjes een tint"),
                language.gettext("Hoe hoger het getal, hoe donkerder. Het getal staat er altijd bij."),
            ),
        ],
    }
    return found.get(kind, [])
