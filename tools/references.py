"""What a page of the book may refer to, and where each thing is published."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from posixpath import dirname, join, normpath

import notebooks
import yaml
from docutils.nodes import make_id
from pybtex.database import parse_file


class Unknown(ValueError):
    """Something that the book does not define or a converter does not know."""


@dataclass(frozen=True)
class Target:
    """A labeled place: its page and anchor, what readers see of it, its number."""

    page: str
    anchor: str
    text: str
    number: str | None = None


class Book:
    """Pages, labels, glossary and bibliography of the book, read from its files.

    Pages are named as Sphinx does, ``basics/two-players``: by the path in ``book/``
    without suffix. Equations and figures carry the numbers of the site.

    Args:
        root: of the repository.
        repository: ``owner/name`` on GitHub, or None if it has no public address;
            no address is then made up, and references become plain text.
        ref: the tag or commit to which links into the repository point.
    """

    def __init__(self, root=notebooks.ROOT, repository=None, ref="main"):
        self.root = Path(root)
        self.repository, self.ref, self.source, self.site = repository, ref, None, None
        if repository:
            owner, name = repository.split("/")
            host = f"{owner.lower()}.github.io"
            self.site = f"https://{host}/" + (f"{name}/" if name != host else "")
            self.source = f"https://github.com/{repository}"
        self.titles, self.targets, self.terms = {}, {}, {}
        self._counts = Counter()
        folder, chapter = self.root / "book", 0
        toc = yaml.safe_load((self.root / "_toc.yml").read_text("utf-8"))
        listed = {toc["root"]: None}  # page: number of the chapter, or None
        for part in toc.get("parts", ()):
            for entry in part["chapters"]:
                chapter += bool(part.get("numbered"))
                listed[entry["file"]] = chapter if part.get("numbered") else None
        files = {
            path.relative_to(folder).with_suffix("").as_posix(): path
            for path in [*notebooks.paths(root), *sorted(folder.rglob("*.md"))]
        }
        for page in [page for page in listed if page in files]:
            self._read(page, files[page], listed[page])

    def _read(self, page, path, chapter):
        cells, text = [], path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            cells = notebooks.read(path).cells
            text = "\n".join(c.source for c in cells if c.cell_type == "markdown")
        glossary = r"^(`{3,}|:{3,})\{glossary\} *\n((?:.*\n)*?)\1 *$"
        for _, terms in re.findall(glossary, text, re.M):
            for term in re.findall(r"^[^:\s].*", terms, re.M):
                self.terms[term.lower()] = Target(page, _term_id(term), term)
        text = re.sub(r"^ *(`{3,}|~{3,})[^{\n]*\n(.*\n)*? *\1 *$", "", text, flags=re.M)
        if title := re.search(r"^# +(.+)", text, re.M):
            self.titles[page] = title[1].strip()
        for label, heading in re.findall(r"^\((\S+)\)=\n+#+ +(.+)", text, re.M):
            self.targets[label] = Target(page, make_id(label), heading.strip())
        figures = [cell.metadata.get("mystnb", {}).get("figure", {}) for cell in cells]
        for form, prefix, labels in (
            ("({})", "equation-", re.findall(r"\$\$ *\((\S+)\)", text)),
            ("Fig. {}", "", [figure.get("name", "") for figure in figures if figure]),
        ):
            for label in labels:
                self._counts[form, chapter] += 1
                number = f"{chapter}." if chapter else ""
                number += str(self._counts[form, chapter])
                anchor = make_id(prefix + label)
                self.targets[label] = Target(page, anchor, form.format(number), number)

    def link(self, text, page, anchor=""):
        """A Markdown link to a published page, or the text in italics."""
        if not self.site:
            return f"*{text}*"
        return f"[{text}]({self.site}{page}.html{anchor and '#' + anchor})"

    def target(self, label):
        """The target of a label."""
        if label not in self.targets:
            raise Unknown(f"no label {label!r} in the book")
        return self.targets[label]

    def term(self, name):
        """The target of a term of the glossary."""
        if name.lower() not in self.terms:
            raise Unknown(f"no term {name!r} in the glossary")
        return self.terms[name.lower()]

    def page(self, path, start):
        """The page at a path, relative to the page ``start``; None if none is there."""
        path = re.sub(r"\.(ipynb|md|html)$", "", path)
        path = normpath(path[1:] if path[:1] == "/" else join(dirname(start), path))
        return path if path in self.titles else None

    def file(self, path, start, raw):
        """The address of a file in the repository, or None if it has no address."""
        path = normpath(join("book", dirname(start), path))
        if path.startswith("..") or not (self.root / path).exists():
            raise Unknown(f"no page or file {path!r}")
        return (
            self.source
            and f"{self.source}/{'raw' if raw else 'blob'}/{self.ref}/{path}"
        )

    @cached_property
    def bibliography(self):
        return parse_file(self.root / "book" / "references.bib").entries

    def cite(self, key, form):
        """A linked citation.

        Args:
            key: of an entry of ``references.bib``.
            form: how authors and year are put together, such as ``"{}, {}"``.
        """
        if key not in self.bibliography:
            raise Unknown(f"no entry {key!r} in references.bib")
        entry = self.bibliography[key]
        names = [
            " ".join(map(str, person.rich_prelast_names + person.rich_last_names))
            for person in entry.persons.get("author", entry.persons.get("editor", ()))
        ]
        if not names:
            raise Unknown(f"{key}: entry without author")
        authors = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
        text = form.format(authors, entry.fields["year"])
        doi = entry.fields.get("doi")
        url = entry.fields.get("url", doi and f"https://doi.org/{doi}")
        return f"[{text}]({url})" if url else text


def _term_id(term):
    # As Sphinx names the anchors of a glossary, which keep their capitals
    plain = unicodedata.normalize("NFKD", term).encode("ascii", "ignore").decode()
    return f"term-{re.sub(r'[^a-zA-Z0-9._]+', '-', plain).rstrip('-')}"
