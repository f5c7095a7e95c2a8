(function_declaration name: (identifier) @name) @function
(source_file (variable_declaration (identifier) @name (struct_declaration)) @type)
(variable_declaration (identifier) @name (struct_declaration)) @type
(variable_declaration (identifier) @name (enum_declaration)) @type
(variable_declaration (identifier) @name (union_declaration)) @type
(source_file (variable_declaration . (identifier) @name) @const)
(container_field name: (identifier) @name) @field
(test_declaration (string) @name) @function
(variable_declaration (identifier) @name (error_set_declaration)) @type
(variable_declaration (identifier) @name (opaque_declaration)) @type
(test_declaration (identifier) @name) @function
