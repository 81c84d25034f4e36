"""MyST Markdown to the plain Markdown that Google Colab renders.

``convert`` knows the syntax that the chapters may use and nothing more: all else
is an error, so that no reader ever meets raw markup. Code stays untouched.
"""

import html
import re
from textwrap import dedent, indent

from notebooks import facts
from references import Unknown

BLOCK = re.compile(
    r"^(?P<indent>[ ]*)(?P<fence>`{3,}|~{3,}|:{3,})(?P<info>[^`\n]*)\n"
    r"(?P<body>(?:.*\n)*?)(?P=indent)(?P=fence)[ ]*$"
    r"|^(?P<margin>[ ]*)\$\$(?P<tex>[^$]+)\$\$(?:[ ]*\((?P<label>\S+)\))?[ ]*$"
    r"|^(?P<anchor>\(\S+\)=[ ]*(?:\n|\Z))",
    re.M,
)
INLINE = re.compile(
    r"(?:\{(?P<role>[^{}\s]+)\})?(?<!`)(?P<ticks>`+)(?!`)"
    r"(?P<code>(?:(?!\n[ ]*\n)[\s\S])+?)(?<!`)(?P=ticks)(?!`)"
    r"|(?<![\\$])(?P<math>\$(?!\s)(?:\\.|(?!\n[ ]*\n)[^$\\])+?(?<!\s)\$)(?!\d)"
    r"|(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]"
    r"\((?P<url>(?:[^()\s]|\([^()\s]*\))+)(?P<hover>\s+\"[^\"]*\")?\)"
    r"|(?P<address><https?://[^<>\s]+>)"
)
UNKNOWN = re.compile(
    r"\{[^{}\s]+\}`.*|^[ >]*(?::{3,}|`{3,}|~{3,}).*|\{\{.*|\{[#.\w][\w:. -]*\}|\$\$.*"
    r"|^[ >]*(?:%|\+\+\+|:\w+:|\(\S+\)=).*|^:[ ].*|\[\^.*|<[a-z]+:.*|<(?:a|img)\b.*",
    re.M,
)
TITLES = {name: name.title() for name in ("note", "tip", "warning", "important")}


def convert(text, page, book):
    """Turn the MyST text of a page into plain Markdown.

    Args:
        text: of a Markdown cell.
        page: the name of its page in ``book``.
        book: a ``references.Book``.

    Raises:
        Unknown: at syntax or a target that is not known; quotes it.
    """
    parts, end = [], 0
    for match in BLOCK.finditer(text):
        between = _inline(text[end : match.start()], page, book)
        parts += between, _block(match, page, book)
        end = match.end()
    return "".join([*parts, _inline(text[end:], page, book)])


def _block(match, page, book):
    if match["anchor"]:
        return ""
    if match["tex"]:
        return _equation(match, book)
    directive = re.fullmatch(r"\{([^{}]+)\} *(.*?) *", match["info"])
    if directive is None and match["fence"][0] != ":":
        return match[0]
    name, argument = directive.groups() if directive else ("", "")
    if name not in {"admonition", *TITLES}:
        raise Unknown(f"unknown directive {match[0].splitlines()[0].strip()!r}")
    options, body = {}, dedent(match["body"])
    while option := re.match(r"(?::([\w-]+):|---) *(.*)\n", body):
        options[option[1]] = option[2]
        body = body[option.end() :]
    if unknown := options.keys() - {"class"}:
        raise Unknown(f"unknown option {unknown.pop()!r} of {name!r}")
    if name in TITLES:
        title, body = TITLES[name], f"{argument}\n{body}"
    else:
        title = _inline(argument, page, book)
    body = convert(body.strip("\n"), page, book).strip("\n")
    dropdown = "dropdown" in options.get("class", "")
    return indent((_details if dropdown else _quote)(title, body), match["indent"])


def _details(title, body):
    summary = f"<details><summary>{html.escape(title, quote=False)}</summary>"
    return f"{summary}\n\n{body}\n\n</details>"


