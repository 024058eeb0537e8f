"""From an empty council to a filled invulschema, opened in Word: the whole step plan, by the people it is made for.

The clerk of Lochem invites five councillors. They sit at browsers of their own: Noor has no mouse, Bram has a phone.
Each writes a value; alone they say what comes first, together they decide, set goals and choose how to notice them.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from playwright.sync_api import expect

from tests.journeys.content import PASSWORD
from tests.journeys.reader import KEYBOARD, PHONE, KeyboardReader, PhoneReader, Reader, Visit
from tests.journeys.running import Workbench

pytestmark = [pytest.mark.journey, pytest.mark.slow]

COUNCIL = "lochem"
HOME = "Raad van Lochem"
PLAN = "Dichtbij in Lochem"

# What each councillor calls a value, means by it, and sets against it.
VALUES = {
    "Anke Wesselink": ("Nabijheid", "Hulp komt uit het eigen dorp, van iemand die blijft.", "Specialisme"),
    "Noor ten Have": ("Vertrouwen", "Wij vragen geen bewijs als een gesprek genoeg is.", "Toezicht"),
    "Bram Klein": ("Zelf kiezen", "Mensen beslissen zelf wie er bij hen binnenkomt.", "Gelijkheid"),
    "Sietske Roelofs": ("Dichtbij huis", "Niemand reist naar een andere kern voor een gesprek.", "Eén loket"),
    "Gijs Oolman": ("Op tijd", "Wie hulp vraagt, weet binnen een week waar die op rekent.", "Rust"),
}
LONELY = "ouderen zich in hun eigen dorp minder alleen voelen"
DEBTS = "wie schulden heeft, vroeg hulp vindt"
GROUND = "Drie huisartsen stopten in één jaar."
SIGHT = "In drie kernen sloot de winkel, en daarmee de plek om elkaar te zien."
REASONS = "Deze drie noemden wij het vaakst, en zij botsen met wat wij nu doen."
MINORITY = "Een van ons zet tijd voorop: wachten doet de meeste schade."
NEED = "In elke kern komt een vaste plek met iemand die mensen kent."
QUESTION = "Weten ouderen wie zij kunnen bellen?"
STORIES = "Koffieochtenden in de dorpshuizen"
STORIES_WHY = "Zij zeggen het ons niet aan een balie, wel aan deze tafel."
FRICTION = "Dichtbij en gespecialiseerd: beide de hele week kan niet."
BETTER = "Wie wil blijven, moet kunnen blijven."
FIGURES = [
    ("Inwoners op 1 januari", "Wij willen dat mensen hier blijven wonen.", "Waarom iemand vertrekt."),
    ("Afstand tot een grote supermarkt", "De winkel is ook een plek om elkaar te zien.", "Wie er kan komen."),
    (
        "Bijstand: mensen per 1.000 inwoners in 2020",
        "Wie hiervan leeft, raakt eerder in de schulden.",
        "Wie hulp vond.",
    ),
    (
        "Gemiddeld besteedbaar inkomen",
        "Zo zien wij wat er te besteden is.",
        "Hoe het over mensen verdeeld is.",
    ),
]
COST = "Gastheren en gastvrouwen in de dorpshuizen"
COVER = "Uit de reserve sociaal domein"
WANTED = "Of de koffieochtenden ook wie ziek is bereiken."


def test_a_new_council_ends_with_its_invulschema_in_word(
    visit: Visit, workbench: Workbench, tmp_path: Path
) -> None:
    checked: set[Any] = set()  # each kind of page once, by mouse, by keyboard and on the phone
    clerk = visit(checked=checked)
    join(clerk, add_council(workbench), "Geertje Lubbers")
    anke, sietske, gijs = (visit(checked=checked) for _ in range(3))
    noor = visit(kind=KeyboardReader, checked=checked, **KEYBOARD)
    bram = visit(kind=PhoneReader, checked=checked, **PHONE)
    group = dict(zip(VALUES, (anke, noor, bram, sietske, gijs), strict=True))
    for name, councillor in group.items():
        join(councillor, invite(clerk, f"{name.split()[0].lower()}@lochem.example"), name)

    plan = write_the_assignment(clerk, list(VALUES))
    a_locked_step_says_what_comes_first(gijs, plan)
    look_around(sietske)
    an_empty_form_says_what_is_missing(noor)
    for name, councillor in group.items():
        name_a_value(councillor, *VALUES[name])
    two_people_on_one_card_lose_nothing(anke, gijs)
    everyone_says_alone_what_comes_first(clerk, group)
    merge_and_decide(clerk)
    take_a_place_between_two_values(noor)
    answer(sietske, "Waar schuurt het", [FRICTION, "Nabijheid, tot er gevaar is."])

    set_a_goal(bram, LONELY, "Nabijheid", "Vertrouwen")
    set_a_goal_in_one_sentence(gijs, DEBTS, "Zelf kiezen")
    say_what_is_needed(anke)
    ask_first_then_choose_figures(noor)
    link_stories(noor)
    aim(sietske)
    one_figure_too_many(clerk)
    say_what_it_costs(gijs)
    choose_a_moment(anke)
    read_the_invulschema(bram)
    open_it_in_word(clerk, tmp_path / "invulschema.docx")


# --- Coming in ------------------------------------------------------------------------------------------------------


def add_council(workbench: Workbench) -> str:
    """The operator makes the council and its clerk; gives the link for the clerk."""
    made = workbench.command("council", "add", "--name", "Lochem", "--slug", COUNCIL, "--region", "GM0262")
    assert made.returncode == 0, made.stderr
    invited = workbench.command(
        "user", "add", "--email", "griffier@lochem.example", "--council", COUNCIL, "--role", "clerk"
    )
    assert invited.returncode == 0, invited.stderr
    return invited.stdout.strip().removeprefix(workbench.address)


def invite(clerk: Reader, email: str) -> str:
    """The link that the clerk passes on."""
    clerk.open(f"/{COUNCIL}/leden")
    clerk.fill("E-mailadres", email)
    clerk.tick("raadslid")
    clerk.press("Uitnodiging versturen", "Uitnodiging verstuurd")
    return clerk.main.locator("code").inner_text().removeprefix(clerk.address)


def join(person: Reader, link: str, name: str) -> None:
    person.open(link)
    person.fill_in({"Uw naam": name, "Kies een wachtwoord": PASSWORD})
    person.press("Ik doe mee", HOME)


# --- Vision: steps 0 to 3 -------------------------------------------------------------------------------------------


def write_the_assignment(clerk: Reader, members: list[str]) -> str:
    """Step 0; gives the address of the plan."""
    clerk.open(f"/{COUNCIL}/")
    clerk.follow("Begin met de opdracht")
    clerk.fill_in({"Hoe heet dit traject?": PLAN, "Wat is de opdracht?": "De raad vraagt een monitor."})
    clerk.press("Bewaren", PLAN)
    plan = clerk.path
    clerk.follow("Opdracht")
    clerk.follow("Waarom wil de raad dit nu?")
    clerk.fill("Uw antwoord", GROUND)
    clerk.press("Verder", "Wie zitten er in de werkgroep?")
    clerk.tick(*members)
    clerk.press("Verder", "Wie beslist over het resultaat?")
    clerk.fill("Uw antwoord", "De raad, op voorstel van deze groep.")
    clerk.press("Verder", "Wanneer moet het klaar zijn?")
    clerk.fill("Uw antwoord", "1-6-2027")
    clerk.press("Verder", "Wat hoort er niet bij?")
    clerk.press("Later", "Klopt dit zo?")
    clerk.press("Klopt, stap afronden", PLAN)
    clerk.follow("Stappen openstellen of sluiten")
    clerk.press("Stel stap 0 open")
    return plan


def a_locked_step_says_what_comes_first(councillor: Reader, plan: str) -> None:
    councillor.open(f"{plan}/stappen/7")
    expect(councillor.main).to_contain_text("Eerst moet duidelijk zijn wat nodig is: stap 5, Wat is nodig.")
    councillor.open(f"{plan}/doelen")
    expect(councillor.main).to_contain_text("Eerst is een waarde nodig: stap 2, Wat is belangrijk.")


def answer(person: Reader, step: str, texts: list[str]) -> None:
    """Answer the first questions of a step, put off the others, and finish it."""
    person.open_step(COUNCIL, step)
    person.go(lambda: person.activate(person.main.locator(".wb-task--current").get_by_role("link")))
    for text in texts:
        person.fill("Uw antwoord", text)
        person.press("Verder")
    while "nakijken" not in person.path:
        person.press("Later")
    person.press("Klopt, stap afronden", PLAN)


def look_around(councillor: Reader) -> None:
    """Step 1; what nobody knows is said too."""
    councillor.open_step(COUNCIL, "Beeld")
    councillor.follow("Wat valt u op als u naar onze gemeente kijkt?")
    councillor.fill("Uw antwoord", SIGHT)
    councillor.press("Verder")
    councillor.press("Later")
    councillor.press("Later", "Wat wilt u nog weten?")
    councillor.press("Dit weten we niet", "Klopt dit zo?")
    councillor.press("Klopt, stap afronden", PLAN)


def an_empty_form_says_what_is_missing(councillor: Reader) -> None:
    """The focus goes to the list of what is missing, and from there to the field."""
    councillor.open_step(COUNCIL, "Wat is belangrijk")
    councillor.follow("De eerste waarde noemen")
    councillor.press("Bewaren")
    missing = councillor.main.get_by_role("alert")
    expect(missing).to_be_focused()
    expect(missing).to_contain_text("Geef de waarde een naam.")
    councillor.activate(missing.get_by_role("link").first)
    expect(councillor.page.get_by_label("Hoe heet deze waarde?")).to_be_focused()


def name_a_value(councillor: Reader, name: str, words: str, counter: str) -> None:
    councillor.open_step(COUNCIL, "Wat is belangrijk")
    councillor.follow(re.compile("waarde noemen"))
    councillor.fill_in(
        {
            "Hoe heet deze waarde?": name,
            "Wat bedoelt u ermee": words,
            "Welke waarde schuurt hiermee?": counter,
        }
    )
    councillor.press("Bewaren", name)
    expect(councillor.main).to_contain_text("De waarde staat erbij.")


def two_people_on_one_card_lose_nothing(first: Reader, second: Reader) -> None:
    for person in (first, second):
        person.open_step(COUNCIL, "Wat is belangrijk")
        person.follow("Nabijheid", "Nabijheid")
        person.follow("Waarde bewerken", "Waarde bewerken")
    first.fill("Wie kan tekortkomen?", "Wie geen dorp heeft.")
    first.press("Bewaren", "Nabijheid")
    second.fill("Wie kan tekortkomen?", "Wie pas is verhuisd.")
    expect(second.main.get_by_role("blockquote")).to_have_text("Wie geen dorp heeft.")
    second.check()
    second.fill("Wie kan tekortkomen?", "Wie geen dorp heeft, of pas is verhuisd.")
    second.main.get_by_role("button", name="Mijn versie houden").click()
    expect(second.page.locator("[data-autosave-state]")).to_contain_text("Bewaard om")
    first.go(first.page.reload)
    expect(first.main).to_contain_text("Wie geen dorp heeft, of pas is verhuisd.")


def everyone_says_alone_what_comes_first(clerk: Reader, group: dict[str, Reader]) -> None:
    clerk.open_step(COUNCIL, "Wat is belangrijk")
    clerk.follow("Welke waarden staan voorop?")
    clerk.press("De ronde openen")
    expect(clerk.main).to_contain_text("0 van 5 klaar")
    for place, (name, councillor) in enumerate(group.items(), start=1):
        councillor.open(f"/{COUNCIL}/")
        councillor.follow("Welke waarden staan voorop?")
        councillor.tick(VALUES[name][0], "Nabijheid" if place != 1 else "Vertrouwen")
        councillor.press("Antwoord bewaren")
        expect(councillor.main).to_contain_text("Uw antwoord is bewaard.")
        expect(clerk.main).to_contain_text(f"{place} van 5 klaar")
    clerk.press("De ronde sluiten")
    clerk.press("De uitkomst onthullen")
    expect(clerk.main).to_contain_text("Nabijheid")


def merge_and_decide(clerk: Reader) -> None:
    """From five values to three, with the reasons and with who sees it differently."""
    clerk.follow("Verder: Waarden")
    clerk.follow("Voeg waarden samen")
    clerk.page.get_by_label("Welke waarde gaat op in een andere?").select_option("Dichtbij huis")
    clerk.page.get_by_label("In welke waarde?").select_option("Nabijheid")
    clerk.press("Samenvoegen")
    clerk.open_step(COUNCIL, "Wat is belangrijk")
    clerk.follow("Kies drie tot vijf waarden")
    clerk.follow("Waarden kiezen")
    clerk.tick("Nabijheid", "Vertrouwen", "Zelf kiezen")
    clerk.fill_in({"Waarom deze?": REASONS, "Minderheidsstandpunt": MINORITY})
    clerk.press("Besluit bewaren")
    expect(clerk.main).to_contain_text(MINORITY)


def take_a_place_between_two_values(councillor: Reader) -> None:
    councillor.open_step(COUNCIL, "Wat is belangrijk")
    councillor.follow("Vertrouwen", "Vertrouwen")
    councillor.follow("Waarde bewerken")
    councillor.fill("Waar staat u tussen die twee?", "30")
    councillor.press("Bewaren", "Vertrouwen")
    expect(councillor.main).to_contain_text("Dat is 30 op een lijn van 0")


# --- Vision and information: steps 4 to 6 ---------------------------------------------------------------------------


def set_a_goal(councillor: Reader, sentence: str, *values: str) -> None:
    """Form B, with every question answered."""
    councillor.open_step(COUNCIL, "Doelen")
    councillor.follow(re.compile("doel stellen"))
    councillor.fill("In vier jaar merken inwoners dat", sentence)
    councillor.tick(*values)
    councillor.fill_in(
        {"Om wie gaat het vooral?": "Mensen die alleen wonen", "Waar moet dit": "In elke kern"}
    )
    councillor.fill("In welk jaar", "2030")
    councillor.page.get_by_label("Bij welk speerpunt").select_option("gezond samenleven")
    councillor.tick("de raad kiest dit zelf", "de gemeente samen met anderen")
    councillor.fill("Wie gaat erover?", "De wethouder Zorg")
    councillor.press("Bewaren", sentence)


def set_a_goal_in_one_sentence(councillor: Reader, sentence: str, value: str) -> None:
    """That is enough; what would make it sharper is a hint afterwards, and never in the way."""
    councillor.open_step(COUNCIL, "Doelen")
    councillor.follow("Nog een doel stellen")
    councillor.fill("In vier jaar merken inwoners dat", sentence)
    councillor.tick(value)
    councillor.press("Bewaren", sentence)
    expect(councillor.main).to_contain_text("tips bij dit doel")


def goal(person: Reader, sentence: str) -> None:
    person.open_step(COUNCIL, "Doelen")
    person.follow(sentence, sentence)


def say_what_is_needed(councillor: Reader) -> None:
    councillor.open_step(COUNCIL, "Wat is nodig")
    councillor.follow("Naar de kaarten per doel")
    councillor.follow("Zeg wat er nodig is")
    councillor.fill("Wat moet er veranderen?", NEED)
    councillor.tick("mogelijk maken dat anderen het doen")
    councillor.fill("Wat doen we niet?", "Een nieuw loket.")
    councillor.press("Bewaren")
    expect(councillor.main).to_contain_text(NEED)


def ask_first_then_choose_figures(councillor: Reader) -> None:
    """What do we want to know? Only then which figure, with the reason and with what it does not say."""
    goal(councillor, LONELY)
    councillor.follow("Cijfer kiezen")
    councillor.follow("Schrijf uw vraag op")
    councillor.fill("Welke vraag wilt u beantwoorden?", QUESTION)
    councillor.press("Bewaren")
    for indicator, reason, not_saying in FIGURES[:2]:
        goal(councillor, LONELY)
        councillor.follow(re.compile("ijfer kiezen"))
        find_and_link(councillor, indicator, reason, not_saying)


def find_and_link(person: Reader, indicator: str, reason: str, not_saying: str) -> None:
    person.fill("Zoek in de cijfers", indicator)
    person.press("Zoek")
    person.follow(f"Kiezen: {indicator}")
    person.fill("Waarom hoort dit cijfer", reason)
    person.tick("laat een deel van het doel zien")
    person.fill("Wat zegt dit cijfer niet?", not_saying)
    person.press("Cijfer koppelen")


def link_stories(councillor: Reader) -> None:
    councillor.follow("Een verhaal erbij")
    councillor.follow("Nieuwe verhalen beschrijven")
    councillor.fill("Hoe noemt u deze verhalen?", STORIES)
    councillor.tick("tafelgesprek met een groep")
    councillor.fill_in({"Van wie zijn de verhalen?": "Ouderen", "Waarom horen deze verhalen": STORIES_WHY})
    councillor.press("Bewaren", LONELY)
    expect(councillor.main).to_contain_text(STORIES)


def aim(councillor: Reader) -> None:
    """A number to aim at, and a limit that is a reason to talk."""
    goal(councillor, LONELY)
    councillor.follow(f"Begin, streven en richting van {FIGURES[0][0]}")
    councillor.tick("streven: we noemen een getal, met een jaar")
    councillor.fill("Naar welk getal", "2030: 34.500")
    councillor.tick("als het cijfer lager is dan de grens")
    councillor.fill("Bij welke grens?", "33.000")
    councillor.tick("hoger is beter")
    councillor.fill("Waarom vindt de raad dat?", BETTER)
    councillor.press("Bewaren", LONELY)
    expect(councillor.main).to_contain_text("34.500")


def one_figure_too_many(clerk: Reader) -> None:
    """Three in view is what this group can hold: one more asks which one rests."""
    clerk.open_step(COUNCIL, "Doelen")
    clerk.follow("In beeld, en later")
    clerk.fill("Hoeveel cijfers zijn tegelijk in beeld?", "3")
    clerk.press("Bewaren")
    for indicator, reason, not_saying in FIGURES[2:]:
        goal(clerk, DEBTS)
        clerk.follow(re.compile("ijfer kiezen"))
        find_and_link(clerk, indicator, reason, not_saying)
    expect(clerk.main).to_contain_text("Er is geen plaats meer in beeld")
    clerk.tick(f"{FIGURES[1][0]}, bij: {LONELY}")
    clerk.press("Cijfer koppelen", DEBTS)
    goal(clerk, LONELY)
    expect(clerk.main).to_contain_text(f"{FIGURES[1][0]}. Opnieuw bekijken op")


# --- Steering: steps 7 and 8 ----------------------------------------------------------------------------------------


def say_what_it_costs(councillor: Reader) -> None:
    councillor.open_step(COUNCIL, "Wat kost het")
    councillor.follow("Naar de kaarten per doel")
    councillor.follow("Een bedrag noemen")
    councillor.fill_in({"Waarvoor is het geld?": COST, "Elk jaar": "85000", "Waar komt het geld": COVER})
    councillor.tick("raming")
    councillor.press("Bewaren")
    expect(councillor.main).to_contain_text("elk jaar 85.000 euro")


def choose_a_moment(councillor: Reader) -> None:
    councillor.open_step(COUNCIL, "Sturen")
    councillor.follow("Naar de kaarten per doel")
    councillor.follow("Een moment kiezen")
    councillor.page.get_by_label("Wanneer kijkt de raad hiernaar?").select_option("Kadernota")
    councillor.page.get_by_label("Met welk middel").select_option("Motie")
    councillor.fill_in({"Op welke dag?": "10-6-2027", "Wie brengt het in?": "De commissie Sociaal"})
    councillor.fill("Wat wilt u dan weten?", WANTED)
    councillor.press("Bewaren")
    expect(councillor.main).to_contain_text(WANTED)


# --- What it comes to -----------------------------------------------------------------------------------------------

# Everything that somebody wrote, to be found once in the invulschema.
WRITTEN = [
    GROUND,
    SIGHT,
    REASONS,
    MINORITY,
    FRICTION,
    NEED,
    QUESTION,
    STORIES_WHY,
    BETTER,
    COST,
    COVER,
    WANTED,
    *(words for name, (_value, words, _counter) in VALUES.items() if name != "Sietske Roelofs"),
    *(text for _indicator, *texts in FIGURES for text in texts),
]


def read_the_invulschema(person: Reader) -> None:
    person.open(f"/{COUNCIL}/trajecten")
    person.follow("Invulschema", PLAN)
    for text in WRITTEN:
        expect(person.main.get_by_text(text)).to_have_count(1)


def open_it_in_word(clerk: Reader, file: Path) -> None:
    clerk.open(f"/{COUNCIL}/trajecten")
    clerk.follow("Invulschema", PLAN)
    with clerk.page.expect_download() as download:
        clerk.main.get_by_role("link", name="Download als Word-bestand").click()
    download.value.save_as(file)
    word = Document(str(file))
    text = "\n".join(str(piece.text) for piece in word.element.body.iter(qn("w:t")))
    assert {wanted: text.count(wanted) for wanted in WRITTEN if text.count(wanted) != 1} == {}
    headings = [part.text for part in word.paragraphs if part.style.name.startswith("Heading")]
    contents = [part.text for part in word.paragraphs if part.style.name.startswith("toc")]
    for heading, step in zip(headings, ("Opdracht", "Beeld", "Wat is belangrijk"), strict=False):
        assert heading.endswith(step)
    assert [heading for heading in contents if heading not in headings] == []
    assert any(LONELY in heading for heading in headings)
