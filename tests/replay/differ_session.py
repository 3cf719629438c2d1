"""Differences in sessions, presence and status registrations (protocol decisions 4 and 5, protocol §11)."""

from __future__ import annotations

from .client import Message
from .difference import PRESENCES, SERVER, UUID, Picture, is_disconnected, presence
from .recording import Step
from .tables import push_kind


def sessions_are_counted(step: Step, picture: Picture) -> bool:
    """Drops the `disconnected` of a user who still has a session, or who never had one here."""
    changed = False
    for name, messages in step.expected.items():
        kept = [
            each for each in messages if not is_disconnected(each) or _may_be_disconnected(step, each["tid"], picture)
        ]
        changed = changed or len(kept) != len(messages)
        step.expected[name] = kept
    return changed


def _may_be_disconnected(step: Step, user: str, picture: Picture) -> bool:
    if picture.user(step.connection) != user:
        return False
    if step.line().get("class") in ("availstate", "login_capas"):
        return True
    return picture.ends_last_session(step, user)


def status_while_a_session_is_left(step: Step, picture: Picture) -> bool:
    """The status of a user one of whose sessions ended."""
    if not step.note.startswith("two connections") or step.line().get("function") != "updatestatus":
        return False
    step.own()[0]["status"] = {"connection": "yes", "availstate": picture.presence["13"]}
    return True


def end_of_a_session_of_ours(step: Step, picture: Picture) -> bool:
    """Adds the `disconnected` of a session that the original did not have."""
    user = picture.user(step.connection)
    if user is None or step.act != "close" or not picture.ends_last_session(step, user):
        return False
    changed = False
    for watcher in picture.watchers():
        messages = step.expected.setdefault(watcher, [])
        if watcher != step.connection and not any(is_disconnected(each) for each in messages):
            messages.append(presence(user, "disconnected"))
            changed = True
    return changed


def logout_closes(step: Step, picture: Picture) -> bool:
    if step.line().get("class") != "logout":
        return False
    step.expected[step.connection] = []
    step.closed.add(step.connection)
    return True


def presence_is_sent_back(step: Step, picture: Picture) -> bool:
    line = step.line()
    state = line.get("availstate")
    if not picture.is_logged_in(step.connection) or not isinstance(state, str) or state in PRESENCES:
        return False
    user = picture.user(step.connection) or ""
    step.own().append(presence(user, picture.presence[user]))
    return True


def unchanged_dnd_is_not_told(step: Step, picture: Picture) -> bool:
    changed = False
    for name, messages in step.expected.items():
        kept = [
            each
            for each in messages
            if push_kind(each) != "services" or each["config"]["enablednd"] != picture.dnd.get(each["tid"], False)
        ]
        changed = changed or len(kept) != len(messages)
        step.expected[name] = kept
    return changed


def _event(user: str, state: str) -> Message:
    data = {"status": state, "user_id": int(user), "user_uuid": UUID + user, "xivo_uuid": SERVER}
    return {"class": "user_status_update", "data": data, "timenow": 0.5}


def events_of_changes_alone(step: Step, picture: Picture) -> bool:
    """No event for a refused presence, nor for one that does not change."""
    word = step.line().get("class")
    if word != "availstate":
        return False
    user = picture.user(step.connection) or ""
    state = step.line().get("availstate")
    if state in PRESENCES and picture.presence.get(user) != state:
        return False
    changed = False
    for name, messages in step.expected.items():
        kept = [each for each in messages if push_kind(each) != "user event"]
        changed = changed or len(kept) != len(messages)
        step.expected[name] = kept
    return changed


def event_of_an_end(step: Step, picture: Picture) -> bool:
    user = picture.user(step.connection)
    if user is None or step.act != "close" or not picture.ends_last_session(step, user):
        return False
    watchers = [each for each in picture.registered(user) if each != step.connection]
    for watcher in watchers:
        step.expected.setdefault(watcher, []).append(_event(user, "disconnected"))
    return bool(watchers)


def present_state_for_new_registrants(step: Step, picture: Picture) -> bool:
    if step.line().get("class") != "register_user_status_update":
        return False
    changed = False
    for message in step.own():
        if push_kind(message) == "user event":
            present = picture.presence.get(str(message["data"]["user_id"]), "disconnected")
            changed = changed or message["data"]["status"] != present
            message["data"]["status"] = present
    return changed


def numeric_text_registers(step: Step, picture: Picture) -> bool:
    if '"23"]]' not in step.sent:
        return False
    data = {"status": 4, "endpoint_id": 23, "xivo_uuid": SERVER}
    step.own().append({"class": "endpoint_status_update", "data": data, "timenow": 0.5})
    return True
