-- Takes permits from the buckets of one tenant, looks at them, or gives permits back; all limits or none.
--
-- A key is a hash with a field for each limit that is in force or was until lately. The name of the field is what the
-- limit is in whole numbers, period:scale:interval:capacity: the period in microseconds; units in a microsecond; units
-- in which one permit comes back, and in which the burst does. Its value is time:debt:matched:back:full: when this was
-- written, in microseconds; the units that were taken then; when the limit was last in force; permits that were given
-- back, modulo 2^31; since when it is in force, if more may have been taken before than it can count, else 0.
--
-- A capacity is at most 2^52. No number here is beyond 2^53, up to which a double counts exactly.
--
-- ARGV: what to do (take, look, give); permits; how many times; permits to take besides, if there are some; for give,
-- when they were taken, and the microseconds that have passed since by the caller's clock, which counts if this one was
-- set back; then for each key the number of its limits, and for each limit its field and two numbers: for
-- take and look, the debt that the caller knows of, and 0; for give, the debt and the number of permits given back that
-- there were when they were taken.
--
-- Answers: how many times it was granted; permits taken besides; microseconds to wait for one more time, -1 if it was
-- granted each time; the time; and for each limit its debt and its permits given back.

local action = ARGV[1]
local permits = tonumber(ARGV[2])
local times = tonumber(ARGV[3])
local besides = tonumber(ARGV[4])
local taken_at = tonumber(ARGV[5])
local passed_at_least = tonumber(ARGV[6])

local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000000 + tonumber(clock[2])

local function text(number)
  return string.format('%.0f', number)
end

-- How often b is in a, rounded down; a and b are exact, their quotient need not be.
local function quotient(a, b)
  local q = math.floor(a / b)
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

local function limit_of(field)
  local period, scale, interval, capacity = string.match(field, '^(%d+):(%d+):(%d+):(%d+)$')
  return {
    field = field,
    period = tonumber(period),
    scale = tonumber(scale),
    interval = tonumber(interval),
    capacity = tonumber(capacity)
  }
end

local function read(field, value)
  local cell = limit_of(field)
  local time, debt, matched, back, full = string.match(value, '^(%d+):(%d+):(%d+):(%d+):(%d+)$')
  cell.time = tonumber(time)
  cell.matched = tonumber(matched)
  cell.back = tonumber(back)
  cell.full = tonumber(full)
  cell.debt = math.min(repaid(tonumber(debt), now - cell.time, cell.scale), cell.capacity)
  return cell
end

-- The same permits under another limit, rounded up, and at most all of them.
local function converted(cell, limit)
  local whole = quotient(cell.debt, cell.interval)
  if whole >= quotient(limit.capacity, limit.interval) then
    return limit.capacity
  end
  local rest = cell.debt - whole * cell.interval
  if rest > 0 then
    rest = math.min(math.ceil(rest / cell.interval * limit.interval) + 1, limit.interval)
  end
  return math.min(whole * limit.interval + rest, limit.capacity)
end

-- What is taken of a limit that has no field yet: what was taken within the same or a shorter period was taken within
-- this one too; what was taken within a longer one counts only where no limit in force knows better.
local function debt_under(limit, cells, latest)
  local recent, most, known = 0, 0, false
  for _, cell in ipairs(cells) do
    local debt = converted(cell, limit)
    most = math.max(most, debt)
    if cell.period <= limit.period then
      recent = math.max(recent, debt)
      if cell.matched == latest and (cell.full == 0 or now - cell.full >= cell.period) then
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
  cell.back = (cell.back + now) % 2147483648
end

