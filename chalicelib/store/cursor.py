"""The stores' cursors: the model's, which the timeline needs too."""

from chalicelib.model.cursor import cursor_of, cut, place_of

__all__ = ["cursor_of", "cut", "place_of"]
