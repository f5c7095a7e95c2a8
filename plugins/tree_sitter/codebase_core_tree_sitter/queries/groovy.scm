(class_declaration name: (identifier) @name) @type
(interface_declaration name: (identifier) @name) @type
(enum_declaration name: (identifier) @name) @type
(annotation_type_declaration name: (identifier) @name) @type
(enum_constant name: (identifier) @name) @field
(method_declaration name: (identifier) @name) @method
(constructor_declaration name: (identifier) @name) @method
(function_definition name: (identifier) @name) @function
(field_declaration declarator: (variable_declarator name: (identifier) @name)) @field
(program (local_variable_declaration declarator: (variable_declarator name: (identifier) @name)) @const)
