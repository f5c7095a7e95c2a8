(module_definition name: (identifier) @name) @namespace
(struct_definition (type_head (identifier) @name)) @type
(struct_definition (type_head (parametrized_type_expression . (identifier) @name))) @type
(struct_definition (type_head (binary_expression . (identifier) @name))) @type
(struct_definition (type_head (binary_expression . (parametrized_type_expression . (identifier) @name)))) @type
(abstract_definition (type_head (identifier) @name)) @type
(abstract_definition (type_head (binary_expression . (identifier) @name))) @type
(primitive_definition (type_head (identifier) @name)) @type
(struct_definition (typed_expression . (identifier) @name) @field)
(struct_definition (identifier) @name @field)
(function_definition (signature (call_expression . (identifier) @name))) @function
(function_definition (signature (call_expression . (field_expression (identifier) (identifier) @name)))) @function
(function_definition (signature (where_expression (call_expression . (identifier) @name)))) @function
(function_definition (signature (typed_expression (call_expression . (identifier) @name)))) @function
(function_definition (signature (call_expression . (operator) @name))) @function
(function_definition (signature (identifier) @name)) @function
(assignment . (call_expression . (identifier) @name)) @function
(assignment . (call_expression . (field_expression (identifier) (identifier) @name))) @function
(assignment . (where_expression (call_expression . (identifier) @name))) @function
(macro_definition (signature (call_expression . (identifier) @name))) @function
(const_statement (assignment . (identifier) @name)) @const
(source_file (assignment . (identifier) @name) @const)
(module_definition (assignment . (identifier) @name) @const)
