(class_declaration name: (type_identifier) @name) @type
(abstract_class_declaration name: (type_identifier) @name) @type
(interface_declaration name: (type_identifier) @name) @type
(type_alias_declaration name: (type_identifier) @name) @type
(enum_declaration name: (identifier) @name) @type
(internal_module name: (_) @name) @namespace
(module name: (_) @name) @namespace
(function_declaration name: (identifier) @name) @function
(generator_function_declaration name: (identifier) @name) @function
(function_signature name: (identifier) @name) @decl
(method_definition name: (_) @name) @method
(method_signature name: (_) @name) @decl
(abstract_method_signature name: (_) @name) @decl
(property_signature name: (_) @name) @field
(public_field_definition name: (_) @name) @field
(public_field_definition name: (_) @name value: [(arrow_function) (function_expression)]) @method
(variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression)]) @function
(program (lexical_declaration (variable_declarator name: (identifier) @name) @const))
(program (export_statement (lexical_declaration (variable_declarator name: (identifier) @name) @const)))
(pair key: (property_identifier) @name value: [(arrow_function) (function_expression)]) @method
(export_statement (export_clause (export_specifier name: (identifier) @name !alias)) source: (string)) @reexport
(export_statement (export_clause (export_specifier alias: (identifier) @name))) @reexport
(export_statement (namespace_export (identifier) @name) source: (string)) @reexport
(enum_body name: (property_identifier) @name @field)
(enum_body name: (string) @name @field)
(enum_assignment name: (_) @name) @field
(required_parameter (accessibility_modifier) pattern: (identifier) @name) @field
(optional_parameter (accessibility_modifier) pattern: (identifier) @name) @field
(required_parameter (override_modifier) pattern: (identifier) @name) @field
(variable_declarator name: (identifier) @name value: (class)) @type
(variable_declarator name: (identifier) @name value: (generator_function)) @function
(program (variable_declaration (variable_declarator name: (identifier) @name) @const))
(program (export_statement (variable_declaration (variable_declarator name: (identifier) @name) @const)))
(program (ambient_declaration (lexical_declaration (variable_declarator name: (identifier) @name) @const)))
(program (ambient_declaration (variable_declaration (variable_declarator name: (identifier) @name) @const)))
(statement_block (lexical_declaration (variable_declarator name: (identifier) @name value: (arrow_function)) @function))
(internal_module body: (statement_block (export_statement (lexical_declaration (variable_declarator name: (identifier) @name) @const))))
(program (lexical_declaration (variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @name)) @const))
(program (lexical_declaration (variable_declarator name: (object_pattern (pair_pattern value: (identifier) @name))) @const))
(program (lexical_declaration (variable_declarator name: (object_pattern (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name))) @const))
(program (lexical_declaration (variable_declarator name: (object_pattern (rest_pattern (identifier) @name))) @const))
(program (lexical_declaration (variable_declarator name: (array_pattern (identifier) @name)) @const))
(program (export_statement (lexical_declaration (variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @name)) @const)))
(program (export_statement (lexical_declaration (variable_declarator name: (object_pattern (pair_pattern value: (identifier) @name))) @const)))
(program (export_statement (lexical_declaration (variable_declarator name: (array_pattern (identifier) @name)) @const)))
(pair key: (string) @name value: [(arrow_function) (function_expression)]) @method
(pair key: (property_identifier) @name value: (generator_function)) @method
(assignment_expression left: (member_expression property: (property_identifier) @name) right: [(arrow_function) (function_expression) (class)]) @function
(assignment_expression left: (subscript_expression index: (string) @name) right: [(arrow_function) (function_expression)]) @function
(variable_declarator value: (call_expression arguments: (arguments . (function_expression name: (identifier) @name)))) @function
(call_expression arguments: (arguments (function_expression name: (identifier) @name))) @function
(import_alias . (identifier) @name) @const
(import_require_clause (identifier) @name) @const
(program (expression_statement (assignment_expression left: (member_expression property: (property_identifier) @name)) @const))
