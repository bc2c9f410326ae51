-- Takes permits from the buckets of one tenant, looks at them, or gives permits back; all limits or none.
--
-- The value of a key is nine doubles, most significant byte first, for each limit that is in force or was until lately. First what
-- the limit is: its period in microseconds; units in a microsecond; units in which one permit comes back, and in which
-- the burst does. Then what happened: when this was written, in microseconds; the units that were taken then; when the
-- limit was last in force; permits that were given back, modulo 2^31; since when it is in force, if more may have been
-- taken before than it can count, else 0.
--
-- A capacity is at most 2^52. No number here is beyond 2^53, up to which a double counts exactly.
--
-- ARGV[1] is doubles, too: what to do (1 to take, 2 to look, 3 to give back); permits; how many times; permits
-- to take besides, if there are some; for giving back, when they were taken, and the microseconds that have passed since
-- by the caller's clock, which counts if this one was set back; then for each key the number of its limits, and for each
-- limit its four numbers and two more: for taking and looking, the debt that the caller knows of, and 0; for giving back,
-- the debt and the number of permits given back that there were when they were taken.
--
-- Answers: how many times it was granted; permits taken besides; microseconds to wait for one more time, -1 if it was
-- granted each time; the time; and for each limit its debt and its permits given back; all of it as doubles.

local pack, unpack = struct.pack, struct.unpack
local floor, max, min = math.floor, math.max, math.min
local TAKE, GIVE_BACK = 1, 3
local CELL, CELL_BYTES = '>ddddddddd', 72

local action, permits, times, besides, taken_at, passed_at_least, first_count, first_period, first_scale, first_interval,
  first_capacity, first_known = unpack('>dddddddddddd', ARGV[1])

local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

-- Most calls: one limit, which is in force since it was first counted. It is written out for speed; all that it does is
-- done below, too, for any number of limits.
if action == TAKE and first_count == 1 and not KEYS[2] then
  local scale, interval, capacity = first_scale, first_interval, first_capacity
  local stored = redis.call('GET', KEYS[1])
  local debt, back, full, is_simple
  if stored then
    local s_period, s_scale, s_interval, s_capacity, time, s_debt, _, s_back, s_full = unpack(CELL, stored)
    is_simple = #stored == CELL_BYTES and s_period == first_period and s_scale == scale and s_interval == interval
      and s_capacity == capacity and time <= now
    debt, back, full = s_debt, s_back, s_full
    if now - time > debt / scale then
      debt = 0
    else
      debt = max(debt - (now - time) * scale, 0)
    end
  else
    -- What the caller knows of and the server does not was lost.
    is_simple, debt, back, full = true, min(first_known, capacity), now % 2147483648, 0
  end
  if is_simple then
    local cost = permits * interval
    local room = capacity - debt
    local granted = floor(room / cost)
    if granted * cost > room then
      granted = granted - 1
    end
    granted = min(granted, times)
    debt = debt + granted * cost
    local extra, wait = 0, -1
    if granted < times then
      local lacking = debt + cost - capacity
      wait = floor(lacking / scale)
      if wait * scale < lacking then
        wait = wait + 1
      end
    elseif besides > 0 then
      extra = floor((capacity - debt) / interval)
      if extra * interval > capacity - debt then
        extra = extra - 1
      end
      extra = min(extra, besides)
      debt = debt + extra * interval
    end
    if granted > 0 then
      redis.call('SET', KEYS[1], pack(CELL, first_period, scale, interval, capacity, now, debt, now, back, full), 'PX',
        floor(debt / scale / 1000) + 1001)
    end
    return pack('>dddddd', granted, extra, wait, now, debt, back)
  end
end

local PERIOD, SCALE, INTERVAL, CAPACITY, TIME, DEBT, MATCHED, BACK, FULL = 1, 2, 3, 4, 5, 6, 7, 8, 9
local SIZE = 9
local ARGUMENTS = 6

local function argument(i)
  return (unpack('>d', ARGV[1], 8 * i - 7))
end

-- How often b is in a, rounded down; a and b are exact, their quotient need not be.
local function quotient(a, b)
  local q = floor(a / b)
  if q * b > a then
    q = q - 1
  end
  return q