def _quote(title, body):
    lead = f"**{title}**" if title[-1:] in tuple("?!.:") else f"**{title}.**"
    structure = re.match(r"([-*+>|#]|\d+[.)])\s|```|\$\$|<|\|", body)
    text = lead + ("\n\n" if structure else " ") + body
    return indent(text, "> ", lambda line: True).replace("> \n", ">\n")


def _equation(match, book):
    tex = match["tex"]
    outside = re.sub(r"\\begin\{(\w+\*?)\}.*?\\end\{\1\}", "", tex, flags=re.S)
    if re.search(r"\\\\|&", outside):  # the site aligns such lines by itself
        tex = f"\n\\begin{{aligned}}\n{tex.strip()}\n\\end{{aligned}}\n"
    if match["label"]:
        number, bare = book.target(match["label"]).number, tex.rstrip()
        tex = f"{bare} \\tag{{{number}}}{tex[len(bare) :]}"
    return f"{match['margin']}$${tex}$$"


def _inline(text, page, book):
    if unknown := UNKNOWN.search(INLINE.sub("x", text)):
        raise Unknown(f"unknown syntax {unknown[0].strip()[:60]!r}")
    return INLINE.sub(lambda match: _span(match, page, book), text)


def _span(match, page, book):
    if match["role"]:
        if match["role"] not in ROLES:
            raise Unknown(f"unknown role {match[0][:60]!r}")
        return ROLES[match["role"]](" ".join(match["code"].split()), page, book)
    if match["url"]:
        return _link(match, page, book)
    return match[0]


def _link(match, page, book):
    text, url, image = _inline(match["text"], page, book), match["url"], match["image"]
    if re.match("https?://|mailto:", url):
        return f"{image}[{text}]({url}{match['hover'] or ''})"
    if url[0] == "#":
        return _reference(text, book.target(url[1:]), page, book)
    path, _, anchor = url.partition("#")
    if (other := book.page(path, page)) and not image:
        return book.link(text or _title(other, book), other, anchor)
    address = book.file(path, page, raw=bool(image))
    return f"{image}[{text}]({address})" if address else f"*{text}*"


def _title(page, book):
    return _inline(book.titles[page], page, book)


def _reference(text, target, page, book):
    """A link whose text, if not given, is what stands at the target."""
    if target.number is None:
        text = text or _inline(target.text, target.page, book)
    else:
        text = re.sub(r"%s|\{number\}", target.number, text or target.text)
        if target.page == page:
            return text
        text += f" of {_title(target.page, book)}"
    return book.link(text, target.page, target.anchor)


def _split(content):
    """The text, perhaps empty, and the target of a role."""
    match = re.fullmatch(r"(.*?) *<([^<>]+)>", content)
    return match.groups() if match else ("", content)


def _label(content, page, book):
    text, label = _split(content)
    return _reference(text, book.target(label), page, book)


def _doc(content, page, book):
    text, path = _split(content)
    if not (other := book.page(path, page)):
        raise Unknown(f"no page {path!r}")
    return book.link(text or _title(other, book), other)


def _term(content, page, book):
    text, name = _split(content)
    target = book.term(name)
    return book.link(text or name, target.page, target.anchor)


def _cite_in_text(content, page, book):
    cited = [book.cite(key.strip(), "{} ({})") for key in content.split(",")]
    return ", ".join([*cited[:-2], " and ".join(cited[-2:])])


def _cite_in_parentheses(content, page, book):
    cited = [book.cite(key.strip(), "{}, {}") for key in content.split(",")]
    return f"({'; '.join(cited)})"


def _chapter(content, page, book):
    if content not in ("time", "claims", "exercises"):
        raise Unknown(f"unknown fact {content!r}")
    return str(facts(book.root / "book" / f"{page}.ipynb")[content])


ROLES = {
    "eq": _label,
    "numref": _label,
    "ref": _label,
    "doc": _doc,
    "term": _term,
    "cite:t": _cite_in_text,
    "cite:p": _cite_in_parentheses,
    "chapter": _chapter,
}
