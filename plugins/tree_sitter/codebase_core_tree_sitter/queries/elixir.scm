(call target: (identifier) @_keyword (arguments (alias) @name) (#any-of? @_keyword "defmodule" "defprotocol" "defimpl")) @namespace
(call target: (identifier) @_keyword (arguments (call target: (identifier) @name)) (#any-of? @_keyword "def" "defp" "defmacro" "defmacrop" "defguard" "defdelegate")) @function
(call target: (identifier) @_keyword (arguments (identifier) @name) (#any-of? @_keyword "def" "defp" "defmacro" "defmacrop")) @function
(call target: (identifier) @_keyword (arguments (binary_operator left: (call target: (identifier) @name))) (#any-of? @_keyword "def" "defp" "defmacro" "defmacrop" "defguard")) @function
