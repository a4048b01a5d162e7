/** Fields of a trace's hash from which its state is read; `append.ts` says what they are. */
export const STATE_FIELDS = ["v", "s", "j", "n", "z", "f", "l", "e", "m", "g", "r", "t", "sv"] as const;

/** Takes a trace out of the order if it is not open: its hash has lived its time. ARGV: trace. */
export const TIDY = `
local tag, id = KEYS[1], ARGV[1]
local state = redis.call('HMGET', tag .. ':t:' .. id, 's', 'j', 'n')
if (state[1] or 0) + (state[2] or 0) + (state[3] or 0) > 0 then return 0 end
return redis.call('ZREM', tag .. ':due', id)
`;

/** Moves the due time of an open trace that has not changed. ARGV: trace, version, due. */
export const RESCHEDULE = `
local tag, id = KEYS[1], ARGV[1]
if redis.call('HGET', tag .. ':t:' .. id, 'v') ~= ARGV[2] then return 0 end
redis.call('ZADD', tag .. ':due', 'XX', ARGV[3], id)
return 1
`;

/** Drops an open trace that has not changed: log records whose span never came. ARGV: trace, version. */
export const DROP = `
local tag, id = KEYS[1], ARGV[1]
local trace = tag .. ':t:' .. id
local state = redis.call('HMGET', trace, 'v', 'r', 'k')
if state[1] ~= ARGV[2] then return 0 end
redis.call('ZREM', tag .. ':due', id)
redis.call('UNLINK', tag .. ':c:' .. id .. ':' .. ((tonumber(state[2]) or 0) + 1))
redis.call('DECRBY', tag .. ':bytes', state[3])
if (tonumber(state[2]) or 0) == 0 then redis.call('DEL', trace)
else redis.call('HSET', trace, 's', 0, 'j', 0, 'n', 0, 'z', 0, 'k', 0) end
return 1
`;

/**
 * The sender says the trace is complete. One that is sealed already needs no signal; kept, it would seal the first
 * late span by itself. Log records alone stay due at their greatest age.
 *
 * ARGV: trace, ms to remember the signal of a trace of which nothing has come. Returns 1 when the trace is due now.
 */
export const SIGNAL = `
local tag, id = KEYS[1], ARGV[1]
if redis.call('EXISTS', tag .. ':x:' .. redis.sha1hex(id)) == 1 then return 0 end
local trace = tag .. ':t:' .. id
local state = redis.call('HMGET', trace, 'r', 's', 'j', 'n', 'v')
local scored = (state[2] or 0) + (state[3] or 0)
local open = scored + (state[4] or 0) > 0
if not open and (tonumber(state[1]) or 0) > 0 then return 0 end
if not state[5] and redis.call('EXISTS', tag .. ':k:' .. id) == 1 then return 0 end
redis.call('HSET', trace, 'g', 1, 'v', (state[5] or 0) + 1)
if not open then redis.call('PEXPIRE', trace, ARGV[2]) end
if scored == 0 then return 0 end
redis.call('ZADD', tag .. ':due', 0, id)
return 1
`;
