(class_definition name: (identifier) @name) @type
(object_definition name: (identifier) @name) @type
(trait_definition name: (identifier) @name) @type
(enum_definition name: (identifier) @name) @type
(type_definition name: (type_identifier) @name) @type
(function_definition name: (_) @name) @function
(function_declaration name: (_) @name) @decl
(val_definition pattern: (identifier) @name) @const
(given_definition name: (identifier) @name) @const
(enum_case_definitions (simple_enum_case name: (identifier) @name) @field)
(enum_case_definitions (full_enum_case name: (identifier) @name) @field)
(class_parameter name: (identifier) @name) @field
(var_definition pattern: (identifier) @name) @const
(val_declaration name: (identifier) @name) @decl
(var_declaration name: (identifier) @name) @decl
(val_definition pattern: (tuple_pattern (identifier) @name)) @const
(val_definition pattern: (identifiers (identifier) @name)) @const
(val_definition pattern: (operator_identifier) @name) @const
(package_object name: (identifier) @name) @type
(type_definition name: (_) @name) @type
(class_definition name: (_) @name) @type
