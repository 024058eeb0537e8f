"""Rounds: everyone answers alone, then the group sees together how the answers lie apart."""
