/**
 * Makes the spans up to now a revision, if the trace is still what the decision was made on. The chunks stay where
 * they are. Its first write is one that also a full Redis takes: sealing is how it becomes less full.
 *
 * Keys beside those of `append.ts`: `:s:<trace>` hash of the sealed revisions: `<revision>` facts, `b<revision>` kept
 * bytes; `:sealed` those not released, `:pending` those not known to be queued, both by time of the seal.
 *
 * ARGV: trace, version or empty for any, reason, now, most spans, most bytes, highest stored revision, most ids, ms
 * to live. Returns the revision, how many chunks and bytes it has; nothing when the trace is no longer so.
 */
export const SEAL = `
local tag, id, now = KEYS[1], ARGV[1], ARGV[4]
local trace = tag .. ':t:' .. id
local fields = {'r', 'b', 'x', 'y', 's', 'j', 'n', 'z', 'k', 'f', 'l', 'e', 'm', 'v'}
local values = redis.call('HMGET', trace, unpack(fields))
local m = {}
for index, name in ipairs(fields) do m[name] = tonumber(values[index]) or 0 end
if m.s + m.j == 0 or (ARGV[2] ~= '' and tonumber(ARGV[2]) ~= m.v) then return false end

redis.call('ZREM', tag .. ':due', id)
local stored = tonumber(ARGV[7])
local revision = math.max(m.r, stored) + 1
local base = math.max(m.b, 1)
local chunks = tag .. ':c:' .. id .. ':' .. revision
if revision ~= m.r + 1 then redis.call('RENAME', tag .. ':c:' .. id .. ':' .. (m.r + 1), chunks) end
local sealed = tag .. ':s:' .. id
local facts = {ARGV[3], now, base, m.s, m.z, m.f, m.l, m.e, m.m}
redis.call('HSET', sealed, revision, table.concat(facts, '|'), 'b' .. revision, m.k)
redis.call('PEXPIRE', sealed, ARGV[9] * 2)
redis.call('PEXPIRE', trace, ARGV[9])
redis.call('ZADD', tag .. ':sealed', now, id .. ':' .. revision)
redis.call('ZADD', tag .. ':pending', now, id .. ':' .. revision .. ':' .. ARGV[3])

local whole = {spans = m.x + m.s, bytes = m.y + m.z}
local afresh = whole.spans >= tonumber(ARGV[5]) or whole.bytes >= tonumber(ARGV[6])
if afresh and redis.call('HLEN', trace) > tonumber(ARGV[8]) then
  redis.call('UNLINK', trace)
  redis.call('HSET', trace, 'e', 0, 'm', 0)
  redis.call('PEXPIRE', trace, ARGV[9])
end
if afresh then base = revision + 1; whole = {spans = 0, bytes = 0} end
redis.call('HSET', trace, 'r', revision, 'b', base, 'x', whole.spans, 'y', whole.bytes, 's', 0, 'j', 0, 'n', 0,
  'z', 0, 'k', 0, 'g', 0, 'so', 0, 't', 0, 'v', m.v + 1)
redis.call('HDEL', trace, 'sv')
return {revision, redis.call('LLEN', chunks), m.k}
`;

/**
 * Replaces the chunks of a sealed revision by one frame, if it is still there and nobody has done so.
 *
 * ARGV: trace, revision, number of chunks, frame, ms to live. Returns 1 when it did.
 */
export const COMPACT = `
local tag, id, revision = KEYS[1], ARGV[1], ARGV[2]
local chunks, sealed = tag .. ':c:' .. id .. ':' .. revision, tag .. ':s:' .. id
local before = redis.call('HGET', sealed, 'b' .. revision)
if not before or redis.call('LLEN', chunks) ~= tonumber(ARGV[3]) then return 0 end
redis.call('DEL', chunks)
redis.call('RPUSH', chunks, ARGV[4])
redis.call('PEXPIRE', chunks, ARGV[5])
redis.call('HSET', sealed, 'b' .. revision, #ARGV[4])
redis.call('INCRBY', tag .. ':bytes', #ARGV[4] - before)
return 1
`;

/**
 * Lets a revision and the earlier ones go. The ids stay for the given time, packed: of most traces nothing more comes.
 *
 * ARGV: trace, revision, ms to remember.
 */
export const RELEASE = `
local tag, id, last = KEYS[1], ARGV[1], tonumber(ARGV[2])
local trace, sealed = tag .. ':t:' .. id, tag .. ':s:' .. id
local rows = redis.call('HGETALL', sealed)
for index = 1, #rows, 2 do
  local revision = tonumber(rows[index])
  if revision and revision <= last then
    local reason = string.match(rows[index + 1], '^[^|]*')
    local member = id .. ':' .. revision
    redis.call('UNLINK', tag .. ':c:' .. member)
    local bytes = redis.call('HGET', sealed, 'b' .. revision)
    redis.call('HDEL', sealed, revision, 'b' .. revision)
    redis.call('ZREM', tag .. ':sealed', member)
    redis.call('ZREM', tag .. ':pending', member .. ':' .. reason)
    redis.call('DECRBY', tag .. ':bytes', bytes or 0)
  end
end
local open = redis.call('HMGET', trace, 's', 'j', 'n')
local isOpen = (open[1] or 0) + (open[2] or 0) + (open[3] or 0) > 0
if isOpen or redis.call('EXISTS', sealed) == 1 then return 0 end
local all = redis.call('HGETALL', trace)
if #all == 0 then return 0 end
local ids, m = {}, {}
for index = 1, #all, 2 do
  local name, value = all[index], all[index + 1]
  if #name == 8 then ids[#ids + 1] = name .. string.char(value) else m[name] = value end
end
local past = table.concat({m.r or 0, m.b or 1, m.x or 0, m.y or 0, m.e or 0, m.m or 0}, '|')
redis.call('UNLINK', trace)
redis.call('SET', tag .. ':k:' .. id, past .. '|' .. table.concat(ids), 'PX', ARGV[3])
return 1
`;

/**
 * All chunks of a revision and of the earlier ones it contains, oldest first, before them the facts of the revision
 * and the earliest revision that was still here; nothing when the revision is not here.
 *
 * ARGV: trace, revision.
 */
export const READ = `
local tag, id, revision = KEYS[1], ARGV[1], tonumber(ARGV[2])
local sealed = tag .. ':s:' .. id
local facts = redis.call('HGET', sealed, revision)
if not facts then return false end
local base = tonumber(string.match(facts, '^[^|]*|[^|]*|(%d+)'))
local found = {facts, revision}
local rows = redis.call('HKEYS', sealed)
local revisions = {}
for _, row in ipairs(rows) do
  local number = tonumber(row)
  if number and number >= base and number <= revision then revisions[#revisions + 1] = number end
end
table.sort(revisions)
found[2] = revisions[1]
for _, number in ipairs(revisions) do
  for _, chunk in ipairs(redis.call('LRANGE', tag .. ':c:' .. id .. ':' .. number, 0, -1)) do
    found[#found + 1] = chunk
  end
end
return found
`;
