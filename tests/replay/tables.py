"""The tables themselves, one entry a kind of message; the section of the protocol that each follows is beside it."""

from __future__ import annotations

from typing import Any, Dict

from .shapes import (
    Check,
    Members,
    Shape,
    boolean,
    color_text,
    decimal,
    either,
    empty,
    id_text,
    integer,
    is_,
    list_of,
    map_of,
    one_of,
    or_null,
    row_of,
    text,
    uuid_text,
)

# 4.5.2, with protocol decision 1 (`enablexfer`) and 7 (JSON booleans from the start)
SERVICES: Dict[str, Shape] = {
    "enablednd": boolean,
    "incallfilter": boolean,
    "enableunc": boolean,
    "destunc": text,
    "enablerna": boolean,
    "destrna": text,
    "enablebusy": boolean,
    "destbusy": text,
}
USER_CONFIG = Members(
    {
        "firstname": text,
        "lastname": or_null(text),
        "fullname": text,
        "mobilephonenumber": text,
        "agentid": or_null(integer),
        "voicemailid": or_null(integer),
        "enablevoicemail": boolean,
        "enablexfer": is_(True),
        "linelist": list_of(id_text),
        "xivo_uuid": uuid_text,
        **SERVICES,
    }
)
QUEUE_MEMBER = Members(
    {
        "queue_name": text,
        "interface": text,
        "membership": is_("static"),
        "penalty": id_text,
        "paused": one_of("0", "1"),
        "status": id_text,
        "callstaken": id_text,
        "lastcall": text,
    }
)
CONFIG: Dict[str, Members] = {
    "users": USER_CONFIG,
    "phones": Members({"number": or_null(text), "iduserfeatures": integer, "identity": text}),
    "agents": Members({"number": text, "firstname": text, "lastname": text, "context": text}),
    "queues": Members({"name": text, "displayname": text, "number": text, "context": text}),
    "voicemails": Members({"mailbox": text, "context": text}),
    "meetmes": Members({"confno": text, "name": text, "context": text, "admin_moderationmode": one_of(0, 1)}),
    "queuemembers": QUEUE_MEMBER,
}

# 4.5.3
HINTS = one_of("-2", "-1", "0", "1", "2", "4", "8", "9", "16")
AVAILABILITIES = one_of(
    "logged_out",
    "available",
    "unavailable",
    "on_call_nonacd_incoming_internal",
    "on_call_nonacd_incoming_external",
    "on_call_nonacd_outgoing_internal",
    "on_call_nonacd_outgoing_external",
)
AGENT_STATUS = Members(
    {
        "availability": AVAILABILITIES,
        "availability_since": decimal,
        "phonenumber": or_null(text),
        "channel": is_(None),
        "on_call_acd": boolean,
        "on_wrapup": boolean,
        "nonacd_call_status": or_null(row_of(one_of("incoming", "outgoing"), boolean)),
        "queues": list_of(id_text),
        "groups": is_([]),
    }
)
STATUS: Dict[str, Shape] = {
    "users": Members({"connection": one_of(None, "yes"), "availstate": text}),
    "phones": Members({"hintstatus": HINTS}),
    "agents": AGENT_STATUS,
    "queues": Members({"agentmembers": is_([]), "phonemembers": is_([])}),
    "voicemails": Members({"new": either(integer, id_text)}),
    "meetmes": Members({"pseudochan": is_(None), "channels": empty, "paused": is_(False)}),
    "queuemembers": QUEUE_MEMBER,
}


def getlist(function: str, listname: str, **members: Shape) -> Members:
    """The frame that every message of the family has."""
    frame: Dict[str, Shape] = {
        "class": is_("getlist"),
        "function": is_(function),
        "listname": is_(listname),
        "tipbxid": is_("xivo"),
    }
    return Members({**frame, **members})


def list_id(listname: str) -> Members:
    """4.5.1"""
    return getlist("listid", listname, list=list_of(text if listname == "queuemembers" else id_text))


def config_answer(listname: str, tid: Any) -> Members:
    """4.5.2: all members, or `{}` for what is unknown or out of sight; `tid` as it was asked."""
    config = CONFIG.get(listname)
    return getlist("updateconfig", listname, tid=is_(tid), config=either(config, empty) if config else empty)


def status_answer(listname: str, tid: Any) -> Members:
    """4.5.3: unknown is `{}`, but null for a queue member."""
    shape = STATUS.get(listname, empty)
    unknown: Check = is_(None) if listname == "queuemembers" else empty
    return getlist("updatestatus", listname, tid=is_(tid), status=either(shape, unknown))


# §2 and §3
def login_id(member: str, version: str) -> Members:
    """2.4; the member's name and the version follow the client (protocol decision 1)."""
    return Members({"class": is_("login_id"), "sessionid": text, member: is_(version)})


def refusal(step: str, error: str) -> Members:
    """The error form of a login step."""
    return Members({"class": is_(step), "error_string": is_(error)})


LOGIN_PASS = Members({"class": is_("login_pass"), "capalist": row_of(integer)})
PRESENCE = Members(
    {"longname": text, "color": color_text},
    {"allowed": list_of(text), "actions": map_of(text, text)},
)
LOGIN_CAPAS = Members(
    {
        "class": is_("login_capas"),
        "userid": id_text,
        "ipbxid": is_("xivo"),
        "appliname": text,
        "capaxlets": list_of(list_of(text)),
        "capas": Members(
            {
                "services": list_of(text),
                "preferences": either(map_of(text, or_null(text)), is_(False)),
                "userstatus": map_of(text, PRESENCE),
                "phonestatus": map_of(HINTS, Members({"longname": text, "color": color_text})),
            }
        ),
    }
)
STARTTLS_OFFER = Members({"class": is_("starttls")})
STARTTLS_ANSWER = Members({"class": is_("starttls"), "starttls": is_(True)})


