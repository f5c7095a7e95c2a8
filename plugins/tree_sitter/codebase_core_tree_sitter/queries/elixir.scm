(call target: (identifier) @_keyword (arguments (alias) @name) (#any-of? @_keyword "defmodule" "defprotocol" "defimpl")) @namespace
(call target: (identifier) @_keyword (arguments (call target: (identifier) @name)) (#any-of? @_keyword "def" "defp" "defmacro" "defmacrop" "defguard" "defdelegate")) @function
(call target: (identifier) @_keyword (arguments (identifier) @name) (#any-of? @_keyword "def" "defp" "defmacro" "defmacrop")) @function
(call target: (identifier) @_keyword (arguments (binary_operator left: (call target: (identifier) @name))) (#any-of? @_keyword "def" "defp" "defmacro" "defmacrop" "defguard")) @function
((call target: (identifier) @_kind (arguments (list (atom) @name))) @field (#any-of? @_kind "defstruct" "defexception"))
((call target: (identifier) @_kind (arguments (list (keywords (pair key: (keyword) @name)))) @field) (#any-of? @_kind "defstruct" "defexception"))
((call target: (identifier) @_kind (arguments (keywords (pair key: (keyword) @name))) @field) (#any-of? @_kind "defstruct" "defexception"))
((call target: (identifier) @_kind (arguments . (string (quoted_content) @name))) @function (#any-of? @_kind "test" "describe"))
((unary_operator "@" operand: (call target: (identifier) @_kind (arguments (binary_operator left: (identifier) @name "::")))) @type (#any-of? @_kind "type" "typep" "opaque"))
((unary_operator "@" operand: (call target: (identifier) @_kind (arguments (binary_operator left: (call target: (identifier) @name) "::")))) @type (#any-of? @_kind "type" "typep" "opaque"))
((unary_operator "@" operand: (call target: (identifier) @_kind (arguments (binary_operator left: (call target: (identifier) @name) "::")))) @decl (#any-of? @_kind "callback" "macrocallback"))
((unary_operator "@" operand: (call target: (identifier) @name)) @const (#not-match? @name "^(doc|moduledoc|typedoc|spec|type|typep|opaque|callback|macrocallback|impl|behaviour|derive|deprecated|dialyzer|compile|optional_callbacks|enforce_keys|tag|moduletag|describetag|before_compile|after_compile|external_resource|on_load|since)$"))
((call target: (identifier) @_kind (arguments (binary_operator left: (identifier) @name "when"))) @function (#any-of? @_kind "def" "defp" "defmacro" "defmacrop"))
((call target: (identifier) @_kind (arguments (binary_operator left: (identifier) ["<~>" "~>" "<~" "+" "-" "*" "/" "++" "--" "<>" "|>" "==" "<" ">" "<|>" "+++" "---" "<<<" ">>>" "<<~" "~>>" "&&&" "|||" "^^^" "in" ".." "and" "or" "&&" "||" "===" "=~" "!=" "<=" ">="] @name))) @function (#any-of? @_kind "def" "defp" "defmacro" "defmacrop"))
