"""A second CTI client for ctibox, written apart from the server: it replays recorded sessions and checks every answer.

It speaks to the real binary over TCP and uses nothing but the standard library. Run it with
`python3 -m replay --binary PATH` from the folder `tests`.
"""
