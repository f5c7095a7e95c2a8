(class_declaration name: (identifier) @name) @type
(function_declaration name: (identifier) @name) @function
(generator_function_declaration name: (identifier) @name) @function
(method_definition name: (_) @name) @method
(field_definition property: (property_identifier) @name) @field
(field_definition property: (property_identifier) @name value: [(arrow_function) (function_expression)]) @method
(variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression) (generator_function)]) @function
(variable_declarator name: (identifier) @name value: (class)) @type
(program (lexical_declaration (variable_declarator name: (identifier) @name) @const))
(program (export_statement (lexical_declaration (variable_declarator name: (identifier) @name) @const)))
(assignment_expression left: (member_expression property: (property_identifier) @name) right: [(arrow_function) (function_expression)]) @function
(pair key: (property_identifier) @name value: [(arrow_function) (function_expression)]) @method
(export_statement (export_clause (export_specifier name: (identifier) @name !alias)) source: (string)) @reexport
(export_statement (export_clause (export_specifier alias: (identifier) @name))) @reexport
(export_statement (namespace_export (identifier) @name) source: (string)) @reexport
(program (variable_declaration (variable_declarator name: (identifier) @name) @const))
(program (export_statement (variable_declaration (variable_declarator name: (identifier) @name) @const)))
(program (lexical_declaration (variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @name)) @const))
(program (lexical_declaration (variable_declarator name: (object_pattern (pair_pattern value: (identifier) @name))) @const))
(program (lexical_declaration (variable_declarator name: (object_pattern (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name))) @const))
(program (lexical_declaration (variable_declarator name: (object_pattern (rest_pattern (identifier) @name))) @const))
(program (lexical_declaration (variable_declarator name: (array_pattern (identifier) @name)) @const))
(program (variable_declaration (variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @name)) @const))
(program (variable_declaration (variable_declarator name: (object_pattern (pair_pattern value: (identifier) @name))) @const))
(program (variable_declaration (variable_declarator name: (array_pattern (identifier) @name)) @const))
(program (export_statement (lexical_declaration (variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @name)) @const)))
(program (export_statement (lexical_declaration (variable_declarator name: (object_pattern (pair_pattern value: (identifier) @name))) @const)))
(program (export_statement (lexical_declaration (variable_declarator name: (array_pattern (identifier) @name)) @const)))
(field_definition property: (private_property_identifier) @name) @field
(field_definition property: (private_property_identifier) @name value: [(arrow_function) (function_expression)]) @method
(field_definition property: (string) @name) @field
(pair key: (string) @name value: [(arrow_function) (function_expression) (generator_function)]) @method
(pair key: (property_identifier) @name value: (generator_function)) @method
(assignment_expression left: (member_expression property: (property_identifier) @name) right: (class)) @type
(assignment_expression left: (subscript_expression index: (string) @name) right: [(arrow_function) (function_expression)]) @function
(call_expression arguments: (arguments (function_expression name: (identifier) @name))) @function
(program (expression_statement (assignment_expression left: (member_expression property: (property_identifier) @name)) @const))
(program (expression_statement (assignment_expression left: (identifier) @name) @const))
