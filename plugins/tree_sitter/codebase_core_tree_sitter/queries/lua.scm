(function_declaration name: (identifier) @name) @function
(function_declaration name: (dot_index_expression field: (identifier) @name)) @function
(function_declaration name: (method_index_expression method: (identifier) @name)) @method
(assignment_statement (variable_list name: (identifier) @name) (expression_list value: (function_definition))) @function
(assignment_statement (variable_list name: (dot_index_expression field: (identifier) @name)) (expression_list value: (function_definition))) @function
(field name: (identifier) @name value: (function_definition)) @function
(chunk (variable_declaration (assignment_statement (variable_list name: (identifier) @name)) @const))
(chunk (assignment_statement (variable_list name: (identifier) @name)) @const)
(chunk (assignment_statement (variable_list name: (dot_index_expression field: (identifier) @name))) @const)
(chunk (assignment_statement (variable_list name: (bracket_index_expression field: (string content: (string_content) @name)))) @const)
(assignment_statement (variable_list name: (bracket_index_expression field: (string content: (string_content) @name))) (expression_list value: (function_definition))) @function
(chunk (variable_declaration (variable_list name: (identifier) @name)) @const)
(function_declaration name: (dot_index_expression table: (identifier) @scope field: (identifier) @name)) @function
(function_declaration name: (method_index_expression table: (identifier) @scope method: (identifier) @name)) @method
(field name: (string content: (string_content) @name) value: (function_definition)) @function
(chunk (variable_declaration (assignment_statement (variable_list name: (identifier) @name) (expression_list value: (function_definition))) @function))
(chunk (return_statement (expression_list (table_constructor (field name: (identifier) @name) @field))))
