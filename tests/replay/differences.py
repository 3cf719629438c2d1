"""Every place where ctibox answers the recorded lines otherwise than the original did, each with its reason.

A difference turns the recorded outcome of a step into ours. The replay fails on any outcome that is still otherwise,
and on any difference that never changed anything. They are applied in this order.
"""

from __future__ import annotations

from typing import List

from . import differ_answer, differ_login, differ_session
from .bad_lines import BAD_LINES
from .difference import Difference

DIFFERENCES: List[Difference] = [
    Difference("2.1 is served", 'decision 1', differ_login.serve_2_1),
    Difference("the newest version in the error", 'decision 1', differ_login.newest_version),
    *(differ_answer.bad_line(*each) for each in BAD_LINES),
    Difference("good lines beside a bad one are served", 'decision 2', differ_answer.good_lines_beside_bad_ones),
    Difference("an empty line is ignored", 'decision 2', differ_answer.empty_lines),
    Difference("capaid is an integer or its text", "§11", differ_login.strict_capaid),
    Difference("a profile without xlets logs in", "settings F9", differ_login.profile_without_xlets),
    Difference("before login_capas only the ladder is served", 'decision 3', differ_login.only_the_ladder),
    Difference("no broadcast before login_capas", 'decision 3', differ_login.not_before_login_capas),
    Difference("login steps may be pipelined", "§11", differ_login.pipelined_login),
    Difference("the login timer says so", 'decision 3', differ_login.login_timeout),
    Difference("an unknown state at login: the last one", 'decision 5', differ_login.unknown_login_state),
    Difference("the status after an unknown state at login", 'decision 5', differ_login.status_after_unknown_state),
    Difference("logout closes", 'decision 4', differ_session.logout_closes),
    Difference("a login error closes", 'decision 3', differ_login.close_after_login_error),
    Difference("events of real changes alone", 'decision 4', differ_session.events_of_changes_alone),
    Difference("a refused presence is answered by the present one", 'decision 5', differ_session.presence_is_sent_back),
    Difference("a new registrant hears the present state", "§11", differ_session.present_state_for_new_registrants),
    Difference("numeric text registers an endpoint", 'decision 1', differ_session.numeric_text_registers),
    Difference("sessions are counted, and a bad line ends none", 'decision 2 and 4', differ_session.sessions_are_counted),
    Difference("the status while a session is left", 'decision 4', differ_session.status_while_a_session_is_left),
    Difference("the end of a session that the original refused", "F9", differ_session.end_of_a_session_of_ours),
    Difference("the end of a session is an event", 'decision 4', differ_session.event_of_an_end),
    Difference("DND that does not change is not told", 'decision 5', differ_session.unchanged_dnd_is_not_told),
    Difference("booleans and enablexfer in users' config", 'decisions 1 and 7', differ_answer.user_config),
    Difference("no last name", "settings §8: empty by default", differ_answer.no_last_name),
    Difference("moderation of rooms", "no setting of ctibox", differ_answer.no_moderation),
    Difference("devices as queue members", "left out", differ_answer.no_device_members),
    Difference("ids of users who are left out", "left out", differ_answer.phones_left_out),
    Difference("xlets, colours and display texts", "settings §3, the default data", differ_answer.default_data),
    Difference("chat: the alias is the sender's name", 'decision 12', differ_answer.alias_is_the_name),
    Difference("chat: uuids in any spelling", "§11", differ_answer.uuids_are_uuids),
    Difference("chat: the ids of 2.0 are taken from everybody", 'decision 1', differ_answer.ids_of_2_0),
    Difference("a commandid beyond 64 bits", "client.md (a): 0..2^31-1", differ_answer.commandid_beyond_64_bits),
    Difference("answers in the order of requests", 'decision 6', differ_answer.answers_in_order),
]
