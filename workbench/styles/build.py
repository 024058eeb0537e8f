"""Builds static/css/workbench.css from the sources beside this file. For maintainers; the result is committed, so nobody else needs Node.

In an empty folder: npm install @utrecht/component-library-css@9.0.4
@nl-design-system-unstable/voorbeeld-design-tokens@7.4.1
Then: python workbench/styles/build.py FOLDER/node_modules

Components and their tokens come in a cascade layer, so that our own rules win whatever their specificity.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
TEMPLATES = HERE.parents[1] / "templates"
STYLESHEET = HERE.parent / "static" / "css" / "workbench.css"
COMPONENTS = (
    "document",
    "skip-link",
    "breadcrumb-nav",
    "link",
    "paragraph",
    "heading-1",
    "heading-2",
    "heading-3",
    "heading-4",
    "button",
    "button-group",
    "form-field",
    "form-label",
    "form-field-description",
    "form-field-error-message",
    "textbox",
    "textarea",
    "select",
    "checkbox",
    "radio-button",
    "table",
    "alert",
)
SOURCES = (
    "font",
    "theme",
    "page",
    "content",
    "components",
    "forms",
    "figure",
    "start",
    "meeting",
    "workshop",
    "narrator",
    "phone",
    "coding",
    "script",
    "print",
)
LICENCE = (
    "/*! Monitorwerkbank. Holds components of NL Design System (Frameless B.V., Gemeente Utrecht) and its example theme: "
    "EUPL-1.2. Built by styles/build.py; licences in static/NOTICE.md. */\n"
)


def build(modules: Path) -> str:
    """The whole stylesheet; `modules` is a node_modules folder with the two packages above."""
    components = squeeze(
        "".join((modules / f"@utrecht/{c}-css/dist/index.css").read_text() for c in COMPONENTS)
    )
    own = squeeze("".join((HERE / f"{name}.css").read_text() for name in SOURCES))
    theme = (modules / "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css").read_text()
    theme = re.sub(r"/\*.*?\*/", "", theme, flags=re.DOTALL)
    tokens = needed_tokens(dict(re.findall(r"(--[\w-]+)\s*:\s*([^;]+);", theme)), components + own)
    root = ";".join(f"{name}:{value.strip()}" for name, value in tokens.items())
    return f"{LICENCE}@layer nlds{{:root{{{root}}}{components}}}\n{own}\n"


def squeeze(css: str) -> str:
    """The same rules without comments and white space."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(";}", "}").strip()


def needed_tokens(tokens: dict[str, str], css: str) -> dict[str, str]:
    """The tokens that the css mentions, and those that they mention in turn."""
    needed: set[str] = set()
    waiting = set(re.findall(r"--[\w-]+", css))
    while waiting:
        name = waiting.pop()
        if name in tokens and name not in needed:
            needed.add(name)
            waiting |= set(re.findall(r"--[\w-]+", tokens[name]))
    return {name: value for name, value in tokens.items() if name in needed}


def unstyled(css: str, html: str) -> set[str]:
    """Classes of the templates, ours or of NL Design System, that the stylesheet does not know."""
    return set(re.findall(r"\b(?:utrecht|wb)-[\w-]*\w", html)) - set(re.findall(r"\.([\w-]+)", css))


if __name__ == "__main__":
    stylesheet = build(Path(sys.argv[1]))
    STYLESHEET.write_text(stylesheet)
    templates = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    sys.stdout.write(f"no rule for: {', '.join(sorted(unstyled(stylesheet, templates)))}\n")
