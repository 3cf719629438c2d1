"""What a logged-in desktop client must hear back for each line that it sends: which answers, in which order, of what
shape (protocol 1.6 and §4, and the table "What an empty appliance answers").

A line without an answer here must stay silent. What others do, or what a line sets off, comes as pushes; the player
waits for those apart.
"""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from . import tables
from .client import Message
from .shapes import Members, Shape, integer, is_, list_of, row_of, text
from .world import Ids

Expected = Tuple[str, Members]

LISTS = frozenset(tables.CONFIG)
CALLS = frozenset(
    [
        "hangup",
        "attended_transfer",
        "direct_transfer",
        "attended_transfer_voicemail",
        "blind_transfer_voicemail",
        "complete_transfer",
        "cancel_transfer",
        "answer",
        "resume_switchboard",
        "hold_switchboard",
    ]
)
# What needs the user's address book is answered when the store has looked (protocol decision 6).
LATE = frozenset(
    [
        "people_search",
        "people_favorites",
        "people_personal_contacts",
        "directory",
        "people_set_favorite",
        "people_create_personal_contact",
        "people_purge_personal_contacts",
        "people_export_personal_contacts_csv",
        "people_import_personal_contacts_csv",
    ]
)
UNAVAILABLE = tables.command_refused("service_unavailable")
SWITCHBOARD_HEADERS = Members({"class": is_("directory_headers"), "headers": list_of(row_of(text, text))})


def expected(line: Message, ids: Ids) -> List[Expected]:
    """The answers to one line, in order."""
    word = line["class"]
    if word == "getlist":
        return _getlist(line)
    if word == "subscribe":
        return _subscribe(line, ids)
    if word == "ipbxcommand":
        return _command(line)
    if word.startswith("register_"):
        return _registration(line, ids)
    if word in CALLS:
        return [(word, UNAVAILABLE)]
    return [(word, shape) for shape in _simple(line, ids)]


def _simple(line: Message, ids: Ids) -> List[Members]:
    commandid = line.get("commandid")
    ask: Dict[str, List[Members]] = {
        "getipbxlist": [tables.with_reply({"class": is_("getipbxlist"), "ipbxlist": is_(["xivo"])}, commandid)],
        "keepalive": [
            tables.with_reply({"class": is_("keepalive"), "warning_string": is_("unimplemented")}, commandid)
        ],
        "people_favorites": [tables.people("people_favorites_result")],
        "people_personal_contacts": [tables.people("people_personal_contacts_result")],
        "people_search": [tables.people("people_search_result", term=is_(line.get("pattern")))],
        "people_set_favorite": _favorite(line),
        "people_create_personal_contact": [Members({"class": is_("people_personal_contact_created")})],
        "people_purge_personal_contacts": [Members({"class": is_("people_personal_contacts_purged")})],
        "people_export_personal_contacts_csv": [
            Members({"class": is_("people_export_personal_contacts_csv_result"), "csv_contacts": text})
        ],
        "people_import_personal_contacts_csv": [
            Members(
                {
                    "class": is_("people_import_personal_contacts_csv_result"),
                    "created_count": integer,
                    "failed": list_of(tables.FAILED_LINE),
                }
            )
        ],
        "people_headers": [Members({"class": is_("people_headers_result"), **tables.PEOPLE})],
        "get_relations": [tables.RELATIONS],
        "history": [Members({"class": is_("history"), "history": is_([])})],
        "subscribetoqueuesstats": [tables.LOGGED_AGENTS] * len(ids.by_name["queues"]),
        "getqueuesstats": _queues_stats(line),
        "get_switchboard_directory_headers": [SWITCHBOARD_HEADERS],
        "switchboard_directory_search": [
            Members(
                {"class": is_("directory_search_result"), "pattern": is_(line.get("pattern")), "results": list_of(tables.SWITCHBOARD_ROW)}
            )
        ],
        "directory": [
            Members(
                {
                    "class": is_("directory"),
                    "replyid": is_(commandid),
                    "status": is_("ok"),
                    "headers": list_of(text),
                    "resultlist": list_of(text),
                }
            )
        ],
        "faxsend": [
            tables.with_reply({"class": is_("faxsend"), "warning_string": is_("return_is_none")}, commandid),
            *tables.FAX_PROGRESS,
        ],
    }
    return ask.get(line["class"], [])


def _favorite(line: Message) -> List[Members]:
    """The recordings' own names of personal contacts (`a1`) name nobody here."""
    members = ("source", "source_entry_id", "favorite")
    if line["class"] != "people_set_favorite" or line["source"] == "personal":
        return []
    return [Members({"class": is_("people_favorite_update"), **{each: is_(line[each]) for each in members}})]


def _getlist(line: Message) -> List[Expected]:
    function, listname, tid = line["function"], line["listname"], line.get("tid")
    name = f"getlist {function} {listname}"
    if function == "listid" and listname in LISTS:
        return [(name, tables.list_id(listname))]
    if function == "updateconfig":
        return [(name, tables.config_answer(listname, tid))]
    if function == "updatestatus":
        return [(name, tables.status_answer(listname, tid))]
    return []


def _subscribe(line: Message, ids: Ids) -> List[Expected]:
    subject = line["message"]
    if subject == "meetme_update":
        quiet = Members({name: tables.QUIET_ROOM for name in ids.by_name["meetmes"]})
        rooms = Members({"class": is_("meetme_update"), "config": quiet})
        return [(subject, rooms), ("meetme_user", Members({"class": is_("meetme_user"), "list": is_([])}))]
    if subject == "current_calls":
        return [(subject, Members({"class": is_("current_calls"), "current_calls": is_([])}))]
    if subject == "queueentryupdate" and str(line["queueid"]) in ids.by_name["queues"].values():
        return [(subject, tables.QUEUE_ENTRIES)]
    return []


def _command(line: Message) -> List[Expected]:
    command = line["command"]
    # Whoever is not logged in is paused by nobody: silent (protocol 4.8).
    if command in ("dial", "listen", "agentlogin", "queueadd", "queueremove"):
        return [(f"ipbxcommand {command}", UNAVAILABLE)]
    return []


def _queues_stats(line: Message) -> List[Members]:
    stats: Dict[str, Shape] = {queue: tables.FIGURES for queue in line.get("on") or {}}
    answer = {"class": is_("getqueuesstats"), "stats": Members(stats)}
    return [tables.with_reply(answer, line.get("commandid"))]


def _registration(line: Message, ids: Ids) -> List[Expected]:
    kind = line["class"].split("_")[1]
    member = {"agent": "agent_ids", "endpoint": "endpoint_ids", "user": "user_ids"}[kind]
    known = {
        "agent": set(ids.by_name["agents"].values()),
        "endpoint": set(ids.by_name["phones"].values()),
        "user": set(ids.by_name["users"].values()) | set(ids.uuids.values()),
    }[kind]
    return [
        (line["class"], tables.event(kind))
        for server, key in line[member]
        if server == ids.server_uuid and str(key) in known
    ]


def own_services(line: Message) -> Dict[str, Any]:
    """What a `featuresput` sets, as members of the users' config; a forward without a number is off."""
    if line["function"] != "fwd":
        return {line["function"]: line["value"]}
    wanted = dict(line["value"])
    for kind in ("unc", "rna", "busy"):
        if f"enable{kind}" in wanted and not wanted.get(f"dest{kind}"):
            wanted[f"enable{kind}"] = False
    return wanted
