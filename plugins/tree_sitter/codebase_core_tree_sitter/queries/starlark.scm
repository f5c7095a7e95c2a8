(function_definition name: (identifier) @name) @function
(module (expression_statement (assignment left: (identifier) @name) @const))
((module (expression_statement (call arguments: (argument_list (keyword_argument name: (identifier) @_name value: (string (string_content) @name)))) @const)) (#eq? @_name "name"))
