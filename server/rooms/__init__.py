"""Rooms: two phones and a therapist's console on one timeline.

`core` is pure: time, randomness and what was prepared are passed in, and what is to be done comes out as effects. All
else is the shell, which performs the effects:

    hub                      the rooms of this process: events in, effects carried out
    endpoint                 the route of a socket, and the loop that reads it
    socket                   the connection, the shared clock, the language of a phone
    admission                joining by codes, and limits at the way in
    stores                   where rooms are kept for a restart, and whose a room is among several services
    prepare, background      prepared exercises, typed lines, rooms after a restart
    persistence, scores      a room as plain values, and back; where its clips lie
    timers, tallies          wakings; counts of what rooms do

The core:

    room, transition         the machine, and one step in the making
    state, types, prepared   all that a room knows; the words that modules share; what was prepared
    transport, led_breath    where the exercise is; a breath that is led by taps
    events, effects          what can happen, and what the shell is asked to do
    handlers                 what each event changes
    questions, deadlines     open questions, what time alone changes
    snapshot                 what survives a restart
    protocol                 what a phone may say, what it is told, and the text of both
    views                    what each seat is told, and when
"""
