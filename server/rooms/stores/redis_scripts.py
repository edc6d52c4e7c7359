"""The scripts by which rooms are owned in Redis: each runs whole, with nobody in between.

    still-here:room:<id>      a hash: owner (the id of a service, or empty), generation, kept (as in store.py)
    still-here:node:<id>      exists while the lease of this service holds
    still-here:wanted:<id>    the rooms that others are asked for and this service has
    still-here:conducted      a hash: of each room that a therapist opened, {label, exercise}

A room without `kept` is over; its generation stays for OVER_S, so that no old owner brings it back.
"""

from __future__ import annotations

from server.services.redis_link import PREFIX

ROOM, NODE, WANTED, CONDUCTED = f"{PREFIX}room:", f"{PREFIX}node:", f"{PREFIX}wanted:", f"{PREFIX}conducted"

RENEW = """
local before = redis.call('GET', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local wanted = redis.call('SMEMBERS', KEYS[2])
redis.call('DEL', KEYS[2])
return {before == ARGV[1] and 1 or 0, wanted}
"""
"""KEYS: node, wanted; ARGV: this process, milliseconds. Gives 1 where the lease had not run out, and who is wanted."""

TAKE = """
local found = redis.call('HMGET', KEYS[1], 'owner', 'generation', 'kept')
if not found[3] then return {'none'} end
local owner = found[1] or ''
if owner ~= ARGV[1] and owner ~= '' and redis.call('EXISTS', ARGV[2] .. owner) == 1 then
    redis.call('SADD', ARGV[3] .. owner, ARGV[4])
    redis.call('EXPIRE', ARGV[3] .. owner, 10)
    return {'elsewhere', 0, found[3]}
end
local generation = (tonumber(found[2]) or 0) + 1
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'generation', generation)
return {'taken', generation, found[3]}
"""
"""KEYS: room; ARGV: this service, NODE, WANTED, the room's id. Takes a room whose owner is gone, has let it go, or is
this service itself; the owner of any other is told that it is wanted."""

PUT = """
local refused = {}
for i, key in ipairs(KEYS) do
    local generation, how, line, listed = unpack(ARGV, 4 * i + 2, 4 * i + 5)
    local found = redis.call('HMGET', key, 'generation', 'owner')
    local known, mine = tonumber(found[1]) or 0, tonumber(generation)
    if how == 'free' and known == mine and found[2] == '' then
        -- it lies there already
    elseif known > mine or (known == mine and found[2] ~= ARGV[1]) then
        refused[#refused + 1] = key
    elseif how == 'over' then
        redis.call('HDEL', key, 'kept')
        redis.call('HSET', key, 'owner', '', 'generation', generation)
        redis.call('EXPIRE', key, ARGV[3])
        redis.call('HDEL', ARGV[4], string.sub(key, #ARGV[5] + 1))
    else
        redis.call('HSET', key, 'owner', how == 'keep' and ARGV[1] or '', 'generation', generation, 'kept', line)
        redis.call('EXPIRE', key, ARGV[2])
        if listed ~= '' then redis.call('HSET', ARGV[4], string.sub(key, #ARGV[5] + 1), listed) end
    end
end
return refused
"""
"""KEYS: rooms; ARGV: this service, ROOM_KEPT_S, OVER_S, CONDUCTED, ROOM, and for each room its generation, how
(keep, free or over), what is kept, and how it is listed. What lies there free may be said to be free again. Gives the
rooms that are another's by now, of which nothing was written."""
