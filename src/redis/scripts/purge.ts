/**
 * Deletes everything of a trace, and leaves under a hash of its id that nothing of it is to be taken; see `append.ts` for
 * the keys.
 *
 * ARGV: trace, ms for which nothing is taken. Returns 1 when something of it waited.
 */
export const PURGE = `
local tag, id = KEYS[1], ARGV[1]
local trace, sealed = tag .. ':t:' .. id, tag .. ':s:' .. id
local waited, bytes = 0, 0
local rows = redis.call('HGETALL', sealed)
for index = 1, #rows, 2 do
  local revision = tonumber(rows[index])
  if revision then
    local member = id .. ':' .. revision
    redis.call('UNLINK', tag .. ':c:' .. member)
    redis.call('ZREM', tag .. ':sealed', member)
    redis.call('ZREM', tag .. ':pending', member .. ':' .. string.match(rows[index + 1], '^[^|]*'))
    bytes = bytes + (tonumber(redis.call('HGET', sealed, 'b' .. revision)) or 0)
    waited = 1
  end
end
local state = redis.call('HMGET', trace, 'r', 'k', 's', 'j', 'n')
if (state[3] or 0) + (state[4] or 0) + (state[5] or 0) > 0 then
  bytes = bytes + (tonumber(state[2]) or 0)
  waited = 1
end
redis.call('UNLINK', tag .. ':c:' .. id .. ':' .. ((tonumber(state[1]) or 0) + 1), trace, sealed, tag .. ':k:' .. id)
redis.call('ZREM', tag .. ':due', id)
redis.call('DECRBY', tag .. ':bytes', bytes)
redis.call('SET', tag .. ':x:' .. redis.sha1hex(id), 1, 'PX', ARGV[2])
return waited
`;
