-- Asks Keyward about a call, and answers the caller whom Keyward refuses:
--
--   http-request lua.keyward POLICY
--
-- Who passes carries the headers that say whose key it was; what Keyward says to the browser and about
-- limits stands in variables txn.keyward_… for the rules of the answer. Without an answer nobody passes.

local KEYWARD = "http://127.0.0.1:8080"

-- What is said of the call, and so never taken from the client, and what belongs to its connection.
local NOT_FORWARDED = {
    ["connection"] = true, ["keep-alive"] = true, ["te"] = true, ["trailer"] = true,
    ["transfer-encoding"] = true, ["upgrade"] = true, ["content-length"] = true, ["expect"] = true,
    ["proxy-connection"] = true, ["host"] = true, ["forwarded"] = true, ["via"] = true,
}
local NOT_FORWARDED_PREFIXES = { "^x[-_]forwarded[-_]", "^x[-_]original[-_]", "^x[-_]keyward[-_]" }

local TO_THE_API = {
    "x-keyward-tenant", "x-keyward-key-id", "x-keyward-key-name", "x-keyward-permissions",
}
local TO_VARIABLES = {
    "x-keyward-key-id", "ratelimit-policy", "ratelimit", "access-control-allow-origin",
    "access-control-allow-credentials", "access-control-expose-headers",
}
-- Of a refusal: all that the caller is to see.
local TO_THE_CALLER = {
    "content-type", "cache-control", "www-authenticate", "retry-after", "ratelimit-policy", "ratelimit",
    "vary", "access-control-allow-origin", "access-control-allow-credentials",
    "access-control-allow-methods", "access-control-allow-headers", "access-control-expose-headers",
    "access-control-max-age",
}

local function is_forwarded(name)
    if NOT_FORWARDED[name] then return false end
    for _, prefix in ipairs(NOT_FORWARDED_PREFIXES) do
        if name:match(prefix) then return false end
    end
    return true
end

-- HAProxy counts the values of a header from 0.
local function first(headers, name)
    local values = headers and headers[name]
    return values and (values[0] or values[1])
end

local function question(txn)
    local headers = {}
    for name, values in pairs(txn.http:req_get_headers()) do
        if is_forwarded(name) then
            local all = {}
            for i = 0, #values do
                if values[i] then all[#all + 1] = values[i] end
            end
            headers[name] = all
        end
    end
    -- Keyward answers under its own names only, and to this one always.
    headers["host"] = { "localhost" }
    headers["x-original-method"] = { txn.f:method() }
    headers["x-original-uri"] = { txn.f:pathq() }
    headers["x-forwarded-for"] = { txn.f:src() }
    headers["x-forwarded-proto"] = { txn.f:ssl_fc() == 1 and "https" or "http" }
    headers["x-forwarded-host"] = { txn.f:req_hdr("host") or "" }
    return headers
end

local function answer(txn, status, headers, body)
    local reply = txn:reply()
    reply:set_status(status)
    for _, name in ipairs(TO_THE_CALLER) do
        local value = first(headers, name)
        if value then reply:add_header(name, value) end
    end
    if txn.f:method() ~= "HEAD" then reply:set_body(body or "") end
    txn:done(reply)
end

-- A browser's question before the call itself: it has no key, and it is not the API's to answer.
local function is_preflight(txn)
    return txn.f:method() == "OPTIONS"
        and txn.f:req_hdr("origin") ~= nil
        and txn.f:req_hdr("access-control-request-method") ~= nil
end

core.register_action("keyward", { "http-req" }, function(txn, policy)
    local response = core.httpclient():get {
        url = KEYWARD .. "/check/" .. policy,
        headers = question(txn),
        timeout = 2000,
    }
    local status = response and response.status or 0
    -- What is no verdict of a check (nobody there, no such policy, this proxy not trusted) is our trouble,
    -- not the caller's.
    if status ~= 200 and not first(response and response.headers, "x-keyward-status") then
        return answer(txn, 503, nil, "")
    end
    if status ~= 200 then
        return answer(txn, response.status, response.headers, response.body)
    end
    if is_preflight(txn) then
        return answer(txn, 204, response.headers, "")
    end
    for _, name in ipairs(TO_THE_API) do
        txn.http:req_del_header(name)
        local value = first(response.headers, name)
        if value then txn.http:req_set_header(name, value) end
    end
    for _, name in ipairs(TO_VARIABLES) do
        local value = first(response.headers, name)
        if value then txn:set_var("txn.keyward_" .. name:gsub("^x%-keyward%-", ""):gsub("-", "_"), value) end
    end
end, 1)
