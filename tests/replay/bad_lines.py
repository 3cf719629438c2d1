"""The lines of the recording that the original answered by cutting the connection, by silence or by an oddity, and the
code that ctibox answers instead (protocol decision 2, §11). Each stands here once: section, a piece of the line, code.
"""

from __future__ import annotations

from typing import Tuple

MISSING_MEMBER = "missing_member"
WRONG_TYPE = "wrong_type"
NOT_JSON = "not_json"
NOT_AN_OBJECT = "not_an_object"

BAD_LINES: Tuple[Tuple[str, str, str], ...] = (
    ("2b", '{"commandid":1}', "missing_class"),
    ("2b", "{}", "missing_class"),
    ("3", '"commandid": 101, "ident": "x", "userlogin"', MISSING_MEMBER),
    ("3", '"company": "xivo", "userlogin": "bertil"', MISSING_MEMBER),
    ("3", '"ident": "x", "xivoversion": "2.2"}', MISSING_MEMBER),
    ("3", '"ident": "x", "userlogin": "bertil"}', MISSING_MEMBER),
    ("3", '"login_pass", "commandid": 102}', MISSING_MEMBER),
    ("3", '"password": 12}', WRONG_TYPE),
    ("3", '"capaid": "2"}', MISSING_MEMBER),
    ("3", '"state": null}', WRONG_TYPE),
    ("3", '"state": 7}', WRONG_TYPE),
    ("7", '"tid": ["11"]', WRONG_TYPE),
    ("8", '"availstate": null', WRONG_TYPE),
    ("8", '"availstate": 5', WRONG_TYPE),
    ("8", '"availstate", "commandid": 112}', MISSING_MEMBER),
    ("10", '"alias": null', WRONG_TYPE),
    ("10", '"to": "xivo/12"', WRONG_TYPE),
    ("10", '"to": ["5a1e5a1e-0000-4000-8000-000000000001"]}', WRONG_TYPE),
    ("10", '"alias": "x", "to"', MISSING_MEMBER),
    ("10", '"commandid": 104, "text": "y", "to"', MISSING_MEMBER),
    ("10", '"alias": "x", "text": "y"}', MISSING_MEMBER),
    ("11", '"commandid": 121}', MISSING_MEMBER),
    ("11", '[["5a1e5a1e-0000-4000-8000-000000000001"]]', WRONG_TYPE),
    ("11", '"user_ids": [11]', WRONG_TYPE),
    ("11", '"agent_ids": null', WRONG_TYPE),
    ("11", ", null]]", WRONG_TYPE),
    ("11", ", {}]]", WRONG_TYPE),
    ("19", "hello", NOT_JSON),
    ("19", "[]\n", NOT_AN_OBJECT),
    ("19", '"keepalive"\n', NOT_AN_OBJECT),
    ("19", "5\n", NOT_AN_OBJECT),
    ("19", "null\n", NOT_AN_OBJECT),
    ("19", '{"commandid":3}', "missing_class"),
    ("19", '{"class":null}', WRONG_TYPE),
    ("19", '{"class":5}', WRONG_TYPE),
    ("19", '{"class":["keepalive"]}', WRONG_TYPE),
    ("19", '{"class":{}}', WRONG_TYPE),
    ("19", '"x":"\xff\xfe"', NOT_JSON),
    ("19", '{"class":"keep\xe9"}', NOT_JSON),
    ("19", "\x00", NOT_JSON),
    ("19", "\xef\xbb\xbf", NOT_JSON),
    ("19", '"commandid":NaN', NOT_JSON),
    ("19", ",}", NOT_JSON),
    ("19", "}{", NOT_JSON),
    ("19", '"commandid":1e999', NOT_JSON),
    ("19", "[[[...900...", "too_deep"),
    ("19", "[[[...100000...", "too_deep"),
)


def is_that_line(section: str, piece: str, step_section: str, sent: str) -> bool:
    """Whole lines for the pieces that end a line, else anywhere in it."""
    if section != step_section:
        return False
    return sent == piece if piece.endswith("\n") else piece in sent
