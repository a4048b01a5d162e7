/**
 * Counts one fragment into its trace, and keeps its bytes: what `OpenTrace` of the embedded buffer does, where the
 * state is. Writes nothing when nothing in it is new. Its first write is one that a full Redis refuses, so that
 * nothing is ever half-written.
 *
 * Keys, all with the hash tag KEYS[1]: `:t:<trace>` hash of the fields below and of the flags of each span id (8 raw
 * bytes), or when it is released `:k:<trace>` with r b x y e m and all ids in one text, a sixth of the size;
 * `:c:<trace>:<revision>` list of chunks; `:x:<hash of trace>` while it is purged; `:due` open traces by due time; `:bytes` bytes of all chunks.
 *
 *     r  highest sealed revision     s j n  new spans, joined records, records     e  a root has ended
 *     b  revision reading starts at  z k    their bytes as sent, as kept           m  parents nobody has sent
 *     x y  spans, bytes since then   f l    first and last seen                    g  signalled
 *     t  earliest start of a span    sv so  service; 1 when it is the root's       v  changes with every write
 *
 * ARGV: trace, received at, heads (`encodeHeads`), bytes as sent, chunk, service, earliest start, policy
 * (`policyText`), ms to live. Returns how many were new, and when the trace is due if nothing more arrives.
 */
export const APPEND = `
local tag, id, at, heads = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3]
if redis.call('EXISTS', tag .. ':x:' .. redis.sha1hex(id)) == 1 then return {0, -1} end
local service, policy = ARGV[6], cjson.decode(ARGV[8])
local trace = tag .. ':t:' .. id
local band, bor = bit.band, bit.bor
local ARRIVED, ENDED, NAMED, ROOT, RECORD = 1, 2, 4, 8, 16
local fields = {'r', 's', 'j', 'n', 'z', 'k', 'f', 'l', 'e', 'm', 'g', 'v', 'x', 't', 'so'}
local values = redis.call('HMGET', trace, unpack(fields))
local m = {}
for index, name in ipairs(fields) do m[name] = tonumber(values[index]) or 0 end

local flags, ids, changed = {}, {}, {}
local packed = not values[12] and redis.call('GET', tag .. ':k:' .. id)
local base, baseSize
if packed then
  local r, b, x, y, e, missing, first = string.match(packed, '^(%d+)|(%d+)|(%d+)|(%d+)|(%d+)|(%d+)|()')
  m.r, m.x, m.e, m.m, m.v = tonumber(r), tonumber(x), tonumber(e), tonumber(missing), at
  base, baseSize = b, y
  for offset = first, #packed, 9 do
    local span = string.sub(packed, offset, offset + 7)
    flags[span] = string.byte(packed, offset + 8)
    changed[span] = true
  end
end
local function want(span)
  if flags[span] == nil then flags[span] = 0; ids[#ids + 1] = span end
end
for offset = 1, #heads, 17 do
  want(string.sub(heads, offset, offset + 7))
  if band(string.byte(heads, offset + 16), 10) ~= 0 then want(string.sub(heads, offset + 8, offset + 15)) end
end
for start = 1, #ids, 2000 do
  local stop = math.min(start + 1999, #ids)
  local found = redis.call('HMGET', trace, unpack(ids, start, stop))
  for index = start, stop do flags[ids[index]] = tonumber(found[index - start + 1]) or 0 end
end
local function mark(span, more)
  local before = flags[span]
  local after = bor(before, more)
  if after ~= before then flags[span] = after; changed[span] = true end
  return before
end

local wasOpen, wasScored = m.s + m.j + m.n > 0, m.s + m.j > 0
local added, hasRoot = 0, false
for offset = 1, #heads, 17 do
  local one = string.sub(heads, offset, offset + 7)
  local other = string.sub(heads, offset + 8, offset + 15)
  local kind = string.byte(heads, offset + 16)
  if band(kind, 8) ~= 0 then
    if band(mark(one, RECORD), RECORD) == 0 then
      m.n = m.n + 1
      added = added + 1
      -- A trace that started afresh knows the ids of earlier spans but no longer has them.
      if m.s + m.x > 0 and band(flags[other], ARRIVED) ~= 0 then m.j = m.j + 1 end
    end
  else
    local ended, hasParent = band(kind, 1) ~= 0, band(kind, 2) ~= 0
    local isRoot = ended and not hasParent
    hasRoot = hasRoot or not hasParent
    local before = mark(one, ARRIVED + (ended and ENDED or 0) + (isRoot and ROOT or 0))
    if band(before, ARRIVED) == 0 or (ended and band(before, ENDED) == 0) then
      m.s = m.s + 1
      added = added + 1
      if band(before, ARRIVED + NAMED) == NAMED then m.m = m.m - 1 end
      if hasParent and mark(other, NAMED) == 0 then m.m = m.m + 1 end
      if isRoot then m.e = 1 end
      if band(kind, 4) ~= 0 then m.g = 1 end
    end
  end
end
if added == 0 then return {0, -1} end

if not wasOpen then m.l = at end
if not wasOpen or (not wasScored and m.s + m.j > 0) then m.f = at end
m.l = math.max(m.l, at)
m.z = m.z + tonumber(ARGV[4])
m.k = m.k + #ARGV[5]
m.v = m.v + 1
local start = tonumber(ARGV[7])
if start > 0 and (m.t == 0 or start < m.t) then m.t = start end
local known = redis.call('HGET', trace, 'sv')
if service ~= '' and m.so == 0 and (hasRoot or not known) then
  known = service
  if hasRoot then m.so = 1 end
end

local write = {}
for span in pairs(changed) do
  write[#write + 1] = span
  write[#write + 1] = flags[span]
end
for from = 1, #write, 4000 do
  redis.call('HSET', trace, unpack(write, from, math.min(from + 3999, #write)))
end
write = {}
for _, name in ipairs(fields) do
  write[#write + 1] = name
  write[#write + 1] = m[name]
end
redis.call('HSET', trace, unpack(write))
if known then redis.call('HSET', trace, 'sv', known) end
if packed then
  redis.call('HSET', trace, 'b', base, 'y', baseSize)
  redis.call('UNLINK', tag .. ':k:' .. id)
end
local chunks = tag .. ':c:' .. id .. ':' .. (m.r + 1)
redis.call('RPUSH', chunks, ARGV[5])
redis.call('INCRBY', tag .. ':bytes', #ARGV[5])
redis.call('PEXPIRE', trace, ARGV[9])
redis.call('PEXPIRE', chunks, ARGV[9])

-- The due time of completion-of.ts; whether it is complete, and why, is decided there.
local limits = known and policy.services[known] or policy.limits
local afterRoot, idle, maxAge, maxSpans, maxBytes = unpack(limits)
local oversized = m.s >= maxSpans or m.z >= maxBytes
local due = m.f + maxAge
if m.s + m.j == 0 then
  if oversized then due = 0 end
elseif m.g == 1 or oversized then
  due = 0
else
  due = math.min(due, m.l + ((m.e == 1 and m.m == 0) and afterRoot or idle))
end
redis.call('ZADD', tag .. ':due', due, id)
return {added, due}
`;
