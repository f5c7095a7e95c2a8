(struct_specifier name: (type_identifier) @name body: (_)) @type
(union_specifier name: (type_identifier) @name body: (_)) @type
(enum_specifier name: (type_identifier) @name body: (_)) @type
(function_definition declarator: (_) @declarator) @function
(declaration declarator: (function_declarator) @declarator) @const
(declaration declarator: (pointer_declarator (function_declarator)) @declarator) @const
(translation_unit (declaration declarator: (_) @declarator) @const)
(preproc_if (declaration declarator: (_) @declarator) @const)
(preproc_ifdef (declaration declarator: (_) @declarator) @const)
(preproc_else (declaration declarator: (_) @declarator) @const)
(declaration_list (declaration declarator: (_) @declarator) @const)
(linkage_specification (declaration declarator: (_) @declarator) @const)
(field_declaration declarator: (_) @declarator) @field
(type_definition declarator: (_) @declarator) @type
(preproc_def name: (identifier) @name) @const
(preproc_function_def name: (identifier) @name) @function
(enumerator name: (identifier) @name) @field
(class_interface . (identifier) @name !category) @type
(class_interface . (identifier) @name category: (_)) @impl
(class_implementation . (identifier) @name) @impl
(protocol_declaration . (identifier) @name) @type
(method_definition (method_type) . (identifier) @name) @method
(method_declaration (method_type) . (identifier) @name) @decl
(property_declaration (struct_declaration (struct_declarator (pointer_declarator declarator: (identifier) @name)))) @field
(property_declaration (struct_declaration (struct_declarator (identifier) @name))) @field
(instance_variables (instance_variable (struct_declaration (struct_declarator (identifier) @name))) @field)
(instance_variables (instance_variable (struct_declaration (struct_declarator (pointer_declarator declarator: (identifier) @name)))) @field)
