local M = {}
local LIMIT = 10
local function helper(a) return a end
function M.open(url) return url end
function M:close() end
M.drain = function() end
local handlers = { start = function() end }
function global_one() end
GLOBAL_LIMIT = 5
M.version_tag = "1"
M["bracket_fn"] = function() end
return M
