-- What wrk sends. Arguments: "form" BODY AUTHORIZATION: the same POST again and again.
--                             "tokens" FILE URI: a GET a line of FILE, each line a bearer token, each sent once.
--                             "again" FILE URI: the same, from the first line again after the last.
--                             "introspect" FILE AUTHORIZATION: a POST a line of FILE, each line a token, each sent once.
local tokens
local again = false
local head
local threads = {}
inactive = 0

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  if args[1] == "form" then
    wrk.method = "POST"
    wrk.body = args[2]
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
    wrk.headers["Authorization"] = args[3]
  elseif args[1] == "introspect" then
    tokens = assert(io.open(args[2], "r"))
    head = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.headers["Host"] .. "\r\nAuthorization: " .. args[3]
      .. "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
    request = next_question
    response = count_inactive
  else
    again = args[1] == "again"
    tokens = assert(io.open(args[2], "r"))
    head = "GET " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.headers["Host"]
      .. "\r\nX-Forwarded-Method: GET\r\nX-Forwarded-Uri: " .. args[3] .. "\r\nAuthorization: Bearer "
    request = next_token
  end
end

-- When the tokens are used up "none" is sent and refused, and the bench says why. A global: done() runs elsewhere.
lacking = 0

local function take()
  local token = tokens:read("*l")
  if not token and again then
    tokens:seek("set")
    token = tokens:read("*l")
  end
  if not token then
    lacking = lacking + 1
  end
  return token or "none"
end

function next_token()
  return head .. take() .. "\r\n\r\n"
end

function next_question()
  local body = "redeem=true&token=" .. take()
  return head .. #body .. "\r\n\r\n" .. body
end

-- A token that is not active is answered with 200, and is refused all the same.
function count_inactive(status, headers, body)
  if status == 200 and not body:find('"active":true', 1, true) then
    inactive = inactive + 1
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  local refused = errors.status
  local without = 0
  for _, thread in ipairs(threads) do
    refused = refused + thread:get("inactive")
    without = without + thread:get("lacking")
  end
  io.write(string.format(
    "ingam requests=%d micros=%d status=%d connect=%d read=%d write=%d timeout=%d p50=%d p99=%d lacking=%d\n",
    summary.requests, summary.duration, refused, errors.connect, errors.read, errors.write,
    errors.timeout, latency:percentile(50), latency:percentile(99), without))
end
