"""Words as they are searched: small letters, without accents. Pure."""

import unicodedata


def plain(text: str) -> str:
    """'Privé-zorg in Súdwest' -> 'prive-zorg in sudwest'."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).lower()
