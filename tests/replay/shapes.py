"""The member and type tables of the wire (protocol §2–§5, decisions): which members a message has, and of what type.

`check` compares a message with the table of its kind: the exact set of members, the exact JSON type, null only where
the table allows it. It counts every member that it looked at.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Optional, Union

Check = Callable[[Any, str, "Tally"], None]
Shape = Union[Check, "Members"]


class Tally:
    """What was checked, and what was wrong with it."""

    def __init__(self) -> None:
        self.messages = 0
        self.members = 0
        self.wrong: List[str] = []

    def fail(self, path: str, text: str) -> None:
        self.wrong.append(f"{path}: {text}")


class Members:
    """An object with exactly these members; those of `optional` may be absent, never null unless their type says so."""

    def __init__(self, required: Mapping[str, Shape], optional: Optional[Mapping[str, Shape]] = None) -> None:
        self.required = dict(required)
        self.optional = dict(optional or {})

    def __call__(self, value: Any, path: str, tally: Tally) -> None:
        if not isinstance(value, dict):
            tally.fail(path, f"expected an object, came {_show(value)}")
            return
        for name, shape in self.required.items():
            if name not in value:
                tally.fail(path, f"member `{name}` is missing")
            else:
                _member(shape, value[name], f"{path}.{name}", tally)
        for name in value:
            if name in self.required:
                continue
            if name in self.optional:
                _member(self.optional[name], value[name], f"{path}.{name}", tally)
            else:
                tally.fail(path, f"member `{name}` is not in the table")


def _member(shape: Shape, value: Any, path: str, tally: Tally) -> None:
    tally.members += 1
    shape(value, path, tally)


def _show(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:120] + "..."


def _of_type(word: str, is_right: Callable[[Any], bool]) -> Check:
    def look(value: Any, path: str, tally: Tally) -> None:
        if not is_right(value):
            tally.fail(path, f"expected {word}, came {_show(value)}")

    return look


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


text = _of_type("a string", lambda value: isinstance(value, str))
integer = _of_type("an integer", _is_integer)
decimal = _of_type("a float", lambda value: isinstance(value, float))
boolean = _of_type("a boolean", lambda value: isinstance(value, bool))
anything = _of_type("anything", lambda value: True)
id_text = _of_type("a string of digits", lambda value: isinstance(value, str) and value.isdigit())
uuid_text = _of_type(
    "a uuid in lower case", lambda value: isinstance(value, str) and len(value) == 36 and value == value.lower()
)
color_text = _of_type(
    "a colour #RRGGBB", lambda value: isinstance(value, str) and len(value) == 7 and value.startswith("#")
)


def is_(expected: Any) -> Check:
    """Exactly this value, of exactly its type."""
    return _of_type(repr(expected), lambda value: value == expected and type(value) is type(expected))


def one_of(*expected: Any) -> Check:
    """One of these values."""
    return _of_type(
        " or ".join(map(repr, expected)),
        lambda value: any(value == each and type(value) is type(each) for each in expected),
    )


def or_null(shape: Check) -> Check:
    """Null, or that shape."""

    def look(value: Any, path: str, tally: Tally) -> None:
        if value is not None:
            shape(value, path, tally)

    return look


def list_of(shape: Shape) -> Check:
    """A list of any length."""

    def look(value: Any, path: str, tally: Tally) -> None:
        if not isinstance(value, list):
            tally.fail(path, f"expected a list, came {_show(value)}")
            return
        for index, each in enumerate(value):
            shape(each, f"{path}[{index}]", tally)

    return look


def row_of(*shapes: Shape) -> Check:
    """A list of exactly these."""

    def look(value: Any, path: str, tally: Tally) -> None:
        if not isinstance(value, list) or len(value) != len(shapes):
            tally.fail(path, f"expected a list of {len(shapes)}, came {_show(value)}")
            return
        for index, (shape, each) in enumerate(zip(shapes, value)):
            shape(each, f"{path}[{index}]", tally)

    return look


def map_of(key: Check, shape: Shape) -> Check:
    """An object used as a map."""

    def look(value: Any, path: str, tally: Tally) -> None:
        if not isinstance(value, dict):
            tally.fail(path, f"expected an object, came {_show(value)}")
            return
        for name, each in value.items():
            key(name, f"{path} key", tally)
            _member(shape, each, f"{path}.{name}", tally)

    return look


def either(*shapes: Shape) -> Check:
    """The first of these that fits; if none does, what is wrong with the first."""

    def look(value: Any, path: str, tally: Tally) -> None:
        first: Optional[Tally] = None
        for shape in shapes:
            trial = Tally()
            shape(value, path, trial)
            if not trial.wrong:
                tally.members += trial.members
                return
            first = first or trial
        assert first is not None
        tally.members += first.members
        tally.wrong.extend(first.wrong)

    return look


empty = Members({})


def check(shape: Members, message: Dict[str, Any], name: str, tally: Tally) -> List[str]:
    """Compares one message with its table (`timenow` is in every one); gives what is wrong with it."""
    before = len(tally.wrong)
    tally.messages += 1
    whole = Members({**shape.required, "timenow": decimal}, shape.optional)
    whole(message, name, tally)
    return tally.wrong[before:]
