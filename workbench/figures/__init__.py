"""Figures: a tidy frame in; a finding, a sentence, a table, an SVG and a Bokeh figure out.

Pure: knows no database and no request. Import the module you need; this package loads none of them, because
`document`, `canvas` and `trend_canvas` load Bokeh, which only the worker may.
"""
