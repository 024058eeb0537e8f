"""The audit trail in plain words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from workbench.accounts.models import ROLE_NAMES, Role
from workbench.core.audit import AuditEntry

ACTIONS = {
    "member_invited": lazy_gettext("Lid uitgenodigd"),
    "member_added": lazy_gettext("Lid toegevoegd"),
    "member_removed": lazy_gettext("Lid verwijderd"),
    "role_changed": lazy_gettext("Rol veranderd"),
    "token_made": lazy_gettext("Sleutel voor een programma gemaakt"),
    "token_revoked": lazy_gettext("Sleutel voor een programma ingetrokken"),
    "value_added": lazy_gettext("Waarde toegevoegd"),
    "value_changed": lazy_gettext("Waarde veranderd"),
    "value_removed": lazy_gettext("Waarde verwijderd"),
    "value_merged": lazy_gettext("Waarde opgegaan in een andere"),
    "value_taken_out": lazy_gettext("Waarde weer op zichzelf gezet"),
    "minority_taken_over": lazy_gettext("Minderheidsstandpunt overgenomen uit een ronde"),
    "value_decision_added": lazy_gettext("Waarden gekozen"),
    "value_decision_changed": lazy_gettext("Keuze van waarden veranderd"),
    "goal_added": lazy_gettext("Doel toegevoegd"),
    "goal_changed": lazy_gettext("Doel veranderd"),
    "goal_removed": lazy_gettext("Doel verwijderd"),
    "need_added": lazy_gettext("Opgeschreven wat nodig is"),
    "need_changed": lazy_gettext("Veranderd wat nodig is"),
    "need_removed": lazy_gettext("Weggehaald wat nodig was"),
    "cost_line_added": lazy_gettext("Kosten toegevoegd"),
    "cost_line_changed": lazy_gettext("Kosten veranderd"),
    "cost_line_removed": lazy_gettext("Kosten verwijderd"),
    "steering_added": lazy_gettext("Moment om bij te sturen gekozen"),
    "steering_changed": lazy_gettext("Moment om bij te sturen veranderd"),
    "steering_removed": lazy_gettext("Moment om bij te sturen verwijderd"),
    "link_added": lazy_gettext("Cijfer gekoppeld"),
    "link_changed": lazy_gettext("Koppeling veranderd"),
    "link_removed": lazy_gettext("Koppeling verwijderd"),
    "measuring_added": lazy_gettext("Gekozen hoe een cijfer gemeten wordt"),
    "measuring_changed": lazy_gettext("Veranderd hoe een cijfer gemeten wordt"),
    "story_source_added": lazy_gettext("Verhaalbron beschreven"),
    "story_source_changed": lazy_gettext("Verhaalbron veranderd"),
    "story_link_added": lazy_gettext("Verhalen gekoppeld"),
    "story_link_changed": lazy_gettext("Koppeling met verhalen veranderd"),
    "story_link_removed": lazy_gettext("Koppeling met verhalen verwijderd"),
    "data_request_added": lazy_gettext("Verzoek opgeschreven"),
    "data_request_changed": lazy_gettext("Verzoek veranderd"),
    "data_request_removed": lazy_gettext("Verzoek verwijderd"),
    "information_question_added": lazy_gettext("Informatievraag opgeschreven"),
    "information_question_changed": lazy_gettext("Informatievraag veranderd"),
    "information_question_removed": lazy_gettext("Informatievraag verwijderd"),
    "focus_set_changed": lazy_gettext("Veranderd hoeveel cijfers in beeld zijn"),
    "plan_added": lazy_gettext("Traject begonnen"),
    "plan_changed": lazy_gettext("Naam van het traject veranderd"),
    "plan_running": lazy_gettext("Traject weer geopend"),
    "plan_finished": lazy_gettext("Traject afgerond"),
    "plan_archived": lazy_gettext("Traject gearchiveerd"),
    "answer_added": lazy_gettext("Vraag beantwoord"),
    "answer_changed": lazy_gettext("Antwoord veranderd"),
    "step_finished": lazy_gettext("Stap afgerond"),
    "step_resumed": lazy_gettext("Stap weer geopend"),
    "step_skipped": lazy_gettext("Stap overgeslagen"),
    "step_skip_undone": lazy_gettext("Overgeslagen stap doet weer mee"),
    "step_opened": lazy_gettext("Stap opengesteld voor meelezers"),
    "step_closed": lazy_gettext("Stap gesloten voor meelezers"),
    "step_adapted": lazy_gettext("Stap aangepast"),
    "question_added": lazy_gettext("Eigen vraag toegevoegd"),
    "question_adapted": lazy_gettext("Vraag aangepast"),
    "question_moved": lazy_gettext("Vraag verplaatst"),
    "question_left_out": lazy_gettext("Vraag weggelaten"),
    "question_taken_back": lazy_gettext("Vraag doet weer mee"),
    "plan_opened": lazy_gettext("Traject opengesteld"),
    "plan_closed": lazy_gettext("Traject gesloten"),
    "plan_shared": lazy_gettext("Traject gedeeld als voorbeeld"),
    "plan_sharing_revoked": lazy_gettext("Delen van een traject gestopt"),
    "template_copied": lazy_gettext("Voorbeeld overgenomen in een nieuw traject"),
    "section_added": lazy_gettext("Onderdeel van de monitor gemaakt"),
    "block_added": lazy_gettext("Blok van de monitor gemaakt"),
    "comparison_group_decided": lazy_gettext("Vergelijkbare gemeenten gekozen"),
    "series_event_added": lazy_gettext("Gebeurtenis bij een cijfer toegevoegd"),
    "series_event_changed": lazy_gettext("Gebeurtenis bij een cijfer veranderd"),
    "series_event_withdrawn": lazy_gettext("Gebeurtenis bij een cijfer ingetrokken"),
    "series_event_restored": lazy_gettext("Gebeurtenis bij een cijfer teruggezet"),
    "calendar_entry_added": lazy_gettext("Moment in de kalender gezet"),
    "calendar_entry_changed": lazy_gettext("Moment in de kalender veranderd"),
    "calendar_entry_removed": lazy_gettext("Moment uit de kalender gehaald"),
    "calendar_link_made": lazy_gettext("Geheim adres van de kalender gemaakt"),
    "calendar_link_removed": lazy_gettext("Geheim adres van de kalender ingetrokken"),
    "refresh_asked": lazy_gettext("Verversing gevraagd"),
    "figures_file_brought": lazy_gettext("Bestand met eigen cijfers gebracht"),
    "figures_file_discarded": lazy_gettext("Bestand met eigen cijfers weggegooid"),
    "figures_loaded": lazy_gettext("Eigen cijfers opgeslagen"),
    "figures_file_expired": lazy_gettext("Bestand met eigen cijfers na twee weken verwijderd"),
    "figures_described": lazy_gettext("Beschrijving van eigen cijfers veranderd"),
    "figures_published": lazy_gettext("Eigen cijfers openbaar gemaakt"),
    "figures_unpublished": lazy_gettext("Eigen cijfers niet meer openbaar"),
    "figures_withdrawn": lazy_gettext("Eigen cijfers ingetrokken"),
    "figure_question_added": lazy_gettext("Vraag gesteld bij de monitor"),
    "figure_remark_added": lazy_gettext("Opmerking geschreven bij de monitor"),
    "figure_reaction_added": lazy_gettext("Reactie van de wethouder geschreven bij de monitor"),
    "figure_advice_added": lazy_gettext("Advies van de adviesraad geschreven bij de monitor"),
    "figure_question_answer": lazy_gettext("Vraag bij de monitor beantwoord"),
    "figure_question_clear": lazy_gettext("Antwoord bij de monitor helder gevonden"),
    "figure_question_unclear": lazy_gettext("Antwoord bij de monitor niet helder gevonden"),
    "figure_question_withdraw": lazy_gettext("Vraag of opmerking bij de monitor ingetrokken"),
    "figure_question_reassign": lazy_gettext("Vraag bij de monitor doorgegeven"),
    "figure_question_set_term": lazy_gettext("Laatste dag van een vraag bij de monitor veranderd"),
    "figure_question_close": lazy_gettext("Vraag bij de monitor gesloten"),
    "interpretation_added": lazy_gettext("Opgeschreven wat een cijfer betekent"),
    "interpretation_changed": lazy_gettext("Veranderd wat een cijfer betekent"),
    "round_made": lazy_gettext("Ronde gemaakt"),
    "round_discarded": lazy_gettext("Ronde weggegooid"),
    "round_opened": lazy_gettext("Ronde geopend"),
    "round_closed": lazy_gettext("Ronde gesloten"),
    "round_reopened": lazy_gettext("Ronde heropend"),
    "round_revealed": lazy_gettext("Uitkomst van een ronde onthuld"),
}


def in_words(entry: AuditEntry) -> str:
    """'Rol veranderd: van lezer naar raadslid'; an action without words is shown by its code."""
    words = str(ACTIONS.get(entry.action, entry.action))
    facts = entry.facts
    if "before" in facts and "after" in facts:
        before, after = ROLE_NAMES[Role(facts["before"])], ROLE_NAMES[Role(facts["after"])]
        return f"{words}: {_('van %(before)s naar %(after)s', before=before, after=after)}"
    if "role" in facts:
        return f"{words}: {ROLE_NAMES[Role(facts['role'])]}"
    if "step" in facts:
        return f"{words}: {_('stap %(number)s', number=facts['step'])}"
    if facts.get("revision", 1) > 1:
        return f"{words}: {_('versie %(number)s', number=facts['revision'])}"
    return words
