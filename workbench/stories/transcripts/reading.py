"""What somebody brings as a transcript becomes a text, or a sentence that says what to do instead.

The content decides what kind of file it is; its name is only used to say what is odd about it. No error or note holds
a word of the story.
"""

from dataclasses import dataclass
from pathlib import PurePath

from workbench.core.files import Kind, Unreadable, kind_of
from workbench.core.language import Language
from workbench.stories.transcripts import pdf
from workbench.stories.transcripts.letters import letters
from workbench.stories.transcripts.normal import normal, unseen
from workbench.stories.transcripts.office import is_locked, read_office
from workbench.stories.transcripts.refused import Problem, Refused
from workbench.stories.transcripts.subtitles import is_subtitles, talk
from workbench.stories.transcripts.turns import speakers

MOST_BYTES = 5 * 1024 * 1024
RUBBISH = 0.02  # of the characters of a text file nobody can see: then it is no text
ENDINGS = {
    ".txt": "txt",
    ".docx": "docx",
    ".odt": "odt",
    ".pdf": "pdf",
    ".vtt": "subtitles",
    ".srt": "subtitles",
}
_KINDS = {
    Kind.OLD_OFFICE: Problem.OLD_OFFICE,
    Kind.RTF: Problem.RTF,
    Kind.OTHER_ARCHIVE: Problem.PACKED,
    Kind.PICTURE: Problem.PICTURE,
    Kind.SOUND: Problem.SOUND,
}


@dataclass(frozen=True)
class Transcript:
    """A talk as plain text in normal form, who speak in it, and what we did on our own while reading it."""

    text: str
    speakers: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read(name: str, data: bytes, spoken: Language) -> Transcript:
    """Read a TXT, DOCX, ODT, PDF, VTT or SRT file. Raises: Unreadable."""
    notes: list[str] = []
    names: tuple[str, ...] | None = None
    try:
        kind, text = _found(data, notes, spoken)
        if kind == "subtitles":
            text, names = talk(text)
        text = normal(text)
        _check(text)
    except Refused as refused:
        raise Unreadable(_sentence(refused.problem, spoken) + _named(name, refused.problem, spoken)) from None
    expected = ENDINGS.get(PurePath(name).suffix.lower())
    if expected and expected != kind:
        notes.append(
            spoken.gettext("De naam van het bestand past niet bij de inhoud. Wij keken naar de inhoud.")
        )
    return Transcript(text, speakers(text, names), tuple(notes))


def _check(text: str) -> None:
    """Raises: Refused."""
    if not text:
        raise Refused(Problem.EMPTY)


def _found(data: bytes, notes: list[str], spoken: Language) -> tuple[str, str]:
    """The kind of file, as in ENDINGS, and its text. Raises: Refused."""
    if len(data) > MOST_BYTES:
        raise Refused(Problem.LARGE)
    kind = kind_of(data)
    if kind is Kind.OLD_OFFICE and is_locked(data):
        raise Refused(Problem.LOCKED)
    if kind in _KINDS:
        raise Refused(_KINDS[kind])
    if kind is Kind.PDF:
        return "pdf", _pdf(data, notes, spoken)
    if kind is Kind.ARCHIVE:
        return _office(data, notes, spoken)
    return _plain(data, notes, spoken)


def _pdf(data: bytes, notes: list[str], spoken: Language) -> str:
    pages = pdf.read_pdf(data)
    if pages.scanned:
        raise Refused(Problem.SCAN)
    if pages.empty:
        notes.append(
            spoken.ngettext(
                "Op %(num)s bladzijde vonden wij geen tekst. Kijk na of er iets ontbreekt.",
                "Op %(num)s bladzijden vonden wij geen tekst. Kijk na of er iets ontbreekt.",
                pages.empty,
            )
        )
    notes.append(
        spoken.gettext("In een PDF staan geen alinea's. Wij maakten ze zelf: kijk na of de tekst goed loopt.")
    )
    return pdf.told(pages)


def _office(data: bytes, notes: list[str], spoken: Language) -> tuple[str, str]:
    document = read_office(data)
    if document.left_out:
        notes.append(
            spoken.gettext(
                "Opmerkingen, verwijderde of verborgen tekst en kop- en voetteksten nemen wij niet over."
            )
        )
    return document.kind, document.text


