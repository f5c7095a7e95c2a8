"""How Sphinx builds these pages: ``nox -s docs``."""

project = "codebase-core"
extensions = ["myst_parser"]
html_theme = "alabaster"
html_show_copyright = False
