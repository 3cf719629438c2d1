"""Differences in the login ladder (protocol §2, decision 1 and 3)."""

from __future__ import annotations

from .difference import ANY_CAPAS, ANY_PRESENCE, ANY_TEXT, ANY_XLETS, PRESENCES, Picture, error, presence
from .recording import Step


def serve_2_1(step: Step, picture: Picture) -> bool:
    line = step.line()
    if step.section != "3" or step.note:
        return False
    if line.get("xivoversion") == "2.1":
        answer = {"class": "login_id", "sessionid": ANY_TEXT, "xivoversion": "2.1", "timenow": 0.5}
        step.expected = {step.connection: [answer]}
        return True
    if line.get("class") == "login_pass" and line.get("commandid") == 103:
        step.expected = {step.connection: [{"class": "login_pass", "capalist": [2], "timenow": 0.5}]}
        return True
    return False


def newest_version(step: Step, picture: Picture) -> bool:
    changed = False
    for message in step.own():
        error_string = message.get("error_string", "")
        if error_string.startswith("xivoversion_client:") and error_string.endswith(";2.2"):
            message["error_string"] = error_string[: -len("2.2")] + "2.3"
            changed = True
    return changed


def close_after_login_error(step: Step, picture: Picture) -> bool:
    steps = ("login_id", "login_pass", "login_capas")
    if any("error_string" in each and each["class"] in steps for each in step.own()):
        step.closed.add(step.connection)
        return True
    return False


def strict_capaid(step: Step, picture: Picture) -> bool:
    line = step.line()
    if not step.note.startswith("capaid empty") or line.get("class") != "login_capas":
        return False
    error = {"class": "login_capas", "error_string": "wrong cti_profile_id", "timenow": 0.5}
    step.expected = {step.connection: [error]}
    return True


def profile_without_xlets(step: Step, picture: Picture) -> bool:
    if step.note != "profile without any xlet" or step.line().get("class") != "login_capas":
        return False
    step.expected = {
        step.connection: [
            {
                "class": "login_capas",
                "userid": "20",
                "ipbxid": "xivo",
                "appliname": "Bare",
                "capaxlets": [],
                "capas": ANY_CAPAS,
                "timenow": 0.5,
            }
        ]
    }
    for watcher in picture.watchers() + [step.connection]:
        step.expected.setdefault(watcher, []).append(presence("20", "available"))
    step.closed.clear()
    return True


def only_the_ladder(step: Step, picture: Picture) -> bool:
    word = step.line().get("class")
    if not picture.is_authenticated(step.connection) or step.act != "send":
        return False
    if word in ("login_capas", "keepalive", "logout"):
        return False
    had = bool(step.expected)
    step.expected = {}
    return had


def not_before_login_capas(step: Step, picture: Picture) -> bool:
    changed = False
    for name, messages in step.expected.items():
        if picture.is_authenticated(name) and name != step.connection and messages:
            step.expected[name] = []
            changed = True
    return changed


def pipelined_login(step: Step, picture: Picture) -> bool:
    if step.note != "all three steps in one write" or step.act != "send":
        return False
    step.own().append(
        {
            "class": "login_capas",
            "userid": "12",
            "ipbxid": "xivo",
            "appliname": "Agent",
            "capaxlets": ANY_XLETS,
            "capas": ANY_CAPAS,
            "timenow": 0.5,
        }
    )
    for watcher in picture.watchers() + [step.connection]:
        step.expected.setdefault(watcher, []).append(presence("12", "away"))
    return True


def login_timeout(step: Step, picture: Picture) -> bool:
    if step.section != "4" or step.line().get("class") != "getipbxlist":
        return False
    timeout = error("login_timeout", None)
    step.expected = {"B": [timeout], "D": [dict(timeout)]}
    step.closed = {"B", "D"}
    return True


def unknown_login_state(step: Step, picture: Picture) -> bool:
    line = step.line()
    if line.get("class") != "login_capas" or step.section != "6" or line["state"] in PRESENCES:
        return False
    state = "available" if line["state"] else ANY_PRESENCE
    for name in picture.watchers() + [step.connection]:
        step.expected.setdefault(name, []).append(presence("12", state))
    return True


def status_after_unknown_state(step: Step, picture: Picture) -> bool:
    if step.section != "6" or step.line().get("function") != "updatestatus":
        return False
    state = picture.presence.get("12", "disconnected")
    status = step.own()[0]["status"]
    changed = status["availstate"] != state
    status["availstate"] = state
    return changed
