"""What the API asks and answers: the one place that describes every parameter and every answer."""

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from workbench.accounts.models import SLUG, CouncilKind
from workbench.evidence.models import Quality
from workbench.indicators.catalogue import AreaType, Direction, Theme
from workbench.indicators.models import Missing, Status
from workbench.indicators.periods import PeriodType
from workbench.monitors.conversation.models import Kind as ConversationKind
from workbench.monitors.conversation.models import Subject as ConversationSubject
from workbench.monitors.conversation.states import State as ConversationState
from workbench.stories.kept.models import Leaning
from workbench.stories.kept.visibility import Reach
from workbench.stories.models import StoryKind

T = TypeVar("T")

PeriodWord = Literal["year", "half-year", "quarter", "month", "school year"]
PERIOD_WORDS: dict[PeriodType, PeriodWord] = {
    PeriodType.YEAR: "year",
    PeriodType.HALF_YEAR: "half-year",
    PeriodType.QUARTER: "quarter",
    PeriodType.MONTH: "month",
    PeriodType.SCHOOL_YEAR: "school year",
}


# --- Asked. A description ends up in the document and, when the value is wrong, in the problem. ---


class Query(BaseModel):
    """Query parameters; one that is not here is refused, so that a typing error never widens an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PageQuery(Query):
    page: int = Field(default=1, ge=1, le=100_000, description="Nummer van de pagina, vanaf 1.")
    per_page: int = Field(
        default=50, ge=1, le=100, description="Aantal onderdelen op een pagina, van 1 tot en met 100."
    )


class IndicatorQuery(PageQuery):
    # PostgreSQL text cannot hold the NUL character.
    q: str = Field(
        default="",
        max_length=100,
        pattern=r"^[^\x00]*$",
        description="Woorden die allemaal voorkomen, ook als synoniem of in een andere vorm; hooguit 100 tekens.",
    )
    theme: Theme | None = Field(default=None, description=f"Een thema: {', '.join(Theme)}.")


class AreaQuery(PageQuery):
    type: AreaType | None = Field(default=None, description=f"Een soort gebied: {', '.join(AreaType)}.")


class ObservationQuery(Query):
    region: str = Field(
        pattern=r"^[A-Z]{2}[0-9]{2,8}$",
        description="De code van precies één gebied, in hoofdletters, zoals GM0034. De codes staan in /areas.",
        examples=["GM0034"],
    )
    from_: int | None = Field(
        default=None,
        alias="from",
        ge=1900,
        le=2100,
        description="Het eerste jaar, in vier cijfers. Een schooljaar telt bij het jaar waarin het begint.",
        examples=[2015],
    )
    to: int | None = Field(
        default=None,
        ge=1900,
        le=2100,
        description="Het laatste jaar, in vier cijfers; niet voor het eerste jaar.",
        examples=[2026],
    )

    @field_validator("to")
    @classmethod
    def _is_not_before_from(cls, to: int | None, info: ValidationInfo) -> int | None:
        first = info.data.get("from_")
        if to is not None and first is not None and to < first:
            raise ValueError("to is before from")
        return to

    def wants(self, year: int) -> bool:
        return (self.from_ or year) <= year <= (self.to or year)


class PublishedQuery(Query):
    council: str = Field(
        pattern=SLUG.pattern,
        description="De korte naam van een raad, zoals almere.",
        examples=["almere"],
    )


class PublicMonitorQuery(PublishedQuery):
    language: Literal["nl", "en"] = Field(default="nl", description="De taal: nl of en.")


class OwnObservationQuery(PublishedQuery):
    figure: UUID = Field(description="Het id van een eigen cijfer. De ids staan in /own-figures.")
    region: str = Field(
        pattern=r"^[A-Z]{2}[0-9]{2,8}$",
        description="De code van precies één gebied, in hoofdletters, zoals GM0034.",
        examples=["GM0034"],
    )


# --- Answered. ---


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Page(Answer, Generic[T]):
    data: list[T]
    page: int
    per_page: int
    total: int = Field(description="Het aantal onderdelen op alle pagina's samen.")


class SourceLine(Answer):
    """One series of figures: where it comes from and on which terms it may be used."""

    source: str
    table: str
    measure: str
    period_type: PeriodWord
    title: str = Field(description="Hoe de tabel heet; leeg zolang zij nog niet is gelezen.")
    source_line: str = Field(description="Neem deze regel over als u de cijfers laat zien.")
    licence: str | None = Field(description="Null: de bron heeft de licentie nog niet genoemd.")
    computed: str | None = Field(
        description="Hoe de werkbank de waarde heeft berekend. Null: zoals de bron haar geeft."
    )
    fetched_at: datetime | None = Field(description="Null: de dag van ophalen is niet bekend.")


class IndicatorSummary(Answer):
    slug: str
    name: str
    definition: str
    unit: str
    decimals: int
    themes: list[Theme]
    connected: bool = Field(description="Is er een tabel gekoppeld? Zonder tabel zijn er geen cijfers.")
    verified: bool = Field(description="Onwaar: een feit in de beschrijving moet nog worden nagekeken.")


class Indicators(Page[IndicatorSummary]):
    pass


class Break(Answer):
    """From this period on the figures can no longer be compared with the ones before."""

    period: str
    text: str


class Indicator(IndicatorSummary):
    direction: Direction = Field(
        description="Welke kant de catalogus gunstig noemt; context: dat hangt ervan af, lees reading_up en reading_down."
    )
    reading_up: str | None
    reading_down: str | None
    caveats: list[str]
    breaks: list[Break]
    bbv: int | None = Field(description="Het nummer van de verplichte beleidsindicator.")
    source: list[SourceLine]


class Observation(Answer):
    indicator: str
    region: str
    period: str = Field(description="De periodecode van het CBS, zoals 2024JJ00.", examples=["2024JJ00"])
    period_type: PeriodWord
    value: float | None
    unit: str
    status: Status
    missing: Missing | None = Field(
        description="Waarom er geen waarde is: niet geleverd, niet getoond (te weinig mensen), kan niet"
        " voorkomen, niet gevraagd, ophalen mislukt, of unknown: wij kennen de reden niet. Null: er is een waarde."
    )
    level: AreaType = Field(description="Het soort gebied waarvoor de waarde geldt.")
    table: str
    measure: str
    fetched_at: datetime | None = Field(description="Null: de dag van ophalen is niet bekend.")
    revised_from: float | None = Field(
        description="De waarde voor de laatste herziening. Null: niet herzien, of er was nog geen waarde."
    )


class Observations(Answer):
    source: list[SourceLine] = Field(description="De bronnen van de waarnemingen in dit antwoord.")
    data: list[Observation]


class Area(Answer):
    code: str
    name: str
    type: AreaType
    province_code: str | None
    valid_from: date | None
    valid_until: date | None = Field(description="De eerste dag waarop het gebied niet meer bestaat.")
    successors: list[str] = Field(
        description="De codes van de gebieden waar het op die dag in opging. Leeg: het bestaat nog, of er is geen opvolger.",
        examples=[["GM0363"]],
    )


class Areas(Page[Area]):
    pass


class RefreshRun(Answer):
    source: str
    table: str
    state: Literal["queued", "running", "done", "unchanged", "failed", "unreachable"]
    rows_read: int
    inserted: int
    revised: int
    unchanged: int
    rejected: int
    suspect: bool = Field(
        description="Het antwoord van de bron was leeg of half; de oude cijfers blijven staan."
    )
    seconds: float | None
    message: str | None
    queued_at: datetime
    finished_at: datetime | None


class RefreshRuns(Page[RefreshRun]):
    pass


class Council(Answer):
    """A council, and whether all that people wrote in it is made up."""

    slug: str
    name: str
    kind: CouncilKind
    area: Area | None = Field(description="Het gebied waar de raad nu over gaat.")
    fictitious: bool = Field(
        description="Waar: een voorbeeld; de personen en teksten zijn fictief, de cijfers echt."
    )


class CouncilPage(Page[T]):
    fictitious: bool = Field(
        description="Waar: een voorbeeld; de personen en teksten zijn fictief, de cijfers echt."
    )


class Value(Answer):
    """What a council finds important."""

    id: UUID
    plan_id: UUID
    name: str
    own_words: str
    seen_when: str
    not_this: str
    short_changed: str
    counter_value: str
    position: int | None = Field(
        description="0: geheel deze waarde; 100: geheel de tegenwaarde. Null: nog niet gekozen."
    )
    bottom_line: str
    minority_view: str
    revision: int
    edited_at: datetime


class Values(CouncilPage[Value]):
    pass


class Goal(Answer):
    """What residents should notice."""

    id: UUID
    plan_id: UUID
    sentence: str
    target_group: str
    horizon: int | None = Field(description="Het jaar waarin inwoners het merken.")
    values: list[UUID] = Field(description="De waarden waar dit doel bij hoort.")
    revision: int
    edited_at: datetime


class Goals(CouncilPage[Goal]):
    pass


class Link(Answer):
    """An indicator under a goal, with the reason."""

    id: UUID
    goal_id: UUID
    indicator: str | None = Field(
        description="De slug van de indicator. Null: een eigen cijfer van de gemeente."
    )
    own_figure: UUID | None = Field(description="Het eigen cijfer. Null: een indicator uit de catalogus.")
    reason: str
    quality: Quality
    not_saying: str
    in_focus: bool = Field(
        description="Staat dit cijfer in beeld? Zo niet, dan rust het en is het niet in de monitor."
    )
    resting_until: date | None = Field(
        description="De dag om opnieuw te kijken. Null: het cijfer staat in beeld."
    )
    revision: int
    edited_at: datetime


class Links(CouncilPage[Link]):
    pass


class Block(Answer):
    """A figure in the monitor, in words."""

    id: UUID | None = Field(description="Null: de figuur wordt nog gemaakt.")
    link_id: UUID
    indicator: str | None = Field(description="Null: een eigen cijfer van de gemeente.")
    own_figure: UUID | None = Field(description="Het eigen cijfer. Null: een indicator uit de catalogus.")
    state: Literal["ready", "missing", "building"]
    title: str
    sentence: str
    source: str
    version: str | None


class Quote(Answer):
    """What somebody tells, in the words that this narrator lets the council read now."""

    id: UUID = Field(description="Van het blok; verhalen die samen staan, hebben hetzelfde.")
    goal_id: UUID
    words: str | None = Field(description="Null: deze woorden zijn er niet meer, of u mag ze niet lezen.")
    told_by: str
    silence: str | None = Field(description="Waarom er geen woorden zijn.")


class StoryQuote(Answer):
    """Words of a narrator, of the reading that was agreed on. Do not keep them longer than needed."""

    id: UUID
    words: str
    leaning: Leaning | None = Field(description="Hoe het ging volgens deze woorden. Null: niet gezegd.")


class Story(Answer):
    """What somebody told, as far as this narrator and your role allow it now."""

    id: UUID
    number: int
    source: str = Field(description="Waar dit verhaal vandaan komt.")
    kind: StoryKind
    told_by: str
    told_on: date | None
    reach: Reach = Field(description="Hoe ver de verteller het laat gaan.")
    ends_on: date | None = Field(description="De laatste dag waarop het gelezen mag worden. Null: geen.")
    quotes: list[StoryQuote]


class Stories(CouncilPage[Story]):
    pass


class Section(Answer):
    """A part of the monitor, usually about one value."""

    value_id: UUID | None = Field(description="Null: een deel onder een eigen titel.")
    name: str
    blocks: list[Block]
    quotes: list[Quote]


class Adopted(Answer):
    """The newest version of the monitor that the council adopted."""

    version: str = Field(description="Bijvoorbeeld 1.0.")
    adopted_on: date
    decided_by: str
    hash: str = Field(description="SHA-256 over de vingerafdrukken van alle delen.")
    address: str = Field(description="Het adres van de pagina van deze versie.")


class Monitor(Answer):
    plan_id: UUID
    title: str
    adopted: Adopted | None = Field(description="Null: de raad heeft nog niets vastgesteld.")
    fictitious: bool = Field(
        description="Waar: een voorbeeld; de personen en teksten zijn fictief, de cijfers echt."
    )
    sections: list[Section]


class AsOf(Answer):
    """What was shown on the day of the question."""

    title: str
    sentence: str | None
    version: str | None = Field(description="De versie van de figuur van toen. Null: een tekst.")
    fetched_at: str | None


class FigureQuestion(Answer):
    """What somebody asked or said about a figure or a text of the plan."""

    id: UUID
    plan_id: UUID
    kind: ConversationKind = Field(
        description="question: een vraag; remark: een opmerking; reaction: van de wethouder; advice: van de adviesraad."
    )
    subject: ConversationSubject
    block_id: UUID | None = Field(description="Het cijfer in de monitor. Null: het gaat over een tekst.")
    link_id: UUID | None
    goal_id: UUID | None
    value_id: UUID | None
    title: str = Field(description="Hoe het cijfer of de tekst toen heette.")
    period: str = Field(description="Over welke periode het gaat. Leeg: over het hele cijfer.")
    text: str
    state: ConversationState
    asked_by: str | None
    asked_at: datetime
    owner: str | None = Field(description="Wie antwoordt. Null: het is geen vraag.")
    due_on: date | None
    overdue: bool
    answer: str = Field(description="Het nieuwste antwoord. Leeg: er is er nog geen.")
    as_of: AsOf


class FigureQuestions(CouncilPage[FigureQuestion]):
    pass


class OwnFigure(Answer):
    """What a municipality counts itself and lets everyone read."""

    id: UUID
    name: str
    definition: str
    origin: str = Field(description="Waar de gemeente het cijfer vandaan heeft.")
    unit: str
    decimals: int
    themes: list[str]
    direction: Direction
    reading_up: str
    reading_down: str
    published_at: datetime


class PublishedAnswer(Answer):
    fictitious: bool = Field(description="Waar: een voorbeeld; deze cijfers zijn verzonnen.")


class PublicTable(Answer):
    """A table as residents read it: every cell is a text."""

    caption: str
    columns: list[str]
    rows: list[list[str]]


class PublicQuote(Answer):
    """What a narrator lets everyone read, as it may be read at this moment."""

    words: str | None = Field(
        description="Null: deze woorden zijn nu niet te lezen. Bewaar ze niet langer dan nodig."
    )
    told_by: str
    silence: str | None = Field(description="Waarom er geen woorden zijn.")


class PublicBlock(Answer):
    """A block of what residents read; what its kind does not have is empty."""

    id: UUID
    kind: Literal[
        "goal",
        "figure",
        "quote",
        "stories",
        "text",
        "question",
        "money",
        "events",
        "resting",
        "unknown",
        "methods",
    ] = Field(description="De soort blok: doel, figuur, citaat, verhalen, tekst, vraag, geld of een lijst.")
    title: str
    text: str
    lines: list[str]
    quotes: list[PublicQuote]
    table: PublicTable | None = Field(description="Null: dit blok heeft geen tabel.")
    reason: str = Field(description="Waarom de raad dit cijfer koos.")
    not_saying: str = Field(description="Wat dit cijfer niet zegt.")
    source: list[str] = Field(description="De bronregel. Neem die over als u het cijfer gebruikt.")


class PublicSection(Answer):
    """A part of what residents read, usually about one value."""

    name: str
    own_words: str = Field(description="De waarde in de woorden van de raad.")
    position: str
    blocks: list[PublicBlock]


class PublicMonitor(Answer):
    """What residents read of a council today."""

    council: str
    title: str
    language: Literal["nl", "en"]
    area: str
    published_at: datetime
    ends_on: date | None = Field(description="De laatste dag. Null: tot de raad het intrekt.")
    address: str = Field(description="De pagina voor inwoners waar hetzelfde staat.")
    fictitious: bool = Field(
        description="Waar: een voorbeeld; de personen, de teksten en de eigen cijfers zijn verzonnen."
    )
    sections: list[PublicSection]


class OwnFigures(PublishedAnswer):
    data: list[OwnFigure]


class OwnObservation(Answer):
    region: str
    region_name: str
    period: str
    period_type: PeriodWord
    value: float | None
    unit: str
    status: Status
    missing: Missing | None = Field(description="Waarom er geen waarde is. suppressed: te weinig mensen.")
    delivered_at: datetime


class OwnObservations(PublishedAnswer):
    data: list[OwnObservation]


class AuditEntry(Answer):
    """A line of the audit trail."""

    at: datetime
    person: str | None = Field(description="Null: de werkbank zelf.")
    action: str
    object_type: str
    object_id: UUID | None


class AuditEntries(CouncilPage[AuditEntry]):
    pass


class ParameterProblem(Answer):
    parameter: str
    detail: str


class Problem(Answer):
    """An error, as RFC 9457 describes it."""

    type: Annotated[str, Field(examples=["about:blank"])]
    title: str
    status: int
    detail: str | None = None
    errors: list[ParameterProblem] | None = Field(
        default=None, description="Bij status 400: wat er mis is, per parameter."
    )

    def body(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_none=True)
