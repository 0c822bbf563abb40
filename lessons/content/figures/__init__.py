"""Figures: `style` and `canvas` draw them, `svg` shrinks them, `draw` runs an author's script.

These four run in the authors' environment, the only one with matplotlib, and never in the site.
What the site reads of a figure is in `lessons.content.drawings`.
"""