def _plain(data: bytes, notes: list[str], spoken: Language) -> tuple[str, str]:
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise Refused(Problem.EMPTY)
    read = letters(data)
    strange = unseen(read.text) + (read.text.count("\ufffd") if read.lost else 0)
    if strange > max(RUBBISH * len(read.text), 1 if len(read.text) < 200 else 0):
        raise Refused(Problem.NOT_TEXT)
    if read.guess:
        notes.append(
            spoken.gettext(
                "Wij weten niet zeker hoe de letters zijn opgeslagen. Wij lazen ze als %(kind)s. Kijk na of é, ë en € kloppen.",
                kind=read.guess,
            )
        )
    if read.mixed:
        notes.append(
            spoken.gettext(
                "De letters zijn op twee manieren opgeslagen. Wij lazen ze per regel. Kijk na of é, ë en € kloppen."
            )
        )
    if read.lost:
        notes.append(spoken.gettext("Sommige letters konden wij niet lezen. Daar staat nu een �."))
    if strange:
        notes.append(spoken.gettext("Er stonden onzichtbare tekens in de tekst. Die lieten wij weg."))
    if is_subtitles(read.text):
        return "subtitles", read.text
    if read.text[:500].lstrip().lower().startswith(("<!doctype", "<html", "<?xml")):
        notes.append(
            spoken.gettext(
                "Dit is een webpagina. De codes staan nu in de tekst. Kopieer liever de gewone tekst."
            )
        )
    return "txt", read.text


def _named(name: str, problem: Problem, spoken: Language) -> str:
    """What a name promised that the content is not."""
    ending = PurePath(name).suffix.lower()
    if problem in (Problem.NOT_TEXT, Problem.PICTURE, Problem.SOUND, Problem.PACKED) and ending in ENDINGS:
        return " " + spoken.gettext("De naam eindigt wel op %(ending)s.", ending=ending)
    return ""


def _sentence(problem: Problem, spoken: Language) -> str:
    """What is wrong and what to do, in the language of who brought the file."""
    _ = spoken.gettext
    return {
        Problem.EMPTY: _("Er staat geen tekst in dit bestand. Kies een bestand met een gesprek of verhaal."),
        Problem.NOT_TEXT: _(
            "Wij kunnen dit bestand niet lezen: het is geen tekst. Kies een TXT-, DOCX-, ODT-, PDF-, VTT- of SRT-bestand."
        ),
        Problem.LOCKED: _(
            "Er zit een wachtwoord op dit bestand. Sla het op zonder wachtwoord en probeer het opnieuw."
        ),
        Problem.MACROS: _(
            "In dit document zitten macro's (kleine programma's). Die nemen wij niet aan. Sla het op als gewoon DOCX- of ODT-bestand."
        ),
        Problem.BROKEN: _("Dit bestand is beschadigd. Open het, sla het opnieuw op en probeer het nog eens."),
        Problem.SWOLLEN: _(
            "Dit bestand wordt te groot bij het uitpakken. Kopieer de tekst naar een nieuw document en probeer dat."
        ),
        Problem.SCAN: _(
            "In deze PDF vonden wij geen letters: waarschijnlijk is het een foto van tekst. Typ de tekst over, of vraag het document waar de PDF van is gemaakt."
        ),
        Problem.PAGES: _(
            "Deze PDF heeft meer dan 200 bladzijden. Maak per gesprek een eigen bestand en kies dat."
        ),
        Problem.LONG: _(
            "De tekst is langer dan 60.000 woorden. Maak per gesprek een eigen bestand en kies dat."
        ),
        Problem.LARGE: _(
            "Dit bestand is groter dan 5 MB. Haal plaatjes eruit of sla alleen de tekst op, en kies dat bestand."
        ),
        Problem.HEAVY: _(
            "Dit bestand is te ingewikkeld om te lezen. Kopieer de tekst naar een nieuw document en kies dat."
        ),
        Problem.OTHER_OFFICE: _(
            "Dit is geen tekstdocument. Sla het gesprek op als DOCX, ODT, PDF of TXT en kies dat."
        ),
        Problem.PACKED: _("Dit is een ingepakt bestand, zoals een ZIP. Pak het uit en kies één gesprek."),
        Problem.SOUND: _("Dit is een geluids- of filmopname. Kies de uitgeschreven tekst van het gesprek."),
        Problem.PICTURE: _("Dit is een plaatje, geen tekst. Typ de tekst over en kies dat bestand."),
        Problem.OLD_OFFICE: _(
            "Dit is een document van een oud programma, zoals .doc. Open het en sla het op als .docx of .odt."
        ),
        Problem.RTF: _("Dit is een RTF-bestand. Open het en sla het op als .docx of .odt."),
    }[problem]
