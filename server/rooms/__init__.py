"""Rooms: two phones and a therapist's console on one timeline.

The core is pure: time, randomness and what was prepared are passed in, and what is to be done comes out as
effects. The shell performs them and stands beside it:

    hub         the rooms of this process: events in, effects carried out
    endpoint, connection, timers            sockets and wakings
    doors       codes, invitations and limits at the way in
    prepare, backroom                       scores, typed lines, rooms after a restart
    store, kept                             a room as a line of the journal, and back

The core:

    terms       the few words that all modules share
    errors      everything that can be refused: a stable code, a plain sentence
    words       every sentence that a room shows or speaks
    transport   where the exercise is at a moment: vectors, holds, jumps
    score       what was prepared for an exercise: timeline, clips
    commands    what a phone or console may say
    messages    what a room says to them
    protocol    text of the wire to commands, messages to text
    events      what can happen to a room
    effects     what a room asks its shell to do
    state       all that a room knows, as one frozen value
    work        one step in the making: the state so far, the effects so far
    view        what each seat is told of the state
    plan        the whole plan of one seat
    asks, consent, before, during, console  what each event changes
    agenda      what time alone changes
    dispatch    which handler takes which event
    telling     what everybody is told after a step
    snapshot    what survives a restart
    room        the state machine that joins them
    codes, limits, clock                    joining, floods, and the shared clock
"""
