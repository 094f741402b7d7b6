"""The tokens of one print or tag, read one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.compose.themes.refusal import Refusal
from chalicelib.compose.themes.twig.lexer import Token


class Reader:
    """`sees` looks, `takes` goes on where it saw, `needs` refuses where it did not. The last token is the end."""

    def __init__(self, file: str, tokens: Sequence[Token]) -> None:
        self.file = file
        self._tokens = tokens
        self._at = 0

    @property
    def token(self) -> Token:
        return self._tokens[self._at]

    def next(self) -> Token:
        token = self.token
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def sees(self, *texts: str) -> bool:
        """Whether these words or signs come next."""
        coming = self._tokens[self._at : self._at + len(texts)]
        words = [token.text for token in coming if token.kind in ("name", "sign")]
        return words == list(texts)

    def takes(self, *texts: str) -> bool:
        found = self.sees(*texts)
        if found:
            self._at += len(texts)
        return found

    def needs(self, text: str, mend: str) -> None:
        if not self.takes(text):
            raise self.refusal(mend)

    def name(self, mend: str) -> str:
        if self.token.kind != "name":
            raise self.refusal(mend)
        return self.next().text

    def string(self, mend: str) -> str:
        if self.token.kind != "string":
            raise self.refusal(mend)
        return self.next().text

    def done(self) -> None:
        if self.token.kind != "end":
            raise self.refusal("Nothing is expected here: take it out, or put an operator before it.")

    def refusal(self, mend: str, shown: str | None = None) -> Refusal:
        token = self.token
        return Refusal(self.file, token.line, shown or token.text or "the end", mend)
