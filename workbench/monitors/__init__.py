"""The monitor: sections, blocks, and the documents the worker builds for them."""