end

local function at_least(a, b)
  local q = quotient(a, b)
  if q * b < a then
    q = q + 1
  end
  return q
end

local function repaid(debt, micros, scale)
  if micros <= 0 then
    return debt
  end
  if micros > quotient(debt, scale) then
    return 0
  end
  return debt - micros * scale
end

local function millis(micros)
  return string.format('%.0f', floor(micros / 1000) + 1000)
end

local function is_same(a, b)
  return a[PERIOD] == b[PERIOD] and a[SCALE] == b[SCALE] and a[INTERVAL] == b[INTERVAL] and a[CAPACITY] == b[CAPACITY]
end

-- The same permits under another limit, rounded up, and at most all of them.
local function converted(cell, limit)
  local whole = quotient(cell[DEBT], cell[INTERVAL])
  if whole >= quotient(limit[CAPACITY], limit[INTERVAL]) then
    return limit[CAPACITY]
  end
  local rest = cell[DEBT] - whole * cell[INTERVAL]
  if rest > 0 then
    rest = min(math.ceil(rest / cell[INTERVAL] * limit[INTERVAL]) + 1, limit[INTERVAL])
  end
  return min(whole * limit[INTERVAL] + rest, limit[CAPACITY])
end

-- What is taken of a limit that is not counted yet: what was taken within the same or a shorter period was taken within
-- this one too; what was taken within a longer one counts only where no limit in force knows better.
local function debt_under(limit, cells, latest)
  local recent, most, known = 0, 0, false
  for _, cell in ipairs(cells) do
    local debt = converted(cell, limit)
    most = max(most, debt)
    if cell[PERIOD] <= limit[PERIOD] then
      recent = max(recent, debt)
      if cell[MATCHED] == latest and (cell[FULL] == 0 or now - cell[FULL] >= cell[PERIOD]) then
        known = true
      end
    end
  end
  if known then
    return recent
  end
  return most
end

local function forget_receipts(cell)
  cell[BACK] = (cell[BACK] + now) % 2147483648
end

