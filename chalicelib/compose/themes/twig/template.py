"""A Twig template as a Jinja2 template, line for line; or the Refusal of what has no like there."""

from __future__ import annotations

from chalicelib.compose.themes.refusal import Refusal
from chalicelib.compose.themes.twig.expression import Parser
from chalicelib.compose.themes.twig.lexer import Piece, pieces
from chalicelib.compose.themes.twig.tags import TAGS, Tags
from chalicelib.compose.themes.twig.words import MENDS


def jinja_of(file: str, source: str) -> str:
    """The same template in Jinja2's words; what stood on a line still stands on it."""
    tags = Tags(file)
    return "".join(_written(tags, piece) for piece in pieces(file, source))


def _written(tags: Tags, piece: Piece) -> str:
    ends = "\n" * piece.lines
    if piece.kind == "text":
        return piece.text
    if piece.kind == "comment":
        # Jinja2 takes the line end behind a comment away, as Twig does
        return f"{{#{ends}#}}"
    if piece.kind == "verbatim":
        return f"{{{{ {piece.text!r}|safe{ends} }}}}"
    parser = Parser(tags.file, piece.tokens, tags.scope)
    if piece.kind == "print":
        value = parser.expression()
        parser.done()
        return f"{{{{{piece.before} {value}|printed{ends} {piece.after}}}}}"
    return _tag(tags, piece, parser, ends)


def _tag(tags: Tags, piece: Piece, parser: Parser, ends: str) -> str:
    name = parser.name("A tag's name is expected here.")
    tag = TAGS.get(name)
    if tag is None:
        known = ", ".join(sorted(each for each in TAGS if not each.startswith("end")))
        mend = MENDS.get(name, f"There are {known}.")
        raise Refusal(tags.file, piece.line, name, f"The tag {name} is not taken. {mend}")
    parts = list(tag(tags, parser))
    parser.done()
    return _marked(parts, piece, ends)


def _marked(parts: list[str], piece: Piece, ends: str) -> str:
    """A tag's parts in their braces; a tag that says nothing is a comment, so that its line end goes as well."""
    if not parts:
        return f"{{#{piece.before}{ends}{piece.after}#}}"
    shown = [each if each.startswith("{{") else f"{{% {each} %}}" for each in parts]
    shown[0] = "{%" + piece.before + shown[0][2:]
    shown[-1] = shown[-1][:-2] + ends + piece.after + "%}"
    return "".join(shown)
