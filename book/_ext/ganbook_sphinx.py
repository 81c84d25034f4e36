"""What the site needs beyond Jupyter Book: facts about chapters, and links.

The role ``{chapter}`time` `` (or ``claims``, ``exercises``) prints what the notebook
that it stands in knows about itself, the directive ``{chapter-status}`` a table of
all notebooks, and ``{equation-table}`` one of numbered equations and their tests. The
address of the repository comes from ``GITHUB_REPOSITORY`` (``owner/name``); without
it no page has a link to it.
"""

import os
import re
import sys
from importlib import import_module
from inspect import signature
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective, SphinxRole

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import equations
import notebooks


class Chapter(SphinxRole):
    """One fact about the notebook of this page."""

    def run(self):
        path = Path(self.env.doc2path(self.env.docname))
        if path.suffix == ".ipynb" and self.text in ("time", "claims", "exercises"):
            return [nodes.Text(str(notebooks.facts(path)[self.text]))], []
        message = "chapter: expected time, claims or exercises, and a notebook; got "
        place = f"{self.text!r} in {path.name}"
        return [], [self.inliner.reporter.error(message + place, line=self.lineno)]


class ChapterStatus(SphinxDirective):
    """A table of all notebooks, in the order of the book."""

    def run(self):
        software = ["Python", "Keras", "TensorFlow"]
        rows = [["Chapter", "Seconds", "Claims", "Exercises", *software]]
        rows += [["---", "--:", "--:", "--:", "--:", "--:", "--:"]]
        for docname in self.config.external_site_map:
            path = Path(self.env.doc2path(docname))
            if path.suffix == ".ipynb":
                self.env.note_dependency(str(path))
                facts = notebooks.facts(path)
                seconds, versions = facts["seconds"], facts["versions"]
                rows += [
                    [
                        f"{{doc}}`/{docname}`",
                        "–" if seconds is None else f"{seconds:.0f}",
                        str(facts["claims"]),
                        str(facts["exercises"]),
                        *(versions.get(name.lower(), "–") for name in software),
                    ]
                ]
        return self.parse_text_to_nodes("\n".join(map(" | ".join, rows)))


class EquationTable(SphinxDirective):
    """Each numbered equation of a part, chapter by chapter, with its tests."""

    required_arguments = 1

    def run(self):
        lines, rows = [], equations.table(part=self.arguments[0])
        for page in self.config.external_site_map:
            of_page = [row for row in rows if row.page == page]
            if of_page:
                lines += ["", f"{{doc}}`/{page}`", "", "| Equation | Checked by |"]
                lines += ["| --- | --- |"]
            for row in of_page:
                tests = "<br>".join(f"`{test}`" for test in row.tests)
                lines += [f"| {{eq}}`{row.label}` | {tests or row.reason} |"]
        return self.parse_text_to_nodes("\n".join(lines))


class KeepPunctuation(SphinxPostTransform):
    """No line begins with the comma or full stop that follows a formula."""

    default_priority = 900

    def run(self):
        for formula in list(self.document.findall(nodes.math)):
            text = formula.next_node(descend=False, siblings=True)
            marks = isinstance(text, nodes.Text) and re.match(r"[.,;:!?)]+", text)
            if marks:
                group = nodes.inline(classes=["nobreak"])
                formula.parent.replace(text, nodes.Text(text[marks.end() :]))
                formula.replace_self(group)
                group += [formula, nodes.Text(marks[0])]


def configure(app, config):
    """Add what cannot stand in a static ``_config.yml``."""
    # Jupyter Book loads every script below _static on every page; Sphinx loads
    # MathJax itself, where there is mathematics
    config.html_js_files = ["ganbook.js"]
    repository = os.environ.get("GITHUB_REPOSITORY")
    if repository:
        config.html_theme_options |= {
            "repository_url": f"https://github.com/{repository}",
            "repository_branch": "main",
            "path_to_docs": "book",
            "use_repository_button": True,
            "use_edit_page_button": True,
        }


def add_colab_button(app, pagename, templatename, context, doctree):
    """Link a chapter to its Colab edition, which lies on a branch of its own."""
    repository = os.environ.get("GITHUB_REPOSITORY")
    if repository and doctree and app.env.doc2path(pagename).endswith(".ipynb"):
        colab = {
            "type": "link",
            "url": "https://colab.research.google.com/github/"
            f"{repository}/blob/colab/{pagename}.ipynb",
            "text": "Open in Colab",
            "tooltip": "Run this chapter in your browser",
            "icon": "fas fa-play",
            "label": "colab-button",
        }
        context["header_buttons"].insert(0, colab)


def import_quietly(app, env, docnames):
    """Import TensorFlow for autodoc without the notes it writes to stderr."""
    if "appendix/api" in docnames:
        stderr = os.dup(2)
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        try:
            import_module("ganbook.training")
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


def show_init(app, what, name, obj, options, arguments, returns):
    """Show the arguments of ``__init__``, which Keras hides behind ``__new__``."""
    if what == "class" and arguments == "(*args, **kwargs)":
        init = signature(obj.__init__)
        _self, *rest = init.parameters.values()
        return str(init.replace(parameters=rest)), returns


def setup(app):
    app.add_role("chapter", Chapter())
    app.add_directive("chapter-status", ChapterStatus)
    app.add_directive("equation-table", EquationTable)
    app.add_post_transform(KeepPunctuation)
    app.connect("config-inited", configure)
    app.connect("env-before-read-docs", import_quietly)
    app.connect("autodoc-process-signature", show_init)
    # later than the theme, which begins the list of buttons
    app.connect("html-page-context", add_colab_button, priority=502)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