local function load(key, first, count)
  local bucket = { key = key, active = {}, former = {}, changed = false, gone = {} }
  local stored = redis.call('HGETALL', key)
  local cells, by_field, latest = {}, {}, 0
  for i = 1, #stored, 2 do
    local cell = read(stored[i], stored[i + 1])
    cells[#cells + 1] = cell
    by_field[cell.field] = cell
    latest = math.max(latest, cell.matched)
    if cell.time > now then
      bucket.changed = true
    end
  end
  for i = 0, count - 1 do
    local field = ARGV[first + i * 3]
    local cell = by_field[field]
    if cell then
      cell.known = true
      if cell.matched < latest and action ~= 'give' then
        cell.full = now
        forget_receipts(cell)
        bucket.changed = true
      end
    else
      cell = limit_of(field)
      cell.back = now % 2147483648
      cell.full = 0
      cell.debt = 0
      if #cells > 0 then
        cell.debt = debt_under(cell, cells, latest)
        if cell.debt >= cell.capacity then
          cell.full = now
        end
        bucket.changed = true
      elseif action ~= 'give' then
        -- What the caller knows of and the server does not was lost.
        cell.debt = math.min(tonumber(ARGV[first + i * 3 + 1]), cell.capacity)
      end
    end
    cell.active = true
    bucket.active[#bucket.active + 1] = cell
  end
  for _, cell in ipairs(cells) do
    if not cell.active then
      if cell.debt == 0 or now - cell.matched >= at_least(cell.capacity, cell.scale) or #bucket.former >= 8 then
        bucket.gone[#bucket.gone + 1] = cell.field
      else
        bucket.former[#bucket.former + 1] = cell
      end
    end
  end
  return bucket
end

local function value(cell, matched)
  return text(now) .. ':' .. text(cell.debt) .. ':' .. text(matched) .. ':' .. text(cell.back) .. ':' .. text(cell.full)
end

local function save(bucket)
  local values, micros = {}, 0
  local function add(cell, matched)
    values[#values + 1] = cell.field
    values[#values + 1] = value(cell, matched)
    micros = math.max(micros, at_least(cell.debt, cell.scale))
  end
  for _, cell in ipairs(bucket.active) do
    add(cell, now)
  end
  for _, cell in ipairs(bucket.former) do
    add(cell, math.min(cell.matched, now - 1))
  end
  redis.call('HSET', bucket.key, unpack(values))
  if #bucket.gone > 0 then
    redis.call('HDEL', bucket.key, unpack(bucket.gone))
  end
  redis.call('PEXPIRE', bucket.key, text(math.floor(micros / 1000) + 1000))
end

local buckets, at = {}, 7
for i = 1, #KEYS do
  local count = tonumber(ARGV[at])
  buckets[i] = load(KEYS[i], at + 1, count)
  buckets[i].first = at + 1
  at = at + 1 + count * 3
end

local granted, extra, wait = 0, 0, -1
if action == 'take' then
  granted, extra = times, besides
  for _, bucket in ipairs(buckets) do
    for _, cell in ipairs(bucket.active) do
      granted = math.min(granted, quotient(cell.capacity - cell.debt, permits * cell.interval))
    end
  end
  for _, bucket in ipairs(buckets) do
    for _, cell in ipairs(bucket.active) do
      local debt = cell.debt + granted * permits * cell.interval
      extra = math.min(extra, quotient(cell.capacity - debt, cell.interval))
      if granted < times then
        wait = math.max(wait, at_least(math.max(debt + permits * cell.interval - cell.capacity, 0), cell.scale))
      end
    end
  end
  if granted < times then
    extra = 0
  end
  local all = granted * permits + extra
  for _, bucket in ipairs(buckets) do
    for _, cell in ipairs(bucket.active) do
      cell.debt = cell.debt + all * cell.interval
    end
    for _, cell in ipairs(bucket.former) do
      if all > quotient(cell.capacity - cell.debt, cell.interval) then
        cell.debt = cell.capacity
        forget_receipts(cell)
      else
        cell.debt = cell.debt + all * cell.interval
      end
    end
    if all > 0 or bucket.changed then
      save(bucket)
    end
  end
elseif action == 'give' then
  for _, bucket in ipairs(buckets) do
    for i, cell in ipairs(bucket.active) do
      local debt_then = tonumber(ARGV[bucket.first + (i - 1) * 3 + 1])
      local others = (cell.back - tonumber(ARGV[bucket.first + (i - 1) * 3 + 2])) % 2147483648
      if cell.known and others <= quotient(cell.capacity, cell.interval) then
        local passed = math.max(now - taken_at, passed_at_least)
        local charge = permits * cell.interval
        local unless_full = repaid(charge, passed, cell.scale)
        local old_debt = repaid(debt_then, passed, cell.scale) - others * cell.interval
        cell.debt = math.max(cell.debt - math.max(unless_full, math.min(old_debt, charge), 0), 0)
        cell.back = (cell.back + permits) % 2147483648
        redis.call('HSET', bucket.key, cell.field, value(cell, cell.matched))
      end
    end
  end
end

local answer = { granted, extra, wait, now }
for _, bucket in ipairs(buckets) do
  for _, cell in ipairs(bucket.active) do
    answer[#answer + 1] = cell.debt
    answer[#answer + 1] = cell.back
  end
end
return answer
