"""The plan as documents to read, print and take along: invulschema, measurement paragraphs, hand-over."""
