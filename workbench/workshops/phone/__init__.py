"""A phone in a workshop: no account, no e-mail. Join with the code, answer one thing at a time, leave whenever."""
