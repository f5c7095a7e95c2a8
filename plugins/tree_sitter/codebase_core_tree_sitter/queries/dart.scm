(class_definition name: (identifier) @name) @type
(mixin_declaration (identifier) @name) @type
(enum_declaration name: (identifier) @name) @type
(extension_declaration name: (identifier) @name) @impl
(extension_type_declaration name: (identifier) @name) @type
(type_alias . (type_identifier) @name) @type
(program (function_signature name: (identifier) @name) @function)
(method_signature (function_signature name: (identifier) @name)) @method
(declaration (function_signature name: (identifier) @name)) @decl
(getter_signature name: (identifier) @name) @method
(setter_signature name: (identifier) @name) @method
(operator_signature (binary_operator) @operator) @method
(constructor_signature . name: (identifier) @name) @method
(constructor_signature (identifier) . (identifier) @name) @method
(factory_constructor_signature (identifier) . (identifier) @name) @method
(factory_constructor_signature . (identifier) @name) @method
(constant_constructor_signature (identifier) @name) @method
(declaration (initialized_identifier_list (initialized_identifier (identifier) @name))) @field
(declaration (static_final_declaration_list (static_final_declaration (identifier) @name))) @field
(program (static_final_declaration_list (static_final_declaration (identifier) @name) @const))
(program (initialized_identifier_list (initialized_identifier (identifier) @name) @const))
(program (initialized_variable_definition name: (identifier) @name) @const)
(enum_constant name: (identifier) @name) @field
(local_function_declaration (lambda_expression (function_signature name: (identifier) @name))) @function
