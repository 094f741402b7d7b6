import pytest

from chalicelib.compose.css import Declaration, around, declarations, plain


@pytest.mark.parametrize(
    ("style", "found", "reason"),
    [
        ("", [], "nothing"),
        ("color:red", [("color", "red", False)], "one"),
        (" COLOR : Red ;", [("color", "Red", False)], "names are case-insensitive, values are kept"),
        ("a:b;;c;d:e", [("a", "b", False), ("d", "e", False)], "empty pieces and pieces without a colon"),
        ("a:b ! IMPORTANT", [("a", "b", True)], "blanks and case around important"),
        ("a:url(x;y);b:c", [("a", "url(x;y)", False), ("b", "c", False)], "a semicolon in brackets"),
        ("a:'x;\\';y';b:c", [("a", "'x;\\';y'", False), ("b", "c", False)], "in a string, with an escaped quote"),
        ("a:b/*;*/;c:d", [("a", "b/*;*/", False), ("c", "d", False)], "in a comment"),
        ("a:{x|y;z};c:d", [("a", "{x|y;z}", False), ("c", "d", False)], "in a token"),
        ("a:b;c:(d;e:f", [("a", "b", False)], "what is in an unclosed bracket is no declaration (CSS Syntax 5.4.6)"),
        ("a:b;c:'d;e:f", [("a", "b", False)], "nor what is in an unclosed string"),
        ("a:b;c:\\", [("a", "b", False)], "nor what ends within an escape"),
        ("font:\n  1px x", [("font", "1px x", False)], "on one line, as a line more would move faults"),
    ],
)
def test_declarations(style, found, reason):
    assert list(declarations(style)) == [Declaration(*each) for each in found], reason


@pytest.mark.parametrize(
    ("rules", "own", "before", "after", "reason"),
    [
        ("color:red", "", "color:red", "", "a rule alone"),
        ("color:red", "margin:0", "color:red;", "", "its own style wins by standing behind"),
        ("color:red", "color:blue", "", "", "and a rule that has lost is not written"),
        ("padding:0", "padding-left:1px", "padding:0;", "", "a side behind the whole"),
        ("padding-left:1px", "padding:0", "padding-left:1px;", "", "the whole behind a side wins"),
        ("color:red!important", "color:blue", "", ";color:red", "an important rule wins over the own style"),
        ("color:red!important", "color:blue;", "", "color:red", "no second semicolon"),
        ("color:red!important", "color:blue !important", "", "", "an important own one wins over all"),
        ("color:red!important;margin:0", "", "margin:0;", "color:red", "important ones last"),
        ("color:red!important", "color:blue;color:red", "", "", "what stands there already is not written again"),
        ("color:(", "", "", "", "an unclosed bracket would swallow what follows"),
    ],
)
def test_around(rules, own, before, after, reason):
    assert around(rules, own) == (before, after), reason


@pytest.mark.parametrize(
    ("css", "same", "reason"),
    [
        ("a{b:'c \"d\"'}", "a{b:'c \\22 d\\22 '}", "css-inline would write the outer quotes for the inner ones"),
        ('a{b:"it\'s"}', 'a{b:"it\\27 s"}', "the other way round"),
        ("a{/* ' */b:c}", "a{ b:c}", "a quote in a comment opens no string"),
        ("a{b:c\\'d}", "a{b:c\\'d}", "neither does an escaped one"),
        ("a{b:c /* d", "a{b:c  ", "a comment that is never closed"),
        ("a{b:'c\n}", "a{b:'c\n}", "a string ends with its line (CSS Syntax 4.3.5)"),
    ],
)
def test_plain(css, same, reason):
    assert plain(css) == same, reason
