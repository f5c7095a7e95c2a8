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
