"""A page with open places comes out whole, packed or not, whatever stands in them."""

import gzip

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.slots import SLOTS, Open, fill, late_place

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


@given(
    parts=st.lists(st.one_of(TEXTS, st.sampled_from(list(SLOTS.values()))), max_size=9),
    own=st.fixed_dictionaries(dict.fromkeys(SLOTS, TEXTS)),
)
def test_packed_and_filled_hold_what_filling_the_text_gives(parts: list[str], own: dict[str, str]) -> None:
    page = "".join(parts)
    wanted = "".join(
        own.get({slot: name for name, slot in SLOTS.items()}.get(part, ""), part) for part in parts
    )
    made = Open(page.encode())
    assert made.filled(own) == wanted.encode()
    assert gzip.decompress(made.packed(own)) == wanted.encode()


def test_filling_a_text_leaves_no_slot() -> None:
    own = {name: name.upper() for name in SLOTS}
    assert fill(f"a{SLOTS['csrf_token']}b{SLOTS['csp_nonce']}", own) == "aCSRF_TOKENbCSP_NONCE"


def test_a_page_stays_small_when_packed_and_its_size_is_known() -> None:
    page = ("<li>Een doel van de raad</li>" * 400 + SLOTS["reader_name"]).encode()
    made = Open(page)
    assert len(made.packed(dict.fromkeys(SLOTS, "x"))) < len(page) / 20
    assert len(page) - 50 < len(made) < len(page) * 1.1


def test_what_is_told_late_may_be_long_and_comes_in_its_own_place() -> None:
    first, second = late_place(1), late_place(12)
    own = {"reader_name": "Ank", first: "é" * 70_000, second: ""}
    made = Open(f"<p>{second}</p>{SLOTS['reader_name']}{first}.".encode())
    wanted = f"<p></p>Ank{'é' * 70_000}.".encode()
    assert made.filled(own) == gzip.decompress(made.packed(own)) == wanted
