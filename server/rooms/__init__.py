"""Rooms: two phones and a therapist's console on one timeline.

`core` is pure: time, randomness and what was prepared are passed in, and what is to be done comes out as effects. The
modules here are the shell, which performs the effects:

    hub                              the rooms of this process: events in, effects carried out
    endpoint, connection, timers     sockets and wakings
    admission, codes, rate_limits    joining, and limits at the way in
    prepare, background              prepared exercises, typed lines, rooms after a restart
    store, journal, redis_store      where rooms are kept for a restart
    lease, redis_scripts             whose a room is, among several services
    redis_codes                      codes that several services understand
    persistence, scores              a room as plain values, and back; where its clips lie
    clock                            the shared clock
    localize                         a room's sentences in the language of a phone

The core:

    types, errors, sentences         the words that all modules share, refusals, everything that is said
    transport, prepared, plan        where the exercise is; what was prepared; the whole plan of a seat
    commands, messages, protocol     what a phone may say, what it is told, and the text of both
    events, effects                  what can happen, and what the shell is asked to do
    state, room, transition          all that a room knows, the machine, one step in the making
    views, updates                   what each seat is told, and when
    handlers                         lobby, playback, console, consent, dispatch: what each event changes
    questions, deadlines, snapshot   open questions, what time alone changes, what survives a restart
"""
