"""How Sphinx builds these pages: ``nox -s docs``."""

project = "codebase-core"
extensions = ["myst_parser"]
myst_heading_anchors = 2
html_theme = "alabaster"
html_show_copyright = False
