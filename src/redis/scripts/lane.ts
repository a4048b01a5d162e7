/**
 * Replaces the state of a lane if it is still the version the caller worked on.
 *
 * ARGV: version, new state (empty: only read), ms to keep it. Returns whether it was replaced, the version and the state
 * that are there now (empty: none), and the server's time in ms.
 */
export const LANE_SWAP = `
local now = redis.call('TIME')
local time = string.format('%d%03d', now[1], math.floor(now[2] / 1000))
local there = redis.call('HMGET', KEYS[1], 'v', 's')
local version = there[1] or '0'
if ARGV[2] == '' or version ~= ARGV[1] then return {0, version, there[2] or '', time} end
local next = string.format('%d', version + 1)
redis.call('HSET', KEYS[1], 'v', next, 's', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {1, next, '', time}
`;
