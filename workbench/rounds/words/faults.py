"""Why an answer does not fit, and what to do."""

from workbench.rounds.methods import Method
from workbench.rounds.methods.base import AnswerRefused, Fault
from workbench.rounds.models import Round
from workbench.rounds.words.speech import _


def fault_sentence(found: Round, refused: AnswerRefused) -> str:
    n = refused.number
    if refused.fault == Fault.TOO_MANY and found.method == Method.DOTS:
        return _("Plak hooguit %(n)s stippen samen. Haal er een paar weg.", n=n)
    if refused.fault == Fault.NOT_HUNDRED and n < 100:
        return _("U hebt %(n)s punten verdeeld. Verdeel er nog %(left)s.", n=n, left=100 - n)
    lowest = 1 if found.method == Method.RANKING else 0
    sentences = {
        Fault.EMPTY: _(
            "U hebt nog niets ingevuld. Weet u het niet? Zet dan een vinkje bij “Ik weet het niet”."
        ),
        Fault.TOO_MANY: _("Kies er hooguit %(n)s. Haal er een paar weg.", n=n),
        Fault.TOO_MANY_ON_ONE: _("Plak hooguit %(n)s stippen bij één mogelijkheid.", n=n),
        Fault.OUT_OF_RANGE: _("Vul hele getallen in van %(low)s tot en met %(n)s.", low=lowest, n=n),
        Fault.NOT_HUNDRED: _("U hebt %(n)s punten verdeeld. Haal er %(over)s weg.", n=n, over=n - 100),
        Fault.REASON_NEEDED: _(
            "Schrijf op wat uw opmerking of bezwaar is. Zonder uitleg kan de groep er niets mee."
        ),
        Fault.UNKNOWN: _("Deze ronde is intussen veranderd. Open de pagina opnieuw."),
    }
    return sentences[refused.fault]
