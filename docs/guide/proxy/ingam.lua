-- Asks Ingam's gate about a request, for HAProxy 2.6 and later. Debian: /etc/haproxy/ingam.lua
-- Sets txn.ingam_subject, txn.ingam_client and txn.ingam_scope, and nothing but a clear yes sets them;
-- haproxy.cfg refuses every request that comes without the first. Why so: docs/guide/haproxy.md.

-- Where the gate is. HAProxy's own frontend of that name holds connections to it open and bounds the time.
local GATE = "abns@ingam-gate"
local TIMEOUT_MS = 7000

-- What of the gate's refusal the client gets to see.
local PASSED_ON = { "content-type", "cache-control", "www-authenticate", "dpop-nonce", "x-ingam-reason" }

-- The only value of a header; nil when there is none, or more than one.
local function one(values)
  if values and values[0] and not values[1] then return values[0] end
  return nil
end

-- All values of a header of the client.
local function all(values)
  local copied = {}
  if values then
    for i = 0, #values do copied[i + 1] = values[i] end
  end
  return copied
end

-- Method, target and token; and who sent it, for tokens that are bound to their sender.
local function asked(txn)
  local received = txn.http:req_get_headers()
  local certificate = txn:get_var("txn.ingam_certificate")
  local headers = {
    ["host"] = { "ingam" },
    ["x-forwarded-method"] = { txn.f:method() },
    ["x-forwarded-uri"] = { txn:get_var("txn.ingam_uri") },
    ["authorization"] = all(received["authorization"]),
    ["dpop"] = all(received["dpop"]),
    ["client-cert"] = certificate and { ":" .. certificate .. ":" } or {},
  }
  return core.httpclient():get({
    url = "http://ingam/gate", dst = GATE, timeout = TIMEOUT_MS, headers = headers,
  })
end

local function refuse(txn, status, answer)
  local reply = txn:reply()
  reply:set_status(status)
  if answer then
    for _, name in ipairs(PASSED_ON) do
      local value = one(answer.headers[name])
      if value then reply:add_header(name, value) end
    end
    reply:set_body(answer.body)
  end
  txn:done(reply)
end

core.register_action("ingam", { "http-req" }, function(txn)
  local answer = asked(txn)
  local status = answer and answer.status or 0
  local subject = answer and answer.headers and one(answer.headers["x-ingam-subject"])
  if status == 200 and subject and subject ~= "" then
    txn:set_var("txn.ingam_client", one(answer.headers["x-ingam-client"]) or "")
    txn:set_var("txn.ingam_scope", one(answer.headers["x-ingam-scope"]) or "")
    txn:set_var("txn.ingam_subject", subject)
  elseif status >= 400 and status < 500 then
    refuse(txn, status, answer)
  else
    refuse(txn, 503, status == 503 and answer or nil)
  end
end, 0)