local function read(key)
  local cells, latest, is_late = {}, 0, false
  local stored = redis.call('GET', key) or ''
  for first = 1, #stored, CELL_BYTES do
    local cell = { unpack(CELL, stored, first) }
    cell[SIZE + 1] = nil -- where the next one begins
    -- The time of a server that was set back stands still until then; it is written anew, so that this ends.
    is_late = is_late or cell[TIME] > now
    cell[DEBT] = min(repaid(cell[DEBT], now - cell[TIME], cell[SCALE]), cell[CAPACITY])
    latest = max(latest, cell[MATCHED])
    cells[#cells + 1] = cell
  end
  return cells, latest, is_late
end

local function load(key, first, count)
  local cells, latest, is_late = read(key)
  local bucket = { key = key, cells = cells, active = {}, former = {}, changed = is_late }
  for i = 0, count - 1 do
    local at = first + i * ARGUMENTS
    local limit = { argument(at), argument(at + 1), argument(at + 2), argument(at + 3) }
    local cell
    for _, stored in ipairs(cells) do
      if is_same(stored, limit) then
        cell = stored
      end
    end
    if cell then
      cell.known = true
      if cell[MATCHED] < latest and action ~= GIVE_BACK then
        cell[FULL] = now
        forget_receipts(cell)
        bucket.changed = true
      end
    else
      cell = limit
      cell[TIME], cell[DEBT], cell[MATCHED], cell[BACK], cell[FULL] = now, 0, now, now % 2147483648, 0
      if #cells > 0 then
        cell[DEBT] = debt_under(cell, cells, latest)
        if cell[DEBT] >= cell[CAPACITY] then
          cell[FULL] = now
        end
        bucket.changed = true
      elseif action ~= GIVE_BACK then
        cell[DEBT] = min(argument(at + 4), cell[CAPACITY])
      end
    end
    cell.active = true
    bucket.active[#bucket.active + 1] = cell
  end
  for _, cell in ipairs(cells) do
    local is_over = cell[DEBT] == 0 or now - cell[MATCHED] >= at_least(cell[CAPACITY], cell[SCALE])
    if not cell.active and not is_over and #bucket.former < 8 then
      bucket.former[#bucket.former + 1] = cell
    end
  end
  return bucket
end

local function write(key, cells, keeps_time)
  local packed, micros = {}, 0
  for i, cell in ipairs(cells) do
    packed[i] = pack(CELL, cell[PERIOD], cell[SCALE], cell[INTERVAL], cell[CAPACITY], now, cell[DEBT], cell[MATCHED],
      cell[BACK], cell[FULL])
    micros = max(micros, at_least(cell[DEBT], cell[SCALE]))
  end
  if keeps_time then
    redis.call('SET', key, table.concat(packed), 'KEEPTTL')
  else
    redis.call('SET', key, table.concat(packed), 'PX', millis(micros))
  end
end

local function save(bucket)
  local cells = {}
  for _, cell in ipairs(bucket.active) do
    cell[MATCHED] = now
    cells[#cells + 1] = cell
  end
  for _, cell in ipairs(bucket.former) do
    cell[MATCHED] = min(cell[MATCHED], now - 1)
    cells[#cells + 1] = cell
  end
  write(bucket.key, cells)
end

local buckets, at = {}, 7
for i = 1, #KEYS do
  local count = argument(at)
  buckets[i] = load(KEYS[i], at + 1, count)
  buckets[i].first = at + 1
  at = at + 1 + count * ARGUMENTS
end

local granted, extra, wait = 0, 0, -1
if action == TAKE then
  granted, extra = times, besides
  for _, bucket in ipairs(buckets) do
    for _, cell in ipairs(bucket.active) do
      granted = min(granted, quotient(cell[CAPACITY] - cell[DEBT], permits * cell[INTERVAL]))
    end
  end
  for _, bucket in ipairs(buckets) do
    for _, cell in ipairs(bucket.active) do
      local debt = cell[DEBT] + granted * permits * cell[INTERVAL]
      extra = min(extra, quotient(cell[CAPACITY] - debt, cell[INTERVAL]))
      if granted < times then
        wait = max(wait, at_least(max(debt + permits * cell[INTERVAL] - cell[CAPACITY], 0), cell[SCALE]))
      end
    end
  end
  if granted < times then
    extra = 0
  end
  local all = granted * permits + extra
  for _, bucket in ipairs(buckets) do
    for _, cell in ipairs(bucket.active) do
      cell[DEBT] = cell[DEBT] + all * cell[INTERVAL]
    end
    for _, cell in ipairs(bucket.former) do
      if all > quotient(cell[CAPACITY] - cell[DEBT], cell[INTERVAL]) then
        cell[DEBT] = cell[CAPACITY]
        forget_receipts(cell)
      else
        cell[DEBT] = cell[DEBT] + all * cell[INTERVAL]
      end
    end
    if all > 0 or bucket.changed then
      save(bucket)
    end
  end
elseif action == GIVE_BACK then
  local passed = max(now - taken_at, passed_at_least)
  for _, bucket in ipairs(buckets) do
    local is_given = false
    for i, cell in ipairs(bucket.active) do
      local first = bucket.first + (i - 1) * ARGUMENTS
      local others = cell.known and (cell[BACK] - argument(first + 5)) % 2147483648
      if cell.known and others <= quotient(cell[CAPACITY], cell[INTERVAL]) then
        local charge = permits * cell[INTERVAL]
        local unless_full = repaid(charge, passed, cell[SCALE])
        local old_debt = repaid(argument(first + 4), passed, cell[SCALE]) - others * cell[INTERVAL]
        cell[DEBT] = max(cell[DEBT] - max(unless_full, min(old_debt, charge), 0), 0)
        cell[BACK] = (cell[BACK] + permits) % 2147483648
        is_given = true
      end
    end
    if is_given then
      -- Not for a shorter time than before: somebody who does not know of this would tell what there was when it is gone.
      write(bucket.key, bucket.cells, true)
    end
  end
end

local answer = { pack('>dddd', granted, extra, wait, now) }
for _, bucket in ipairs(buckets) do
  for _, cell in ipairs(bucket.active) do
    answer[#answer + 1] = pack('>dd', cell[DEBT], cell[BACK])
  end
end
return table.concat(answer)
