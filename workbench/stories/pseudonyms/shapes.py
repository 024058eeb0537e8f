"""Pieces of patterns: a word with a capital, the small words within names."""

UPPER = "".join(chr(code) for code in range(0x250) if chr(code).isupper())
CAPITAL = rf"(?:(?<![\w\-])['’]?(?-i:[{UPPER}])[^\W_]{{0,40}}(?:['’\-][^\W_]{{1,40}}){{0,4}})"
PARTICLE = r"(?:van|de|der|den|het|'t|’t|te|ten|ter|el|al|en|op|in|aan|bij|voor|met|la|le|du|di|do|da|dos|bin|ibn|ben|von|zu)"
# "De Regenboog", "Prins Willem Alexander", "Huis aan de Linge"
TITLE = rf"{CAPITAL}(?:[ \-](?:{PARTICLE} ){{0,2}}{CAPITAL}){{0,4}}"