def with_reply(required: Dict[str, Shape], commandid: Any) -> Members:
    """1.5: `replyid` only if the request had a `commandid` that is not falsy."""
    return Members({**required, "replyid": is_(commandid)} if commandid else required)


def protocol_error(code: str, commandid: Any) -> Members:
    """ protocol decision 2; `replyid` stands there if a commandid could be read."""
    members: Dict[str, Shape] = {"class": is_("protocol_error"), "error_string": is_(code), "detail": text}
    return with_reply(members, commandid)


# 4.10 … 4.18
FIGURES = Members(
    {
        "Xivo-Join": is_("0"),
        "Xivo-Link": is_("0"),
        "Xivo-Lost": is_("0"),
        "Xivo-Rate": is_(""),
        "Xivo-Qos": is_(""),
        "Xivo-Holdtime-avg": is_(""),
        "Xivo-Holdtime-max": is_(""),
    }
)
LOGGED_AGENTS = Members(
    {"class": is_("getqueuesstats"), "stats": map_of(id_text, Members({"Xivo-LoggedAgents": is_(0)}))}
)
PEOPLE_TYPES = list_of(or_null(text))
PEOPLE: Dict[str, Shape] = {"column_headers": list_of(text), "column_types": PEOPLE_TYPES}
RELATIONS = Members(
    {
        "class": is_("relations"),
        "data": Members(
            {
                "xivo_uuid": uuid_text,
                "user_id": integer,
                "endpoint_id": or_null(integer),
                "agent_id": or_null(integer),
            }
        ),
    }
)
QUEUE_ENTRIES = Members(
    {
        "class": is_("queueentryupdate"),
        "state": Members({"queue_name": text, "queue_id": integer, "entries": is_([])}),
    }
)
FAX_PROGRESS = [
    Members({"class": is_("fax_progress"), "status": is_(status), "pages": is_(None)}) for status in ("PRESENDFAX", "FAILED")
]
QUIET_ROOM = Members(
    {
        "number": text,
        "name": text,
        "pin_required": boolean,
        "start_time": is_(0),
        "member_count": is_(0),
        "members": is_({}),
    }
)


# 4.15; in the order of the default columns
PERSON = Members(
    {
        "column_values": row_of(*[or_null(text)] * 4, boolean, or_null(text), boolean),
        "source": one_of("internal", "personal"),
        "relations": Members(
            {
                "xivo_id": or_null(uuid_text),
                "agent_id": or_null(integer),
                "user_id": or_null(integer),
                "user_uuid": or_null(uuid_text),
                "endpoint_id": or_null(integer),
                "source_entry_id": id_text,
            }
        ),
    }
)
FAILED_LINE = Members({"line": integer, "errors": list_of(text)})
SWITCHBOARD_ROW = Members({"name": text, "number": text, "number_type": one_of("office", "mobile")})


def people(kind: str, **members: Shape) -> Members:
    """A people answer with its rows."""
    return Members({"class": is_(kind), "results": list_of(PERSON), **PEOPLE, **members})


def command_refused(error: str) -> Members:
    """4.8"""
    return Members({"class": is_("ipbxcommand"), "error_string": is_(error)})


# what comes unasked (§5, 4.13, 4.14)
AGENT_EVENT = Members({"xivo_uuid": uuid_text, "agent_id": integer, "status": one_of("logged_in", "logged_out")})
ENDPOINT_EVENT = Members({"xivo_uuid": uuid_text, "endpoint_id": integer, "status": integer})
USER_EVENT = Members({"xivo_uuid": uuid_text, "user_uuid": uuid_text, "user_id": or_null(integer), "status": text})
CHAT_PARTY = row_of(uuid_text, uuid_text)
CHAT = Members({"class": is_("chitchat"), "alias": text, "text": text, "from": CHAT_PARTY, "to": CHAT_PARTY})


def event(kind: str) -> Members:
    """A status event of a registration."""
    data = {"agent": AGENT_EVENT, "endpoint": ENDPOINT_EVENT, "user": USER_EVENT}[kind]
    return Members({"class": is_(f"{kind}_status_update"), "data": data})


PUSHES: Dict[str, Members] = {
    "presence": getlist("updatestatus", "users", tid=id_text, status=Members({"availstate": text})),
    "services": getlist("updateconfig", "users", tid=id_text, config=Members({}, SERVICES)),
    "user event": event("user"),
    "agent event": event("agent"),
    "endpoint event": event("endpoint"),
    "chat": CHAT,
}


def push_kind(message: Dict[str, Any]) -> str:
    """Which kind of unasked message this looks like; empty if none."""
    key = (message.get("class"), message.get("function"), message.get("listname"))
    status, config = message.get("status") or {}, message.get("config") or {}
    if key == ("getlist", "updatestatus", "users") and status and "connection" not in status:
        return "presence"
    if key == ("getlist", "updateconfig", "users") and config and "firstname" not in config:
        return "services"
    word = str(message.get("class"))
    if word in ("user_status_update", "agent_status_update", "endpoint_status_update"):
        return word.split("_")[0] + " event"
    return "chat" if word == "chitchat" else ""
