(value_definition (let_binding pattern: (value_name) @name)) @function
(value_definition (let_binding pattern: (parenthesized_operator) @name)) @function
(module_definition (module_binding (module_name) @name)) @namespace
(module_type_definition (module_type_name) @name) @type
(type_definition (type_binding name: (type_constructor) @name)) @type
(constructor_declaration (constructor_name) @name) @field
(field_declaration (field_name) @name) @field
(exception_definition (constructor_declaration (constructor_name) @name)) @type
(class_type_binding name: (class_type_name) @name) @type
(value_specification (value_name) @name) @decl
(external (value_name) @name) @decl
(class_binding (class_name) @name) @type
(method_definition (method_name) @name) @method
(instance_variable_definition (instance_variable_name) @name) @field
