"""Differences in lists, chat and bad lines (protocol decisions 1, 2, 6, 7 and 12), and in what the world cannot express."""

from __future__ import annotations

from .bad_lines import is_that_line
from .difference import (
    ANY_CAPAS,
    ANY_COLOR,
    ANY_TEXT,
    ANY_XLETS,
    NULL_OR_EMPTY,
    SERVER,
    UUID,
    Difference,
    Picture,
    error,
)
from .original_world import NAMES
from .recording import Step


def user_config(step: Step, picture: Picture) -> bool:
    changed = False
    for message in step.own():
        config = message.get("config") or {}
        if message.get("listname") == "users" and "firstname" in config:
            for member in config:
                if member.startswith("enable") or member == "incallfilter":
                    config[member] = bool(config[member])
            config["enablexfer"] = True
            changed = True
    return changed


def no_last_name(step: Step, picture: Picture) -> bool:
    for message in step.own():
        config = message.get("config") or {}
        if "lastname" in config and config["lastname"] is None:
            config["lastname"] = NULL_OR_EMPTY
            return True
    return False


def no_moderation(step: Step, picture: Picture) -> bool:
    for message in step.own():
        if (message.get("config") or {}).get("admin_moderationmode") == 1:
            message["config"]["admin_moderationmode"] = 0
            return True
    return False


def no_device_members(step: Step, picture: Picture) -> bool:
    changed = False
    for message in step.own():
        if message.get("listname") != "queuemembers":
            continue
        if "SIP/ln1003,support" in message.get("list", []):
            message["list"].remove("SIP/ln1003,support")
            changed = True
        elif message.get("tid") == "SIP/ln1003,support":
            if "config" in message:
                message["config"] = {}
            else:
                message["status"] = None
            changed = True
    return changed


def phones_left_out(step: Step, picture: Picture) -> bool:
    changed = False
    for message in step.own():
        known = NAMES.get(message.get("listname", ""), {})
        if message.get("function") == "listid" and known:
            kept = [each for each in message["list"] if each in known]
            changed = changed or len(kept) != len(message["list"])
            message["list"] = kept
    return changed


def default_data(step: Step, picture: Picture) -> bool:
    changed = False
    for message in step.own():
        if message.get("class") != "login_capas" or "capas" not in message or message["capas"] == ANY_CAPAS:
            continue
        changed = True
        if message["capaxlets"]:
            message["capaxlets"] = ANY_XLETS
        if message["capas"] == "as before":
            message["capas"] = ANY_CAPAS
            continue
        for part in ("userstatus", "phonestatus"):
            for entry in message["capas"][part].values():
                entry["longname"], entry["color"] = ANY_TEXT, ANY_COLOR
        if message["capas"]["preferences"] == {"xlet.agents.fontname": None}:
            message["capas"]["preferences"] = False
    return changed


def alias_is_the_name(step: Step, picture: Picture) -> bool:
    changed = False
    for messages in step.expected.values():
        for message in messages:
            if message.get("class") == "chitchat" and message["alias"] != "Agnes Client":
                message["alias"] = "Agnes Client"
                changed = True
    return changed


def _chat_to_bertil(step: Step, text: str) -> bool:
    for name in ("B", "B2"):
        step.expected[name] = [
            {
                "class": "chitchat",
                "alias": "Agnes Client",
                "text": text,
                "from": [SERVER, UUID + "11"],
                "to": [SERVER, UUID + "12"],
                "timenow": 0.5,
            }
        ]
    return True


def uuids_are_uuids(step: Step, picture: Picture) -> bool:
    return "upper case, no dashes" in step.sent and _chat_to_bertil(step, "upper case, no dashes")


def ids_of_2_0(step: Step, picture: Picture) -> bool:
    if step.section != "10" or ", 12]}" not in step.sent:
        return False
    step.expected, step.closed = {}, set()
    return _chat_to_bertil(step, "y")


def good_lines_beside_bad_ones(step: Step, picture: Picture) -> bool:
    keepalive = {"class": "keepalive", "replyid": 1, "warning_string": "unimplemented", "timenow": 0.5}
    answers = {
        '{"class":"keepalive","commandid":1}\nbad\n': [keepalive, error("not_json", None)],
        'bad\n{"class":"keepalive","commandid":1}\n': [error("not_json", None), keepalive],
        '{"class":"keepalive","commandid":1}\n{"class":"availstate"}\n': [keepalive, error("missing_member", None)],
    }.get(step.sent)
    if answers is None:
        return False
    step.expected = {step.connection: answers}
    step.closed.clear()
    return True


def empty_lines(step: Step, picture: Picture) -> bool:
    if step.act != "send" or step.sent.strip("\r\n"):
        return False
    step.expected, step.closed = {}, set()
    return True


def commandid_beyond_64_bits(step: Step, picture: Picture) -> bool:
    if step.note != "big integer":
        return False
    step.own()[0]["replyid"] = float(step.line()["commandid"])
    return True


def answers_in_order(step: Step, picture: Picture) -> bool:
    if not step.note.startswith("order of replies"):
        return False
    own = step.own()
    relations = next(each for each in own if each["class"] == "relations")
    listed = next(each for each in own if each.get("function") == "listid")
    own.remove(relations)
    own.insert(own.index(listed) + 1, relations)
    status = next(each for each in own if "connection" in (each.get("status") or {}))
    status["status"]["availstate"] = "away"
    return True


def bad_line(section: str, piece: str, code: str) -> Difference:
    def apply(step: Step, picture: Picture) -> bool:
        if step.act != "send" or not is_that_line(section, piece, step.section, step.sent):
            return False
        step.expected = {step.connection: [error(code, step.line().get("commandid"))]}
        step.closed = set() if picture.is_logged_in(step.connection) else {step.connection}
        return True

    shown = piece.strip().encode("unicode_escape").decode()
    return Difference(f"bad line {shown}", f'decision 2, §11: {code}', apply)
